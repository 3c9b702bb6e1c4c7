"""Showing to be an author: by code, by ticket, by a moderator; each author once, and no namesake."""

from pathlib import Path

import pytest

from bot.authors.model import MOST_REQUESTS
from bot.ui.controls import token_in
from tests.support.authors import (
    StartAuthors,
    asked,
    claimed_by_code,
    code_of,
    in_channel,
    on_paper,
    opened,
    received,
    text_shown,
    tickets_in,
)
from tests.support.database import rows
from tests.support.loading import loaded
from tests.support.messages import assert_within_limits, buttons_of, embed_of, shown
from tests.support.moderating import audit, moderator, paper, posters, refused
from tests.support.server import Server

CLAIMS = "SELECT user_id, paper_key, author_key, number, way FROM author_claim ORDER BY claimed_at, number"


def claims(server: Server) -> list[tuple[object, ...]]:
    return rows(server.config.database.path, CLAIMS)


async def test_a_code_makes_its_owner_the_author_and_everybody_sees_it(begin: StartAuthors) -> None:
    server = await begin()
    ann, bob = server.member("ann"), server.member("bob")

    offered = await opened(ann, server, "caches")
    assert list(buttons_of(offered)) == ["Enter my code", "Ask the moderators"]
    form = await ann.click(offered, label="Enter my code")
    done = shown(await ann.submit_modal(form, {"code": code_of(server, "caches", 0).lower()}))

    assert done.ephemeral
    assert "You are here as **Ann Apple**, by the code that the organizers mailed them." in text_shown(done)
    assert_within_limits(done)
    assert await on_paper(bob, server, "caches") == f"✓ **Ann Apple** is here as <@{ann.id}>"
    assert await on_paper(bob, server, "batches") == ""
    await server.restart()
    assert await on_paper(bob, server, "caches") == f"✓ **Ann Apple** is here as <@{ann.id}>"
    assert claims(server) == [(ann.id, "caches", "ann-apple", 0, "code")]


async def test_a_code_works_without_looking_for_the_paper_and_on_another_one_it_says_which(begin: StartAuthors) -> None:
    server = await begin()
    bo = server.member("bo")
    form = await bo.click(await opened(bo, server, "caches"), label="Enter my code")

    done = await bo.submit_modal(form, {"code": code_of(server, "trees", 0)})

    assert "**Trees**" in text_shown(done)
    assert "**Bo Birch**" in text_shown(done)
    assert [row[1] for row in claims(server)] == ["trees"]
    listed = await bo.slash(server.channel, "mypapers")
    assert "Trees" in text_shown(listed)
    assert "Caches" not in text_shown(listed)


async def test_a_code_works_once_and_namesakes_on_one_paper_have_one_each(begin: StartAuthors) -> None:
    server = await begin()
    one, other, third = server.member("wei"), server.member("wei2"), server.member("wei3")
    await claimed_by_code(one, server, "caches", 1)

    again = await claimed_by_code(third, server, "caches", 1)
    await claimed_by_code(other, server, "caches", 2)

    assert text_shown(again).startswith(f"<@{one.id}> is here as **Wei Wang** already.")
    assert claims(server) == [
        (one.id, "caches", "wei-wang", 0, "code"),
        (other.id, "caches", "wei-wang", 1, "code"),
    ]
    # The namesake's other paper is another person's until its own code comes.
    assert await on_paper(third, server, "batches") == ""


async def test_a_wrong_code_is_refused_and_ten_in_an_hour_are_enough(begin: StartAuthors) -> None:
    server = await begin()
    ann = server.member("ann")
    for number in range(10):
        answer = await ann.slash(server.channel, "mypapers", code=f"0000-0000-0000-000{number}")
        assert text_shown(answer).startswith("This is no code of an author in the programme.")

    too_many = await claimed_by_code(ann, server, "caches", 0)
    assert text_shown(too_many).startswith("You tried ten codes within an hour.")
    assert "**Bo Birch**" in text_shown(await claimed_by_code(server.member("bo"), server, "trees", 0))
    await server.advance(361)
    assert "**Ann Apple**" in text_shown(await claimed_by_code(ann, server, "caches", 0))


async def test_without_the_secret_codes_are_refused_in_plain_words_and_status_says_why(begin: StartAuthors) -> None:
    server = await begin(secret="")
    ann = server.member("ann")

    answer = await claimed_by_code(ann, server, "caches", 0)

    assert text_shown(answer).startswith("I can't check codes at present: the organizers have not set this up.")
    assert claims(server) == []
    status = text_shown(await moderator(server).slash(server.channel, "status"))
    assert "AUTHOR\\_CODES\\_SECRET: not set." in status


async def test_where_nothing_is_configured_nobody_is_asked(begin: StartAuthors) -> None:
    server = await begin(claim_by=[])
    answer = await server.member("ann").slash(server.channel, "paper", paper="caches")

    assert "I am an author" not in buttons_of(shown(answer))
    assert "mypapers" not in {command.name for command in server.bot.tree.get_commands()}
    assert "Authors" not in text_shown(await moderator(server).slash(server.channel, "status"))


async def test_the_name_on_a_ticket_does_where_it_is_sure_and_the_moderators_hear_of_it(
    begin: StartAuthors, tmp_path: Path
) -> None:
    tickets = tickets_in(tmp_path, "Apple, Ann;Ann;MIT", "Wei Wang;wei;ETH", "Cy Oak;cy;")
    server = await begin(claim_by=["ticket", "moderator"], tickets=tickets)
    ann, wei, cy, none = (server.member(name) for name in ("ann", "wei", "cy", "nobody"))

    done = await ann.click(await opened(ann, server, "caches"), label="Use the name on my ticket")
    assert "You are here as **Ann Apple**, by the name on their ticket." in text_shown(done)
    (told,) = in_channel(server.guild.channels["moderators"])
    assert f"<@{ann.id}> is **Ann Apple**, by the name on their ticket" in text_shown(told)
    assert "Take it back" in buttons_of(told)

    for who, key, why in (
        (wei, "batches", "but a name alone does not do here: the programme may have several people of that name."),
        (wei, "caches", "but a name alone does not do here: the paper has two authors of that name."),
        (cy, "caches", "Your ticket is in the name of **Cy Oak**, and no author of this paper is called like that."),
        (none, "caches", "I find no ticket with your account"),
    ):
        answer = shown(await who.click(await opened(who, server, key), label="Use the name on my ticket"))
        assert why in text_shown(answer)
        assert list(buttons_of(answer)) == ["Ask the moderators"]
    assert [row[0] for row in claims(server)] == [ann.id]


async def test_a_file_of_tickets_that_can_not_be_read_refuses_and_is_on_status(
    begin: StartAuthors, tmp_path: Path
) -> None:
    server = await begin(claim_by=["ticket"], tickets=tmp_path / "nowhere.csv")
    ann = server.member("ann")

    answer = await refused(ann, await opened(ann, server, "caches"), "Use the name on my ticket")

    assert answer.startswith("I can't look at the tickets at present")
    assert "nowhere.csv" not in answer
    assert "nowhere.csv: no such file" in text_shown(await moderator(server).slash(server.channel, "status"))
    tickets_in(tmp_path, "Ann Apple;ann;").rename(tmp_path / "nowhere.csv")
    again = await ann.click(await opened(ann, server, "caches"), label="Use the name on my ticket")
    assert "**Ann Apple**" in text_shown(again)


async def test_a_moderator_confirms_and_the_author_hears_of_it(begin: StartAuthors) -> None:
    server = await begin()
    emile, mo = server.member("emile"), moderator(server)

    answer = await asked(emile, server, "batches", "Emile Noel", "See https://example.org/me, @everyone")
    assert "You asked them to confirm that you are **Émile Noël**." in text_shown(answer)
    (question,) = in_channel(server.guild.channels["moderators"])
    text = text_shown(question)
    assert f"<@{emile.id}> says to be **Émile Noël**, an author of\n**Batches**" in text
    assert "See https\\://example.org/me, \\@everyone" in text
    assert_within_limits(question)

    await mo.click(question, label="Confirm")

    assert f"<@{mo.id}> confirmed that <@{emile.id}> is **Émile Noël**." in text_shown(
        in_channel(server.guild.channels["moderators"])[0]
    )
    (told,) = received(emile)
    assert "A moderator has confirmed that you are an author of this paper." in text_shown(told)
    assert claims(server) == [(emile.id, "batches", "emile-noel", 0, "moderator")]
    assert rows(server.config.database.path, "SELECT * FROM author_request") == []
    assert audit(server)[-1][:3] == (mo.id, "author confirmed", "Émile Noël: Batches")
    assert not any(str(emile.id) in str(entry) for entry in audit(server))


async def test_a_moderator_refuses_and_nobody_asks_again_at_once(begin: StartAuthors) -> None:
    server = await begin()
    eve, mo = server.member("eve"), moderator(server)
    await asked(eve, server, "trees", "Bo Birch")
    (question,) = in_channel(server.guild.channels["moderators"])

    await mo.click(question, label="Refuse")

    (told,) = received(eve)
    assert "The moderators did not confirm that you are an author of this paper." in text_shown(told)
    again = await eve.click(await opened(eve, server, "trees"), label="Ask the moderators")
    assert text_shown(again).startswith("The moderators did not confirm it. You can ask them again <t:")
    assert claims(server) == []
    await server.restart()
    server.env.backend.advance_clock(24 * 3600 + 1)
    assert (await eve.click(await opened(eve, server, "trees"), label="Ask the moderators")).modal


async def test_a_request_survives_death_is_taken_back_and_nobody_asks_without_end(begin: StartAuthors) -> None:
    many = posters(*(paper(name, authors=["Ann Apple"]) for name in "ABCDEFG"))
    server = await begin(data=many)
    ann, mo = server.member("ann"), moderator(server)
    channel = server.guild.channels["moderators"]
    keys = [*server.services.library.edition.programme.papers]
    for key in keys[:MOST_REQUESTS]:
        await asked(ann, server, key, "Ann Apple")
    sixth = await ann.click(await opened(ann, server, keys[5]), label="Ask the moderators")
    assert text_shown(sixth).startswith("5 of your requests wait for the moderators, which is the most.")

    await server.restart()
    await ann.click(await opened(ann, server, keys[0]), label="Take it back")
    assert len(in_channel(channel)) == MOST_REQUESTS
    gone = await mo.click(in_channel(channel)[0], label="Confirm")

    assert "This was decided already, or taken back" in text_shown(shown(gone))
    assert claims(server) == []
    assert (await ann.click(await opened(ann, server, keys[5]), label="Ask the moderators")).modal


async def test_moderators_are_warned_of_a_name_the_paper_lacks_and_of_namesakes(begin: StartAuthors) -> None:
    server = await begin()
    wei, who, mo = server.member("wei"), server.member("who"), moderator(server)
    await claimed_by_code(wei, server, "batches", 0)
    await asked(who, server, "batches", "Wei Wang")
    await asked(who, server, "trees", "Somebody Else")
    first, second = in_channel(server.guild.channels["moderators"])

    assert f"<@{wei.id}> is here as that author already, by a code" in text_shown(first)
    assert "1 other paper has an author of that name" in text_shown(first)
    assert "The programme names no author of this paper like that." in text_shown(second)
    assert (await refused(mo, first, "Confirm")).startswith("Somebody is here as that author already.")
    await mo.click(second, label="Confirm")
    assert (who.id, "trees", None, 0, "moderator") in claims(server)


async def test_a_moderator_takes_a_claim_back_and_its_code_is_dead_from_then_on(begin: StartAuthors) -> None:
    server = await begin()
    ann, eve, mo = server.member("ann"), server.member("eve"), moderator(server)
    await claimed_by_code(eve, server, "caches", 0)

    listed = shown(await mo.slash(server.channel, "programme authors"))
    assert "**Ann Apple** is here: Caches" in text_shown(listed)
    opened_claim = shown(await mo.select(listed, [_value(server)], custom_id="claims:0"))
    question = shown(await mo.click(opened_claim, label="Take it back"))
    assert claims(server)
    await mo.click(question, label="Yes, take it back")

    assert claims(server) == []
    assert await on_paper(ann, server, "caches") == ""
    assert "A moderator has taken back that you are an author" in text_shown(received(eve)[-1])
    for who in (eve, ann):
        again = await claimed_by_code(who, server, "caches", 0)
        assert text_shown(again).startswith("Only a moderator can confirm that you are **Ann Apple** of this paper.")
    await asked(ann, server, "caches", "Ann Apple")
    await mo.click(in_channel(server.guild.channels["moderators"])[-1], label="Confirm")
    assert claims(server) == [(ann.id, "caches", "ann-apple", 0, "moderator")]
    assert not any(str(eve.id) in str(entry) for entry in audit(server))


def _value(server: Server) -> str:
    ((number,),) = rows(server.config.database.path, "SELECT id FROM author_claim")
    return f"open:claim:{number}"


async def test_what_is_decided_in_the_list_is_settled_in_the_channel_too(begin: StartAuthors) -> None:
    server = await begin()
    bo, mo = server.member("bo"), moderator(server)
    await asked(bo, server, "trees", "Bo Birch")
    ((number,),) = rows(server.config.database.path, "SELECT id FROM author_request")
    listed = shown(await mo.slash(server.channel, "programme authors", paper="trees"))
    assert "**Bo Birch** asks: Trees" in text_shown(listed)
    question = shown(await mo.select(listed, [f"open:request:{number}"], custom_id="claims:0"))
    await mo.click(question, label="Confirm")

    (posted,) = in_channel(server.guild.channels["moderators"])
    assert f"<@{mo.id}> confirmed that <@{bo.id}> is **Bo Birch**." in text_shown(posted)
    assert "Confirm" not in buttons_of(posted)


async def test_a_question_is_known_again_by_its_mark_whatever_is_decided_about_it(begin: StartAuthors) -> None:
    server = await begin()
    bo, mo = server.member("bo"), moderator(server)
    channel = server.guild.channels["moderators"]
    await asked(bo, server, "trees", "Bo Birch")
    kind = "SELECT batch FROM delivery WHERE kind = 'author-review'"
    ((token,),) = rows(server.config.database.path, kind)

    (posted,) = in_channel(channel)
    await mo.click(posted, label="Confirm")
    (posted,) = in_channel(channel)
    assert token_in(posted) == token
    question = shown(await mo.click(posted, label="Take it back"))
    await mo.click(question, label="Yes, take it back")
    assert claims(server) == []

    await asked(bo, server, "trees", "Bo Birch")
    await mo.click(in_channel(channel)[-1], label="Refuse")
    refused_one = in_channel(channel)[-1]
    assert token_in(refused_one) not in (None, token)
    assert embed_of(await mo.click(refused_one, label="Open the paper")).title == "Trees"


async def test_questions_wait_for_a_channel_that_comes_later(begin: StartAuthors) -> None:
    server = await begin(channel=False)
    discord = server.config.discord.model_copy(update={"moderators_channel": "moderators"})
    await server.restart(server.config.model_copy(update={"discord": discord}))
    bo = server.member("bo")
    await asked(bo, server, "trees", "Bo Birch")

    channel = server.guild.create_text_channel("moderators")
    await server.env.settle()

    assert [one.embeds[0].title for one in in_channel(channel)] == ["Is this an author?"]
    await server.restart()
    await server.env.settle()
    assert len(in_channel(channel)) == 1


async def test_an_author_who_leaves_is_shown_no_more_and_can_come_back(begin: StartAuthors) -> None:
    server = await begin()
    ann = server.member("ann")
    await claimed_by_code(ann, server, "caches", 0)
    question = await ann.click(await opened(ann, server, "caches"), label="I am no author of it")
    await ann.click(shown(question), label="I am no author of it")

    assert claims(server) == []
    assert await on_paper(ann, server, "caches") == ""
    await claimed_by_code(ann, server, "caches", 0)
    assert [row[0] for row in claims(server)] == [ann.id]


async def test_a_claim_outlives_a_correction_of_the_name_and_a_paper_that_goes(begin: StartAuthors) -> None:
    server = await begin()
    bo, library = server.member("bo"), server.services.library
    await claimed_by_code(bo, server, "trees", 0)
    changed = posters(paper("Trees", authors=["Boris Birch"]), paper("Batches", authors=["Wei Wang", "Émile Noël"]))
    assert await library.load(loaded(changed, "changed.json"))
    assert await on_paper(bo, server, "trees") == f"✓ **Bo Birch** is here as <@{bo.id}>"

    assert await library.load(loaded(posters(paper("Roots", authors=["Cy Oak"])), "others.json"))
    listed = await bo.slash(server.channel, "mypapers")
    assert "A paper by Bo Birch that is no longer in the programme." in text_shown(listed)


async def test_my_data_shows_hands_out_and_deletes_claims_and_requests(begin: StartAuthors) -> None:
    server = await begin()
    ann = server.member("ann")
    await claimed_by_code(ann, server, "caches", 0)
    await asked(ann, server, "trees", "Bo Birch", "It is me.")
    data = await ann.slash(server.channel, "mydata")
    assert "That you are an author of 1 paper" in text_shown(data)
    assert "1 request to the moderators" in text_shown(data)
    handed = await ann.click(shown(data), label="Download everything")
    files = {one.filename: server.env.backend.cdn.get(one.url) for one in shown(handed).attachments}
    (text,) = [(data or b"").decode() for name, data in files.items() if name.endswith(".json")]
    assert '"as": "Ann Apple"' in text
    assert '"note": "It is me."' in text

    question = await ann.click(shown(data), label="Delete everything")
    await ann.click(shown(question), label="Yes, delete everything")

    path = server.config.database.path
    assert rows(path, "SELECT id FROM author_claim UNION SELECT id FROM author_request") == []
    assert rows(path, "SELECT key FROM delivery WHERE target_id = ?", ann.id) == []
    assert await on_paper(ann, server, "caches") == ""
    assert embed_of(await ann.slash(server.channel, "mypapers")).description


async def test_status_counts_authors_and_what_waits(begin: StartAuthors) -> None:
    server = await begin()
    ann, wei, bo = (server.member(name) for name in ("ann", "wei", "bo"))
    await claimed_by_code(ann, server, "caches", 0)
    await claimed_by_code(wei, server, "caches", 1)
    await asked(bo, server, "trees", "Bo Birch")

    status = text_shown(await moderator(server).slash(server.channel, "status"))

    assert "**Authors**: 2 claims on 1 paper; 1 thing waits for the moderators since <t:" in status


@pytest.mark.parametrize("authors", [{"claim_by": ["ticket"]}, {"claim_by": ["guess"]}, {"claim": ["code"]}])
async def test_a_wrong_table_is_refused(authors: dict[str, object], begin: StartAuthors) -> None:
    with pytest.raises(ValueError, match="authors"):
        await begin(**{"claim_by": [], **authors})
