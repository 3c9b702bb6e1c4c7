"""The migrations: a file of any revision is brought up to date with all that is in it, and back."""

from dataclasses import replace
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine

from bot.agenda.follows import Follows
from bot.agenda.model import Wish
from bot.agenda.rows import AgendaStore, FollowStore
from bot.announcing.model import ANNOUNCEMENT, Announcement
from bot.announcing.rows import AnnouncementStore
from bot.clock import SystemClock
from bot.delivery.model import State
from bot.delivery.rows import Outbox
from bot.editions.model import KeptCorrection
from bot.editions.rows import EditionStore
from bot.lookup.model import SavedSearch
from bot.lookup.rows import SearchStore
from bot.news.rows import NewsStore
from bot.programme.corrections import Correction
from bot.programme.source import Link, Problem, Severity
from bot.reminders.model import REMINDER
from bot.store.audit import AuditEntry
from bot.store.engine import Database
from bot.store.migrations import migrate
from bot.store.tables import Base
from tests.support.database import rows
from tests.support.migrations import brought_to, contents, cut, downgrade, made_at, revisions
from tests.support.programmes import paper, session, source_of
from tests.support.record import AuditStore
from tests.support.versions import FULL, NOW, added, in_use

FIRST_RELEASE = "0007"
BEFORE_BASES = "0014"
BEFORE_FOLLOWED, FOLLOWED = "0015", "0016"
STORED = ("session", "contribution", "credit", "appearance")
"""The tables that hold a version's papers and sessions."""
FIRST_RELEASE_ROWS = (Path(__file__).parent / "first-release.sql").read_text(encoding="utf-8")


def differences(connection: Connection) -> list[object]:
    """Return what the tables are not as the models describe them."""
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, Base.metadata))


def described(path: Path) -> dict[str, list[object]]:
    """Return what SQLite knows of each table: how its rows are kept, its columns, keys and indexes, in any order."""
    asked = {
        "table_xinfo": "name, type, [notnull], dflt_value, pk",
        "foreign_key_list": "[table], [from], [to], on_delete",
        "index_list": "name, [unique], origin",
    }
    tables = rows(path, "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
    return {
        name: [without_rowid]
        + [sorted(rows(path, f"SELECT {columns} FROM pragma_{of}(?)", name), key=repr) for of, columns in asked.items()]  # noqa: S608
        for name, without_rowid in tables
        if name not in {"alembic_version", "sqlite_schema"}
    }


async def test_the_migrations_make_the_tables_that_the_models_describe(
    database: Database, path: Path, tmp_path: Path
) -> None:
    async with database.read() as connection:
        assert await connection.run_sync(differences) == []
    made = tmp_path / "made.sqlite3"
    engine = create_engine(f"sqlite:///{made}")
    Base.metadata.create_all(engine)
    engine.dispose()
    assert described(path) == described(made)


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


async def test_versions_that_have_a_base_are_whole_before_there_were_bases_and_after(path: Path) -> None:
    talks, posters, third = FULL.sessions
    changed = (replace(FULL.papers[0], title="Another title"), *FULL.papers[1:])
    versions = [
        FULL,
        replace(FULL, papers=changed),
        replace(FULL, papers=changed, sessions=(replace(talks, room="Foyer"), posters, third)),
    ]
    database = await Database.open(path)
    store = EditionStore(database)
    written = [await added(database, versions[0])]
    for version in versions[1:]:
        written.append(await added(database, version, like=(written[-1].id, written[-1].source)))
    assert rows(path, "SELECT base_id FROM programme_version") == [(None,), (1,), (1,)]

    async with database.write() as connection:
        await connection.run_sync(downgrade, BEFORE_BASES)
    whole = {table: rows(path, f"SELECT version_id, count(*) FROM {table} GROUP BY 1") for table in STORED}  # noqa: S608
    assert whole == {
        "session": [(1, 3), (2, 3), (3, 3)],
        "contribution": [(1, 3), (2, 3), (3, 3)],
        "credit": [(1, 5), (2, 5), (3, 5)],
        "appearance": [(1, 4), (2, 4), (3, 4)],
    }
    assert rows(path, "PRAGMA foreign_key_check") == []

    async with database.write() as connection:
        await connection.run_sync(migrate)
    assert [await store.get(version.id) for version in written] == written
    assert rows(path, "SELECT base_id FROM programme_version") == [(None,)] * 3
    after = replace(versions[2], papers=FULL.papers)
    assert (await added(database, after, like=(3, versions[2]))).source == after
    assert rows(path, "SELECT base_id FROM programme_version WHERE id = 4") == [(3,)]
    await database.close()


async def test_what_people_follow_is_read_by_later_revisions_and_goes_alone_with_its_table(path: Path) -> None:
    followed = (
        "INSERT INTO followed VALUES "
        "(9, 'track', 't1', 'Systems', '{}', '2026-05-18 12:00:00.000000'), "
        """(9, 'topic', 't2', 'caching · tokens', '{"cach": 0.5, "token": 1.0}', '2026-05-18 11:00:00.000000'), """
        "(8, 'track', 't1', 'Systems', '{}', '2026-05-18 12:00:00.000000');"
    )
    bookmarks = "INSERT INTO bookmark VALUES (9, 'caching', '2026-05-18 12:00:00.000000');"
    await made_at(path, FOLLOWED, followed + bookmarks)
    database = await Database.open(path)
    follows = Follows(FollowStore(database), SystemClock())
    await follows.open()
    assert [(one.facet, one.name, one.words) for one in follows.of(9)] == [
        ("topic", "caching · tokens", {"cach": 0.5, "token": 1.0}),
        ("track", "Systems", {}),
    ]
    assert [one.token for one in follows.of(8)] == ["t1"]
    await database.close()
    before = contents(path)

    await brought_to(path, BEFORE_FOLLOWED)
    without = contents(path)
    assert "followed" not in without
    assert all(rows_of == before[table] for table, rows_of in without.items())

    database = await Database.open(path)
    assert await FollowStore(database).everything() == []
    await FollowStore(database).add(9, ("track", "t1", "Systems", {}), NOW)
    assert await AgendaStore(database).bookmarks() == [(9, "caching")]
    await database.close()
    assert contents(path)["followed"] == [(9, "track", "t1", "Systems", "{}", "2026-05-18 12:00:00.000000")]


async def test_a_file_of_the_first_release_is_brought_up_to_date_with_all_its_rows(path: Path) -> None:
    await made_at(path, FIRST_RELEASE, FIRST_RELEASE_ROWS)
    before = contents(path)
    assert all(before.values()), "there is something in every table"
    assert rows(path, "SELECT version_num FROM alembic_version") == [(FIRST_RELEASE,)]

    database = await Database.open(path)
    async with database.read() as connection:
        assert await connection.run_sync(differences) == []
    await database.close()

    moved, after = {"paper", "byline", "link", "session", "asked"}, contents(path)
    for table in before.keys() - moved:
        assert cut(after[table], before[table]) == before[table]
    assert rows(path, "SELECT version_num FROM alembic_version") == [(revisions()[-1],)]


async def test_what_the_first_release_wrote_is_read_as_it_was_meant(path: Path) -> None:
    await made_at(path, FIRST_RELEASE, FIRST_RELEASE_ROWS)
    database = await Database.open(path)
    outbox = Outbox(database, (REMINDER, ANNOUNCEMENT))
    try:
        caching = paper(
            "Caching",
            "Ada Lovelace",
            "",
            key="caching",
            line=4,
            abstract="Words.",
            links=(Link("PDF", "https://example.org/1.pdf"),),
        )
        posters = session("Posters", caching, key="posters", line=1, kind="Session")
        blank = Problem(5, Severity.ACTION, "One slot is blank.")
        editions = EditionStore(database)
        current = await in_use(editions)
        assert current is not None
        assert (current.id, current.note.loaded_at, current.note.loaded_by) == (8, NOW, 41)
        assert current.source == source_of(posters, problems=[blank], format="page-text/1")
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
