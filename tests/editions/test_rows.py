"""The versions of the programme in the database: each is given back whole, and one is in use."""

from dataclasses import replace
from datetime import UTC, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError, StatementError

from bot.editions.rows import EditionStore
from bot.programme.identity import assign_keys
from bot.programme.source import Source, SourcePaper
from bot.sources.read import read
from bot.store.engine import Database
from tests.support.database import rows
from tests.support.server import SESSION_PAGE
from tests.support.versions import FULL, NOW, OTHER, added


async def test_an_empty_store_has_no_version(store: EditionStore) -> None:
    assert await store.current() is None


async def test_a_version_is_given_back_whole(store: EditionStore, database: Database) -> None:
    written = await added(database, name="page.txt", digest="abc")
    current = await store.current()
    assert current == written
    assert current.source == FULL
    assert (current.note.source_name, current.note.digest, current.note.loaded_at) == ("page.txt", "abc", NOW)


async def test_the_real_programme_is_given_back_whole_after_a_restart(path: Path) -> None:
    source = assign_keys(read(SESSION_PAGE.read_bytes(), SESSION_PAGE.name))
    database = await Database.open(path)
    await added(database, source)
    await database.close()
    again = await Database.open(path)
    current = await EditionStore(again).current()
    await again.close()
    assert current is not None
    assert current.source == source


async def test_moments_come_back_in_utc_whatever_zone_they_were_given_in(
    store: EditionStore, database: Database
) -> None:
    local = NOW.astimezone(timezone(timedelta(hours=-7)))
    await added(database, OTHER, loaded_at=local)
    current = await store.current()
    assert current is not None
    assert current.note.loaded_at == NOW
    assert current.note.loaded_at.tzinfo is UTC


async def test_a_moment_without_a_zone_is_refused(store: EditionStore, database: Database) -> None:
    with pytest.raises(StatementError, match="naive datetime"):
        await added(database, OTHER, loaded_at=NOW.replace(tzinfo=None))
    assert await store.current() is None


async def test_the_pointer_moves_to_the_newest_version_and_the_old_one_stays(
    store: EditionStore, database: Database, path: Path
) -> None:
    first = await added(database, FULL, name="one.txt", digest="1")
    second = await added(database, OTHER, name="two.txt", digest="2")
    current = await store.current()
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
    broken: Source, store: EditionStore, database: Database, path: Path
) -> None:
    first = await added(database, FULL, name="one.txt", digest="1")
    with pytest.raises(IntegrityError):
        await added(database, broken, name="two.txt", digest="2")
    assert await store.current() == first
    assert rows(path, "SELECT count(*) FROM programme_version") == [(1,)]
    assert rows(path, "SELECT count(*) FROM session") == [(3,)]
    later = await added(database, OTHER, name="three.txt", digest="3")
    assert await store.current() == later
