"""A file from before a paper was a contribution goes on with all that is in it, and can be taken back."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.agenda.rows import AgendaStore
from bot.clock import SystemClock
from bot.editions.rows import EditionStore
from bot.editions.service import Library
from bot.programme.corrections import Correction
from bot.programme.source import Link, Problem, Severity
from bot.store.engine import Database
from tests.support.database import rows
from tests.support.migrations import brought_to, contents, cut, made_at
from tests.support.programmes import at, paper, session, source_of
from tests.support.versions import FULL, added, in_use

BEFORE = "0008"
ROWS = (Path(__file__).parent / "before-contributions.sql").read_text(encoding="utf-8")
MOVED = {"paper", "byline", "link", "session", "contribution", "credit", "appearance", "correction"}
"""The tables whose rows are others afterwards."""

TIMES = {"starts_at": datetime(2026, 5, 18, 18, tzinfo=UTC), "ends_at": datetime(2026, 5, 18, 20, tzinfo=UTC)}

FIRST = source_of(
    session(
        "Posters",
        paper("Caching", "Ada Lovelace", key="caching", line=4, abstract="Words."),
        key="posters",
        line=1,
        kind="Session",
        room="Hall",
    ),
    format="page-text/1",
)
SECOND = source_of(
    session(
        "Posters",
        at(paper("Batching", key="batching", source_id="b", links=(Link("", "https://example.org/b"),)), board="1"),
        at(paper("Caching", "Ada Lovelace", "", key="caching", abstract="Words."), board="2"),
        key="posters",
        kind="Session",
        room="Hall",
        **TIMES,
    ),
    format="json/1",
)
LINKS = (Link("PDF", "https://example.org/ä.pdf"), Link('Code "1"', "https://example.org/code"))
THIRD = source_of(
    session(
        "Posters",
        at(paper(key="zero", line=3, abstract="No title."), board="P-7"),
        at(
            paper(
                "Caching", "", "Ada Lovelace", "", key="caching", line=4, abstract="Words.", source_id="c", links=LINKS
            ),
            board="12",
        ),
        key="posters",
        line=2,
        kind="Session",
        room="Hall",
        **TIMES,
    ),
    session(
        "Talks",
        paper("Batching", "Bo Li", key="batching", line=8, source_id="b"),
        key="talks",
        line=7,
        kind="Oral",
        starts_at=datetime(2026, 5, 19, 9, tzinfo=UTC),
    ),
    session("Lunch", key="lunch", line=9),
    problems=[Problem(5, Severity.ACTION, "One slot is blank.")],
    format="csv/1",
)


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    """The file of the earlier revision, opened by the bot as it is."""
    await made_at(path, BEFORE, ROWS)
    database = await Database.open(path)
    yield database
    await database.close()


@pytest.fixture
def store(database: Database) -> EditionStore:
    return EditionStore(database)


async def test_every_version_is_read_as_it_was_meant(store: EditionStore) -> None:
    versions = [await store.get(number) for number in (1, 2, 3)]
    assert [version and version.source for version in versions] == [FIRST, SECOND, THIRD]
    assert await in_use(store) == versions[2]
    assert await store.before() == 2
    sessions = {"posters": "Posters", "talks": "Talks", "lunch": "Lunch"}
    assert await store.names_of_keys() == {**sessions, "caching": "Caching", "batching": "Batching", "zero": ""}
    assert [(note.id, note.loaded_by, note.summary) for note in await store.history()] == [
        (3, 42, "1 session added"),
        (2, 41, "1 paper added"),
        (1, None, None),
    ]


async def test_the_number_of_a_paper_is_that_of_its_board_also_where_it_was_corrected(store: EditionStore) -> None:
    corrections = [kept.correction for kept in await store.corrections()]
    assert corrections == [
        Correction("paper", "caching", "board", "13", "12"),
        Correction("paper", "zero", "title", "Zero"),
        Correction("session", "talks", "room", "Attic"),
    ]


async def test_the_bot_goes_on_with_its_programme_its_fixes_and_its_undo(
    store: EditionStore, database: Database
) -> None:
    library = Library(store, SystemClock(), {})
    await library.open()
    programme = library.edition.programme
    assert [(paper.label, paper.board) for paper in programme.papers.values()] == [
        ("Zero", "P-7"),
        ("Caching", "13"),
        ("Batching", None),
    ]
    assert programme.papers["batching"].appearances[0].room == "Attic"
    bookmarks = await AgendaStore(database).bookmarks()
    assert sorted(bookmarks) == [(8, "zero"), (9, "batching"), (9, "caching")]
    assert {key for _, key in bookmarks} <= set(programme.papers)

    undone = await library.apply(await library.propose_going_back())
    assert [(paper.label, paper.board) for paper in undone.programme.papers.values()] == [
        ("Batching", "1"),
        ("Caching", "13"),
    ]
    forward = await library.apply(await library.propose_going_back())
    assert forward.programme == programme
    without = await library.apply(await library.propose_corrections(drop=[("paper", "caching", "board")]))
    assert without.programme.papers["caching"].board == "12"


async def test_everything_else_is_as_it_was(path: Path) -> None:
    await made_at(path, BEFORE, ROWS)
    before = contents(path)
    await (await Database.open(path)).close()
    after = contents(path)
    assert {table for table in before if before[table]} >= MOVED & set(before), "there is something to move"
    assert {table: before[table] for table in before.keys() - MOVED} == {
        table: cut(after[table], before[table]) for table in before.keys() - MOVED
    }
    assert not {"paper", "byline", "link"} & set(after)


async def test_an_empty_file_has_nothing_to_move(path: Path) -> None:
    await made_at(path, BEFORE, "")
    database = await Database.open(path)
    assert await in_use(EditionStore(database)) is None
    assert (await added(database)).source == FULL
    await database.close()


async def test_a_file_that_was_taken_back_has_what_it_had(path: Path) -> None:
    await made_at(path, BEFORE, ROWS)
    before = contents(path)
    await brought_to(path, BEFORE)
    assert contents(path) == before


async def test_taken_back_is_all_that_the_earlier_tables_can_hold(path: Path) -> None:
    database = await Database.open(path)
    both = paper("Both", "Ada Lovelace", "", key="both", topics=("x",), links=LINKS)
    await added(
        database,
        source_of(
            session("Talks", at(both, TIMES["starts_at"]), key="talks", track="Main", abstract="Words."),
            session("Posters", at(both, board="3"), at(paper("Other", key="other"), board=""), key="posters"),
            unscheduled=[paper("Alone", "Bo Li", key="alone")],
        ),
    )
    await database.close()
    fix = "INSERT INTO correction VALUES (?, ?, ?, 'v', NULL, 1, '2026-05-18 12:00:00.000000')"
    kept = [("paper", "both", "title"), ("paper", "both", "number"), ("session", "talks", "name")]
    for place in [
        kept[0],
        ("paper", "both", "board"),
        kept[2],
        ("paper", "both", "topics"),
        ("session", "talks", "kind"),
    ]:
        rows(path, fix, *place)

    await brought_to(path, BEFORE)

    papers = rows(path, "SELECT key, session_key, position, title, number FROM paper ORDER BY key")
    assert papers == [
        ("alone", "unscheduled", 2, "Alone", None),
        ("both", "talks", 0, "Both", "3"),
        ("other", "posters", 1, "Other", None),
    ]
    assert rows(path, "SELECT key, name FROM session ORDER BY position") == [
        ("talks", "Talks"),
        ("posters", "Posters"),
        ("unscheduled", "Not scheduled"),
    ]
    assert rows(path, "SELECT paper_key, position, name FROM byline ORDER BY 1, 2") == [
        ("alone", 0, "Bo Li"),
        ("both", 0, "Ada Lovelace"),
        ("both", 1, ""),
    ]
    assert rows(path, "SELECT position, label, url FROM link") == [
        (place, link.label, link.url) for place, link in enumerate(LINKS)
    ]
    assert sorted(rows(path, "SELECT about, key, field FROM correction")) == sorted(kept)
