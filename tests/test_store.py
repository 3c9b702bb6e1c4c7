"""The store, on real SQLite files."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, StatementError

import bot.store
from bot.due import Kind
from bot.errors import Trouble
from bot.programme.formats import read
from bot.programme.identity import assign_keys
from bot.programme.source import Link, Problem, Severity, Source, SourcePaper, SourceSession
from bot.store import Asked, Store, Version
from bot.store.database import migrate
from bot.store.store import ASKED_FOR
from bot.store.tables import Base
from bot.store.versions import NewVersion, Revision
from tests.conftest import SESSION_PAGE

NOW = datetime(2026, 5, 18, 12, tzinfo=UTC)
MIGRATIONS = Path(bot.store.__file__).parent / "migrations"

FULL = Source(
    "test/1",
    (
        SourceSession(
            key="posters",
            line=1,
            kind="Session",
            name="Posters",
            room="Hall",
            starts_at=NOW,
            ends_at=NOW + timedelta(hours=2, microseconds=5),
            papers=(
                SourcePaper(
                    key="z-first",
                    line=4,
                    title="Caching ' \" \\ \u0000 🦜",
                    byline=("Ada Lovelace", "", "", "王小明", "Ada Lovelace"),
                    abstract="Words\nand words.",
                    number="P-7",
                    source_id="41",
                    links=(Link("PDF", "https://example.org/1.pdf"), Link("Code", "https://example.org/code")),
                ),
                SourcePaper(key="a-second"),
            ),
        ),
        SourceSession(key="empty", name=""),
        SourceSession(key="another", kind="Tutorial", name="More", papers=(SourcePaper(key="m", title=""),)),
    ),
    (
        Problem(9, Severity.ACTION, "Something is missing."),
        Problem(None, Severity.NOTE, "Something was put right."),
        Problem(2, Severity.NOTE, "Out of order, and kept so."),
    ),
)
OTHER = Source("test/1", (SourceSession(key="posters", name="Posters", papers=(SourcePaper(key="z-first"),)),))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "conference.sqlite3"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[Store]:
    store = await Store.open(path)
    yield store
    await store.close()


def rows(path: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()


def downgrade(connection: Connection, revision: str) -> None:
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.downgrade(config, revision)


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, Base.metadata))


def revisions() -> list[str]:
    """All revisions, the oldest first."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS))
    return [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()][::-1]


async def at_revision(path: Path, revision: str) -> None:
    """Bring an empty file to a revision, as the bot of that time left it."""
    store = await Store.open(path)
    async with store._engine.begin() as connection:
        await connection.run_sync(downgrade, "base")
        await connection.run_sync(migrate, revision)
    await store.close()


# --- the file


async def test_the_file_is_in_wal_mode_and_minds_foreign_keys(store: Store, path: Path) -> None:
    assert rows(path, "PRAGMA journal_mode") == [("wal",)]
    for _ in range(3):
        async with store._engine.connect() as connection:
            assert (await connection.exec_driver_sql("PRAGMA foreign_keys")).scalar_one() == 1
    with pytest.raises(IntegrityError):
        async with store._engine.begin() as connection:
            await connection.exec_driver_sql("INSERT INTO programme_current VALUES (1, 99, NULL)")


async def test_the_file_and_its_folders_are_made(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b c" / "bot ä?#%20.sqlite3"
    store = await Store.open(path)
    await store.close()
    assert path.exists()


async def test_closing_leaves_one_whole_file(path: Path) -> None:
    store = await Store.open(path)
    await added(store, FULL, name="page.txt", digest="d", loaded_at=NOW)
    await store.close()
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]


# --- versions


async def added(store: Store, source: Source, *, name: str, digest: str, loaded_at: datetime) -> Version:
    """Write a version, which becomes the one in use, and return it as it can be read from then on."""
    number = await store.versions.revise(Revision(loaded_at, version=NewVersion(source, name, digest)))
    version = await store.versions.get(number or 0)
    assert version is not None
    return version


async def test_an_empty_store_has_no_version(store: Store) -> None:
    assert await store.versions.current() is None


async def test_a_version_is_given_back_whole(store: Store) -> None:
    written = await added(store, FULL, name="page.txt", digest="abc", loaded_at=NOW)
    current = await store.versions.current()
    assert current == written
    assert current.source == FULL
    assert (current.note.source_name, current.note.digest, current.note.loaded_at) == ("page.txt", "abc", NOW)


async def test_the_real_programme_is_given_back_whole(path: Path) -> None:
    source = assign_keys(read(SESSION_PAGE.read_bytes(), SESSION_PAGE.name))
    store = await Store.open(path)
    await added(store, source, name=SESSION_PAGE.name, digest="d", loaded_at=NOW)
    await store.close()
    again = await Store.open(path)
    current = await again.versions.current()
    await again.close()
    assert current is not None
    assert current.source == source


async def test_moments_come_back_in_utc_whatever_zone_they_were_given_in(store: Store) -> None:
    local = NOW.astimezone(timezone(timedelta(hours=-7)))
    await added(store, OTHER, name="page.txt", digest="d", loaded_at=local)
    current = await store.versions.current()
    assert current is not None
    assert current.note.loaded_at == NOW
    assert current.note.loaded_at.tzinfo is UTC


async def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="naive datetime"):
        await added(store, OTHER, name="page.txt", digest="d", loaded_at=NOW.replace(tzinfo=None))
    assert await store.versions.current() is None


async def test_the_pointer_moves_to_the_newest_version_and_the_old_one_stays(store: Store, path: Path) -> None:
    first = await added(store, FULL, name="one.txt", digest="1", loaded_at=NOW)
    second = await added(store, OTHER, name="two.txt", digest="2", loaded_at=NOW)
    current = await store.versions.current()
    assert current == second
    assert rows(path, "SELECT id, version_id FROM programme_current") == [(1, second.id)]
    assert rows(path, "SELECT id FROM programme_version ORDER BY id") == [(first.id,), (second.id,)]
    assert rows(path, "SELECT version_id, count(*) FROM paper GROUP BY 1") == [(first.id, 3), (second.id, 1)]


@pytest.mark.parametrize(
    "broken",
    [
        replace(OTHER, sessions=OTHER.sessions * 2),
        replace(OTHER, sessions=(replace(OTHER.sessions[0], papers=(SourcePaper(key="a"), SourcePaper(key="a"))),)),
    ],
    ids=["two sessions of one key", "two papers of one key"],
)
async def test_a_version_that_fails_leaves_the_old_one_in_use_and_whole(
    broken: Source, store: Store, path: Path
) -> None:
    first = await added(store, FULL, name="one.txt", digest="1", loaded_at=NOW)
    with pytest.raises(IntegrityError):
        await added(store, broken, name="two.txt", digest="2", loaded_at=NOW)
    assert await store.versions.current() == first
    assert rows(path, "SELECT count(*) FROM programme_version") == [(1,)]
    assert rows(path, "SELECT count(*) FROM session") == [(3,)]
    later = await added(store, OTHER, name="three.txt", digest="3", loaded_at=NOW)
    assert await store.versions.current() == later


# --- searches


async def test_a_search_is_recalled_by_its_token_after_a_restart(path: Path) -> None:
    asked = [Asked("kv cache"), Asked("kv cache", "posters"), Asked("kv cache", None, "bo-li"), Asked("", "a", "b")]
    assert len({search.token for search in asked}) == len(asked)
    store = await Store.open(path)
    for search in asked:
        await store.remember(search, NOW)
    await store.close()
    again = await Store.open(path)
    assert [await again.recall(search.token) for search in asked] == asked
    assert await again.recall("nothing") is None
    await again.close()


async def test_old_searches_are_forgotten_and_those_asked_again_are_not(store: Store, path: Path) -> None:
    old, renewed, new = Asked("old"), Asked("renewed"), Asked("new")
    await store.remember(old, NOW)
    await store.remember(renewed, NOW)
    await store.remember(renewed, NOW + timedelta(days=1))
    await store.remember(new, NOW + ASKED_FOR + timedelta(hours=1))
    assert await store.recall(old.token) is None
    assert await store.recall(renewed.token) == renewed
    assert await store.recall(new.token) == new
    assert rows(path, "SELECT count(*) FROM asked") == [(2,)]


# --- two at once


async def test_two_stores_on_one_file_see_each_others_work(path: Path) -> None:
    one, two = await Store.open(path), await Store.open(path)
    try:
        version = await added(one, FULL, name="page.txt", digest="d", loaded_at=NOW)
        assert await two.versions.current() == version
        await two.remember(Asked("kv cache"), NOW)
        assert await one.recall(Asked("kv cache").token) == Asked("kv cache")
    finally:
        await one.close()
        await two.close()


async def test_many_writers_and_readers_wait_for_each_other(path: Path) -> None:
    one, two = await Store.open(path), await Store.open(path)
    sources = {f"{number}": replace(FULL, format=f"test/{number}") for number in range(6)}

    async def look() -> None:
        for _ in range(3):
            current = await two.versions.current()
            assert current is None or current.source == sources[current.note.digest]

    try:
        await asyncio.gather(
            *(
                added(store, source, name="page.txt", digest=digest, loaded_at=NOW)
                for (digest, source), store in zip(sources.items(), [one, two] * 3, strict=True)
            ),
            *(store.remember(Asked(f"{number}"), NOW) for number in range(10) for store in (one, two)),
            *(look() for _ in range(3)),
        )
    finally:
        await one.close()
        await two.close()
    assert rows(path, "SELECT count(*) FROM programme_version") == [(6,)]
    assert rows(path, "SELECT count(*) FROM asked") == [(10,)]
    assert rows(path, "SELECT count(*) FROM programme_current") == [(1,)]


# --- migrations


async def test_the_migrations_make_the_tables_that_the_models_describe(store: Store) -> None:
    async with store._engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_every_migration_can_be_undone_and_done_again(path: Path) -> None:
    store = await Store.open(path)
    await added(store, FULL, name="page.txt", digest="d", loaded_at=NOW)
    for revision in ["base", *revisions()[:-1]]:
        async with store._engine.begin() as connection:
            await connection.run_sync(downgrade, revision)
        async with store._engine.begin() as connection:
            await connection.run_sync(migrate)
            assert await connection.run_sync(differences) == []
    async with store._engine.begin() as connection:
        await connection.run_sync(downgrade, "base")
    await store.close()
    assert rows(path, "SELECT name FROM sqlite_master WHERE type = 'table'") == [("alembic_version",)]


@pytest.mark.parametrize("revision", revisions())
async def test_a_file_of_an_earlier_revision_is_brought_up_to_date_with_its_rows(revision: str, path: Path) -> None:
    await at_revision(path, revision)
    assert rows(path, "SELECT version_num FROM alembic_version") == [(revision,)]
    with closing(sqlite3.connect(path)) as old, old:
        old.executescript(
            """
            PRAGMA foreign_keys = ON;
            INSERT INTO programme_version (id, loaded_at, source_name, digest, format)
                VALUES (7, '2026-05-18 12:00:00.000000', 'page.txt', 'abc', 'page-text/1');
            INSERT INTO programme_current (id, version_id) VALUES (1, 7);
            INSERT INTO session VALUES (7, 'posters', 0, 1, 'Session', 'Posters', NULL, NULL, NULL);
            INSERT INTO paper VALUES (7, 'caching', 'posters', 0, 4, 'Caching', 'Words.', NULL, NULL);
            INSERT INTO byline VALUES (7, 'caching', 0, 'Ada Lovelace'), (7, 'caching', 1, '');
            INSERT INTO link VALUES (7, 'caching', 0, 'PDF', 'https://example.org/1.pdf');
            INSERT INTO problem VALUES (7, 0, 5, 'action', 'One slot is blank.');
            """
        )
    store = await Store.open(path)
    try:
        current = await store.versions.current()
        assert current is not None
        assert (current.id, current.note.loaded_at, current.note.digest) == (7, NOW, "abc")
        paper = SourcePaper(
            key="caching",
            line=4,
            title="Caching",
            byline=("Ada Lovelace", ""),
            abstract="Words.",
            links=(Link("PDF", "https://example.org/1.pdf"),),
        )
        session = SourceSession(key="posters", line=1, kind="Session", name="Posters", papers=(paper,))
        assert current.source == Source("page-text/1", (session,), (Problem(5, Severity.ACTION, "One slot is blank."),))
        await store.remember(Asked("kv cache"), NOW)
        async with store._engine.connect() as connection:
            assert await connection.run_sync(differences) == []
    finally:
        await store.close()
    assert rows(path, "SELECT version_num FROM alembic_version") == [(revisions()[-1],)]


async def test_deliveries_of_an_earlier_revision_keep_their_kind_and_what_they_are_about(path: Path) -> None:
    await at_revision(path, "0005")
    with closing(sqlite3.connect(path)) as old, old:
        for key in ("reminder:7:posters:10", "direct:9:posters"):
            old.execute(
                "INSERT INTO delivery (key, target_id, session_key, starts_at, due_at, useful_until, state, attempts)"
                " VALUES (?, 7, 'posters', ?, ?, ?, 'planned', 0)",
                (key, *[f"{NOW:%Y-%m-%d %H:%M:%S.%f}"] * 3),
            )
    store = await Store.open(path)
    try:
        entries = await store.ledger.entries()
    finally:
        await store.close()

    assert {(entry.delivery.kind, entry.delivery.subject) for entry in entries} == {
        (Kind.REMINDER, "posters"),
        (Kind.DIRECT, "posters"),
    }


async def test_opening_again_keeps_everything(path: Path) -> None:
    for _ in range(3):
        store = await Store.open(path)
        if await store.versions.current() is None:
            await added(store, FULL, name="page.txt", digest="d", loaded_at=NOW)
        current = await store.versions.current()
        assert current is not None
        assert (current.id, current.source) == (1, FULL)
        await store.close()


# --- what can't be opened


async def refusal(path: Path) -> str:
    """The one line that a path is refused with."""
    with pytest.raises(Trouble) as caught:
        await Store.open(path)
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
    store = await Store.open(path)
    await added(store, FULL, name="page.txt", digest="d", loaded_at=NOW)
    await store.close()
    with path.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 5000)
    assert await refusal(path)


async def test_a_database_of_a_newer_version_is_refused_and_left_as_it_is(path: Path) -> None:
    store = await Store.open(path)
    await added(store, FULL, name="page.txt", digest="d", loaded_at=NOW)
    await store.close()
    with closing(sqlite3.connect(path)) as newer, newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "another version of the bot" in await refusal(path)
    assert rows(path, "SELECT version_num FROM alembic_version") == [("9999",)]
    assert rows(path, "SELECT count(*) FROM paper") == [(3,)]


async def test_a_database_of_some_other_program_is_refused_and_left_as_it_is(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("CREATE TABLE session (id INTEGER PRIMARY KEY, cookie TEXT)")
    assert await refusal(path)
    assert rows(path, "SELECT name FROM sqlite_master WHERE type = 'table'") == [("session",)]


async def test_a_database_that_somebody_holds_is_waited_for(path: Path) -> None:
    await (await Store.open(path)).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        opening = asyncio.create_task(Store.open(path))
        await asyncio.sleep(0.2)
        assert not opening.done()
        holder.execute("ROLLBACK")
        store = await opening
    await store.close()
