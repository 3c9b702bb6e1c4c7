"""Questions to the database, answered with programme objects."""

import hashlib
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.due import Wish
from bot.store.announcements import Announcements
from bot.store.audit import AuditEntry, write_entry
from bot.store.database import open_database, undisturbed
from bot.store.ledger import Ledger
from bot.store.tables import (
    AskedRow,
    AuditRow,
    BookmarkRow,
    DeliveryRow,
    WishRow,
)
from bot.store.versions import Versions

ASKED_FOR = timedelta(days=60)
"""How long the buttons of a search keep working; a conference is over by then."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as it was asked: the words and the two filters, by key."""

    query: str
    session_key: str | None = None
    author_key: str | None = None

    @property
    def token(self) -> str:
        """A short name for the search, the same each time it is asked: ten hexadecimal digits."""
        parts = "\0".join((self.query, self.session_key or "", self.author_key or ""))
        return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:10]


class Store:
    """The bot's memory. Open it with `Store.open`, and close it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._reading = engine.execution_options(reading=True)

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Open the SQLite file at `path` and bring its tables up to date.

        Raises:
            Trouble: the path can't be opened, is no SQLite database, or was made by a newer version of the bot.
        """
        return cls(await open_database(path))

    @property
    def ledger(self) -> Ledger:
        """What must be delivered."""
        return Ledger(self._engine)

    @property
    def announcements(self) -> Announcements:
        """What the organizers announce."""
        return Announcements(self._engine)

    @property
    def versions(self) -> Versions:
        """The programme's versions and what is laid over them."""
        return Versions(self._engine)

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()

    @undisturbed
    async def record(self, entry: AuditEntry) -> None:
        """Keep for ever that something was changed."""
        async with self._engine.begin() as connection:
            await write_entry(connection, entry)

    @undisturbed
    async def audit(self, limit: int = 1_000) -> list[AuditEntry]:
        """Return what was changed, the latest first."""
        columns = (getattr(AuditRow, part.name) for part in fields(AuditEntry))
        async with self._reading.connect() as connection, connection.begin():
            rows = await connection.execute(select(*columns).order_by(AuditRow.id.desc()).limit(limit))
            return [AuditEntry(*row) for row in rows]

    @undisturbed
    async def remember(self, asked: Asked, now: datetime) -> None:
        """Keep a search so that its buttons work after a restart; forget those that nobody used for long."""
        async with self._engine.begin() as connection:
            await connection.execute(delete(AskedRow).where(AskedRow.asked_at < now - ASKED_FOR))
            row = upsert(AskedRow).values(
                token=asked.token,
                query=asked.query,
                session_key=asked.session_key,
                author_key=asked.author_key,
                asked_at=now,
            )
            await connection.execute(row.on_conflict_do_update(index_elements=["token"], set_={"asked_at": now}))

    @undisturbed
    async def recall(self, token: str) -> Asked | None:
        """Return the search of that token, or None when it was forgotten."""
        async with self._reading.connect() as connection, connection.begin():
            statement = select(AskedRow.query, AskedRow.session_key, AskedRow.author_key)
            row = (await connection.execute(statement.where(AskedRow.token == token))).one_or_none()
            return Asked(*row) if row else None

    @undisturbed
    async def bookmarks(self) -> list[tuple[int, str]]:
        """Return all bookmarks, as the person's id and the paper's key, the oldest first."""
        async with self._reading.connect() as connection, connection.begin():
            order = (BookmarkRow.made_at, BookmarkRow.paper_key)
            rows = await connection.execute(select(BookmarkRow.user_id, BookmarkRow.paper_key).order_by(*order))
            return [(user_id, key) for user_id, key in rows]

    @undisturbed
    async def add_bookmark(self, user_id: int, key: str, now: datetime) -> None:
        """Keep a bookmark; one that is there stays as it is."""
        async with self._engine.begin() as connection:
            row = upsert(BookmarkRow).values(user_id=user_id, paper_key=key, made_at=now)
            await connection.execute(row.on_conflict_do_nothing())

    @undisturbed
    async def remove_bookmark(self, user_id: int, key: str) -> None:
        """Delete a bookmark, if there is one."""
        async with self._engine.begin() as connection:
            mine = (BookmarkRow.user_id == user_id) & (BookmarkRow.paper_key == key)
            await connection.execute(delete(BookmarkRow).where(mine))

    @undisturbed
    async def forget(self, user_id: int) -> None:
        """Delete everything that is kept about a person."""
        async with self._engine.begin() as connection:
            await connection.execute(delete(BookmarkRow).where(BookmarkRow.user_id == user_id))
            await connection.execute(delete(WishRow).where(WishRow.user_id == user_id))
            await connection.execute(delete(DeliveryRow).where(DeliveryRow.target_id == user_id))

    @undisturbed
    async def wishes(self) -> dict[int, Wish]:
        """Return who wants direct messages, by Discord's id."""
        async with self._reading.connect() as connection, connection.begin():
            rows = await connection.execute(select(WishRow.user_id, WishRow.minutes, WishRow.unreachable, WishRow.told))
            return {user_id: Wish(minutes, unreachable, told) for user_id, minutes, unreachable, told in rows}

    @undisturbed
    async def set_wish(self, user_id: int, wish: Wish | None) -> None:
        """Keep somebody's wish, or delete it."""
        async with self._engine.begin() as connection:
            if wish is None:
                await connection.execute(delete(WishRow).where(WishRow.user_id == user_id))
                return
            values = {"minutes": wish.minutes, "unreachable": wish.unreachable, "told": wish.told}
            row = upsert(WishRow).values(user_id=user_id, **values)
            await connection.execute(row.on_conflict_do_update(index_elements=["user_id"], set_=values))
