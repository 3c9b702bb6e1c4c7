"""The board over real HTTP and WebSocket: one message, whatever Discord or whoever tidies up does to it."""

from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.client import ConferenceBot
from bot.config import Config
from bot.delivery import nap, standing
from tests.support.database import rows
from tests.support.process import TOKEN
from tests.support.running import LeapingClock, running_bot, until
from tests.support.server import config_in
from tests.support.stand_in import Guild, StandIn, discord_stand_in, faults

NOW = datetime(2026, 1, 1, 1, 59, 0, tzinfo=UTC)
QUICK = 0.02
BEFORE, DURING = "__Evergreen Ballroom__\nNext:", "__Evergreen Ballroom__\n**Poster Session 1"


class World:
    """A server with a channel for the board, and a session that opens in an hour and is over after two more."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(nap, "LONGEST_NAP", QUICK)  # the test's clock leaps, and nobody is told
        self.clock = LeapingClock(NOW)
        self.guild = Guild("board", clock=self.clock.now)
        self.config: Config = config_in(
            folder,
            conference={"name": "MLSys 2026", "timezone": "UTC"},
            discord={"organizers": ["Organizers"], "welcome": False, "events": False},
            sessions={"poster-session-1-opening": {"start": "2026-01-01T03:00:00Z", "end": "2026-01-01T05:00:00Z"}},
            board={"channels": ["board"]},
        )

    def bot(self, discord: StandIn) -> AbstractAsyncContextManager[ConferenceBot]:
        return running_bot(discord, self.config, self.clock, hurry=QUICK)

    @property
    def messages(self) -> list[dict[str, Any]]:
        return self.guild.messages

    def says(self, text: str) -> bool:
        """Whether there is one board, it says this, and the database knows that it is there."""
        known = rows(self.config.database.path, "SELECT message_id FROM delivery WHERE state = 'sent'")
        return (
            len(self.messages) == 1 and text in self.guild.first.texts[0] and known == [(int(self.messages[0]["id"]),)]
        )


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(tmp_path, monkeypatch)


async def test_it_is_posted_once_and_edited_when_a_session_opens_and_ends(world: World) -> None:
    async with discord_stand_in(TOKEN, world.guild) as discord, world.bot(discord):
        await until(lambda: world.says(BEFORE))
        (first,) = [message["id"] for message in world.messages]
        world.clock.leap(3661)
        await until(lambda: world.says(DURING))
        world.clock.leap(7200)
        await until(lambda: world.says("Nothing more is announced."))
        assert [message["id"] for message in world.messages] == [first]
        edits = [path for method, path in discord.requests if method == "PATCH"]
        assert len(edits) == 2


@pytest.mark.parametrize("done", [False, True], ids=["not stored", "stored"])
async def test_a_bot_that_dies_between_posting_it_and_writing_down_its_id_leaves_one(
    done: bool, world: World, abandoning: None
) -> None:
    # Discord forgets at once that it has stored a message, so that only the mark can tell.
    world.guild.nonce_window = timedelta()
    async with discord_stand_in(TOKEN, world.guild) as discord:
        if done:
            stored = world.guild.hang_at("stored")
            async with world.bot(discord):
                await stored.wait()
        else:
            met = discord.fail(faults.MESSAGES, faults.slow(60), times=1)
            async with world.bot(discord):
                await met.struck.wait()
        assert rows(world.config.database.path, "SELECT state, message_id FROM delivery") == [("claimed", None)]
        assert len(world.messages) == int(done)

        world.clock.leap(61)  # the lease of the one that died is over
        async with world.bot(discord):
            await until(lambda: world.says(BEFORE))
            world.clock.leap(3661)
            await until(lambda: world.says(DURING))
    assert len([1 for method, path in discord.requests if method == "POST" and path.endswith("/messages")]) == 1 + (
        not done
    )


async def test_one_that_somebody_deleted_is_posted_again_at_the_next_change(world: World) -> None:
    async with discord_stand_in(TOKEN, world.guild) as discord, world.bot(discord):
        await until(lambda: world.says(BEFORE))
        (first,) = [message["id"] for message in world.messages]
        world.messages.clear()

        world.clock.leap(3661)
        await until(lambda: world.says(DURING))

        assert world.messages[0]["id"] != first


@pytest.mark.parametrize("told", [True, False], ids=["told", "while the bot was cut off"])
async def test_one_that_somebody_deletes_is_posted_again_without_a_change(told: bool, world: World) -> None:
    async with discord_stand_in(TOKEN, world.guild) as discord, world.bot(discord):
        await until(lambda: world.says(BEFORE))
        (first,) = [message["id"] for message in world.messages]
        world.messages.clear()
        if told:
            place = {"channel_id": world.guild.first.id, "guild_id": world.guild.id}
            await discord.gateway.tell("MESSAGE_DELETE", {"id": first, **place})
        else:
            discord.gateway.resumes = False
            await discord.gateway.cut()
        await until(lambda: world.says(BEFORE))

        assert world.messages[0]["id"] != first


OLD: dict[str, faults.Fault] = {
    "too many edits of an old message": faults.error(
        30046, 429, "Maximum number of edits to messages older than 1 hour"
    ),
    "a limit that lasts": faults.limited(3600.0),
}


@pytest.mark.parametrize("why", OLD)
async def test_one_that_may_not_be_edited_now_is_replaced_within_a_minute(
    why: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "_PATIENCE", 0.3)
    async with discord_stand_in(TOKEN, world.guild) as discord, world.bot(discord):
        await until(lambda: world.says(BEFORE))
        (first,) = [message["id"] for message in world.messages]
        met = discord.fail(f"PATCH /channels/*/messages/{first}", OLD[why])

        world.clock.leap(3661)
        await until(lambda: world.says(DURING))

        assert met.met >= 1
        assert world.messages[0]["id"] != first
        assert ("DELETE", f"/channels/{world.guild.first.id}/messages/{first}") in discord.requests


PASSING: dict[str, tuple[str, faults.Fault, int]] = {
    "a short limit of edits": (faults.EDITS, faults.limited(1.0), 2),
    "502 for an edit": (faults.EDITS, faults.unavailable(502), 1),
    "503 for an edit": (faults.EDITS, faults.unavailable(503), 2),
    "a proxy's 404 for an edit": (faults.EDITS, faults.html(404), 1),
    "a proxy's limit of edits": (faults.EDITS, faults.banned(1), 1),
    "an edit that is done and cut off": (faults.EDITS, faults.done(faults.reset()), 1),
    "a short limit of messages": (faults.MESSAGES, faults.limited(1.0), 1),
    "503 for the message": (faults.MESSAGES, faults.unavailable(503), 1),
    "502 for a message that is stored": (faults.MESSAGES, faults.done(faults.html(502)), 1),
}


@pytest.mark.parametrize("trouble", PASSING)
async def test_what_passes_neither_doubles_it_nor_leaves_it_out_of_date(trouble: str, world: World) -> None:
    route, fault, times = PASSING[trouble]
    async with discord_stand_in(TOKEN, world.guild) as discord:
        met = discord.fail(route, fault, times=times)

        def settled(text: str) -> bool:
            if not world.says(text):
                world.clock.leap(1)
                return False
            return True

        async with world.bot(discord) as bot:
            await until(lambda: settled(BEFORE))
            (first,) = [message["id"] for message in world.messages]
            world.clock.leap(
                max((datetime(2026, 1, 1, 3, 0, 1, tzinfo=UTC) - bot.services.clock.now()).total_seconds(), 0)
            )
            await until(lambda: settled(DURING))
            assert [message["id"] for message in world.messages] == [first]
    assert met.met == times


@pytest.mark.parametrize("fault", [faults.unavailable(503), faults.html(404)], ids=["503", "a proxy's 404"])
async def test_the_old_one_goes_when_a_day_begins_even_where_that_fails_at_first(
    fault: faults.Fault, world: World
) -> None:
    sessions = {
        "poster-session-1-opening": {"start": "2026-01-02T03:00:00Z", "end": "2026-01-02T05:00:00Z"},
    }
    world.config = Config.model_validate({**world.config.model_dump(), "sessions": sessions})
    async with discord_stand_in(TOKEN, world.guild) as discord, world.bot(discord):
        await until(lambda: world.says("Nothing is on right now.\n\nNext:"))
        (first,) = [message["id"] for message in world.messages]
        met = discord.fail(f"DELETE /channels/*/messages/{first}", fault, times=1)

        world.clock.leap(23 * 3600)
        await met.struck.wait()
        world.clock.leap(4 * 3600)
        await until(lambda: world.says(DURING))

        assert world.messages[0]["id"] != first
