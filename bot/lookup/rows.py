"""Searches in the database, kept so that their buttons outlive a restart. They name nobody."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import SQLAlchemyError

from bot.background import BackgroundTasks, OneAtATime
from bot.lookup.model import SavedSearch
from bot.store.engine import Database, undisturbed
from bot.store.tables import SearchRow

KEPT = timedelta(days=60)
"""How long the buttons of a search keep working; a conference is over by then."""

log = logging.getLogger(__name__)


class SearchStore:
    """Keeps what was searched for, where a button can't carry it.

    Nobody who searches waits for it: what was asked while something was being written is written after that, together,
    and known from memory until then.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._unwritten: dict[str, tuple[SavedSearch, datetime]] = {}
        self._background = BackgroundTasks()
        self._writing = OneAtATime(self._background, self._write_behind, "searches")

    def keep(self, search: SavedSearch, now: datetime) -> None:
        """Keep a search from now on; forget those that nobody used for long."""
        self._unwritten[search.token] = search, now
        self._writing.ask()

    async def get(self, token: str) -> SavedSearch | None:
        """Return the search of that token, or None when it was forgotten."""
        if unwritten := self._unwritten.get(token):
            return unwritten[0]
        return await self._read(token)

    async def close(self) -> None:
        """Write what is not written yet."""
        await self._background.close()
        await self._write_behind()

    async def _write_behind(self) -> None:
        """Write until nothing is left; what can't be written is tried again with the next search."""
        try:
            while batch := dict(self._unwritten):
                await self._write(batch)
                for token, written in batch.items():
                    if self._unwritten[token] is written:
                        del self._unwritten[token]
        except SQLAlchemyError as error:
            log.warning("could not keep %d searches: %s", len(self._unwritten), error)

    @undisturbed
    async def _write(self, searches: Mapping[str, tuple[SavedSearch, datetime]]) -> None:
        row = upsert(SearchRow)
        renew = row.on_conflict_do_update(index_elements=["token"], set_={"asked_at": row.excluded.asked_at})
        latest = max(asked_at for _, asked_at in searches.values())
        async with self._database.write() as connection:
            await connection.execute(delete(SearchRow).where(SearchRow.asked_at < latest - KEPT))
            await connection.execute(
                renew,
                [
                    {
                        "token": token,
                        "query": search.query,
                        "session_key": search.session_key,
                        "author_key": search.author_key,
                        "topic": search.topic,
                        "affiliation": search.affiliation,
                        "asked_at": asked_at,
                    }
                    for token, (search, asked_at) in searches.items()
                ],
            )

    @undisturbed
    async def _read(self, token: str) -> SavedSearch | None:
        async with self._database.read() as connection:
            filters = (SearchRow.session_key, SearchRow.author_key, SearchRow.topic, SearchRow.affiliation)
            statement = select(SearchRow.query, *filters).where(SearchRow.token == token)
            row = (await connection.execute(statement)).one_or_none()
            return SavedSearch(*row) if row else None
