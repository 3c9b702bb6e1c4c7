"""A bot that is connected and gets nothing done is told from one that works."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.admin.condition import Condition, Trouble, WatchedSource
from bot.admin.heartbeat import heartbeat_file, read_heartbeat
from bot.cli import main
from bot.delivery.model import Pulse
from tests.admin.test_status import status
from tests.support.moderating import moderator
from tests.support.server import SESSION_PAGE, Server, StartServer

OPENING = "poster-session-1-opening"


@pytest.fixture
async def reminding(start_server: StartServer) -> Server:
    """A server whose session opens in five hours, of which the channel `news` hears three times."""
    server = await start_server(
        sessions={OPENING: {"start": "2026-01-01T05:00:00+00:00", "end": "2026-01-01T09:00:00+00:00"}},
        reminders={"channel": "news", "minutes_before": [60, 30, 10]},
        discord={"moderators": ["Moderators"], "organizers_channel": "organizers", "welcome": False},
    )
    for name in ("news", "organizers"):
        server.guild.create_text_channel(name)
    await server.env.settle()
    return server


def heard(server: Server) -> list[str]:
    return [message.content for message in server.guild.channels["organizers"].history()]


def posted(server: Server) -> int:
    return len(server.guild.channels["news"].history())


def fail(server: Server, channel: str) -> None:
    path = f"/channels/{server.guild.channels[channel].id}/messages"
    server.env.inject_error("POST", path, status=409, code=40004, message="Not now", times=None)


def recover(server: Server) -> None:
    server.env.backend.faults.clear()


def condition_in_file(server: Server) -> Condition:
    condition = read_heartbeat(heartbeat_file(server.config.database.path))
    assert condition
    return condition


async def test_the_organizers_hear_once_that_nothing_gets_out_and_again_only_after_a_recovery(
    reminding: Server,
) -> None:
    fail(reminding, "news")
    await reminding.advance(4 * 3600 + 4 * 60)
    assert heard(reminding) == [], "a hiccup is no news"
    await reminding.advance(2 * 60)
    (message,) = heard(reminding)
    assert "No message gets out: 1 message was due, the first <t:" in message
    assert "Not now" in message

    await reminding.advance(10 * 60)
    await reminding.restart()
    await reminding.advance(7 * 60)
    assert len(heard(reminding)) == 1, "whatever is restarted"
    assert condition_in_file(reminding).troubles == [Trouble.STUCK]

    recover(reminding)
    await reminding.advance(6 * 60)
    assert posted(reminding) > 0
    assert len(heard(reminding)) == 2
    assert heard(reminding)[1].startswith("Messages get out again. From Wed 31 Dec, 20:05 PST (for you <t:")
    assert condition_in_file(reminding).troubles == []

    fail(reminding, "news")
    await reminding.advance(30 * 60)
    assert len(heard(reminding)) == 3
    assert "No message gets out" in heard(reminding)[2]


async def test_organizers_who_could_not_be_told_hear_of_it_afterwards(reminding: Server) -> None:
    fail(reminding, "news")
    fail(reminding, "organizers")
    await reminding.advance(4 * 3600 + 10 * 60)
    recover(reminding)
    await reminding.advance(15 * 60)
    assert posted(reminding) == 1
    assert heard(reminding)[-1].startswith("Messages get out again. From Wed 31 Dec, 20:05 PST (for you <t:")


async def test_the_status_says_what_is_overdue_and_when_something_was_last_sent(reminding: Server) -> None:
    mo = moderator(reminding)
    before = await status(mo, reminding)
    assert "No message was sent yet\nNothing is overdue" in before["The bot"]
    assert "Connected to Discord <t:" in before["The bot"]

    await reminding.advance(4 * 3600 + 60)
    fail(reminding, "news")
    await reminding.advance(40 * 60)

    after = await status(mo, reminding)
    assert after["Status"].startswith("⚠ No message gets out: 1 message was due, the first <t:")
    assert "The last message was sent <t:" in after["The bot"]
    assert "1 message was due, the first <t:" in after["The bot"]


async def test_a_bot_that_lost_its_connection_is_not_called_connected(reminding: Server) -> None:
    assert condition_in_file(reminding).connected
    reminding.bot.dispatch("disconnect")
    await reminding.advance(90)
    condition = condition_in_file(reminding)
    assert (condition.connected, condition.troubles) == (False, [Trouble.DISCONNECTED])

    reminding.bot.dispatch("resumed")
    await reminding.advance(30)
    assert condition_in_file(reminding).troubles == []


async def test_a_source_that_is_not_looked_at_is_told_and_one_that_is_away_is_not(
    start_server: StartServer, tmp_path: Path
) -> None:
    page = tmp_path / "page.txt"
    page.write_bytes(SESSION_PAGE.read_bytes())
    server = await start_server(
        programme={"source": page, "refresh": "5 minutes"},
        discord={"organizers_channel": "organizers", "moderators": ["Moderators"], "welcome": False},
    )
    server.guild.create_text_channel("organizers")
    await server.advance(600)
    assert condition_in_file(server).source_age is not None
    page.unlink()
    await server.advance(1200)
    condition = condition_in_file(server)
    assert condition.troubles == []
    assert (condition.source_age or 0) > 1100

    await server.services.moderating.watch.close()
    await server.advance(3600)
    assert condition_in_file(server).troubles == [Trouble.UNWATCHED]
    (message,) = (text for text in heard(server) if "looked at" in text)
    assert "The programme's source is not looked at any more" in message


# --- the health check


def ago(minutes: float) -> datetime:
    return datetime.now(UTC) - timedelta(minutes=minutes)


def condition(pulse: Pulse | None = None, *, connected: float | None = 60, age: float = 0, **parts: Any) -> Condition:
    """How the bot is that was started an hour ago and connected so many minutes ago."""
    since = ago(60 if connected is None else connected)
    return Condition(ago(age), ago(60), connected is not None, since, pulse or Pulse(last_sent_at=ago(3.1)), **parts)


def overdue(since: float, last_sent: float | None = None) -> Pulse:
    return Pulse(3, ago(since), None if last_sent is None else ago(last_sent), "Discord is *away*")


def watching(seen: float | None, looked: float, next_look: float) -> dict[str, Any]:
    source = WatchedSource("page_1.txt", None if seen is None else ago(seen), ago(looked), ago(-next_look))
    return {"sources": (source,)}


HEALTHY: dict[str, tuple[Callable[[], Condition], str]] = {
    "works": (condition, "The last message was sent 3 minutes ago\nNothing is overdue"),
    "is new": (lambda: condition(Pulse()), "Connected to Discord 1 hour ago\nNo message was sent yet"),
    "paces": (lambda: condition(overdue(61, 1)), "Not sent yet: 3 messages were due, the first 1 hour ago"),
    "is about to send": (lambda: condition(overdue(3.1, 50)), "the first 3 minutes ago"),
    "has just come back": (lambda: condition(overdue(50, 55), connected=1.1), "Connected to Discord 1 minute ago"),
    "watches": (lambda: condition(**watching(2.1, 0, 1)), "Source page_1.txt: last seen 2 minutes ago"),
    "watches what is away": (lambda: condition(**watching(None, 0, 1)), "Source page_1.txt: not seen yet"),
}
ILL: dict[str, tuple[Callable[[], Condition], str]] = {
    "sends nothing": (
        lambda: condition(overdue(9.1, 11)),
        "No message gets out: 3 messages were due, the first 9 minutes ago. The last reason: Discord is *away*.",
    ),
    "never sent anything": (lambda: condition(overdue(9)), "No message gets out"),
    "is connecting": (
        lambda: replace(condition(connected=0.5), connected=False),
        "not connected to Discord at this moment",
    ),
    "is not connected": (lambda: condition(connected=None), "not connected to Discord; that began 1 hour ago."),
    "has no database": (lambda: replace(condition(), pulse=None), "The database can't be read; the log says why."),
    "is dead": (lambda: condition(age=5), "The bot last showed that it is alive 30"),
    "stopped looking": (
        lambda: condition(**watching(50, 50, -20)),
        "The programme's source is not looked at any more, though its time has come: page_1.txt.",
    ),
}


@pytest.fixture
def health(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[[Condition], tuple[int, str, str]]:
    """Ask the command line how the bot is, and return the status, the output and the errors."""
    config = tmp_path / "config.toml"
    tables = '[conference]\nname = "C"\ntimezone = "UTC"\n[database]\npath = "bot.sqlite3"\n'
    config.write_text(f'{tables}[programme]\nsource = "{SESSION_PAGE}"\n')

    def ask(condition: Condition) -> tuple[int, str, str]:
        heartbeat_file(tmp_path / "bot.sqlite3").write_bytes(msgspec.json.encode(condition))
        status = main(["health", "--config", str(config)])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return ask


@pytest.mark.parametrize("case", HEALTHY)
def test_a_bot_that_works_is_healthy(case: str, health: Callable[[Condition], tuple[int, str, str]]) -> None:
    made, said = HEALTHY[case]
    code, output, errors = health(made())
    assert (code, errors) == (0, "")
    assert said in output


@pytest.mark.parametrize("case", ILL)
def test_a_bot_that_gets_something_not_done_is_not(
    case: str, health: Callable[[Condition], tuple[int, str, str]]
) -> None:
    made, said = ILL[case]
    code, _, errors = health(made())
    assert code == 2
    assert said in errors


async def test_a_database_that_can_not_be_read_is_a_trouble_and_the_heart_beats_on(
    start_server: StartServer, caplog: pytest.LogCaptureFixture
) -> None:
    server = await start_server()
    async with server.services.database.write() as connection:
        await connection.exec_driver_sql("ALTER TABLE delivery RENAME TO gone")
    await server.advance(180)
    assert condition_in_file(server).troubles == [Trouble.UNREADABLE]
    assert "no such table: delivery" in caplog.text, "the log says why"
    async with server.services.database.write() as connection:
        await connection.exec_driver_sql("ALTER TABLE gone RENAME TO delivery")
    await server.advance(60)
    assert condition_in_file(server).troubles == []


async def test_what_can_not_be_written_does_not_end_the_heartbeat(
    start_server: StartServer, caplog: pytest.LogCaptureFixture
) -> None:
    server = await start_server()
    file = heartbeat_file(server.config.database.path)
    whole = file.with_name(f"{file.name}.new")
    whole.mkdir()
    await server.advance(60)
    assert f"{file} can't be written" in caplog.text
    before = condition_in_file(server).at
    whole.rmdir()
    await server.advance(60)
    assert condition_in_file(server).at > before


async def test_heartbeats_at_the_same_time_do_not_get_in_each_others_way(
    start_server: StartServer, caplog: pytest.LogCaptureFixture
) -> None:
    server = await start_server()
    await asyncio.gather(*(server.services.status.heartbeat.beat() for _ in range(200)))
    assert "can't be written" not in caplog.text
    assert condition_in_file(server).connected


async def test_a_heartbeat_that_is_cut_off_does_not_outlive_the_bot(start_server: StartServer) -> None:
    server = await start_server()
    file = heartbeat_file(server.config.database.path)
    # Whoever writes into it waits until somebody reads.
    slow = file.with_name(f"{file.name}.new")
    os.mkfifo(slow)
    beating = asyncio.create_task(server.services.status.heartbeat.beat())
    await asyncio.sleep(0.2)
    beating.cancel()
    stopping = asyncio.create_task(server.services.status.heartbeat.stop())
    await asyncio.sleep(0.2)
    reader = os.open(slow, os.O_RDONLY | os.O_NONBLOCK)
    await stopping
    await asyncio.sleep(0.2)
    os.close(reader)
    assert not file.exists()
