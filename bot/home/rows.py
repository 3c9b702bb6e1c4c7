"""The server that the bot was first put to work in, in the database."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.store.engine import Database, undisturbed
from bot.store.tables import HomeRow

_ONLY = 1


class HomeStore:
    """Keeps the first server; no later one takes its place."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @undisturbed
    async def get(self) -> int | None:
        """Return the server's id, None when there is none yet."""
        async with self._database.read() as connection:
            server_id: int | None = await connection.scalar(select(HomeRow.server_id))
        return server_id

    @undisturbed
    async def keep(self, server_id: int, now: datetime) -> int:
        """Keep a server unless there is one already; return the one that is kept."""
        row = upsert(HomeRow).values(id=_ONLY, server_id=server_id, since=now).on_conflict_do_nothing()
        async with self._database.write() as connection:
            await connection.execute(row)
            kept: int | None = await connection.scalar(select(HomeRow.server_id))
        return server_id if kept is None else kept
