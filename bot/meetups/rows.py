"""Meetups in the database, with what is told of them in the outbox; both change in one transaction.

Of a person, Discord's id is all that is kept.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, RowMapping, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery.model import UNSETTLED, Delivery, Entry, State
from bot.delivery.rows import Outbox
from bot.meetups.model import MEETUP, Change, End, Guest, Meetup, post_of
from bot.store.audit import AuditEntry, write_entry
from bot.store.engine import Database, undisturbed
from bot.store.tables import DeliveryRow, MeetupChangeRow, MeetupGuestRow, MeetupRow

_APART: Final = ("id", "guests", "changes")
"""What of a meetup is not in its own row, or never changes."""


class MeetupStore:
    """Keeps meetups with those who come."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._database = database
        self._outbox = outbox

    async def all(self) -> list[Meetup]:
        """Return all meetups that are kept, in the order in which they were opened."""
        return await self._read()

    async def get(self, number: int) -> Meetup | None:
        """Return a meetup; None where there is none of that number."""
        return next(iter(await self._read(number)), None)

    @undisturbed
    async def add(self, meetup: Meetup, now: datetime) -> Meetup:
        """Keep a new meetup and plan the message about it; return it with its number."""
        async with self._database.write() as connection:
            added = await connection.execute(insert(MeetupRow).values(_values(meetup)).returning(MeetupRow.id))
            made = replace(meetup, id=added.scalar_one())
            await _write_guests(connection, made, made.guests)
            await self._outbox.add(connection, [post_of(made, now)])
        return made

    @undisturbed
    async def keep(
        self,
        before: Meetup,
        after: Meetup,
        news: Sequence[Delivery] = (),
        record: AuditEntry | None = None,
        post_at: datetime | None = None,
    ) -> None:
        """Write what has become of a meetup, with what people are to hear of it.

        Args:
            before: what it was.
            after: what it is.
            news: what people are to hear.
            record: what is to be recorded of it for ever.
            post_at: when a new message about it is to be put into the channel, if it is.
        """
        was, values = _values(before), _values(after)
        changed = {name: value for name, value in values.items() if value != was[name]}
        gone = {one.user_id for one in before.guests} - {one.user_id for one in after.guests}
        number = after.id
        async with self._database.write() as connection:
            if changed:
                await connection.execute(update(MeetupRow).where(MeetupRow.id == number).values(changed))
            if gone:
                left = (MeetupGuestRow.meetup_id == number, MeetupGuestRow.user_id.in_(gone))
                await connection.execute(delete(MeetupGuestRow).where(*left))
            await _write_guests(connection, after, [one for one in after.guests if one not in before.guests])
            if before.changes and not after.changes:
                await connection.execute(delete(MeetupChangeRow).where(MeetupChangeRow.meetup_id == number))
            for change in after.changes[len(before.changes) :]:
                await connection.execute(insert(MeetupChangeRow).values(meetup_id=number, **_change_values(change)))
            await self._outbox.add(connection, [*news, *([post_of(after, post_at)] if post_at else ())])
            if record:
                await write_entry(connection, record)

    @undisturbed
    async def _read(self, number: int | None = None) -> list[Meetup]:
        guest, change, meetup = MeetupGuestRow, MeetupChangeRow, MeetupRow
        of_guests = select(guest.__table__).order_by(guest.meetup_id, guest.position, guest.user_id)
        of_changes = select(change.__table__).order_by(change.meetup_id, change.number)
        of_meetups = select(meetup.__table__).order_by(meetup.id)
        if number is not None:
            of_guests = of_guests.where(guest.meetup_id == number)
            of_changes = of_changes.where(change.meetup_id == number)
            of_meetups = of_meetups.where(meetup.id == number)
        guests: dict[int, list[Guest]] = {}
        changes: dict[int, list[Change]] = {}
        async with self._database.read() as connection:
            for row in await connection.execute(of_guests):
                guests.setdefault(row.meetup_id, []).append(_guest(row))
            for row in await connection.execute(of_changes):
                changes.setdefault(row.meetup_id, []).append(_change(row))
            rows = (await connection.execute(of_meetups)).mappings().all()
        return [_meetup(row, guests.get(row["id"], ()), changes.get(row["id"], ())) for row in rows]

    @undisturbed
    async def remove(self, numbers: Collection[int]) -> None:
        """Delete meetups with all there is of them."""
        async with self._database.write() as connection:
            await connection.execute(delete(MeetupRow).where(MeetupRow.id.in_(numbers)))

    @undisturbed
    async def posts(self, meetups: Iterable[Meetup]) -> dict[int, Entry]:
        """Return how far the message about each of some meetups is, by their numbers: that which was planned last."""
        subjects = [meetup.number for meetup in meetups]
        async with self._database.read() as connection:
            entries = await self._outbox.entries_about(connection, MEETUP, subjects)
        return {int(subject): max(found, key=_post_number) for subject, found in entries.items()}

    async def is_lost(self, meetup: Meetup) -> bool:
        """Tell whether no message about a meetup is in the channel, and none on its way."""
        entry = (await self.posts([meetup])).get(meetup.id)
        return entry is None or entry.state not in (*UNSETTLED, State.SENT)

    @undisturbed
    async def forget_posts(self, number: int) -> None:
        """Forget the messages about a meetup, which are gone."""
        about = (DeliveryRow.kind == MEETUP.name, DeliveryRow.subject == str(number), DeliveryRow.state == State.SENT)
        async with self._database.write() as connection:
            await connection.execute(delete(DeliveryRow).where(*about))


async def _write_guests(connection: AsyncConnection, meetup: Meetup, guests: Iterable[Guest]) -> None:
    rows = [
        {
            "meetup_id": meetup.id,
            "user_id": one.user_id,
            "position": one.position,
            "since": one.since,
            "waits": one.waits,
            "in_thread": one.in_thread,
            "unreachable": one.unreachable,
        }
        for one in guests
    ]
    if rows:
        row = upsert(MeetupGuestRow)
        changed = {name: row.excluded[name] for name in rows[0] if name not in ("meetup_id", "user_id")}
        await connection.execute(row.on_conflict_do_update(index_elements=["meetup_id", "user_id"], set_=changed), rows)


def _values(meetup: Meetup) -> dict[str, Any]:
    return {name: getattr(meetup, name) for name in Meetup.__slots__ if name not in _APART}


def _meetup(row: RowMapping, guests: Iterable[Guest], changes: Iterable[Change]) -> Meetup:
    values = {**row, "ended_as": End(row["ended_as"]) if row["ended_as"] else None}
    return Meetup(**values, guests=tuple(guests), changes=tuple(changes))


def _guest(row: Row[Any]) -> Guest:
    return Guest(row.user_id, row.position, row.since, row.waits, row.in_thread, row.unreachable)


def _change(row: Row[Any]) -> Change:
    was = json.loads(row.before)
    starts_at = datetime.fromisoformat(was["starts_at"]) if "starts_at" in was else None
    return Change(row.number, row.made_at, was.get("topic"), was.get("place"), starts_at)


def _change_values(change: Change) -> dict[str, object]:
    was = {
        "topic": change.topic,
        "place": change.place,
        "starts_at": change.starts_at.isoformat() if change.starts_at else None,
    }
    told = {name: value for name, value in was.items() if value is not None}
    return {"number": change.number, "made_at": change.made_at, "before": json.dumps(told, ensure_ascii=False)}


def _post_number(entry: Entry) -> int:
    return int(entry.delivery.key.rpartition(":")[2])
