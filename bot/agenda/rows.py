"""Bookmarks and wishes in the database. Of a person, Discord's id is all that is kept."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.agenda.model import Wish
from bot.store.engine import Database, undisturbed
from bot.store.tables import BookmarkRow, DeliveryRow, WishRow


class AgendaStore:
    """Keeps what each person wants to see and to be told."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @undisturbed
    async def bookmarks(self) -> list[tuple[int, str]]:
        """Return all bookmarks, as the person's id and the paper's key, the oldest first."""
        async with self._database.read() as connection:
            order = (BookmarkRow.made_at, BookmarkRow.paper_key)
            rows = await connection.execute(select(BookmarkRow.user_id, BookmarkRow.paper_key).order_by(*order))
            return [(user_id, key) for user_id, key in rows]

    @undisturbed
    async def add_bookmark(self, user_id: int, key: str, now: datetime) -> None:
        """Keep a bookmark; one that is there stays as it is."""
        async with self._database.write() as connection:
            row = upsert(BookmarkRow).values(user_id=user_id, paper_key=key, made_at=now)
            await connection.execute(row.on_conflict_do_nothing())

    @undisturbed
    async def remove_bookmark(self, user_id: int, key: str) -> None:
        """Delete a bookmark, if there is one."""
        async with self._database.write() as connection:
            mine = (BookmarkRow.user_id == user_id) & (BookmarkRow.paper_key == key)
            await connection.execute(delete(BookmarkRow).where(mine))

    @undisturbed
    async def wishes(self) -> dict[int, Wish]:
        """Return who wants direct messages, by Discord's id."""
        async with self._database.read() as connection:
            rows = await connection.execute(select(WishRow.user_id, WishRow.minutes, WishRow.unreachable, WishRow.told))
            return {user_id: Wish(minutes, unreachable, told) for user_id, minutes, unreachable, told in rows}

    @undisturbed
    async def set_wish(self, user_id: int, wish: Wish | None) -> None:
        """Keep somebody's wish, or delete it."""
        async with self._database.write() as connection:
            if wish is None:
                await connection.execute(delete(WishRow).where(WishRow.user_id == user_id))
                return
            values = {"minutes": wish.minutes, "unreachable": wish.unreachable, "told": wish.told}
            row = upsert(WishRow).values(user_id=user_id, **values)
            await connection.execute(row.on_conflict_do_update(index_elements=["user_id"], set_=values))

    @undisturbed
    async def forget(self, user_id: int) -> None:
        """Delete everything that is kept about a person."""
        async with self._database.write() as connection:
            await connection.execute(delete(BookmarkRow).where(BookmarkRow.user_id == user_id))
            await connection.execute(delete(WishRow).where(WishRow.user_id == user_id))
            await connection.execute(delete(DeliveryRow).where(DeliveryRow.target_id == user_id))
