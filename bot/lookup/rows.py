"""Searches in the database, kept so that their buttons outlive a restart. They name nobody."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.lookup.model import SavedSearch
from bot.store.engine import Database, undisturbed
from bot.store.tables import SearchRow

KEPT = timedelta(days=60)
"""How long the buttons of a search keep working; a conference is over by then."""


class SearchStore:
    """Keeps what was searched for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @undisturbed
    async def keep(self, search: SavedSearch, now: datetime) -> None:
        """Keep a search; forget those that nobody used for long."""
        async with self._database.write() as connection:
            await connection.execute(delete(SearchRow).where(SearchRow.asked_at < now - KEPT))
            row = upsert(SearchRow).values(
                token=search.token,
                query=search.query,
                session_key=search.session_key,
                author_key=search.author_key,
                topic=search.topic,
                affiliation=search.affiliation,
                asked_at=now,
            )
            await connection.execute(row.on_conflict_do_update(index_elements=["token"], set_={"asked_at": now}))

    @undisturbed
    async def get(self, token: str) -> SavedSearch | None:
        """Return the search of that token, or None when it was forgotten."""
        async with self._database.read() as connection:
            filters = (SearchRow.session_key, SearchRow.author_key, SearchRow.topic, SearchRow.affiliation)
            statement = select(SearchRow.query, *filters).where(SearchRow.token == token)
            row = (await connection.execute(statement)).one_or_none()
            return SavedSearch(*row) if row else None
