"""The migrations: a file of any revision is brought up to date with all that is in it, and back."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

import bot.store
from bot.admin.rows import AuditStore
from bot.agenda.model import Wish
from bot.agenda.rows import AgendaStore
from bot.announcing.model import ANNOUNCEMENT, Announcement
from bot.announcing.rows import AnnouncementStore
from bot.delivery.model import State
from bot.delivery.rows import Outbox
from bot.editions.model import KeptCorrection
from bot.editions.rows import EditionStore
from bot.lookup.model import SavedSearch
from bot.lookup.rows import SearchStore
from bot.news.rows import NewsStore
from bot.programme.corrections import Correction
from bot.programme.source import Link, Problem, Severity, Source, SourcePaper, SourceSession
from bot.reminders.model import REMINDER
from bot.store.audit import AuditEntry
from bot.store.engine import Database, migrate
from bot.store.tables import Base
from tests.support.database import rows
from tests.support.versions import NOW, added

FIRST_RELEASE = "0007"
MIGRATIONS = Path(bot.store.__file__).parent / "migrations"
FIRST_RELEASE_ROWS = (Path(__file__).parent / "first-release.sql").read_text(encoding="utf-8")


def alembic(connection: Connection | None = None) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def downgrade(connection: Connection, revision: str) -> None:
    command.downgrade(alembic(connection), revision)


def differences(connection: Connection) -> list[object]:
    """Return what the tables are not as the models describe them."""
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, Base.metadata))


def revisions() -> list[str]:
    """Return all revisions, the oldest first."""
    return [script.revision for script in ScriptDirectory.from_config(alembic()).walk_revisions()][::-1]


async def at_first_release(path: Path) -> None:
    """Bring an empty file to the revision of the first release, and fill its tables."""
    database = await Database.open(path)
    async with database.write() as connection:
        await connection.run_sync(downgrade, "base")
        await connection.run_sync(migrate, FIRST_RELEASE)
    await database.close()
    with closing(sqlite3.connect(path)) as file, file:
        file.executescript(FIRST_RELEASE_ROWS)


def contents(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return everything that is in the file, by table."""
    tables = [name for (name,) in rows(path, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {table: rows(path, f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables if table != "alembic_version"}  # noqa: S608


async def test_the_migrations_make_the_tables_that_the_models_describe(database: Database) -> None:
    async with database.read() as connection:
        assert await connection.run_sync(differences) == []


def test_the_first_revision_is_that_of_the_first_release() -> None:
    assert revisions()[0] == FIRST_RELEASE


async def test_every_migration_can_be_undone_and_done_again(database: Database, path: Path) -> None:
    await added(database)
    for revision in ["base", *revisions()[:-1]]:
        async with database.write() as connection:
            await connection.run_sync(downgrade, revision)
        async with database.write() as connection:
            await connection.run_sync(migrate)
            assert await connection.run_sync(differences) == []
    async with database.write() as connection:
        await connection.run_sync(downgrade, "base")
    assert rows(path, "SELECT name FROM sqlite_master WHERE type = 'table'") == [("alembic_version",)]


async def test_a_file_of_the_first_release_is_brought_up_to_date_with_all_its_rows(path: Path) -> None:
    await at_first_release(path)
    before = contents(path)
    assert all(before.values()), "there is something in every table"
    assert rows(path, "SELECT version_num FROM alembic_version") == [(FIRST_RELEASE,)]

    database = await Database.open(path)
    async with database.read() as connection:
        assert await connection.run_sync(differences) == []
    await database.close()

    assert before.items() <= contents(path).items()
    assert rows(path, "SELECT version_num FROM alembic_version") == [(revisions()[-1],)]


async def test_what_the_first_release_wrote_is_read_as_it_was_meant(path: Path) -> None:
    await at_first_release(path)
    database = await Database.open(path)
    outbox = Outbox(database, (REMINDER, ANNOUNCEMENT))
    try:
        paper = SourcePaper(
            key="caching",
            line=4,
            title="Caching",
            byline=("Ada Lovelace", ""),
            abstract="Words.",
            links=(Link("PDF", "https://example.org/1.pdf"),),
        )
        session = SourceSession(key="posters", line=1, kind="Session", name="Posters", papers=(paper,))
        editions = EditionStore(database)
        current = await editions.current()
        assert current is not None
        assert (current.id, current.note.loaded_at, current.note.loaded_by) == (8, NOW, 41)
        assert current.source == Source("page-text/1", (session,), (Problem(5, Severity.ACTION, "One slot is blank."),))
        assert await editions.before() == 7
        correction = Correction("paper", "caching", "title", "Caches", "Caching")
        assert await editions.corrections() == [KeptCorrection(correction, 41, NOW)]
        assert [news.number for news in await NewsStore(database, outbox).unplanned()] == [3]
        assert await AuditStore(database).latest() == [
            AuditEntry(NOW, 41, "programme reload", "next.json", "version 7", "version 8")
        ]
        assert await SearchStore(database).get(SavedSearch("kv cache").token) == SavedSearch("kv cache")
        assert await AgendaStore(database).bookmarks() == [(9, "caching")]
        assert await AgendaStore(database).wishes() == {9: Wish(15)}
        entries = await outbox.entries()
        assert {(entry.delivery.kind, entry.delivery.subject, entry.state) for entry in entries} == {
            (REMINDER, "posters", State.SENT),
            (ANNOUNCEMENT, "1", State.PLANNED),
        }
        lunch = await AnnouncementStore(database, outbox).get(1)
        assert lunch is not None
        assert [entry.delivery.target_id for entry in lunch.deliveries] == [7]
        written = Announcement(1, "Lunch", "In hall B.", None, None, "Attendees", NOW, 41, NOW)
        assert replace(lunch, deliveries=()) == written
    finally:
        await database.close()
