"""The database's file: how it is opened, what happens to two who use it at once, and what can't be opened."""

import asyncio
import sqlite3
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.agenda.rows import AgendaStore
from bot.editions.rows import EditionStore
from bot.errors import UserError
from bot.store.audit import AuditEntry, write_entry
from bot.store.engine import Database
from tests.support.database import rows
from tests.support.server import SESSION_PAGE
from tests.support.versions import FULL, NOW, added, in_use


async def test_what_was_written_is_on_the_disk_before_anything_else_is_done(database: Database) -> None:
    """Else a message could be sent whose mark is lost when the power fails, and be sent again."""
    full = 2
    async with database.write() as connection:
        assert (await connection.exec_driver_sql("PRAGMA synchronous")).scalar_one() == full


async def test_the_file_is_in_wal_mode_and_minds_foreign_keys(database: Database, path: Path) -> None:
    assert rows(path, "PRAGMA journal_mode") == [("wal",)]
    for _ in range(3):
        async with database.read() as connection:
            assert (await connection.exec_driver_sql("PRAGMA foreign_keys")).scalar_one() == 1
    with pytest.raises(IntegrityError):
        async with database.write() as connection:
            await connection.exec_driver_sql("INSERT INTO programme_current VALUES (1, 99, NULL)")


async def test_the_file_and_its_folders_are_made(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b c" / "bot ä?#%20.sqlite3"
    database = await Database.open(path)
    await database.close()
    assert path.exists()


async def test_closing_leaves_one_whole_file(path: Path) -> None:
    database = await Database.open(path)
    await added(database)
    await database.close()
    assert sorted(file.name for file in path.parent.iterdir()) == [path.name, f"{path.name}.made"]
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]


async def test_closing_waits_for_those_who_still_read(path: Path) -> None:
    database = await Database.open(path)
    await added(database)
    reading = [asyncio.create_task(EditionStore(database).history()) for _ in range(8)]
    for _ in range(3):
        await asyncio.sleep(0)
    for task in reading[::2]:
        task.cancel()
    await database.close()
    assert sorted(file.name for file in path.parent.iterdir()) == [path.name, f"{path.name}.made"]
    results = await asyncio.gather(*reading, return_exceptions=True)
    assert all(isinstance(result, asyncio.CancelledError) for result in results[::2])
    assert all(isinstance(result, list) and len(result) == 1 for result in results[1::2])


async def test_opening_again_keeps_everything(path: Path) -> None:
    for _ in range(3):
        database = await Database.open(path)
        store = EditionStore(database)
        if await in_use(store) is None:
            await added(database)
        current = await in_use(store)
        assert current is not None
        assert (current.id, current.source) == (1, FULL)
        await database.close()


async def test_what_fails_within_a_transaction_leaves_nothing(database: Database, path: Path) -> None:
    async def write() -> None:
        async with database.write() as connection:
            await connection.exec_driver_sql("INSERT INTO bookmark VALUES (1, 'apple', '2026-05-18 12:00:00.000000')")
            await connection.exec_driver_sql("INSERT INTO programme_current VALUES (1, 99, NULL)")

    with pytest.raises(IntegrityError):
        await write()
    assert rows(path, "SELECT count(*) FROM bookmark") == [(0,)]


@pytest.mark.parametrize("steps", [1, 2, 3, 5, 8, 13])
async def test_what_is_being_written_is_written_though_whoever_waits_for_it_is_cancelled(
    steps: int, database: Database
) -> None:
    agendas = AgendaStore(database)
    writing = asyncio.create_task(agendas.change_bookmarks(7, ["apple"], [], NOW))
    for _ in range(steps):
        await asyncio.sleep(0)
    writing.cancel()
    with suppress(asyncio.CancelledError):
        await writing
    assert await agendas.bookmarks() == [(7, "apple")]
    # No lock is left behind.
    await asyncio.wait_for(agendas.change_bookmarks(7, ["banana"], [], NOW), 2)


async def test_who_reads_sees_one_state_and_holds_up_nobody_who_writes(database: Database) -> None:
    async with database.read() as connection:
        counted = "SELECT count(*) FROM programme_version"
        assert (await connection.exec_driver_sql(counted)).scalar_one() == 0
        await asyncio.wait_for(added(database), 2)
        assert (await connection.exec_driver_sql(counted)).scalar_one() == 0
    async with database.read() as connection:
        assert (await connection.exec_driver_sql(counted)).scalar_one() == 1


async def test_two_who_have_the_file_open_see_each_others_work(path: Path) -> None:
    one, two = await Database.open(path), await Database.open(path)
    try:
        version = await added(one)
        assert await in_use(EditionStore(two)) == version
        await AgendaStore(two).change_bookmarks(7, ["apple"], [], NOW)
        assert await AgendaStore(one).bookmarks() == [(7, "apple")]
    finally:
        await one.close()
        await two.close()


async def test_many_writers_and_readers_wait_for_each_other(path: Path) -> None:
    one, two = await Database.open(path), await Database.open(path)
    sources = {f"{number}": replace(FULL, format=f"test/{number}") for number in range(6)}

    async def look() -> None:
        for _ in range(3):
            current = await in_use(EditionStore(two))
            assert current is None or current.source == sources[current.note.digest]

    try:
        await asyncio.gather(
            *(
                added(database, source, digest=digest)
                for (digest, source), database in zip(sources.items(), [one, two] * 3, strict=True)
            ),
            *(
                AgendaStore(each).change_bookmarks(7, [f"{number}"], [], NOW)
                for number in range(10)
                for each in (one, two)
            ),
            *(look() for _ in range(3)),
        )
    finally:
        await one.close()
        await two.close()
    assert rows(path, "SELECT count(*) FROM programme_version") == [(6,)]
    assert rows(path, "SELECT count(*) FROM bookmark") == [(10,)]
    assert rows(path, "SELECT count(*) FROM programme_current") == [(1,)]


async def test_a_database_that_somebody_holds_is_waited_for(path: Path) -> None:
    await (await Database.open(path)).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        opening = asyncio.create_task(Database.open(path))
        await asyncio.sleep(0.2)
        assert not opening.done()
        holder.execute("ROLLBACK")
        database = await opening
    await database.close()


async def test_who_reads_waits_for_nobody_who_writes_however_many_they_are(database: Database, path: Path) -> None:
    agendas = AgendaStore(database)
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        writing = [
            asyncio.create_task(agendas.change_bookmarks(7, [f"paper-{number}"], [], NOW)) for number in range(40)
        ]
        await asyncio.sleep(0.1)
        assert await asyncio.wait_for(agendas.bookmarks(), 2) == []
        holder.execute("ROLLBACK")
        await asyncio.gather(*writing)
    assert rows(path, "SELECT count(*) FROM bookmark") == [(40,)]


async def test_who_asked_to_write_first_writes_first(database: Database, path: Path) -> None:
    async def add(entry: AuditEntry) -> None:
        async with database.write() as connection:
            await write_entry(connection, entry)

    entries = [AuditEntry(NOW, 7, "counted", f"{number}") for number in range(100)]
    await asyncio.gather(*map(add, entries))
    assert rows(path, "SELECT about FROM audit ORDER BY id") == [(entry.about,) for entry in entries]


async def test_what_is_written_in_one_go_takes_its_turn_and_is_kept_whole_or_not_at_all(
    database: Database, path: Path
) -> None:
    def add_in_one_go(connection: Connection) -> int:
        number = connection.exec_driver_sql("SELECT count(*) FROM bookmark").scalar_one()
        connection.exec_driver_sql("INSERT INTO bookmark VALUES (?, 'apple', '2026-05-18 12:00:00.000000')", (number,))
        return int(number)

    async def add() -> int:
        async with database.write() as connection:
            return await connection.run_sync(add_in_one_go)

    async def fail() -> int:
        def work(connection: Connection) -> int:
            add_in_one_go(connection)
            raise ValueError("on second thoughts")

        with pytest.raises(ValueError, match="on second thoughts"):
            await database.write_in_one_go(work)
        return -1

    added = await asyncio.gather(
        *(made for _ in range(30) for made in (add(), database.write_in_one_go(add_in_one_go), fail()))
    )
    assert [number for number in added if number >= 0] == list(range(60))
    assert rows(path, "SELECT count(*) FROM bookmark") == [(60,)]


async def test_who_only_reads_can_not_write(database: Database) -> None:
    with pytest.raises(OperationalError):
        async with database.read() as connection:
            await connection.exec_driver_sql("DELETE FROM bookmark")


async def refusal(path: Path) -> str:
    """Return the one line that a path is refused with."""
    with pytest.raises(UserError) as caught:
        await Database.open(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return message.removeprefix(f"{path}: ")


async def test_a_folder_is_no_database(tmp_path: Path) -> None:
    assert "can't open the database" in await refusal(tmp_path)


async def test_a_path_below_a_file_can_not_be_opened(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert "can't make its folder" in await refusal(tmp_path / "file" / "conference.sqlite3")
    assert "can't make its folder" in await refusal(tmp_path / "file" / "deep" / "conference.sqlite3")


def test_a_file_that_is_no_database_is_left_as_it_is(path: Path) -> None:
    path.write_bytes(SESSION_PAGE.read_bytes())
    assert "not a database" in asyncio.run(refusal(path))
    assert path.read_bytes() == SESSION_PAGE.read_bytes()


async def test_a_damaged_database_is_refused(path: Path) -> None:
    database = await Database.open(path)
    await added(database)
    await database.close()
    with path.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 5000)
    assert await refusal(path)


async def test_a_database_of_a_newer_version_is_refused_and_left_as_it_is(path: Path) -> None:
    database = await Database.open(path)
    await added(database)
    await database.close()
    rows(path, "UPDATE alembic_version SET version_num = '9999'")
    assert "another version of the bot" in await refusal(path)
    assert rows(path, "SELECT version_num FROM alembic_version") == [("9999",)]
    assert rows(path, "SELECT count(*) FROM contribution") == [(3,)]


async def test_a_database_of_some_other_program_is_refused_and_left_as_it_is(path: Path) -> None:
    rows(path, "CREATE TABLE session (id INTEGER PRIMARY KEY, cookie TEXT)")
    assert await refusal(path)
    assert rows(path, "SELECT name FROM sqlite_master WHERE type = 'table'") == [("session",)]
