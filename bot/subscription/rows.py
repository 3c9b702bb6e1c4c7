"""Subscriptions in the database. Of a token only a hash is kept."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.agenda.calendar import Entry
from bot.store.engine import Database, undisturbed
from bot.store.tables import SubscriptionRow
from bot.subscription.model import Told


class SubscriptionStore:
    """Keeps who has an address, and what calendars were told there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @undisturbed
    async def all(self) -> list[tuple[int, str, datetime]]:
        """Return all subscriptions: the person's id, the hash of the token, and when it was made."""
        async with self._database.read() as connection:
            columns = (SubscriptionRow.user_id, SubscriptionRow.token_hash, SubscriptionRow.made_at)
            return [(user_id, token, made_at) for user_id, token, made_at in await connection.execute(select(*columns))]

    @undisturbed
    async def keep(self, user_id: int, token_hash: str, now: datetime) -> None:
        """Keep a subscription in place of the one there was; nobody has been told anything there."""
        values = {"token_hash": token_hash, "made_at": now, "told": "[]"}
        async with self._database.write() as connection:
            row = upsert(SubscriptionRow).values(user_id=user_id, **values)
            await connection.execute(row.on_conflict_do_update(index_elements=["user_id"], set_=values))

    @undisturbed
    async def remove(self, user_id: int) -> None:
        """Delete a subscription, if there is one."""
        async with self._database.write() as connection:
            await connection.execute(delete(SubscriptionRow).where(SubscriptionRow.user_id == user_id))

    @undisturbed
    async def told(self, token_hash: str) -> dict[str, Told]:
        """Return what calendars were told at an address."""
        async with self._database.read() as connection:
            asked = select(SubscriptionRow.told).where(SubscriptionRow.token_hash == token_hash)
            return {one.entry.uid: one for one in map(_read, json.loads(await connection.scalar(asked) or "[]"))}

    @undisturbed
    async def tell(self, token_hash: str, told: Mapping[str, Told]) -> None:
        """Keep what calendars are told at an address, unless that is revoked."""
        text = json.dumps([_written(one) for one in told.values()], ensure_ascii=False, separators=(",", ":"))
        async with self._database.write() as connection:
            mine = SubscriptionRow.token_hash == token_hash
            await connection.execute(update(SubscriptionRow).where(mine).values(told=text))


def _written(told: Told) -> dict[str, Any]:
    entry = told.entry
    return {
        "uid": entry.uid,
        "name": entry.name,
        "starts_at": entry.starts_at.isoformat(),
        "ends_at": entry.ends_at.isoformat() if entry.ends_at else None,
        "room": entry.room,
        "description": entry.description,
        "sequence": told.sequence,
        "changed_at": told.changed_at.isoformat(),
        "cancelled": told.cancelled,
    }


def _read(kept: Mapping[str, Any]) -> Told:
    ends_at = datetime.fromisoformat(kept["ends_at"]) if kept["ends_at"] else None
    starts_at, changed_at = (datetime.fromisoformat(kept[name]) for name in ("starts_at", "changed_at"))
    entry = Entry(kept["uid"], kept["name"], starts_at, ends_at, kept["room"], kept["description"])
    return Told(entry, kept["sequence"], changed_at, kept["cancelled"])
