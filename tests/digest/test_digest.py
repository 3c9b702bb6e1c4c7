"""The morning digest: wished for, one each day of the conference, about one's own day, ended in one press."""

import asyncio
import sqlite3
from pathlib import Path

import discord
import pytest
from simcord.actors import MemberActor
from simcord.results import InteractionResult

from tests.support.database import rows
from tests.support.loading import loaded
from tests.support.messages import assert_within_limits, embed_of, shown
from tests.support.planning import description_of, mark, page, said, tables
from tests.support.running import until
from tests.support.server import MakeConfig, Server, StartServer

BLOCKS = (
    ("Morning", "Hall", "Apple Banana Citron"),
    ("Beside", "Foyer", "Kiwi"),
    ("Later", "Hall", "Fig Guava Honeydew"),
)
TIMES: dict[str, tuple[str, str | None]] = {
    "morning": ("2026-01-01T09:00", "2026-01-01T12:00"),
    "beside": ("2026-01-01T10:00", "2026-01-01T11:00"),
    "later": ("2026-01-02T09:00", "2026-01-02T10:00"),
}
"""By the clock in Bangkok, where the simulation begins at seven in the morning of the first of these days."""

ZONE = "Asia/Bangkok"


@pytest.fixture
def start(start_server: StartServer, make_config: MakeConfig, tmp_path: Path) -> StartServer:
    async def start(*, check_errors: bool = True) -> Server:
        conference = {"name": "MLSys 2026", "timezone": ZONE}
        config = make_config(conference=conference, **tables(tmp_path, BLOCKS, TIMES))
        return await start_server(config, check_errors=check_errors)

    return start


def received(person: MemberActor) -> list[discord.Message]:
    return person.user.dm_channel.history()


def fields(embed: discord.Embed) -> dict[str, str]:
    return {field.name or "": field.value or "" for field in embed.fields}


async def digest(who: MemberActor, server: Server, at: str | None = None) -> InteractionResult:
    return await who.slash(server.channel, "digest", **({"at": at} if at else {}))


async def test_it_comes_at_the_time_wished_with_ones_own_day_and_what_clashes_in_it(start: StartServer) -> None:
    server = await start()
    ann, bob = server.member("ann"), server.member("bob")
    await mark(ann, server.channel, "Apple", "Kiwi", "Fig")

    answer = await digest(ann, server, "8:00")
    assert embed_of(answer).title == "Your morning digest"
    assert "at 08:00 by its own clock" in description_of(answer)
    assert "That is 2 more days." in description_of(answer)
    await server.advance(3500)
    assert received(ann) == []
    await server.advance(160)

    (message,) = received(ann)
    (embed,) = message.embeds
    assert embed.title == "Your Thursday, 1 January 2026"
    text = embed.description or ""
    assert text.index("**Morning**\nHall") < text.index("Apple") < text.index("**Beside**\nFoyer") < text.index("Kiwi")
    assert "Fig" not in text
    assert fields(embed)["At the same time"] == "Morning and Beside"
    assert_within_limits(message)
    assert received(bob) == []
    await server.advance(3600)
    assert len(received(ann)) == 1


async def test_who_has_bookmarked_nothing_hears_how_the_day_begins(start: StartServer) -> None:
    server = await start()
    ann = server.member("ann")
    await digest(ann, server, "07:30")
    await server.advance(1900)

    (message,) = received(ann)
    text = message.embeds[0].description or ""
    assert "Nothing of what is on is bookmarked yet. The day begins with:\n\n**Morning**" in text
    assert "**Later**" not in text


async def test_who_looks_in_the_middle_of_a_day_is_told_what_is_still_to_come(start: StartServer) -> None:
    server = await start()
    await server.advance(6 * 3600)

    text = description_of(await digest(server.member("ann"), server))

    assert "**Morning**" not in text
    assert "**Later**" in text


async def test_it_tells_what_has_changed_in_ones_agenda_since(start: StartServer) -> None:
    server = await start()
    ann, bob = server.member("ann"), server.member("bob")
    await mark(ann, server.channel, "Apple")
    await mark(bob, server.channel, "Fig")
    for person in (ann, bob):
        await digest(person, server, "8:00")
    moved = [("Morning", "Garden", "Apple Banana Citron"), *BLOCKS[1:]]
    await server.services.library.load(loaded(page(*moved).encode(), "another.txt"))
    await server.advance(3660)

    (told,) = received(ann)
    changed = fields(told.embeds[0])["Changed lately"]
    assert changed == "**Another room**\n**Morning**: now in Garden, not Hall"
    (other,) = received(bob)
    assert "Changed lately" not in fields(other.embeds[0])


async def test_it_suggests_papers_that_fit_into_ones_agenda_with_the_reason(start: StartServer) -> None:
    server = await start()
    ann = server.member("ann")
    await mark(ann, server.channel, "Kiwi")
    await digest(ann, server, "8:00")
    await server.advance(3660)

    (message,) = received(ann)
    (text,) = (field.value or "" for field in message.embeds[0].fields if field.name == "For you")
    assert {one.partition(":")[0] for one in text.split("\n\n")} == {"**Fig", "**Guava", "**Honeydew"}
    assert "\n\n\n" not in text
    assert text.count("“Kiwi: All about Kiwi”") == 3
    assert text.count("Later · Hall · Fri 2 Jan, 09:00 UTC+7 (for you <t:1767319200:f>)") == 3
    assert embed_of(await ann.user.click(message, label="For you")).title == "For you"


async def test_a_restart_neither_doubles_nor_loses_it(start: StartServer) -> None:
    server = await start()
    ann = server.member("ann")
    await digest(ann, server, "8:00")
    await server.restart()
    await server.advance(3660)
    await server.restart()
    await digest(ann, server, "8:30")
    await server.advance(2000)

    assert len(received(ann)) == 1


async def test_it_is_looked_at_without_wishing_and_wished_for_and_ended_by_its_buttons(start: StartServer) -> None:
    server = await start()
    ann = server.member("ann")
    await mark(ann, server.channel, "Apple")

    look = await digest(ann, server)
    assert look.ephemeral
    assert embed_of(look).title == "Your Thursday, 1 January 2026"
    wished = await ann.click(shown(look), label="Send me this at 08:00 each day")
    assert "at 08:00 by its own clock" in description_of(wished)
    assert shown(await digest(ann, server)).content == "You get this at 08:00 on each day of the conference."
    await server.advance(3660)
    (message,) = received(ann)
    await server.restart()

    ended = await ann.user.click(message, label="Stop the digest")

    assert "I send you no digest any more." in description_of(ended)
    assert rows(server.config.database.path, "SELECT * FROM digest_wish") == []
    assert rows(server.config.database.path, "SELECT state FROM delivery WHERE state = 'planned'") == []


@pytest.mark.parametrize("typed", ["7:45", "7:45 am", "07:45", "at 7:45"])
async def test_a_time_may_be_typed_as_people_write_it(typed: str, start: StartServer) -> None:
    server = await start()
    ann = server.member("ann")

    assert "at 07:45 by its own clock" in description_of(await digest(ann, server, typed))


@pytest.mark.parametrize("typed", ["3:00", "23:00", "noonish", "12:01", "x" * 200, "0"])
async def test_what_is_no_time_of_a_morning_is_refused_and_says_what_to_type(typed: str, start: StartServer) -> None:
    server = await start(check_errors=False)
    ann = server.member("ann")

    answer = said(await digest(ann, server, typed))

    assert "from 04:00 to 12:00" in answer or "as a date and a time" in answer
    assert rows(server.config.database.path, "SELECT * FROM digest_wish") == []


async def test_times_are_suggested_with_a_way_out(start: StartServer) -> None:
    server = await start()
    ann = server.member("ann")

    every = await ann.autocomplete(server.channel, "digest", "at", "")
    some = await ann.autocomplete(server.channel, "digest", "at", "7:")

    assert every[0] == {"name": "06:00 by the conference's own clock", "value": "06:00"}
    assert every[-1] == {"name": "Not at all", "value": "off"}
    assert [choice["value"] for choice in some] == ["07:00", "07:30"]
    await digest(ann, server, "7:30")
    assert "no digest any more" in description_of(await digest(ann, server, "off"))


async def test_closed_direct_messages_are_noticed_told_once_and_not_tried_until_wished_again(
    start: StartServer,
) -> None:
    server = await start()
    ann = server.member("ann")
    await digest(ann, server, "7:30")
    closed = f"/channels/{ann.user.dm_channel.id}/messages"
    server.env.inject_error("POST", closed, status=403, code=50007, message="Cannot send messages to this user")
    await server.advance(1900)
    assert received(ann) == []
    await server.restart()

    first, second = await ann.slash(server.channel, "next"), await ann.slash(server.channel, "next")

    assert [message.content for message in first.followups if "`/digest`" in message.content]
    assert second.followups == []
    assert rows(server.config.database.path, "SELECT state FROM delivery WHERE state = 'planned'") == []
    await digest(ann, server, "7:30")
    assert rows(server.config.database.path, "SELECT subject FROM delivery WHERE state = 'planned'") == [
        ("2026-01-02",)
    ]


async def test_my_data_shows_the_wish_and_deletes_it_with_all_traces(start: StartServer) -> None:
    server = await start()
    ann = server.member("ann")
    await digest(ann, server, "8:00")

    answer = await ann.slash(server.channel, "mydata")
    assert "Your wish for a digest at 08:00" in description_of(answer)
    question = await ann.click(shown(answer), label="Delete everything")
    await ann.click(shown(question), label="Yes, delete everything")

    with sqlite3.connect(server.config.database.path) as database:
        left = database.execute("SELECT user_id FROM digest_wish UNION SELECT target_id FROM delivery").fetchall()
    database.close()
    assert left == []
    await server.advance(3660)
    assert received(ann) == []


async def test_a_reminder_planned_beside_it_stays_planned_whichever_is_planned_last(start: StartServer) -> None:
    server = await start()
    ann = server.member("ann")
    await mark(ann, server.channel, "Apple")
    await ann.slash(server.channel, "remindme")
    await digest(ann, server, "8:00")
    await mark(ann, server.channel, "Kiwi")
    await server.restart()
    await server.advance(2 * 3600)

    titles = [message.embeds[0].title or "" for message in received(ann)]
    assert titles[0] == "Your Thursday, 1 January 2026"
    assert titles[1].startswith("Morning ")
    assert len(titles) == 2


async def test_of_many_who_wish_and_end_theirs_at_once_each_gets_what_they_wanted_last(start: StartServer) -> None:
    server = await start()
    service, path, crowd = server.services.digest.service, server.config.database.path, range(1, 101)

    def planned() -> set[int]:
        asked = "SELECT target_id FROM delivery WHERE kind = 'digest' AND state = 'planned'"
        return {who for (who,) in rows(path, asked)}

    await asyncio.gather(*(service.wish(who, "8:00") for who in crowd))
    assert len(rows(path, "SELECT 1 FROM digest_wish")) == len(crowd), "not kept when it was told"
    await asyncio.gather(*(service.wish(who, "off") for who in crowd[::2]))
    await until(lambda: planned() == set(crowd[1::2]))
    await asyncio.gather(*(service.wish(who, "off") for who in crowd[1::2]))
    await until(lambda: not planned())
    assert rows(path, "SELECT 1 FROM digest_wish") == []
