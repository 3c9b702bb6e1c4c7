"""The ledger of deliveries: which steps they may take is written in `bot.delivery`, and enforced here."""

import asyncio
import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import ColumnElement, Row, Update, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.due import Delivery, Kind, State, reconcile
from bot.store.database import undisturbed
from bot.store.tables import DeliveryRow

T = TypeVar("T")

_CHUNK = 500
_OPEN = (State.PLANNED, State.CANCELLED)


@dataclass(frozen=True, slots=True)
class Batch:
    """Deliveries to one target that go out as one message.

    Attributes:
        token: names the batch for ever: sixteen hexadecimal digits.
        target_id: Discord's id of the channel, or of the person.
        deliveries: what is in it, in the order of the sessions' starts.
        claimed_at: when it was first claimed, in UTC.
        attempts: how often it has been claimed, this time included.
    """

    token: str
    target_id: int
    deliveries: tuple[Delivery, ...]
    claimed_at: datetime
    attempts: int

    @property
    def kind(self) -> Kind:
        """What its deliveries are, all of them."""
        return self.deliveries[0].kind

    @property
    def useful_until(self) -> datetime:
        """From when on the message would help nobody."""
        return max(delivery.useful_until for delivery in self.deliveries)


@dataclass(frozen=True, slots=True)
class Entry:
    """A delivery with how far it is.

    Attributes:
        delivery: what is to be sent.
        state: how far it is.
        message_id: Discord's id of the message, once it is there.
        sent_at: since when it is there, in UTC.
        reason: why it failed, or why the last try did.
    """

    delivery: Delivery
    state: State
    message_id: int | None
    sent_at: datetime | None
    reason: str | None


class Ledger:
    """What must be delivered, and what became of it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @undisturbed
    async def plan(self, wanted: Iterable[Delivery], threshold: timedelta, *, target_id: int | None = None) -> None:
        """Make the ledger hold a plan; planning the same twice changes nothing.

        Args:
            wanted: everything that is to be sent and can still help.
            threshold: by how much a session must move for what was sent about it to be sent again.
            target_id: plan for this target alone, and leave the others' deliveries as they are.
        """
        async with self._engine.begin() as connection:
            known_rows = select(DeliveryRow.__table__).where(
                DeliveryRow.kind.in_(_values(kind for kind in Kind if kind.is_planned))
            )
            if target_id is not None:
                known_rows = known_rows.where(DeliveryRow.target_id == target_id)
            known: dict[str, tuple[State, Delivery]] = {}
            async for rows in (await connection.stream(known_rows)).partitions(_CHUNK):
                known |= {row.key: (State(row.state), _delivery(row)) for row in rows}
            changes = await asyncio.to_thread(reconcile, wanted, known, threshold)
            row = upsert(DeliveryRow)
            changed = {
                name: row.excluded[name]
                for name in ("target_id", "subject", "starts_at", "due_at", "useful_until", "state")
            }
            statement = row.on_conflict_do_update(
                index_elements=["key"], set_=changed, where=or_(*(DeliveryRow.state == state.value for state in _OPEN))
            )
            for part in _parts(changes.write):
                await connection.execute(statement, [_planned(delivery) for delivery in part])
            for keys in _parts(changes.cancel):
                await connection.execute(_step(State.CANCELLED, State.PLANNED).where(DeliveryRow.key.in_(keys)))

    @undisturbed
    async def entries(
        self,
        *,
        kind: Kind | None = None,
        subject: str | None = None,
        states: Iterable[State] = tuple(State),
        limit: int = 1_000,
        latest_first: bool = False,
    ) -> list[Entry]:
        """Return what the ledger holds of some kind, about some subject and in some states, what is due first first.

        Args:
            kind: of this kind only.
            subject: about this only.
            states: in these states only.
            limit: at most so many.
            latest_first: whether what is due last comes first.
        """
        statement = select(DeliveryRow.__table__).where(DeliveryRow.state.in_(_values(states)))
        if kind is not None:
            statement = statement.where(DeliveryRow.kind == kind.value)
        if subject is not None:
            statement = statement.where(DeliveryRow.subject == subject)
        order = DeliveryRow.due_at.desc() if latest_first else DeliveryRow.due_at
        statement = statement.order_by(order, DeliveryRow.key).limit(limit)
        async with self._engine.execution_options(reading=True).connect() as connection, connection.begin():
            rows = (await connection.execute(statement)).all()
        return [entry_of(row) for row in rows]

    @undisturbed
    async def count(
        self, states: Iterable[State], *, kinds: Iterable[Kind] = tuple(Kind), subjects: Collection[str] | None = None
    ) -> int:
        """Return how many deliveries of some kinds are in some states, about some subjects or about anything."""
        async with self._engine.execution_options(reading=True).connect() as connection, connection.begin():
            statement = (
                select(func.count())
                .select_from(DeliveryRow)
                .where(DeliveryRow.state.in_(_values(states)), DeliveryRow.kind.in_(_values(kinds)))
            )
            if subjects is not None:
                statement = statement.where(DeliveryRow.subject.in_(subjects))
            return await connection.scalar(statement) or 0

    @undisturbed
    async def next_due(self) -> datetime | None:
        """Return when the next delivery is due or the next lease runs out, None when there is neither."""
        async with self._engine.execution_options(reading=True).connect() as connection, connection.begin():
            planned = await connection.scalar(
                select(func.min(DeliveryRow.due_at)).where(DeliveryRow.state == State.PLANNED.value)
            )
            leased = await connection.scalar(
                select(func.min(DeliveryRow.claimed_until)).where(DeliveryRow.state == State.CLAIMED.value)
            )
        return min((moment for moment in (planned, leased) if moment), default=None)

    @undisturbed
    async def miss(self, now: datetime) -> list[Delivery]:
        """Give up what was never claimed while it still helped, and return it."""
        async with self._engine.begin() as connection:
            statement = _step(State.MISSED, State.PLANNED).where(DeliveryRow.useful_until <= now)
            rows = (await connection.execute(statement.returning(*DeliveryRow.__table__.c))).all()
        return [_delivery(row) for row in rows]

    @undisturbed
    async def claim(self, now: datetime, lease: timedelta) -> Batch | None:
        """Take the next batch, or else one whose lease ran out; None when there is neither.

        A batch is all of one kind that is due for one target, if that kind folds.

        What was never tried goes first, so that what fails again and again holds up nothing.
        """
        async with self._engine.begin() as connection:
            token = await self._new_batch(connection, now, now + lease) or await self._abandoned(connection, now)
            if token is None:
                return None
            mine = DeliveryRow.batch == token
            await connection.execute(
                update(DeliveryRow).where(mine).values(claimed_until=now + lease, attempts=DeliveryRow.attempts + 1)
            )
            order = (DeliveryRow.starts_at, DeliveryRow.key)
            rows = (await connection.execute(select(DeliveryRow.__table__).where(mine).order_by(*order))).all()
        first = rows[0]
        return Batch(token, first.target_id, tuple(map(_delivery, rows)), first.claimed_at, first.attempts)

    @undisturbed
    async def postpone(self, batch: Batch, until: datetime, reason: str) -> None:
        """Let a batch that could not be sent rest; it stays a batch, since part of the send may have succeeded."""
        async with self._engine.begin() as connection:
            await connection.execute(
                update(DeliveryRow)
                .where(*_held(batch), DeliveryRow.state == State.CLAIMED.value)
                .values(claimed_until=until, reason=reason)
            )

    @undisturbed
    async def settle_sent(self, batch: Batch, message_id: int, now: datetime) -> None:
        """Write down that a batch's message is there."""
        async with self._engine.begin() as connection:
            statement = _step(State.SENT, State.CLAIMED).where(DeliveryRow.batch == batch.token)
            await connection.execute(statement.values(message_id=message_id, sent_at=now, reason=None))

    @undisturbed
    async def withdraw(self, batch: Batch, keys: Iterable[str]) -> Batch:
        """Take deliveries that are not to be sent any more out of a batch of which nothing was sent yet."""
        gone = set(keys)
        async with self._engine.begin() as connection:
            statement = _step(State.CANCELLED, State.CLAIMED).where(*_held(batch), DeliveryRow.key.in_(gone))
            await connection.execute(statement.values(batch=None))
        return replace(batch, deliveries=tuple(one for one in batch.deliveries if one.key not in gone))

    @undisturbed
    async def settle_missed(self, batch: Batch) -> None:
        """Write down that a batch could not be sent while it still helped."""
        async with self._engine.begin() as connection:
            await connection.execute(_step(State.MISSED, State.CLAIMED).where(*_held(batch)))

    @undisturbed
    async def settle_failed(self, batch: Batch, reason: str) -> bool:
        """Write down that a batch will never be sent; tell whether it is the first that failed for its target."""
        async with self._engine.begin() as connection:
            failed = DeliveryRow.state == State.FAILED.value
            before = await connection.scalar(
                select(func.count()).select_from(DeliveryRow).where(failed, DeliveryRow.target_id == batch.target_id)
            )
            statement = _step(State.FAILED, State.CLAIMED).where(*_held(batch))
            await connection.execute(statement.values(reason=reason))
        return not before

    async def _abandoned(self, connection: AsyncConnection, now: datetime) -> str | None:
        token: str | None = await connection.scalar(
            select(DeliveryRow.batch)
            .where(DeliveryRow.state == State.CLAIMED.value, DeliveryRow.claimed_until <= now)
            .order_by(DeliveryRow.claimed_until)
            .limit(1)
        )
        return token

    async def _new_batch(self, connection: AsyncConnection, now: datetime, until: datetime) -> str | None:
        due = (DeliveryRow.state == State.PLANNED.value, DeliveryRow.due_at <= now)
        first = (
            await connection.execute(
                select(DeliveryRow.key, DeliveryRow.target_id, DeliveryRow.kind)
                .where(*due)
                .order_by(DeliveryRow.due_at)
                .limit(1)
            )
        ).one_or_none()
        if first is None:
            return None
        token = hashlib.sha256(f"{first.key}\n{now.isoformat()}".encode()).hexdigest()[:16]
        alike = (DeliveryRow.target_id == first.target_id, DeliveryRow.kind == first.kind)
        together = alike if Kind(first.kind).folds else (DeliveryRow.key == first.key,)
        statement = _step(State.CLAIMED, State.PLANNED).where(*due, *together)
        await connection.execute(statement.values(batch=token, claimed_at=now, claimed_until=until))
        return token


async def add_deliveries(connection: AsyncConnection, deliveries: Sequence[Delivery]) -> None:
    """Write down what is to be sent once, within somebody else's transaction."""
    for part in _parts(deliveries):
        await connection.execute(upsert(DeliveryRow).on_conflict_do_nothing(), list(map(_planned, part)))


def entry_of(row: Row[tuple[object, ...]]) -> Entry:
    """Read an entry from its row."""
    return Entry(_delivery(row), State(row.state), row.message_id, row.sent_at, row.reason)


def _step(to: State, *sources: State) -> Update:
    """Begin an update that moves deliveries to a state, from no other states than these."""
    return update(DeliveryRow).where(DeliveryRow.state.in_(_values(sources))).values(state=to.value)


def _held(batch: Batch) -> tuple[ColumnElement[bool], ...]:
    """Match a batch's rows for whoever claimed it last: one whose lease ran out meanwhile has no say any more."""
    return DeliveryRow.batch == batch.token, DeliveryRow.attempts == batch.attempts


def _planned(delivery: Delivery) -> dict[str, object]:
    return {
        "key": delivery.key,
        "target_id": delivery.target_id,
        "subject": delivery.subject,
        "kind": delivery.kind.value,
        "starts_at": delivery.starts_at,
        "due_at": delivery.due_at,
        "useful_until": delivery.useful_until,
        "state": State.PLANNED.value,
        "attempts": 0,
    }


def _parts(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]


def _values(names: Iterable[StrEnum]) -> list[str]:
    return [name.value for name in names]


def _delivery(row: Row[tuple[object, ...]]) -> Delivery:
    return Delivery(row.key, row.target_id, row.subject, row.starts_at, row.due_at, row.useful_until, Kind(row.kind))
