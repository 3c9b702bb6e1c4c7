"""Searches in the database: their buttons outlive a restart, and are forgotten when nobody used them for long."""

from datetime import timedelta
from pathlib import Path

from bot.lookup.model import SavedSearch
from bot.lookup.rows import KEPT, SearchStore
from bot.store.engine import Database
from tests.support.database import rows
from tests.support.versions import NOW


async def test_a_search_is_recalled_by_its_token_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "conference.sqlite3"
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
    database = await Database.open(path)
    for search in searches:
        await SearchStore(database).keep(search, NOW)
    await database.close()
    again = await Database.open(path)
    store = SearchStore(again)
    assert [await store.get(search.token) for search in searches] == searches
    assert await store.get("nothing") is None
    await again.close()


def test_a_search_that_was_possible_before_keeps_its_token() -> None:
    searches = [SavedSearch("kv cache"), SavedSearch("kv cache", "posters", "bo-li")]

    assert [search.token for search in searches] == ["314b83448c", "f4e1876c99"]


async def test_old_searches_are_forgotten_and_those_asked_again_are_not(tmp_path: Path) -> None:
    path = tmp_path / "conference.sqlite3"
    database = await Database.open(path)
    store = SearchStore(database)
    old, renewed, new = SavedSearch("old"), SavedSearch("renewed"), SavedSearch("new")
    await store.keep(old, NOW)
    await store.keep(renewed, NOW)
    await store.keep(renewed, NOW + timedelta(days=1))
    await store.keep(new, NOW + KEPT + timedelta(hours=1))
    assert await store.get(old.token) is None
    assert await store.get(renewed.token) == renewed
    assert await store.get(new.token) == new
    await database.close()
    assert rows(path, "SELECT count(*) FROM asked") == [(2,)]
