"""Places in the database: who makes one now, and where it is once it is made."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Row, and_, delete, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.discussion.model import Place, Subject, SubjectKind
from bot.store.audit import AuditEntry, write_entry
from bot.store.engine import Database, undisturbed
from bot.store.tables import PlaceRow, PlaceTagRow


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to make a place, for as long as the lease lasts.

    Attributes:
        server_id: in which server.
        subject: about what.
        claimed_at: when it was first claimed, by Discord's clock where that was known, in UTC.
        attempts: how often it has been claimed, this time included.
    """

    server_id: int
    subject: Subject
    claimed_at: datetime
    attempts: int


class PlaceStore:
    """The places, and the tags that the bot made for them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @undisturbed
    async def all(self) -> list[Place]:
        """Return all places that are made."""
        async with self._database.read() as connection:
            rows = await connection.execute(select(PlaceRow.__table__).where(PlaceRow.thread_id.is_not(None)))
            return [_place(row) for row in rows]

    @undisturbed
    async def planned(self) -> list[tuple[int, Subject]]:
        """Return the servers and subjects of those that are still to be made ahead, in the order of their planning."""
        asked = select(PlaceRow.server_id, PlaceRow.kind, PlaceRow.key).where(_UNMADE, PlaceRow.planned.is_not(None))
        async with self._database.read() as connection:
            rows = await connection.execute(asked.order_by(PlaceRow.planned, PlaceRow.kind.desc(), PlaceRow.key))
            return [(row.server_id, Subject(SubjectKind(row.kind), row.key)) for row in rows]

    @undisturbed
    async def plan(self, server_id: int, subjects: Iterable[Subject], now: datetime, entry: AuditEntry) -> None:
        """Note that places are to be made, where they are not, and who wanted it."""
        row = upsert(PlaceRow)
        write = row.on_conflict_do_update(index_elements=_KEY, set_={"planned": now}, where=_UNMADE)
        values = [{**_key(server_id, one), "planned": now, "attempts": 0} for one in subjects]
        async with self._database.write() as connection:
            if values:
                await connection.execute(write, values)
            await write_entry(connection, entry)

    @undisturbed
    async def claim(
        self, server_id: int, subject: Subject, now: datetime, lease: timedelta, discord_now: datetime | None = None
    ) -> Claim | Place | None:
        """Take the right to make a place; or return it where it is made; or None while somebody else makes it."""
        new = upsert(PlaceRow).values(**_key(server_id, subject), attempts=0).on_conflict_do_nothing()
        mine = _is(server_id, subject)
        async with self._database.write() as connection:
            await connection.execute(new)
            row = (await connection.execute(select(PlaceRow.__table__).where(mine))).one()
            if row.thread_id is not None:
                return _place(row)
            # A clock that was set back would make a lease last for ever.
            if row.claimed_until is not None and now < row.claimed_until <= now + lease:
                return None
            claim = Claim(server_id, subject, row.claimed_at or discord_now or now, row.attempts + 1)
            values = {"claimed_at": claim.claimed_at, "claimed_until": now + lease, "attempts": claim.attempts}
            await connection.execute(update(PlaceRow).where(mine).values(**values))
            return claim

    @undisturbed
    async def renew(self, claim: Claim, until: datetime) -> bool:
        """Hold a claim for longer; tell whether it is still held."""
        async with self._database.write() as connection:
            held = update(PlaceRow).where(_held(claim)).values(claimed_until=until).returning(PlaceRow.key)
            return bool((await connection.execute(held)).all())

    @undisturbed
    async def release(self, claim: Claim) -> None:
        """Give a claim up under which surely nothing was made."""
        async with self._database.write() as connection:
            await connection.execute(update(PlaceRow).where(_held(claim)).values(claimed_until=None))

    @undisturbed
    async def settle(self, claim: Claim, place: Place) -> Place:
        """Write down where a place is; return it, or the one that somebody else made meanwhile."""
        mine = _is(place.server_id, place.subject)
        async with self._database.write() as connection:
            values = {**_where(place), "claimed_until": None, "planned": None}
            await connection.execute(update(PlaceRow).where(mine, _UNMADE).values(**values))
            row = (await connection.execute(select(PlaceRow.__table__).where(mine))).one_or_none()
            if row is None:  # it was forgotten meanwhile
                await connection.execute(upsert(PlaceRow).values(**_key(claim.server_id, claim.subject), **values))
                return place
            return _place(row)

    @undisturbed
    async def adopt(self, place: Place) -> Place:
        """Write down a place that was found in Discord; return it, or the one that is known already."""
        values = {**_where(place), "claimed_until": None, "planned": None}
        row = upsert(PlaceRow).values(**_key(place.server_id, place.subject), **values, attempts=0)
        write = row.on_conflict_do_update(index_elements=_KEY, set_=values, where=_UNMADE)
        async with self._database.write() as connection:
            await connection.execute(write)
            mine = select(PlaceRow.__table__).where(_is(place.server_id, place.subject))
            return _place((await connection.execute(mine)).one())

    @undisturbed
    async def forget(self, thread_ids: Collection[int]) -> None:
        """Forget places that are gone."""
        async with self._database.write() as connection:
            await connection.execute(delete(PlaceRow).where(PlaceRow.thread_id.in_(thread_ids)))

    @undisturbed
    async def note_shown(self, place: Place) -> None:
        """Write down what a place shows now."""
        async with self._database.write() as connection:
            await _set(connection, place.thread_id, {"shown": place.shown})

    @undisturbed
    async def note_written(self, places: Iterable[Place]) -> None:
        """Write down how much was written in places, and when last."""
        async with self._database.write() as connection:
            for one in places:
                values = {"messages": one.messages, "last_message_id": one.last_message_id}
                await _set(connection, one.thread_id, values)

    @undisturbed
    async def tags(self, channel_id: int) -> dict[str, int]:
        """Return the ids of the tags that the bot made in a forum, by what they stand for."""
        asked = select(PlaceTagRow.label, PlaceTagRow.tag_id).where(PlaceTagRow.channel_id == channel_id)
        async with self._database.read() as connection:
            return {row.label: row.tag_id for row in await connection.execute(asked)}

    @undisturbed
    async def set_tags(self, channel_id: int, tags: Mapping[str, int]) -> None:
        """Write down which tags the bot made in a forum."""
        async with self._database.write() as connection:
            await connection.execute(delete(PlaceTagRow).where(PlaceTagRow.channel_id == channel_id))
            values = [{"channel_id": channel_id, "label": label, "tag_id": tag} for label, tag in tags.items()]
            if values:
                await connection.execute(upsert(PlaceTagRow), values)


_KEY = ["server_id", "kind", "key"]
_UNMADE = PlaceRow.thread_id.is_(None)


async def _set(connection: AsyncConnection, thread_id: int, values: Mapping[str, object]) -> None:
    await connection.execute(update(PlaceRow).where(PlaceRow.thread_id == thread_id).values(**values))


def _key(server_id: int, subject: Subject) -> dict[str, object]:
    return {"server_id": server_id, "kind": subject.kind, "key": subject.key}


def _is(server_id: int, subject: Subject) -> ColumnElement[bool]:
    return and_(PlaceRow.server_id == server_id, PlaceRow.kind == subject.kind, PlaceRow.key == subject.key)


def _held(claim: Claim) -> ColumnElement[bool]:
    """Match the row of whoever claimed it last: one whose lease ran out meanwhile has no say any more."""
    return and_(_is(claim.server_id, claim.subject), _UNMADE, PlaceRow.attempts == claim.attempts)


def _where(place: Place) -> dict[str, object]:
    return {
        "channel_id": place.channel_id,
        "thread_id": place.thread_id,
        "starter_id": place.starter_id,
        "is_post": place.is_post,
        "shown": place.shown,
        "messages": place.messages,
        "last_message_id": place.last_message_id,
    }


def _place(row: Row[tuple[object, ...]]) -> Place:
    return Place(
        subject=Subject(SubjectKind(row.kind), row.key),
        server_id=row.server_id,
        channel_id=row.channel_id,
        thread_id=row.thread_id,
        starter_id=row.starter_id,
        is_post=row.is_post,
        shown=row.shown or "",
        messages=row.messages,
        last_message_id=row.last_message_id,
    )
