"""What authors say: shown to moderators first, safe for all who read it, and gone when it is taken back."""

import pytest

from bot.authors.model import TEXT_LENGTH
from tests.support.authors import (
    StartAuthors,
    claimed_by_code,
    in_channel,
    on_paper,
    opened,
    received,
    said,
    text_shown,
)
from tests.support.database import rows
from tests.support.messages import assert_within_limits, buttons_of, shown
from tests.support.moderating import filled_in, moderator


async def test_the_moderators_see_it_before_everybody_does(begin: StartAuthors) -> None:
    server = await begin()
    ann, bob, mo = server.member("ann"), server.member("bob"), moderator(server)
    await claimed_by_code(ann, server, "caches", 0)

    kept = await said(ann, server, "caches", "I am at the board 14–15 h", "Slides https://example.org/s.pdf")

    assert "What you say waits for the moderators; then everybody sees it" in text_shown(kept)
    assert "14–15" not in await on_paper(bob, server, "caches")
    (question,) = in_channel(server.guild.channels["moderators"])
    assert "“I am at the board 14–15 h”\nSlides: <https://example.org/s.pdf>" in text_shown(question)
    await server.restart()
    await mo.click(question, label="Show it to all")

    assert await on_paper(bob, server, "caches") == (
        f"✓ **Ann Apple** is here as <@{ann.id}>: “I am at the board 14–15 h”\nSlides: <https://example.org/s.pdf>"
    )
    assert "Everybody sees now what you say on this paper." in text_shown(received(ann)[-1])

    form = await ann.click(await opened(ann, server, "caches"), label="Edit what I say")
    assert filled_in(form.modal) == {
        "text": "I am at the board 14–15 h",
        "links": "Slides https://example.org/s.pdf",
    }
    await ann.submit_modal(form, {"text": "Now 15–16 h", "links": ""})
    assert "14–15" in await on_paper(bob, server, "caches")
    old, new = in_channel(server.guild.channels["moderators"])
    await mo.click(new, label="Don't show it")
    assert "14–15" in await on_paper(bob, server, "caches")
    await server.advance(5)
    assert "The moderators do not show what you said" in text_shown(received(ann)[-1])
    await mo.click(old, label="Delete it")
    assert await on_paper(bob, server, "caches") == f"✓ **Ann Apple** is here as <@{ann.id}>"


async def test_what_was_replaced_meanwhile_is_not_shown_by_an_old_button(begin: StartAuthors) -> None:
    server = await begin()
    ann, mo = server.member("ann"), moderator(server)
    await claimed_by_code(ann, server, "caches", 0)
    await said(ann, server, "caches", "Harmless")
    await said(ann, server, "caches", "Something else")
    old, _ = in_channel(server.guild.channels["moderators"])

    answer = await mo.click(old, label="Show it to all")

    assert "This was decided already, or taken back" in text_shown(answer)
    assert "Harmless" not in await on_paper(ann, server, "caches")
    assert "Something" not in await on_paper(ann, server, "caches")


async def test_without_review_it_is_public_at_once_and_emptied_it_is_gone(begin: StartAuthors) -> None:
    server = await begin(review=False)
    ann = server.member("ann")
    await claimed_by_code(ann, server, "caches", 0)
    await said(ann, server, "caches", "Come by!")
    assert "“Come by!”" in await on_paper(ann, server, "caches")
    assert not in_channel(server.guild.channels["moderators"])

    kept = await said(ann, server, "caches", " \n ", "")
    assert "What you said is deleted." in text_shown(kept)
    assert rows(server.config.database.path, "SELECT * FROM author_saying") == []
    assert "Come by" not in await on_paper(ann, server, "caches")


@pytest.mark.parametrize(
    "text",
    [
        "@everyone <@&1> <#2> look",
        "[a](https://evil.example) and https://evil.example",
        "# big\n> quoted\n```code``` ||spoiler|| **bold**",
        "*_`~|" * 60,
    ],
)
async def test_nobodys_words_ping_link_or_look_like_the_bots(text: str, begin: StartAuthors) -> None:
    server = await begin(review=False)
    ann = server.member("ann")
    await claimed_by_code(ann, server, "caches", 0)
    await said(ann, server, "caches", text)

    answer = shown(await ann.slash(server.channel, "paper", paper="caches"))
    assert_within_limits(answer)
    line = await on_paper(ann, server, "caches")
    words = line.partition("“")[2]
    assert "\n" not in line
    for mark in ("@", "<", "[", "*", "`", "|", "_", "#"):
        assert mark not in words.replace(f"\\{mark}", "")
    assert "://" not in words.replace("\\://", "")


async def test_a_form_that_can_not_be_used_says_why_and_loses_nothing(begin: StartAuthors) -> None:
    server = await begin()
    ann = server.member("ann")
    await claimed_by_code(ann, server, "caches", 0)

    refused = await said(ann, server, "caches", "At the board", "Slides example.org")
    assert text_shown(refused).startswith("Links, line 1: no address in “Slides example.org”.")
    form = await ann.click(shown(refused), label="Edit")
    assert filled_in(form.modal) == {"text": "At the board", "links": "Slides example.org"}
    kept = await ann.submit_modal(form, {"text": "At the board", "links": "Slides https://example.org"})
    assert "What you say waits for the moderators" in text_shown(kept)


async def test_nobody_changes_what_they_say_without_end_and_the_longest_fits(begin: StartAuthors) -> None:
    server = await begin(review=False)
    ann = server.member("ann")
    await claimed_by_code(ann, server, "caches", 0)
    links = "\n".join(f"{'n' * 39}{number} https://example.org/{'x' * 270}{number}" for number in range(5))
    for number in range(10):
        answer = await said(ann, server, "caches", f"{number}" + "*" * (TEXT_LENGTH - 1), links)
        assert_within_limits(shown(answer))
        await server.rest()

    refused = await said(ann, server, "caches", "eleven")

    assert text_shown(refused).startswith("You changed what you say ten times within an hour.")
    assert_within_limits(shown(await ann.slash(server.channel, "paper", paper="caches")))


async def test_another_persons_paper_can_not_be_spoken_on(begin: StartAuthors) -> None:
    server = await begin()
    ann, eve = server.member("ann"), server.member("eve")
    await claimed_by_code(ann, server, "caches", 0)
    own = await opened(ann, server, "caches")
    form = await ann.click(own, label="Edit what I say")
    question = await ann.click(own, label="I am no author of it")
    await ann.click(shown(question), label="I am no author of it")

    answer = await ann.submit_modal(form, {"text": "I say something all the same", "links": ""})

    assert "You are not shown as an author of this paper." in text_shown(answer)
    assert rows(server.config.database.path, "SELECT * FROM author_saying") == []
    assert "Edit what I say" not in buttons_of(await opened(eve, server, "caches"))
