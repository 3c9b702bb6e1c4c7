"""The versions of the programme in the database: each is given back whole, and one is in use."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError, StatementError

import bot.editions.rows
from bot.editions.rows import EditionStore
from bot.programme.identity import assign_keys
from bot.programme.source import Problem, Severity, Source, SourcePaper
from bot.sources.read import read
from bot.store.engine import Database
from bot.store.tables import UtcDateTime
from tests.sources.programmes import sources
from tests.support.database import rows
from tests.support.programmes import at, credited, paper, session, source_of
from tests.support.server import SESSION_PAGE
from tests.support.versions import FULL, NOW, OTHER, added, in_use


async def test_an_empty_store_has_no_version(store: EditionStore) -> None:
    assert await in_use(store) is None


async def test_a_version_is_given_back_whole(store: EditionStore, database: Database) -> None:
    written = await added(database, name="page.txt", digest="abc")
    current = await in_use(store)
    assert current == written
    assert current.source == FULL
    assert (current.note.source_name, current.note.digest, current.note.loaded_at) == ("page.txt", "abc", NOW)


async def test_the_real_programme_is_given_back_whole_after_a_restart(path: Path) -> None:
    source = assign_keys(read(SESSION_PAGE.read_bytes(), SESSION_PAGE.name).source)
    database = await Database.open(path)
    await added(database, source)
    await database.close()
    again = await Database.open(path)
    current = await in_use(EditionStore(again))
    await again.close()
    assert current is not None
    assert current.source == source


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[asyncio.Runner, Database]]:
    """A database for many examples, and what runs them."""
    with asyncio.Runner() as runner:
        database = runner.run(Database.open(tmp_path_factory.mktemp("any") / "conference.sqlite3"))
        yield runner, database
        runner.run(database.close())


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
PROBLEMS = st.lists(st.builds(Problem, st.none() | st.integers(1, 99), st.sampled_from(Severity), TEXTS), max_size=3)


@given(source=sources(), problems=PROBLEMS)
def test_any_source_is_given_back_exactly(
    source: Source, problems: list[Problem], kept: tuple[asyncio.Runner, Database]
) -> None:
    runner, database = kept
    keyed = replace(assign_keys(source), problems=tuple(problems))
    assert runner.run(added(database, keyed)).source == keyed


async def test_a_paper_in_several_sessions_is_one_paper_in_the_order_of_each(database: Database) -> None:
    both = paper("Both", "Ada Lovelace", key="both")
    other = paper("Other", key="other")
    source = source_of(
        session("Talks", at(other, NOW), at(both, NOW, room="Attic"), key="talks"),
        session("Posters", at(both, board="3"), at(other, board="1"), key="posters"),
        unscheduled=[paper("Alone", key="alone")],
    )
    assert (await added(database, source)).source == source


async def test_moments_come_back_in_utc_whatever_zone_they_were_given_in(
    store: EditionStore, database: Database
) -> None:
    local = NOW.astimezone(timezone(timedelta(hours=-7)))
    await added(database, OTHER, loaded_at=local)
    current = await in_use(store)
    assert current is not None
    assert current.note.loaded_at == NOW
    assert current.note.loaded_at.tzinfo is UTC


async def test_a_moment_without_a_zone_is_refused(store: EditionStore, database: Database) -> None:
    with pytest.raises(StatementError, match="naive datetime"):
        await added(database, OTHER, loaded_at=NOW.replace(tzinfo=None))
    assert await in_use(store) is None


async def test_the_pointer_moves_to_the_newest_version_and_the_old_one_stays(
    store: EditionStore, database: Database, path: Path
) -> None:
    first = await added(database, FULL, name="one.txt", digest="1")
    second = await added(database, OTHER, name="two.txt", digest="2")
    current = await in_use(store)
    assert current == second
    assert rows(path, "SELECT id, version_id FROM programme_current") == [(1, second.id)]
    assert rows(path, "SELECT id FROM programme_version ORDER BY id") == [(first.id,), (second.id,)]
    assert rows(path, "SELECT version_id, count(*) FROM contribution GROUP BY 1") == [(first.id, 3), (second.id, 1)]


@pytest.mark.parametrize(
    "broken",
    [
        replace(OTHER, sessions=OTHER.sessions * 2),
        replace(OTHER, papers=(SourcePaper(key="a"), SourcePaper(key="a"))),
    ],
    ids=["two sessions of one key", "two papers of one key"],
)
async def test_a_version_that_fails_leaves_the_old_one_in_use_and_whole(
    broken: Source, store: EditionStore, database: Database, path: Path
) -> None:
    first = await added(database, FULL, name="one.txt", digest="1")
    with pytest.raises(IntegrityError):
        await added(database, broken, name="two.txt", digest="2")
    assert await in_use(store) == first
    assert rows(path, "SELECT count(*) FROM programme_version") == [(1,)]
    assert rows(path, "SELECT count(*) FROM session") == [(3,)]
    assert rows(path, "SELECT count(*) FROM contribution") == [(3,)]
    later = await added(database, OTHER, name="three.txt", digest="3")
    assert await in_use(store) == later


async def test_every_key_that_was_given_is_known_by_its_last_name(store: EditionStore, database: Database) -> None:
    await added(database, source_of(session("Posters", paper("One", key="one"), key="posters"), unscheduled=[]))
    renamed = session("Demos", paper("Two", key="two"), key="posters")
    await added(database, source_of(renamed, unscheduled=[paper("Uno", key="one"), paper(key="untitled")]))
    assert await store.names_of_keys() == {"posters": "Demos", "one": "Uno", "two": "Two", "untitled": ""}


async def test_a_large_version_is_written_and_read_in_parts_between_which_others_go_on(
    store: EditionStore, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.editions.rows, "_CHUNK", 10)
    talks = [at(paper(f"Talk {n}", "Ada", "Bo", key=f"t{n}"), NOW + timedelta(minutes=n)) for n in range(95)]
    source = source_of(session("Talks", *talks, key="talks", chairs=credited("Cy")))
    written: list[int] = []
    listener = lambda *called: written.append(len(called[3]) if called[5] else 1)  # noqa: E731 - (…, parameters, …, many)
    event.listen(database._writing.sync_engine, "before_cursor_execute", listener)
    turns = 0
    read_in_turn: dict[int, int] = {}
    converted = UtcDateTime.process_result_value

    def counted(self: UtcDateTime, value: Any, dialect: Any) -> datetime | None:
        read_in_turn[turns] = read_in_turn.get(turns, 0) + 1
        return converted(self, value, dialect)

    async def go_on() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    monkeypatch.setattr(UtcDateTime, "process_result_value", counted)
    others = asyncio.create_task(go_on())
    version = await added(database, source)
    others.cancel()
    assert version.source == source
    assert sum(written) > 95 * 4
    assert max(written) == 10
    assert sum(read_in_turn.values()) >= 95 * 2
    assert max(read_in_turn.values()) == 10 * 2
