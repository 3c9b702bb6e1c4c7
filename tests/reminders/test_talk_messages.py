"""Direct messages before bookmarked talks, in the simulated server: when they come, and what a change does to them."""

from datetime import UTC, datetime, timedelta

import discord
import pytest
from simcord.actors import MemberActor

from bot.editions.model import Edition
from bot.search import Index
from tests.support.messages import assert_within_limits, buttons_of, embed_of, shown
from tests.support.programmes import Made, at, paper, programme_of, session
from tests.support.server import Server, StartServer

THREE = datetime(2026, 1, 1, 3, tzinfo=UTC)
"""Three hours after the simulation begins."""

HOUR, QUARTER = timedelta(hours=1), timedelta(minutes=15)


def orals(first: datetime | None = THREE, second: datetime | None = THREE + HOUR) -> Made:
    """A session of two talks; one without a time is just shown in it."""
    return session(
        "Orals",
        at(paper("First Talk", "Ann Lee"), first, first and first + QUARTER),
        at(paper("Second Talk", "Bob Roy"), second, second and second + QUARTER),
        room="Hall",
        starts_at=THREE,
        ends_at=THREE + 5 * HOUR,
    )


async def use(server: Server, *sessions: Made) -> None:
    """Make these sessions the programme, as a load does."""
    programme = programme_of(*sessions)
    server.services.library.edition = Edition(programme, Index(programme))
    server.services.programme_changed()
    await server.env.settle()


@pytest.fixture
async def server(start_server: StartServer) -> Server:
    server = await start_server(reminders={"channel": "general"})
    await use(server, orals())
    return server


async def wishing(server: Server, who: MemberActor, *papers: str) -> None:
    for key in papers:
        await who.click(shown(await who.slash(server.channel, "paper", paper=key)), label="Bookmark")
    await who.slash(server.channel, "remindme")


def received(who: MemberActor) -> list[discord.Message]:
    return who.user.dm_channel.history()


def titles(who: MemberActor) -> list[str]:
    return [message.embeds[0].title or "" for message in received(who)]


async def at_time(server: Server, moment: datetime) -> None:
    await server.advance((moment - server.env.now()).total_seconds())


async def test_each_bookmarked_talk_is_told_of_before_it_begins(server: Server) -> None:
    ann, bob = server.member("ann"), server.member("bob")
    await wishing(server, ann, "first-talk", "second-talk")
    await wishing(server, bob, "second-talk")

    await at_time(server, THREE - 2 * QUARTER)
    assert (titles(ann), titles(bob)) == ([], [])
    await at_time(server, THREE)
    assert (titles(ann), titles(bob)) == (["First Talk begins in 15 minutes"], [])
    await at_time(server, THREE + HOUR)
    assert titles(ann) == ["First Talk begins in 15 minutes", "Second Talk begins in 15 minutes"]
    assert titles(bob) == ["Second Talk begins in 15 minutes"]

    (message,) = received(bob)
    assert_within_limits(message)
    assert f"Thu 1 Jan, 04:00–04:15 UTC · for you <t:{int((THREE + HOUR).timestamp())}:f>" in (
        message.embeds[0].description or ""
    )
    assert list(buttons_of(message)) == ["See the talk", "Stop reminding me"]
    opened = await bob.user.click(message, label="See the talk")
    assert embed_of(opened).title == "Second Talk"


async def test_a_channel_hears_of_a_session_of_talks_once(server: Server) -> None:
    await at_time(server, THREE + 2 * HOUR)

    reminders = [message for message in server.channel.history() if "Orals" in str(message.embeds[0].title)]
    assert [message.embeds[0].title for message in reminders] == ["Orals begins now"]


async def test_a_talk_that_moves_is_told_of_before_its_new_time(server: Server) -> None:
    ann = server.member("ann")
    await wishing(server, ann, "second-talk")
    await use(server, orals(second=THREE + 2 * HOUR))

    await at_time(server, THREE + HOUR + QUARTER)
    assert titles(ann) == []
    await at_time(server, THREE + 2 * HOUR)
    assert titles(ann) == ["Second Talk begins in 15 minutes"]


async def test_a_talk_that_moves_after_it_was_told_of_is_told_of_again(server: Server) -> None:
    ann = server.member("ann")
    await wishing(server, ann, "second-talk")
    await at_time(server, THREE + HOUR - 5 * timedelta(minutes=1))
    assert len(received(ann)) == 1

    await use(server, orals(second=THREE + 3 * HOUR))
    await at_time(server, THREE + 3 * HOUR)

    assert titles(ann) == ["Second Talk begins in 15 minutes", "Second Talk begins in 15 minutes"]


async def test_a_talk_that_moves_while_its_message_is_tried_again_is_not_told_of_at_the_old_time(
    server: Server,
) -> None:
    ann = server.member("ann")
    await wishing(server, ann, "second-talk")
    server.env.inject_error("POST", f"/channels/{ann.user.dm_channel.id}/messages", status=409, code=40004, times=1)
    await at_time(server, THREE + HOUR - QUARTER + timedelta(seconds=10))
    assert received(ann) == []

    await use(server, orals(second=THREE + 3 * HOUR))
    await at_time(server, THREE + 2 * HOUR)
    assert received(ann) == []
    await at_time(server, THREE + 3 * HOUR)

    assert titles(ann) == ["Second Talk begins in 15 minutes"]


async def test_a_talk_that_loses_its_time_is_told_of_with_its_session(server: Server) -> None:
    ann = server.member("ann")
    await wishing(server, ann, "second-talk")
    await use(server, orals(second=None))

    await at_time(server, THREE + 2 * HOUR)

    assert titles(ann) == ["Orals begins in 15 minutes"]
    assert received(ann)[0].embeds[0].fields[0].value == "**Second Talk** — Bob Roy"


async def test_a_talk_that_is_cancelled_is_not_told_of(server: Server) -> None:
    ann = server.member("ann")
    await wishing(server, ann, "second-talk")
    await use(server, session("Orals", at(paper("First Talk", "Ann Lee"), THREE), starts_at=THREE))

    await at_time(server, THREE + 2 * HOUR)

    assert received(ann) == []
