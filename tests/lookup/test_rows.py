"""Searches too long for their buttons: kept without anybody waiting, recalled after a restart, forgotten when old."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.lookup.model import SavedSearch
from bot.lookup.rows import KEPT, SearchStore
from bot.store.engine import Database
from tests.support.database import rows
from tests.support.versions import NOW


async def kept(path: Path, *searches: SavedSearch, now: datetime = NOW) -> None:
    """Keep searches, as a bot does that is stopped right after them."""
    database = await Database.open(path)
    store = SearchStore(database)
    for search in searches:
        store.keep(search, now)
    await store.close()
    await database.close()


async def recalled(path: Path, *tokens: str) -> list[SavedSearch | None]:
    """Return the searches of some tokens, as a bot does that was just started."""
    database = await Database.open(path)
    store = SearchStore(database)
    found = [await store.get(token) for token in tokens]
    await database.close()
    return found


async def test_a_search_is_recalled_by_its_token_after_a_restart(path: Path) -> None:
    searches = [
        SavedSearch("kv cache"),
        SavedSearch("kv cache", "posters"),
        SavedSearch("kv cache", None, "bo-li"),
        SavedSearch("", "a", "b"),
        SavedSearch("kv cache", None, None, "systems"),
        SavedSearch("kv cache", None, None, None, "systems"),
        SavedSearch("", "a", "b", "c", "d"),
    ]
    assert len({search.token for search in searches}) == len(searches)
    await kept(path, *searches)
    assert await recalled(path, *(search.token for search in searches), "nothing") == [*searches, None]


def test_a_search_that_was_possible_before_keeps_its_token() -> None:
    searches = [SavedSearch("kv cache"), SavedSearch("kv cache", "posters", "bo-li")]

    assert [search.token for search in searches] == ["314b83448c", "f4e1876c99"]


async def test_old_searches_are_forgotten_and_those_asked_again_are_not(path: Path) -> None:
    old, renewed, new = SavedSearch("old"), SavedSearch("renewed"), SavedSearch("new")
    await kept(path, old, renewed)
    await kept(path, renewed, now=NOW + timedelta(days=1))
    await kept(path, new, now=NOW + KEPT + timedelta(hours=1))
    assert await recalled(path, old.token, renewed.token, new.token) == [None, renewed, new]
    assert rows(path, "SELECT count(*) FROM asked") == [(2,)]


async def test_what_is_not_written_yet_is_known_and_is_written_together(database: Database, path: Path) -> None:
    store = SearchStore(database)
    searches = [SavedSearch(f"search {number}") for number in range(200)]
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        for search in searches:
            store.keep(search, NOW)
        assert [await store.get(search.token) for search in searches] == searches
        assert holder.execute("SELECT count(*) FROM asked").fetchone() == (0,)
        holder.execute("ROLLBACK")
        seen = holder.execute("PRAGMA data_version").fetchone()
        await store.close()
        assert holder.execute("PRAGMA data_version").fetchone() != seen
    assert rows(path, "SELECT count(*) FROM asked") == [(200,)]


async def test_a_search_that_can_not_be_written_is_known_and_written_with_the_next(
    database: Database, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = SearchStore(database)
    first, second = SavedSearch("first"), SavedSearch("second")
    rows(path, "ALTER TABLE asked RENAME TO elsewhere")
    store.keep(first, NOW)
    await store.close()
    assert "could not keep 1 searches" in caplog.text
    assert await store.get(first.token) == first
    rows(path, "ALTER TABLE elsewhere RENAME TO asked")
    store.keep(second, NOW)
    await store.close()
    assert rows(path, "SELECT query FROM asked ORDER BY query") == [("first",), ("second",)]
