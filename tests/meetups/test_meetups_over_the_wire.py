"""Meetups over real HTTP and WebSocket: one message, one thread, everybody in it once, whatever goes wrong."""

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.client import ConferenceBot
from bot.delivery import nap
from bot.meetups import threads
from tests.support.database import rows
from tests.support.moderating import posters
from tests.support.process import TOKEN
from tests.support.running import LeapingClock, running_bot, until
from tests.support.server import config_in
from tests.support.stand_in import Channel, Exchange, Guild, Person, StandIn, discord_stand_in, faults
from tests.support.stand_in.people import BOT

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
QUICK = 0.02
HOUR = 3600

MAKING = "POST /channels/*/messages/*/threads"
ADDING = "PUT /channels/*/thread-members/*"

TROUBLES: dict[str, faults.Fault] = {
    "done, and the line is cut": faults.done(faults.reset()),
    "not done, and 503 is answered": faults.unavailable(503),
    "not done, and a proxy answers 404": faults.html(404),
}


class World:
    """A server with a channel for meetups, and some attendees."""

    def __init__(self, folder: Path) -> None:
        source = folder / "programme.json"
        source.write_bytes(posters("Apple"))
        self.clock = LeapingClock(NOW)
        self.guild = Guild("general", clock=self.clock.now)
        self.meetups = self.guild.channel("meetups")
        self.ann, self.bob, self.cyd = (self.guild.person(name) for name in ("ann", "bob", "cyd"))
        self.config = config_in(
            folder,
            conference={"name": "MLSys 2026", "timezone": "UTC"},
            programme={"source": source},
            discord={"organizers": ["Organizers"], "welcome": False, "events": False},
            meetups={"channel": "meetups"},
        )

    def bot(self, discord: StandIn) -> AbstractAsyncContextManager[ConferenceBot]:
        return running_bot(discord, self.config, self.clock, hurry=QUICK)

    async def open(self, discord: StandIn) -> Exchange:
        options = {"topic": "Coffee", "when": "14:00", "where": "Foyer"}
        return await discord.command(self.ann, "meetup open", self.meetups, **options)

    async def join(self, discord: StandIn, *people: Person) -> None:
        (message,) = self.posts
        for person in people:
            await self.see(await discord.press_on(person, self.meetups, _join(message), message), "You come")

    async def see(self, exchange: Exchange, words: str) -> None:
        await until(lambda: words in str(exchange.messages))

    @property
    def posts(self) -> list[dict[str, Any]]:
        return self.meetups.messages

    @property
    def threads(self) -> list[Channel]:
        return self.meetups.threads

    @property
    def added(self) -> set[str]:
        return {person for thread in self.threads for person in thread.added}

    @property
    def known_threads(self) -> list[int | None]:
        """The threads that the database knows, one for each meetup."""
        return [number for (number,) in rows(self.config.database.path, "SELECT thread_id FROM meetup")]

    @property
    def settled(self) -> bool:
        """Whether the bot is done with all meetups."""
        return rows(self.config.database.path, "SELECT 1 FROM meetup WHERE NOT settled") == []

    def received(self, person: Person) -> list[str]:
        return [message["embeds"][0]["title"] for message in self.guild.direct_messages(person)]


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nap, "LONGEST_NAP", QUICK)


@pytest.mark.parametrize(
    "route", [MAKING, ADDING, faults.EDITS], ids=["making the thread", "adding people", "editing the message"]
)
@pytest.mark.parametrize("trouble", TROUBLES)
async def test_there_is_one_message_and_one_thread_with_everybody_whatever_becomes_of_a_request(
    trouble: str, route: str, tmp_path: Path
) -> None:
    world = World(tmp_path)
    async with discord_stand_in(TOKEN, world.guild) as discord, world.bot(discord):
        met = discord.fail(route, TROUBLES[trouble], times=1)
        await world.open(discord)
        await world.clock.until(lambda: world.added == {world.ann.id})
        await world.join(discord, world.bob, world.cyd)
        await world.clock.until(lambda: world.added == {world.ann.id, world.bob.id, world.cyd.id})
        await world.clock.until(lambda: "Who comes: 3 of 50" in str(world.posts))
        assert met.met == 1
        assert len(world.posts) == len(world.threads) == 1


@pytest.mark.parametrize("point", ["received", "stored"])
async def test_a_bot_that_dies_on_its_way_leaves_one_message_one_thread_and_one_reminder(
    point: str, tmp_path: Path, abandoning: None
) -> None:
    world = World(tmp_path)
    reached = world.guild.hang_at(point)
    async with discord_stand_in(TOKEN, world.guild) as discord:
        async with world.bot(discord):
            await world.open(discord)
            await reached.wait()
        async with world.bot(discord):
            world.clock.leap(61)  # the lease of the one that died is over
            await until(lambda: world.added == {world.ann.id})
            await world.join(discord, world.bob)
            await until(lambda: world.bob.id in world.added)
        reached.clear()
        world.clock.leap(2 * HOUR - 16 * 60)
        async with world.bot(discord):
            world.clock.leap(120)
            await reached.wait()
        async with world.bot(discord):
            world.clock.leap(61)
            await until(lambda: world.received(world.ann) and world.received(world.bob))
            world.clock.leap(3 * HOUR)
            await until(lambda: world.threads[0].archived and "Over" in str(world.posts))
    assert len(world.posts) == len(world.threads) == 1
    for person in (world.ann, world.bob):
        assert len(world.received(person)) == 1
        assert "Coffee" in world.received(person)[0]
    assert world.posts[0]["embeds"][0]["title"] == "Over: Coffee"


async def test_a_meetup_that_ends_while_the_bot_is_at_another_keeps_its_details(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with discord_stand_in(TOKEN, world.guild) as discord, world.bot(discord):
        await world.open(discord)
        await world.clock.until(lambda: world.added == {world.ann.id})
        await discord.command(world.bob, "meetup open", world.meetups, topic="Tea", when="14:00", where="Foyer")
        await world.clock.until(lambda: world.added == {world.ann.id, world.bob.id})
        slow = discord.fail(ADDING, faults.slow(1), times=1)
        await discord.press_on(world.cyd, world.meetups, _join(world.posts[0]), world.posts[0])
        await until(lambda: slow.met)
        world.clock.leap(4 * HOUR)  # it is over while somebody is let into the first one's thread
        await until(lambda: all(post["embeds"][0]["title"].startswith("Over") for post in world.posts))
    for post in world.posts:
        assert [one["label"] for row in post["components"] for one in row["components"]] == ["Details"]


@pytest.mark.parametrize("deleted", [False, True], ids=["its message is there", "its message was deleted"])
async def test_a_thread_that_the_bot_has_not_heard_of_is_archived_when_the_meetup_ends_while_it_is_down(
    deleted: bool, tmp_path: Path, abandoning: None
) -> None:
    world = World(tmp_path)
    async with discord_stand_in(TOKEN, world.guild) as discord:
        reached = world.guild.hang_at("thread stored")
        async with world.bot(discord):
            await world.open(discord)
            await reached.wait()
        assert world.known_threads == [None]
        if deleted:
            world.posts.clear()
        world.clock.leap(4 * HOUR)
        async with world.bot(discord):
            await world.clock.until(lambda: world.settled)
    (thread,) = world.threads
    assert thread.archived
    assert world.known_threads == [int(thread.id)]


async def test_a_thread_that_comes_after_the_end_is_archived(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with discord_stand_in(TOKEN, world.guild) as discord, world.bot(discord):
        discord.fail(MAKING, faults.unavailable(503))
        await world.open(discord)
        await world.clock.until(lambda: world.posts)
        world.clock.leap(4 * HOUR)
        await world.clock.until(lambda: world.settled)
        thread = world.guild.open_thread(world.meetups, world.posts[0]["id"], {"name": "Coffee"}, BOT)
        await discord.gateway.tell("THREAD_CREATE", {**thread.describe(), "newly_created": True})
        await world.clock.until(lambda: world.known_threads == [int(thread.id)])
    assert thread.archived


@pytest.mark.parametrize("route", [MAKING, ADDING], ids=["making the thread", "adding people"])
async def test_what_discord_is_slow_with_does_not_leave_a_thread_open_when_the_meetup_is_over(
    route: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "PATIENCE", 10 * QUICK)
    world, over = World(tmp_path), asyncio.Event()
    async with discord_stand_in(TOKEN, world.guild) as discord, world.bot(discord):
        slow = discord.fail(route, faults.held(over), times=1)
        await world.open(discord)
        await world.clock.until(lambda: slow.met)
        world.clock.leap(4 * HOUR)
        await world.clock.until(lambda: "Over" in str(world.posts))
        over.set()
        await world.clock.until(lambda: world.added if route == ADDING else world.threads)
        await world.clock.until(lambda: world.settled)
        assert [thread.archived for thread in world.threads] == [True]


def _join(message: dict[str, Any]) -> str:
    return next(
        str(one["custom_id"]) for row in message["components"] for one in row["components"] if one["label"] == "Join"
    )
