"""Authors in the places where people talk about their papers: marked there, told of what is written, with a poster."""

import pytest
from simcord.builders import ChannelHandle

from bot.authors.model import BUNDLED
from tests.support.authors import (
    MODERATORS,
    PNG,
    StartAuthors,
    claimed_by_code,
    in_channel,
    opened,
    received,
    said,
    text_shown,
)
from tests.support.database import rows
from tests.support.messages import assert_within_limits, buttons_of, shown
from tests.support.moderating import moderator
from tests.support.server import Server
from tests.support.talking import FORUM, Talking

SOON = BUNDLED.total_seconds() + 5


@pytest.fixture
async def talking(begin: StartAuthors) -> Talking:
    """A server with a forum and authors."""
    return await with_forum(begin)


async def with_forum(begin: StartAuthors, **authors: object) -> Talking:
    server = await begin(forum=FORUM, **authors)
    forum = server.guild.create_forum_channel(FORUM)
    await server.env.settle()
    return Talking(server, forum)


async def discussed(talking: Talking, name: str) -> ChannelHandle:
    """Open the place of a paper."""
    await talking.discuss(await talking.paper(name))
    return talking.threads[name]


def pictures(server: Server, thread: ChannelHandle) -> list[str]:
    """Return the pictures that the bot posted in a thread."""
    return [one.embeds[0].image.url or "" for one in thread.history() if one.embeds and one.embeds[0].image.url]


async def test_a_claimed_author_is_marked_in_the_place_with_what_they_say(talking: Talking) -> None:
    server, mo = talking.server, moderator(talking.server)
    await discussed(talking, "Caches")
    assert "I am an author" in buttons_of(talking.starter("Caches"))
    author = server.member("author")
    form = await author.click(
        shown(await author.click(talking.starter("Caches"), label="I am an author")), label="Ask the moderators"
    )
    await author.submit_modal(form, {"name": "Ann Apple", "note": ""})
    (question,) = in_channel(server.guild.channels[MODERATORS])
    await mo.click(question, label="Confirm")
    await said(author, server, "caches", "I am at the board 14–15 h", "Slides https://example.org/s.pdf")
    await mo.click(in_channel(server.guild.channels[MODERATORS])[-1], label="Show it to all")
    await server.advance(60)

    starter = talking.starter("Caches")
    assert f"✓ **Ann Apple** is here as <@{author.id}>: “I am at the board 14–15 h”" in text_shown(starter)
    assert buttons_of(starter)["Slides · example.org"]["url"] == "https://example.org/s.pdf"
    assert_within_limits(starter)

    await author.click(
        shown(await author.click(await opened(author, server, "caches"), label="I am no author of it")),
        label="I am no author of it",
    )
    await server.advance(60)
    assert "is here as" not in text_shown(talking.starter("Caches"))


async def test_an_author_hears_of_what_is_written_in_the_place_with_the_way_there(talking: Talking) -> None:
    server = talking.server
    thread = await discussed(talking, "Trees")
    bo = server.member("bo")
    await claimed_by_code(bo, server, "trees", 0)
    for text in ("Which trees?", "How many?"):
        await talking.ann.send(thread, text)
    await server.advance(SOON)

    (message,) = received(bo)
    assert f"Read it there: https://discord.com/channels/{server.guild.id}/{thread.id}" in text_shown(message)
    await bo.send(thread, "Birches.")
    await talking.ann.send(thread, "Thank you!")
    await server.advance(SOON)
    assert len(received(bo)) == 2
    await talking.ann.send(thread, "And oaks?")
    await talking.discuss(await talking.paper("Trees", bo), bo)
    await talking.ann.send(thread, "And firs?")
    await server.advance(SOON)
    assert len(received(bo)) == 3


async def test_a_restart_tells_nobody_again_of_what_was_written_before(talking: Talking) -> None:
    server = talking.server
    thread = await discussed(talking, "Trees")
    bo = server.member("bo")
    await claimed_by_code(bo, server, "trees", 0)
    for text in ("First.", "Second."):
        await talking.ann.send(thread, text)
    await server.advance(SOON)
    await bo.user.click(received(bo)[0], label="I have looked")
    await server.restart()
    await server.advance(SOON)
    assert len(received(bo)) == 1


async def test_a_picture_is_looked_at_by_moderators_and_then_in_the_place_once(talking: Talking) -> None:
    server, mo = talking.server, moderator(talking.server)
    author = server.member("author")
    await claimed_by_code(author, server, "caches", 0)

    kept = await said(author, server, "caches", picture=("poster.png", PNG))

    assert "The picture waits for the moderators" in text_shown(kept)
    (question,) = in_channel(server.guild.channels[MODERATORS])
    assert question.embeds[0].image.url
    assert "Caches" not in talking.threads
    await mo.click(question, label="Show it to all")
    await server.restart()
    await server.advance(60)

    thread = talking.threads["Caches"]
    assert len(pictures(server, thread)) == 1
    assert "a picture of the poster is in the discussion" in text_shown(talking.starter("Caches"))
    await server.restart()
    await server.advance(60)
    assert len(pictures(server, thread)) == 1

    await author.click(await opened(author, server, "caches"), label="Remove the picture")
    await server.advance(60)
    assert pictures(server, thread) == []
    assert "a picture of the poster" not in text_shown(talking.starter("Caches"))


async def test_a_new_picture_takes_the_place_of_the_old_and_goes_with_the_claim(begin: StartAuthors) -> None:
    talking = await with_forum(begin, review=False)
    server, mo = talking.server, moderator(talking.server)
    author = server.member("author")
    await claimed_by_code(author, server, "caches", 0)
    await said(author, server, "caches", picture=("poster.png", PNG))
    await server.advance(60)
    thread = talking.threads["Caches"]
    (first,) = pictures(server, thread)
    await said(author, server, "caches", picture=("poster.gif", b"GIF89a" + bytes(40)))
    await server.advance(60)
    (second,) = pictures(server, thread)
    assert second != first
    assert second.endswith(".gif")

    listed = shown(await mo.slash(server.channel, "programme authors"))
    opened_claim = shown(await mo.select(listed, [_only_value(server)], custom_id="claims:0"))
    await mo.click(shown(await mo.click(opened_claim, label="Take it back")), label="Yes, take it back")
    await server.advance(60)
    assert pictures(server, thread) == []


def _only_value(server: Server) -> str:
    ((number,),) = rows(server.config.database.path, "SELECT id FROM author_claim")
    return f"open:claim:{number}"


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (("poster.pdf", b"%PDF-1.7"), "This file is no PNG, JPEG, GIF or WebP picture. Of a PDF, upload a screenshot."),
        (("poster.png", PNG + bytes(9 * 2**20)), "The picture has 9.0 MiB, and 8 are the most."),
    ],
)
async def test_what_is_no_picture_is_refused_and_what_was_typed_is_not_lost(
    file: tuple[str, bytes], told: str, talking: Talking
) -> None:
    server = talking.server
    author = server.member("author")
    await claimed_by_code(author, server, "caches", 0)

    refused = await said(author, server, "caches", "At the board", picture=file)

    assert text_shown(refused).startswith(told)
    assert text_shown(refused).endswith("Choose the picture again, too.")
    form = await author.click(shown(refused), label="Edit")
    assert form.modal
    assert form.modal["components"][0]["component"]["value"] == "At the board"


async def test_a_forum_that_was_deleted_takes_nothing_from_authors_and_the_picture_comes_back(
    begin: StartAuthors,
) -> None:
    talking = await with_forum(begin)
    server, mo = talking.server, moderator(talking.server)
    author = server.member("author")
    await claimed_by_code(author, server, "caches", 0)
    await said(author, server, "caches", picture=("poster.png", PNG))
    await mo.click(in_channel(server.guild.channels[MODERATORS])[0], label="Show it to all")
    await server.advance(60)
    server.env.backend.delete_channel(talking.forum.id)
    await server.env.settle()
    await said(author, server, "caches", "Still here")

    talking.forum = server.guild.create_forum_channel(FORUM)
    await server.env.settle()
    assert talking.threads == {}
    await discussed(talking, "Caches")
    await server.advance(60)

    assert len(pictures(server, talking.threads["Caches"])) == 1
