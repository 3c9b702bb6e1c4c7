"""Copies of the database: made while it is in use, before its tables change, and put back."""

import asyncio
import os
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli import main
from bot.delivery.model import State
from bot.delivery.rows import Outbox
from bot.errors import UserError
from bot.store.backup import back_up
from bot.store.engine import Database
from tests.support.database import cut_off, rows
from tests.support.migrations import brought_to, contents, revisions
from tests.support.outbox import HOUR, REMINDER, delivery
from tests.support.server import SESSION_PAGE
from tests.support.versions import added


@pytest.fixture
def config(path: Path) -> Path:
    file = path.with_name("config.toml")
    file.write_text(
        f'[conference]\nname = "A"\n[programme]\nsource = "x.txt"\n[database]\npath = "{path.name}"\n', encoding="utf-8"
    )
    return file


def bytes_of(path: Path) -> bytes:
    return path.read_bytes()


def said(capsys: pytest.CaptureFixture[str], status: int, *arguments: str | Path) -> str:
    """Run the command line; return what it says."""
    assert main([str(argument) for argument in arguments]) == status
    captured = capsys.readouterr()
    return captured.err if status else captured.out


async def bookmarked(database: Database, *users: int) -> None:
    for user in users:
        async with database.write() as connection:
            await connection.exec_driver_sql(
                "INSERT INTO bookmark VALUES (?, 'apple', '2026-05-18 12:00:00.000000')", (user,)
            )


async def test_a_copy_made_while_the_bot_writes_is_whole(path: Path) -> None:
    database = await Database.open(path)
    await added(database)
    copies = [path.with_name(f"copy-{number}.sqlite3") for number in range(5)]
    stop = asyncio.Event()

    async def write() -> int:
        number = 0
        while not stop.is_set():
            number += 2
            # Two by two: a copy that is not of one moment may hold an odd number of them.
            async with database.write() as connection:
                for user in (number, number + 1):
                    await connection.exec_driver_sql("INSERT INTO bookmark VALUES (?, 'apple', '2026-05-18')", (user,))
        return number

    writing = asyncio.create_task(write())
    for copy in copies:
        await asyncio.to_thread(back_up, path, copy)
        await asyncio.sleep(0.01)
    stop.set()
    assert await writing
    await database.close()

    held = [rows(copy, "SELECT count(*) FROM bookmark")[0][0] for copy in copies]
    assert held == sorted(held)
    assert all(number % 2 == 0 for number in held)
    for copy in copies:
        assert rows(copy, "PRAGMA integrity_check") == [("ok",)]
        assert rows(copy, "SELECT count(*) FROM contribution") == [(3,)]
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    beside = {file.name for file in path.parent.iterdir()}
    assert beside == {path.name, f"{path.name}.made", *(copy.name for copy in copies)}


async def test_what_was_copied_comes_back(path: Path, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = path.with_name("copy.sqlite3")
    database = await Database.open(path)
    await bookmarked(database, 1, 2)
    assert f"{copy} is a copy of {path} (" in said(capsys, 0, "backup", copy, "--config", config)
    before = contents(copy)
    await bookmarked(database, 3)
    assert "the bot is running. Stop it" in said(capsys, 2, "restore", copy, "--config", config)
    await database.close()

    told = said(capsys, 0, "restore", copy, "--config", config)

    aside = path.with_name(f"{path.name}.before-restore")
    assert f"{path} is as {copy} was." in told
    assert f"What was there before is in {aside}." in told
    assert rows(aside, "SELECT user_id FROM bookmark ORDER BY 1") == [(1,), (2,), (3,)]
    database = await Database.open(path)
    await database.close()
    assert contents(path) == before


async def test_a_copy_takes_the_place_of_an_earlier_one_and_of_nothing_else(
    path: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = path.with_name("copy.sqlite3")
    database = await Database.open(path)
    said(capsys, 0, "backup", copy, "--config", config)
    await bookmarked(database, 1)
    said(capsys, 0, "backup", copy, "--config", config)
    await database.close()
    assert rows(copy, "SELECT count(*) FROM bookmark") == [(1,)]

    assert "no earlier copy" in said(capsys, 2, "backup", config, "--config", config)
    assert 'name = "A"' in bytes_of(config).decode()
    assert "no earlier copy" in said(capsys, 2, "backup", path, "--config", config)
    assert "a folder" in said(capsys, 2, "backup", path.parent, "--config", config)
    assert "no such file" in said(capsys, 2, "backup", path.parent / "no" / "copy", "--config", config)


def test_without_a_database_there_is_nothing_to_copy(
    path: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "there is no database to copy" in said(capsys, 2, "backup", path.with_name("copy"), "--config", config)
    assert not path.exists()


async def test_what_is_no_copy_is_not_restored(path: Path, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = await Database.open(path)
    await bookmarked(database, 1)
    await database.close()
    before = bytes_of(path)
    other, newer, damaged = (path.with_name(name) for name in ("other", "newer", "damaged"))
    rows(other, "CREATE TABLE cookie (id INTEGER)")
    back_up(path, newer)
    rows(newer, "UPDATE alembic_version SET version_num = '9999'")
    back_up(path, damaged)
    cut_off(damaged, at=0.5)

    for file, why in (
        (SESSION_PAGE, "it is no copy of a database"),
        (path.with_name("nowhere"), "no such file"),
        (other, "no database of this bot"),
        (newer, "no database of this bot, or one of a newer version"),
        (damaged, "malformed"),
        (path, "the database itself"),
    ):
        answer = said(capsys, 2, "restore", file, "--config", config)
        assert why in answer
        assert len(answer.splitlines()) == 1
    assert bytes_of(path) == before
    assert not list(path.parent.glob("*.before-restore*"))
    assert not list(path.parent.glob("*.unfinished*"))


@pytest.mark.parametrize("state", ["empty", "gone", "damaged"])
async def test_a_lost_database_comes_back_from_a_copy(
    state: str, path: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = path.with_name("copy.sqlite3")
    database = await Database.open(path)
    await bookmarked(database, 1)
    await database.close()
    back_up(path, copy)
    if state == "gone":
        os.remove(path)  # noqa: PTH107 - pathlib's would be taken for one that blocks
    else:
        cut_off(path, at=0 if state == "empty" else 0.5)

    said(capsys, 0, "restore", copy, "--config", config)

    await (await Database.open(path)).close()
    assert rows(path, "SELECT user_id FROM bookmark") == [(1,)]


async def test_what_fell_due_since_the_copy_is_not_sent_again(
    path: Path, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime.now(UTC)
    database = await Database.open(path)
    outbox = Outbox(database, (REMINDER,))
    wanted = [delivery("due", starts_at=now + timedelta(minutes=30)), delivery("later", starts_at=now + 5 * HOUR)]
    await outbox.plan(wanted, timedelta(minutes=10))
    back_up(path, path.with_name("copy"))
    await database.close()

    told = said(capsys, 0, "restore", path.with_name("copy"), "--config", config)

    assert "may have been sent: 1 message. Look in the channels." in told
    database = await Database.open(path)
    outbox = Outbox(database, (REMINDER,))
    await outbox.plan(wanted, timedelta(minutes=10))
    states = {entry.delivery.key: entry.state for entry in await outbox.entries()}
    await database.close()
    assert states == {"due": State.MISSED, "later": State.PLANNED}


async def test_before_its_tables_change_a_database_is_copied(path: Path) -> None:
    database = await Database.open(path)
    await bookmarked(database, 1)
    await database.close()
    await brought_to(path, revisions()[-2])
    before = contents(path)

    for _ in range(2):
        await (await Database.open(path)).close()

    (copy,) = path.parent.glob(f"{path.name}.before-*")
    assert copy.name == f"{path.name}.before-{revisions()[-1]}"
    assert rows(copy, "SELECT version_num FROM alembic_version") == [(revisions()[-2],)]
    assert rows(path, "SELECT version_num FROM alembic_version") == [(revisions()[-1],)]
    assert contents(copy) == before


async def test_each_migration_leaves_a_copy_of_its_own(path: Path) -> None:
    for _ in range(2):
        await (await Database.open(path)).close()
        await brought_to(path, revisions()[-2])
    await (await Database.open(path)).close()
    name = f"{path.name}.before-{revisions()[-1]}"
    assert sorted(file.name for file in path.parent.glob(f"{path.name}.before-*")) == [name, f"{name}-2"]


async def test_a_database_that_can_not_be_copied_is_not_migrated(path: Path) -> None:
    await (await Database.open(path)).close()
    await brought_to(path, revisions()[-2])
    # A folder where the copy is to be written.
    os.mkdir(f"{path}.before-{revisions()[-1]}.unfinished")  # noqa: PTH102

    with pytest.raises(UserError):
        await Database.open(path)

    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [(revisions()[-2],)]
