"""The bot as it runs for real: a process of its own, against a stand-in for Discord."""

import asyncio
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from bot.admin.heartbeat import INTERVAL, heartbeat_file, read_heartbeat
from tests.support.process import PATIENCE, TOKEN, started
from tests.support.server import Server

SECRET_PART = TOKEN.rpartition(".")[2]
PRIVILEGED = 1 << 1 | 1 << 8 | 1 << 15
"""Members, presences and message content."""


async def test_signals_make_the_bot_leave_cleanly_within_seconds(tmp_path: Path) -> None:
    async def stop(*signals: signal.Signals) -> None:
        folder = tmp_path / "-".join(number.name for number in signals)
        folder.mkdir()
        async with started(folder) as bot:
            await bot.connected()
            await asyncio.sleep(0.2)
            before = time.monotonic()
            for number in signals:
                bot.process.send_signal(number)
            ended = await bot.ended()
            took = time.monotonic() - before
        assert ended.status == 0
        assert took < 5
        assert "Traceback" not in ended.errors
        assert "Unclosed" not in ended.errors
        assert ended.output == ""
        assert not bot.write_ahead_log.exists()
        with closing(sqlite3.connect(bot.database)) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert database.execute("SELECT count(*) FROM contribution").fetchall() == [(34,)]
        # After any other code Discord expects the bot back and goes on showing it as online.
        assert bot.stand_in.gateway.close_codes == [1000]
        # It logged in as it should: with its commands, and without the intents that Discord grants on request only.
        assert {"paper", "author", "search", "session", "help"} <= {entry["name"] for entry in bot.stand_in.commands}
        assert bot.stand_in.gateway.intents & PRIVILEGED == 0

    await asyncio.gather(stop(signal.SIGTERM), stop(signal.SIGINT), stop(signal.SIGINT, signal.SIGTERM, signal.SIGINT))


async def test_signals_during_the_start_stop_the_bot_as_well(tmp_path: Path) -> None:
    async with started(tmp_path) as bot:
        await bot.stand_in.asked.wait()
        bot.process.send_signal(signal.SIGTERM)
        ended = await bot.ended()
    assert ended.status == 0
    assert "Traceback" not in ended.errors
    assert not bot.write_ahead_log.exists()


async def test_a_refused_token_gets_one_line(tmp_path: Path) -> None:
    async with started(tmp_path, accepted="another", level="error") as bot:
        ended = await bot.ended()
    assert ended.status == 2
    (line,) = ended.errors.splitlines()
    assert line.startswith("DISCORD_TOKEN: Discord refuses this token")
    assert TOKEN not in line
    assert ended.output == ""


async def test_a_token_that_discord_withdraws_at_the_gateway_gets_one_line_too(tmp_path: Path) -> None:
    async with started(tmp_path, level="error") as bot:
        bot.stand_in.gateway.admits = False
        ended = await bot.ended()
    assert ended.status == 2
    assert "Traceback" not in ended.errors
    assert "DISCORD_TOKEN" in ended.errors.splitlines()[-1]


async def test_the_token_is_never_in_the_output_even_when_everything_is_logged(tmp_path: Path) -> None:
    async def start(name: str, accepted: str) -> None:
        folder = tmp_path / name
        folder.mkdir()
        async with started(folder, accepted=accepted, level="debug") as bot:
            if accepted == TOKEN:
                await bot.connected()
                await asyncio.sleep(0.2)
                bot.process.terminate()
            ended = await bot.ended()
        assert "DEBUG" in ended.errors
        assert TOKEN not in ended.errors + ended.output
        assert SECRET_PART not in ended.errors + ended.output

    await asyncio.gather(start("accepted", TOKEN), start("refused", "another"))


async def test_the_first_start_says_what_is_there_and_how_to_invite_the_bot(tmp_path: Path) -> None:
    async with started(tmp_path) as bot:
        await bot.connected()
        async with asyncio.timeout(PATIENCE):
            # Another process writes it.
            while not (seen := read_heartbeat(heartbeat_file(bot.database))) or not seen.connected:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        bot.process.terminate()
        ended = await bot.ended()
    assert "Registered with Discord: /agenda, /announce," in ended.output
    assert "In 0 servers; invite the bot to yours with the link below." in ended.output
    assert "switch “Public Bot” off" in ended.output
    assert "https://discord.com/oauth2/authorize?client_id=900000000000000001&" in ended.output


async def test_a_first_start_without_a_readable_source_gets_one_line(tmp_path: Path) -> None:
    async with started(tmp_path, level="error", source=tmp_path / "nowhere.txt") as bot:
        ended = await bot.ended()
    assert ended.status == 2
    (line,) = ended.errors.splitlines()
    assert line.startswith(f"{tmp_path / 'nowhere.txt'}: no such file")
    assert ("PUT", "/applications/900000000000000001/commands") not in bot.stand_in.requests


async def test_a_database_that_can_not_be_opened_gets_one_line(tmp_path: Path) -> None:
    async def start(name: str, database: str, reason: str) -> None:
        folder = tmp_path / name
        folder.mkdir()
        async with started(folder, level="warning", database=database) as bot:
            ended = await bot.ended()
        assert ended.status == 2
        (line,) = ended.errors.splitlines()
        assert line.startswith(f"{folder / database}: ")
        assert reason in line
        assert ended.output == ""

    await asyncio.gather(
        start("below a file", "config.toml/bot.sqlite3", "can't make its folder"),
        start("a folder", ".", "can't open the database"),
        start("no database", "config.toml", "not a database"),
    )


async def test_a_connected_bot_shows_that_it_is_alive(server: Server) -> None:
    heartbeat = heartbeat_file(server.config.database.path)
    await server.env.advance_time(INTERVAL + 1)
    first = heartbeat.stat().st_mtime_ns
    await asyncio.sleep(0.01)
    await server.env.advance_time(INTERVAL + 1)
    assert heartbeat.stat().st_mtime_ns > first


async def test_what_is_at_work_is_ended_before_the_database_is_closed(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise it goes on with connections that nobody closes any more."""
    reached, left = asyncio.Event(), asyncio.Event()

    async def linger() -> None:
        reached.set()
        try:
            await asyncio.Event().wait()
        finally:
            assert await server.services.library.history(), "the database is still there"
            left.set()

    monkeypatch.setattr(server.services.reminders.planner, "replan", linger)
    server.services.programme_changed()
    await reached.wait()

    await server.bot.close()

    assert left.is_set()
