"""Places over real HTTP and WebSocket: one thread for each, whatever Discord, the line or the bot does meanwhile."""

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.client import ConferenceBot
from bot.config import Config
from bot.delivery import nap
from bot.discussion import opening
from bot.discussion.model import paper_subject
from tests.support.database import rows
from tests.support.moderating import posters
from tests.support.process import TOKEN
from tests.support.running import LeapingClock, running_bot, until
from tests.support.server import config_in
from tests.support.stand_in import Channel, Exchange, Guild, StandIn, discord_stand_in, faults
from tests.support.stand_in.people import BOT

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
QUICK = 0.02


class World:
    """A server with a forum, or with a text channel in its place, and an attendee."""

    def __init__(self, folder: Path, *, text: bool = False, papers: int = 3) -> None:
        source = folder / "programme.json"
        source.write_bytes(posters(*("Apple", "Banana", "Cherry")[:papers]))
        self.clock = LeapingClock(NOW)
        self.guild = Guild("general", clock=self.clock.now)
        self.forum = self.guild.channel("papers", forum=not text)
        self.ann = self.guild.person("ann")
        self.config: Config = config_in(
            folder,
            programme={"source": source},
            discord={"organizers": ["Organizers"], "welcome": False, "events": False},
            discussion={"forum": "papers"},
        )

    def bot(self, discord: StandIn) -> AbstractAsyncContextManager[ConferenceBot]:
        return running_bot(discord, self.config, self.clock, hurry=QUICK)

    async def discuss(self, discord: StandIn, paper: str = "Apple") -> Exchange:
        asked = await discord.command(self.ann, "paper", paper=paper)
        await until(lambda: asked.shown)
        return await discord.press(self.ann, asked, "Discuss")

    async def go_to(self, discord: StandIn, paper: str) -> None:
        """Press Discuss, and wait until that leads somewhere."""
        answer = await self.discuss(discord, paper)
        await until(lambda: leads(answer))

    @property
    def threads(self) -> list[Channel]:
        return self.forum.threads

    @property
    def known(self) -> list[int]:
        """The threads that the database knows."""
        found = rows(self.config.database.path, "SELECT thread_id FROM place WHERE thread_id IS NOT NULL")
        return [number for (number,) in found]


def leads(answer: Exchange) -> bool:
    """Tell whether an answer leads to a place; what a press got may be a further message."""
    return "'label': 'Open the discussion'" in str(answer.messages)


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nap, "LONGEST_NAP", QUICK)
    monkeypatch.setattr(opening, "_LOOKED_AGAIN", QUICK)
    monkeypatch.setattr(opening, "_LOOKED_FOR", QUICK)


TROUBLES: dict[str, faults.Fault] = {
    "stored, and the line is cut": faults.done(faults.reset()),
    "stored, and a proxy answers 502": faults.done(faults.html(502)),
    "stored, and 500 is answered": faults.done(faults.unavailable(500)),
    "stored, and 503 is answered": faults.done(faults.unavailable(503)),
    "not stored, and the line is cut": faults.reset(),
    "not stored, and 502 is answered": faults.unavailable(502),
    "a rate limit": faults.limited(0.5),
    "a rate limit of everything": faults.limited(0.5, everywhere=True),
}


@pytest.mark.parametrize("text", [False, True], ids=["forum", "text channel"])
@pytest.mark.parametrize("trouble", TROUBLES)
async def test_there_is_one_place_and_a_way_there_whatever_becomes_of_the_request(
    trouble: str, text: bool, tmp_path: Path
) -> None:
    world = World(tmp_path, text=text)
    route = "POST /channels/*/messages/*/threads" if text else faults.THREADS
    async with discord_stand_in(TOKEN, world.guild) as discord, world.bot(discord):
        met = discord.fail(route, TROUBLES[trouble], times=1)
        answer = await world.discuss(discord)
        await until(lambda: leads(answer))

        (thread,) = world.threads
        assert met.met == 1
        assert world.known == [int(thread.id)]
        assert f"<#{thread.id}>" in str(answer.messages)
    posted = [message for message in world.forum.messages if message["components"]]
    assert len(posted) == int(text)


@pytest.mark.parametrize("stored", [False, True], ids=["not stored", "stored"])
async def test_a_bot_that_dies_before_it_knows_where_the_place_is_finds_it_in_its_next_life(
    stored: bool, tmp_path: Path, abandoning: None
) -> None:
    world = World(tmp_path)
    reached = world.guild.hang_at("thread stored" if stored else "thread received")
    async with discord_stand_in(TOKEN, world.guild) as discord:
        async with world.bot(discord):
            await world.discuss(discord)
            await reached.wait()
        assert world.known == []
        assert len(world.threads) == int(stored)

        async with world.bot(discord):
            answer = await world.discuss(discord)
            world.clock.leap(61)  # the lease of the one that died is over
            await until(lambda: leads(answer))

    (thread,) = world.threads
    assert world.known == [int(thread.id)]


async def test_a_place_that_comes_when_nobody_expects_it_any_more_is_taken_up_or_goes(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with discord_stand_in(TOKEN, world.guild) as discord, world.bot(discord):
        await world.go_to(discord, "Apple")
        (thread,) = world.threads

        async def come() -> Channel:
            asked = {"name": thread.name, "message": thread.messages[0]}
            made = world.guild.open_post(world.forum, asked, BOT)
            await discord.gateway.tell("THREAD_CREATE", {**made.describe(), "newly_created": True})
            return made

        await come()
        await until(lambda: world.threads == [thread])
        assert world.known == [int(thread.id)]

        thread.deleted = True
        await discord.gateway.tell("THREAD_DELETE", thread.describe())
        await until(lambda: world.known == [])
        another = await come()
        await until(lambda: world.known == [int(another.id)])
        await world.go_to(discord, "Apple")
        assert world.threads == [another]


async def test_two_bots_on_one_database_open_one_place(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with discord_stand_in(TOKEN, world.guild) as discord:
        discord.fail(faults.THREADS, faults.slow(0.2))
        async with world.bot(discord) as first, world.bot(discord) as second:
            subject = paper_subject("apple")
            opened = await asyncio.gather(
                *(one.services.discussion.places.open(subject) for one in (first, second) for _ in range(5))
            )
    (thread,) = world.threads
    assert {place.thread_id for place in opened} == {int(thread.id)}


@pytest.mark.parametrize("trouble", [None, faults.html(404)], ids=["all is well", "a proxy's 404"])
async def test_an_older_copy_of_the_database_does_not_lead_to_a_second_place(
    trouble: faults.Fault | None, tmp_path: Path
) -> None:
    world = World(tmp_path)
    async with discord_stand_in(TOKEN, world.guild) as discord:
        async with world.bot(discord):
            for paper in ("Apple", "Banana"):
                await world.go_to(discord, paper)
        next(one for one in world.threads if one.name == "Banana").archived = True
        rows(world.config.database.path, "DELETE FROM place")
        if trouble:
            discord.fail(faults.HISTORY, trouble, times=1)

        async with world.bot(discord):
            await until(lambda: len(world.known) == 2)
            for paper in ("Apple", "Banana"):
                await world.go_to(discord, paper)
    assert sorted(one.name for one in world.threads) == ["Apple", "Banana"]
    assert not any(one.archived for one in world.threads)


async def test_the_oldest_quiet_place_is_archived_when_the_server_has_no_room_for_another_thread(
    tmp_path: Path,
) -> None:
    world = World(tmp_path)
    world.guild.most_threads = 3
    chat = world.guild.open_post(
        world.forum, {"name": "hello", "message": {"content": "Hello, everybody"}}, world.ann.describe()
    )
    async with discord_stand_in(TOKEN, world.guild) as discord, world.bot(discord):

        async def open_one(paper: str) -> None:
            await world.go_to(discord, paper)
            world.clock.leap(60)

        await open_one("Apple")
        await open_one("Banana")
        apple = next(one for one in world.threads if one.name == "Apple")
        apple.chat("Is this on?", world.ann)
        await discord.gateway.tell("MESSAGE_CREATE", {**apple.messages[-1], "guild_id": world.guild.id})
        await open_one("Cherry")
        asleep = [one.name for one in world.threads if one.archived]
        await open_one("Banana")
        then = [one.name for one in world.threads if one.archived]
    assert asleep == ["Banana"]
    assert then == ["Apple"]
    assert not chat.archived


async def test_a_proxys_404_for_a_place_that_sleeps_does_not_lead_to_a_second_one(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with discord_stand_in(TOKEN, world.guild) as discord:
        async with world.bot(discord):
            await world.go_to(discord, "Apple")
        (thread,) = world.threads
        thread.archived = True
        async with world.bot(discord):
            met = discord.fail(f"GET /channels/{thread.id}", faults.html(404), times=1)
            await world.go_to(discord, "Apple")
            assert thread.archived, "people wake it by writing"
            await world.go_to(discord, "Apple")
    assert met.met == 1
    assert world.threads == [thread]
    assert world.known == [int(thread.id)]
    assert not thread.archived


async def test_a_proxys_404_does_not_leave_the_first_message_as_it_was(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with discord_stand_in(TOKEN, world.guild) as discord:
        async with world.bot(discord):
            await world.go_to(discord, "Apple")
        (starter,) = world.threads[0].messages
        title, starter["embeds"][0]["title"] = starter["embeds"][0]["title"], "An older title"
        rows(world.config.database.path, "UPDATE place SET shown = ''")
        met = discord.fail(faults.EDITS, faults.html(404), times=1)
        async with world.bot(discord):
            await world.clock.until(lambda: starter["embeds"][0]["title"] == title)
    assert met.met == 1


async def test_a_proxys_404_does_not_make_a_member_a_stranger(tmp_path: Path) -> None:
    world = World(tmp_path)
    direct = world.guild.direct_channel(world.ann.id)
    async with discord_stand_in(TOKEN, world.guild) as discord, world.bot(discord):
        asked = await discord.command(world.ann, "paper", direct, paper="Apple")
        await until(lambda: asked.shown)
        met = discord.fail("GET /guilds/*/members/*", faults.html(404), times=1)
        refused = await discord.press(world.ann, asked, "Discuss")
        await until(lambda: "Try again" in str(refused.messages))
        again = await discord.press(world.ann, asked, "Discuss")
        await until(lambda: leads(again))
    assert met.met == 1
    assert "Nobody has talked about this" not in str(refused.messages)
