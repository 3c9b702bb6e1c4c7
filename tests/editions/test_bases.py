"""Versions that are stored as what differs from a base: each reads as if it were stored whole."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.editions.model import Version
from bot.editions.rows import EditionStore
from bot.programme.source import Credit, Problem, Severity, Source, SourceAppearance, SourcePaper, SourceSession
from bot.store.engine import Database
from tests.sources.programmes import MOMENTS, WILD
from tests.support.database import rows
from tests.support.programmes import at, paper, session, source_of
from tests.support.versions import NOW, added

PAPERS = 9
AUTHORS = st.lists(st.builds(Credit, WILD, st.lists(WILD, max_size=2).map(tuple)), max_size=3).map(tuple)
PROBLEMS = st.lists(st.builds(Problem, st.none() | st.integers(1, 99), st.sampled_from(Severity), WILD), max_size=2)


@dataclass
class Draft:
    """A programme that is being changed: sessions with the keys of the papers that they show."""

    papers: list[SourcePaper] = field(default_factory=list)
    sessions: list[tuple[SourceSession, list[tuple[str, SourceAppearance]]]] = field(default_factory=list)
    problems: Sequence[Problem] = ()

    @classmethod
    def of(cls, source: Source) -> "Draft":
        shown = [(one, [(source.papers[each.paper].key, each) for each in one.appearances]) for one in source.sessions]
        return cls(list(source.papers), shown, source.problems)

    def source(self) -> Source:
        places = {one.key: place for place, one in enumerate(self.papers)}
        sessions = tuple(
            replace(one, appearances=tuple(replace(each, paper=places[key]) for key, each in shown if key in places))
            for one, shown in self.sessions
        )
        return Source("test/1", sessions, tuple(self.papers), tuple(self.problems))


def change(draw: st.DrawFn, draft: Draft) -> None:
    what = draw(st.sampled_from(["add", "problems", *["paper"] * 5, *["session"] * 4]))
    if what == "add":
        add(draw, draft)
    elif what == "problems":
        draft.problems = draw(PROBLEMS)
    elif what == "paper" and draft.papers:
        change_paper(draw, draft, draw(st.integers(0, len(draft.papers) - 1)))
    elif what == "session" and draft.sessions:
        change_session(draw, draft, draw(st.integers(0, len(draft.sessions) - 1)))


def add(draw: st.DrawFn, draft: Draft) -> None:
    """Add a paper or a session, which may have been there before, somewhere."""
    place = draw(st.integers(0, len(draft.papers)))
    papers = {f"p{number}" for number in range(PAPERS + 3)} - {one.key for one in draft.papers}
    sessions = {"s0", "s1", "s2", "s3"} - {one.key for one, _ in draft.sessions}
    of_papers: bool = draw(st.booleans())
    if papers and of_papers:
        draft.papers.insert(place, SourcePaper(key=draw(st.sampled_from(sorted(papers))), title=draw(WILD)))
    elif sessions:
        more = SourceSession(key=draw(st.sampled_from(sorted(sessions))), name=draw(WILD))
        shows = [(one.key, SourceAppearance(0)) for one in draft.papers[place:]]
        draft.sessions.insert(draw(st.integers(0, len(draft.sessions))), (more, shows))


def change_paper(draw: st.DrawFn, draft: Draft, place: int) -> None:
    one = draft.papers.pop(place)
    changes: dict[str, st.SearchStrategy[object]] = {
        "title": st.none() | WILD,
        "line": st.integers(1, 99),
        "authors": AUTHORS,
        "abstract": st.none() | WILD,
    }
    what = draw(st.sampled_from([*changes, "move", "remove"]))
    if what == "move":
        draft.papers.insert(draw(st.integers(0, len(draft.papers))), one)
    elif what != "remove":
        draft.papers.insert(place, replace(one, **{what: draw(changes[what])}))  # type: ignore[arg-type]


def change_session(draw: st.DrawFn, draft: Draft, place: int) -> None:
    one, shows = draft.sessions.pop(place)
    what = draw(st.sampled_from(["name", "time", "order", "show", "move", "remove"]))
    if what == "name":
        one = replace(one, name=draw(WILD))
    elif what == "time":
        one = replace(one, starts_at=draw(MOMENTS))
    elif what == "order":
        shows = draw(st.permutations(shows))
    elif what == "show" and draft.papers:
        shows = [*shows, (draw(st.sampled_from(draft.papers)).key, SourceAppearance(0, board=draw(WILD)))]
    if what != "remove":
        draft.sessions.insert(0 if what == "move" else place, (one, shows))


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[int | None, Source]]:
    """Draw versions, each with the place of the one that was in use: mostly the last, or one that was gone back to."""
    papers = [paper(draw(WILD), "Ada", "Bo", key=f"p{number}", line=number) for number in range(PAPERS)]
    sessions = [
        (SourceSession(key=f"s{number}", name=f"Session {number}"), [(one.key, SourceAppearance(0)) for one in part])
        for number, part in enumerate((papers[:4], papers[3:]))
    ]
    history: list[tuple[int | None, Source]] = [(None, Draft(papers, sessions).source())]
    for last in range(draw(st.integers(1, 6))):
        like = draw(st.sampled_from([last, last, last, draw(st.integers(0, last)), None]))
        draft = Draft.of(history[last if like is None else like][1])
        for _ in range(draw(st.integers(0, 2))):
            change(draw, draft)
        history.append((like, draft.source()))
    return history


@pytest.fixture(scope="module")
def emptied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[asyncio.Runner, Database, Path]]:
    """A database for many examples, what runs them, and its file."""
    with asyncio.Runner() as runner:
        path = tmp_path_factory.mktemp("bases") / "conference.sqlite3"
        database = runner.run(Database.open(path))
        yield runner, database, path
        runner.run(database.close())


async def empty(database: Database) -> None:
    async with database.write() as connection:
        await connection.exec_driver_sql("DELETE FROM programme_current")
        await connection.exec_driver_sql("DELETE FROM programme_version WHERE base_id IS NOT NULL")
        await connection.exec_driver_sql("DELETE FROM programme_version")


def names_in(history: Sequence[tuple[int | None, Source]]) -> dict[str, str]:
    sessions = {one.key: one.name for _, source in history for one in source.sessions}
    return sessions | {one.key: one.title or "" for _, source in history for one in source.papers}


def paper_alone(source: Source, key: str) -> Source:
    """Return what a paper is shown in, and nothing else."""
    (place,) = (place for place, one in enumerate(source.papers) if one.key == key)
    sessions = tuple(
        replace(one, appearances=tuple(replace(each, paper=0) for each in one.appearances if each.paper == place))
        for one in source.sessions
    )
    return Source(source.format, tuple(one for one in sessions if one.appearances), (source.papers[place],))


async def read_back(database: Database, path: Path, history: Sequence[tuple[int | None, Source]]) -> None:
    await empty(database)
    store, written = EditionStore(database), list[Version]()
    for like, source in history:
        given_like = None if like is None else (written[like].id, history[like][1])
        written.append(await added(database, source, like=given_like))
    for (_, source), version in zip(history, written, strict=True):
        assert version.source == source
        assert await store.get(version.id) == version
        for one in source.papers[::3]:
            assert await store.part(version.note, "paper", one.key) == paper_alone(source, one.key)
        for each in source.sessions:
            alone = Source(source.format, (replace(each, appearances=()),))
            assert await store.part(version.note, "session", each.key) == alone
        assert await store.part(version.note, "paper", "nothing") == Source(source.format)
    assert await store.names_of_keys() == names_in(history)
    chains = "SELECT * FROM programme_version JOIN programme_version AS base ON base.id = programme_version.base_id"
    assert rows(path, f"{chains} WHERE base.base_id IS NOT NULL") == []


@settings(max_examples=60)
@given(history=histories())
def test_whatever_was_written_is_read_as_it_was(
    history: list[tuple[int | None, Source]], emptied: tuple[asyncio.Runner, Database, Path]
) -> None:
    runner, database, path = emptied
    runner.run(read_back(database, path, history))


TALKS = [paper(f"Talk {number}", "Ada", "Bo", key=f"t{number}", line=number) for number in range(9)]


def shown(talks: Sequence[SourcePaper], **fields: object) -> Source:
    """Return a source that shows talks, the last of them in a session of its own."""
    return source_of(session("Talks", *talks[:-1], key="talks", **fields), session("Last", talks[-1], key="last"))


def stored(path: Path, table: str) -> list[tuple[int, int]]:
    """Return how many rows a table has of each version."""
    return rows(path, f"SELECT version_id, count(*) FROM {table} GROUP BY 1")  # noqa: S608


def bases(path: Path) -> list[int | None]:
    return [base for (base,) in rows(path, "SELECT base_id FROM programme_version ORDER BY id")]


async def following(database: Database, *versions: Source) -> list[Version]:
    """Write versions, each after the one before it."""
    written = [await added(database, versions[0])]
    for source in versions[1:]:
        written.append(await added(database, source, like=(written[-1].id, written[-1].source)))
    return written


async def test_of_a_version_only_what_is_another_than_in_its_base_is_stored(database: Database, path: Path) -> None:
    changed = [replace(TALKS[0], abstract="Another."), *TALKS[1:]]
    versions = [shown(TALKS), shown(changed), shown(changed, room="Attic")]
    written = await following(database, *versions)
    assert [version.source for version in written] == versions
    assert bases(path) == [None, 1, 1]
    # What departs from the base once is stored in each version: none is read by way of another.
    assert stored(path, "contribution") == [(1, 9), (2, 1), (3, 1)]
    assert stored(path, "credit") == [(1, 18), (2, 2), (3, 2)]
    assert stored(path, "session") == [(1, 2), (3, 1)]
    assert stored(path, "appearance") == [(1, 9), (3, 8)]
    assert rows(path, "SELECT * FROM departure ORDER BY 1, 2, 3") == [
        (2, "paper", "t0"),
        (3, "paper", "t0"),
        (3, "session", "talks"),
    ]


async def test_a_session_may_show_papers_that_only_its_base_has(database: Database) -> None:
    talks = session("Talks", *(at(one, NOW) for one in TALKS[:8]), key="talks")
    both = shown(TALKS), source_of(talks, session("Last", TALKS[8], key="last"))
    first, second = await following(database, *both)
    assert [first.source, second.source] == list(both)


@pytest.mark.parametrize(
    ("another", "base"),
    [
        (shown([*TALKS[:5], *(replace(one, track="Theory") for one in TALKS[5:8]), TALKS[8]]), 1),
        (shown([*TALKS[:4], *(replace(one, track="Theory") for one in TALKS[4:8]), TALKS[8]]), None),
        (shown(TALKS[:3]), None),
        (shown([*TALKS, *(paper(f"More {number}", key=f"m{number}") for number in range(9))]), None),
        # Each takes the place of another one.
        (shown([paper("New", key="new"), *TALKS]), None),
    ],
    ids=["a third changed", "more than a third changed", "most gone", "many new", "all moved"],
)
async def test_a_version_that_has_less_than_two_thirds_in_common_with_the_base_is_whole(
    another: Source, base: int | None, database: Database, path: Path
) -> None:
    versions = await following(database, shown(TALKS), another)
    assert versions[1].source == another
    assert bases(path) == [None, base]


async def test_small_changes_add_up_until_a_version_is_whole_and_a_base_itself(database: Database, path: Path) -> None:
    versions, talks = [shown(TALKS)], list(TALKS)
    for number in range(6):
        talks[number] = replace(talks[number], line=100 + number)
        versions.append(shown(talks))
    written = await following(database, *versions)
    assert [version.source for version in written] == versions
    assert bases(path) == [None, 1, 1, 1, None, 5, 5]


async def test_what_is_loaded_after_going_back_has_the_base_of_what_was_gone_back_to(
    database: Database, path: Path
) -> None:
    store = EditionStore(database)
    first, second, whole = await following(
        database, shown(TALKS), shown([*TALKS[:7], replace(TALKS[7], title="Renamed"), TALKS[8]]), shown(TALKS[:2])
    )
    assert bases(path) == [None, 1, None]
    assert (await store.names_of_keys())["t7"] == "Renamed"

    gone = shown(TALKS[:8])
    after = await added(database, gone, like=(first.id, first.source))
    again = await added(database, shown([*TALKS[:8]], room="Attic"), like=(after.id, after.source))
    assert bases(path) == [None, 1, None, 1, 1]
    assert (after.source, again.source) == (gone, shown(TALKS[:8], room="Attic"))
    assert [await store.get(version.id) for version in (first, second, whole)] == [first, second, whole]
    names = await store.names_of_keys()
    assert (names["t7"], names["t8"]) == ("Talk 7", "Talk 8")
