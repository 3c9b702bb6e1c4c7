"""Reports of conduct are deleted at the date that the reporter was told, from Discord and from all files."""

from datetime import timedelta
from pathlib import Path

import discord

from bot.store.backup import back_up, restore
from tests.helpdesk.conftest import CONDUCT, Desk, OpenDesk, told
from tests.support.database import rows

SAID = "He follows me to every session"
TABLES = ("conduct_report", "conduct_word", "delivery")


async def made(desk: Desk) -> None:
    """A report with an answer, and a thread of the team's below it."""
    await desk.ask(desk.ann, SAID, CONDUCT)
    await desk.server.env.settle()
    (report,) = desk.conduct.history()
    await desk.write(desk.carla, report, "Answer", "Where was it?")
    await desk.server.env.settle()
    channel = desk.server.bot.get_channel(desk.conduct.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.get_partial_message(report.id).create_thread(name="What do we do?")


def bytes_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def later(desk: Desk, **much: float) -> None:
    desk.server.env.backend.advance_clock(timedelta(**much).total_seconds())


async def test_all_of_a_report_is_deleted_at_its_date_also_when_the_bot_was_off(desk: Desk) -> None:
    path = desk.server.config.database.path
    await made(desk)
    later(desk, days=29)
    await desk.server.restart()
    await desk.server.advance(120)
    assert desk.conduct.threads
    assert told(desk.ann)

    later(desk, days=2)
    await desk.server.restart()
    await desk.server.advance(120)
    assert [one for one in desk.conduct.history() if SAID in str([e.description for e in one.embeds])] == []
    assert desk.conduct.threads == []
    assert told(desk.ann) == []
    for table in TABLES:
        assert rows(path, f"SELECT * FROM {table}") == [], table  # noqa: S608
    stored = bytes_in(path.parent)
    assert SAID.encode() not in stored
    assert b"Where was it?" not in stored


async def test_it_is_deleted_while_the_bot_runs_and_after_discord_was_away(desk: Desk) -> None:
    await made(desk)
    later(desk, days=29, hours=23, minutes=57)
    await desk.server.restart()
    await desk.server.advance(60)
    desk.server.env.inject_error("DELETE", "/channels/*", status=503, times=3)
    desk.server.env.inject_error("DELETE", "/channels/*/messages/*", status=503, times=3)
    await desk.server.advance(180)
    assert rows(desk.server.config.database.path, "SELECT count(*) FROM conduct_report") == [(1,)]
    assert len(desk.conduct.history()) == 2
    await desk.server.advance(600)
    assert rows(desk.server.config.database.path, "SELECT count(*) FROM conduct_report") == [(0,)]
    assert desk.conduct.threads == []


async def test_a_message_that_the_database_knows_nothing_of_is_deleted_by_the_date_it_bears(desk: Desk) -> None:
    path = desk.server.config.database.path
    await made(desk)
    # As after a copy was put back, which has no reports.
    for table in TABLES:
        rows(path, f"DELETE FROM {table}")  # noqa: S608
    later(desk, days=29)
    await desk.server.restart()
    await desk.server.advance(120)
    assert len(desk.conduct.history()) == 2
    later(desk, days=1)
    await desk.server.restart()
    await desk.server.advance(120)
    assert not any("Conduct report" in (embed.title or "") for one in desk.conduct.history() for embed in one.embeds)


async def test_reports_keep_their_date_when_the_configuration_changes(desk: Desk) -> None:
    await made(desk)
    config = desk.server.config
    longer = config.help_desk.model_copy(update={"delete_after": timedelta(days=90)})
    await desk.server.restart(config.model_copy(update={"help_desk": longer}))
    later(desk, days=31)
    await desk.server.restart()
    await desk.server.advance(120)
    assert rows(desk.server.config.database.path, "SELECT count(*) FROM conduct_report") == [(0,)]


async def test_it_is_deleted_also_when_the_help_desk_is_no_longer_configured(desk: Desk) -> None:
    await made(desk)
    config = desk.server.config
    await desk.server.restart(config.model_copy(update={"help_desk": type(config.help_desk)()}))
    later(desk, days=31)
    await desk.server.restart()
    await desk.server.advance(120)
    assert rows(desk.server.config.database.path, "SELECT count(*) FROM conduct_report") == [(0,)]
    assert desk.conduct.threads == []


async def test_copies_of_the_database_have_no_reports(desk: Desk, tmp_path: Path) -> None:
    await made(desk)
    await desk.ask(desk.ann, "My badge does not print")
    copy = tmp_path / "copy.sqlite3"
    back_up(desk.server.config.database.path, copy)

    assert rows(copy, "SELECT count(*) FROM conduct_report") == [(0,)]
    assert rows(copy, "SELECT count(*) FROM conduct_word") == [(0,)]
    assert rows(copy, "SELECT count(*) FROM delivery WHERE target_id = ?", desk.ann.id) == [(0,)]
    assert rows(copy, "SELECT count(*) FROM help_request") == [(1,)]
    assert SAID.encode() not in copy.read_bytes()
    assert b"Where was it?" not in copy.read_bytes()


async def test_the_date_is_told_to_the_reporter_and_to_the_team(open_desk: OpenDesk) -> None:
    desk = await open_desk(delete_after="2 days")
    await desk.ask(desk.ann, SAID, CONDUCT)
    await desk.server.env.settle()
    date = int((desk.server.env.now() + timedelta(days=2)).timestamp())
    (report,) = desk.conduct.history()
    (field,) = [one for one in report.embeds[0].fields if one.name == "Deleted"]
    assert abs(int((field.value or "").split(":")[1]) - date) < 120


async def test_a_restore_takes_the_reports_over_from_the_database_that_it_puts_aside(
    desk: Desk, tmp_path: Path
) -> None:
    path, copy = desk.server.config.database.path, tmp_path / "copies" / "copy.sqlite3"
    copy.parent.mkdir()
    await made(desk)
    back_up(path, copy)
    now = desk.server.env.now()
    await desk.server.bot.close()
    restored = restore(path, copy, now)

    assert rows(path, "SELECT reporter_id FROM conduct_report") == [(desk.ann.id,)]
    assert rows(path, "SELECT count(*) FROM delivery WHERE kind LIKE 'conduct-%'") == [(2,)]
    assert restored.aside
    assert rows(restored.aside, "SELECT count(*) FROM conduct_report") == [(0,)]
    assert str(desk.ann.id) not in str(rows(restored.aside, "SELECT * FROM delivery"))
