"""What a locked database holds up, as a full disk does: it goes on by itself when that is over, without a restart."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.config import Config
from tests.support.process import TOKEN
from tests.support.running import LeapingClock, running_bot, until
from tests.support.server import config_in
from tests.support.stand_in import Guild, discord_stand_in, faults, said

SESSION = "poster-session-1-opening"
NOW = datetime(2026, 1, 1, 1, 59, 0, tzinfo=UTC)
TABLES: dict[str, Any] = {
    "discord": {"organizers": ["Organizers"], "welcome": False, "events": False},
    "sessions": {SESSION: {"start": "2026-01-01T03:00:00Z", "end": "2026-01-01T05:00:00Z"}},
    "reminders": {"channel": "announcements"},
}
"""A session whose first reminder is due a minute from now."""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the bot give up at once where it waits half a minute for another program's lock, and try again soon."""
    monkeypatch.setattr("bot.store.engine.BUSY_TIMEOUT", 20)
    monkeypatch.setattr("bot.background._FIRST_PAUSE", 0.05)
    monkeypatch.setattr("bot.background._LONGEST_PAUSE", 0.05)


@asynccontextmanager
async def locked(config: Config) -> AsyncIterator[None]:
    """Hold the database's lock, once the bot is between two transactions."""
    with closing(sqlite3.connect(config.database.path, timeout=0, isolation_level=None)) as database:
        while not database.in_transaction:
            with suppress(sqlite3.OperationalError):
                database.execute("BEGIN IMMEDIATE")
            await asyncio.sleep(0.01)
        yield
        database.execute("ROLLBACK")


def states(config: Config) -> list[str]:
    with closing(sqlite3.connect(config.database.path)) as database:
        return [state for (state,) in database.execute("SELECT state FROM delivery")]


async def test_a_bot_that_was_connected_while_its_database_was_locked_reminds_once_it_is_not(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    config, clock = config_in(tmp_path, **TABLES), LeapingClock(NOW)
    guild = Guild("announcements", clock=clock.now)
    async with discord_stand_in(TOKEN, guild) as discord:
        down = discord.fail(faults.GATEWAY, faults.unavailable())
        async with running_bot(discord, config, clock, hurry=0.01, ready=False) as bot:
            await until(down.struck.is_set)
            async with locked(config):
                discord.heal()
                await until(bot.is_ready)
                await until(lambda: "planning failed; trying again" in caplog.text)
                assert states(config) == []
            await until(lambda: states(config) == ["planned"] * 3)
            clock.leap(120)
            bot.services.dispatcher.wake()
            await until(lambda: guild.messages)
    assert "opens" in said(guild.messages[0])


async def test_a_channel_that_came_while_the_database_was_locked_is_reminded(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tables = {**TABLES, "reminders": {"channel": "reminders"}}
    config, clock = config_in(tmp_path, **tables), LeapingClock(NOW)
    guild = Guild("announcements", clock=clock.now)
    async with discord_stand_in(TOKEN, guild) as discord, running_bot(discord, config, clock) as bot:
        await until(lambda: bot.services.dispatcher._task)
        async with locked(config):
            came = guild.channel("reminders")
            await discord.gateway.tell("CHANNEL_CREATE", came.describe())
            await until(lambda: "planning failed; trying again" in caplog.text)
            assert states(config) == []
        await until(lambda: states(config) == ["planned"] * 3)


async def test_a_wish_whose_plan_could_not_be_kept_is_planned_later(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wish itself was kept, just before."""
    config, clock = config_in(tmp_path, **TABLES), LeapingClock(NOW)
    guild = Guild("announcements", clock=clock.now)
    async with discord_stand_in(TOKEN, guild) as discord, running_bot(discord, config, clock) as bot:
        await until(lambda: len(states(config)) == 3)
        agendas, programme = bot.services.agenda.agendas, bot.services.library.edition.programme
        session = programme.session(SESSION)
        assert session
        await agendas.change(7, [session.papers[0].key], [])
        lock, kept = AsyncExitStack(), agendas._store.set_wish

        async def keep_and_lock(*wish: Any) -> None:
            await kept(*wish)
            await lock.enter_async_context(locked(config))

        async with lock:
            monkeypatch.setattr(agendas._store, "set_wish", keep_and_lock)
            await agendas.wish(7, 15)
            await until(lambda: "following a change failed" in caplog.text)
            assert len(states(config)) == 3
        await until(lambda: len(states(config)) == 4)
