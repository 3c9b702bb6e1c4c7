"""Bookmarks and wishes in the database. Of a person, Discord's id is all that is kept."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import Connection, Delete, Insert, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.agenda.model import Wish
from bot.store.engine import Database, undisturbed
from bot.store.tables import BookmarkRow, DeliveryRow, FollowedRow, WishRow
from bot.store.together import Together

_ADD = upsert(BookmarkRow).on_conflict_do_nothing()
_REMOVE = delete(BookmarkRow).where(
    BookmarkRow.user_id == bindparam("whose"), BookmarkRow.paper_key == bindparam("which")
)
_WISH = upsert(WishRow)
_WISH = _WISH.on_conflict_do_update(
    index_elements=["user_id"], set_={name: _WISH.excluded[name] for name in ("minutes", "unreachable", "told")}
)
_UNWISH = delete(WishRow).where(WishRow.user_id == bindparam("whose"))

_Change: TypeAlias = Mapping[Insert | Delete, Sequence[Mapping[str, object]]]
"""What changes for somebody: the rows of each of these statements."""


class AgendaStore:
    """Keeps what each person wants to see and to be told."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._changes = Together(database, _keep)

    @undisturbed
    async def bookmarks(self) -> list[tuple[int, str]]:
        """Return all bookmarks, as the person's id and the paper's key, the oldest first."""
        async with self._database.read() as connection:
            order = (BookmarkRow.made_at, BookmarkRow.paper_key)
            rows = await connection.execute(select(BookmarkRow.user_id, BookmarkRow.paper_key).order_by(*order))
            return [(user_id, key) for user_id, key in rows]

    async def change_bookmarks(self, user_id: int, add: Iterable[str], remove: Iterable[str], now: datetime) -> None:
        """Keep some bookmarks and delete others, all or none; one that is there already stays as it is."""
        added = [{"user_id": user_id, "paper_key": key, "made_at": now} for key in add]
        removed = [{"whose": user_id, "which": key} for key in remove]
        await self._changes.write({_ADD: added, _REMOVE: removed})

    @undisturbed
    async def bookmarks_of(self, user_id: int) -> dict[str, datetime]:
        """Return a person's bookmarks, as the paper's key and when it was bookmarked, the oldest first."""
        async with self._database.read() as connection:
            order = (BookmarkRow.made_at, BookmarkRow.paper_key)
            of_theirs = select(BookmarkRow.paper_key, BookmarkRow.made_at).where(BookmarkRow.user_id == user_id)
            rows = await connection.execute(of_theirs.order_by(*order))
            return dict(rows.all())

    @undisturbed
    async def wishes(self) -> dict[int, Wish]:
        """Return who wants direct messages, by Discord's id."""
        async with self._database.read() as connection:
            rows = await connection.execute(select(WishRow.user_id, WishRow.minutes, WishRow.unreachable, WishRow.told))
            return {user_id: Wish(minutes, unreachable, told) for user_id, minutes, unreachable, told in rows}

    async def set_wish(self, user_id: int, wish: Wish | None) -> None:
        """Keep somebody's wish, or delete it."""
        await self._changes.write({_UNWISH: [{"whose": user_id}]} if wish is None else {_WISH: [_wish(user_id, wish)]})

    @undisturbed
    async def forget(self, user_id: int) -> None:
        """Delete everything that is kept about a person."""
        async with self._database.write() as connection:
            await connection.execute(delete(BookmarkRow).where(BookmarkRow.user_id == user_id))
            await connection.execute(delete(WishRow).where(WishRow.user_id == user_id))
            await connection.execute(delete(DeliveryRow).where(DeliveryRow.target_id == user_id))


class FollowStore:
    """Keeps which topics and tracks each person follows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @undisturbed
    async def everything(self) -> list[tuple[int, str, str, str, dict[str, float]]]:
        """Return whose each thing followed is, with facet, token, name and words, the longest followed first."""
        columns = (FollowedRow.user_id, FollowedRow.facet, FollowedRow.token, FollowedRow.name, FollowedRow.words)
        async with self._database.read() as connection:
            rows = await connection.execute(select(*columns).order_by(FollowedRow.made_at, FollowedRow.token))
            return [(user_id, facet, token, name, json.loads(words)) for user_id, facet, token, name, words in rows]

    @undisturbed
    async def add(self, user_id: int, followed: tuple[str, str, str, Mapping[str, float]], now: datetime) -> None:
        """Keep that somebody follows something, by its facet, token, name and words."""
        facet, token, name, words = followed
        row = upsert(FollowedRow).values(
            user_id=user_id, facet=facet, token=token, name=name, words=json.dumps(dict(words)), made_at=now
        )
        async with self._database.write() as connection:
            await connection.execute(row.on_conflict_do_nothing())

    @undisturbed
    async def remove(self, user_id: int, facet: str, token: str) -> None:
        """Delete that somebody follows something."""
        whose = (FollowedRow.user_id == user_id, FollowedRow.facet == facet, FollowedRow.token == token)
        async with self._database.write() as connection:
            await connection.execute(delete(FollowedRow).where(*whose))

    @undisturbed
    async def forget(self, user_id: int) -> None:
        """Delete all that somebody follows."""
        async with self._database.write() as connection:
            await connection.execute(delete(FollowedRow).where(FollowedRow.user_id == user_id))


def _keep(connection: Connection, changes: Sequence[_Change]) -> None:
    for statement in (_ADD, _REMOVE, _WISH, _UNWISH):
        if values := [row for change in changes for row in change.get(statement, ())]:
            connection.execute(statement, values)


def _wish(user_id: int, wish: Wish) -> dict[str, object]:
    return {"user_id": user_id, "minutes": wish.minutes, "unreachable": wish.unreachable, "told": wish.told}
