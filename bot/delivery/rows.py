"""The outbox in the database: which steps deliveries take is written in `bot.delivery`, and enforced here."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Update,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery.model import UNSETTLED, Batch, Delivery, Entry, Kind, Pulse, State
from bot.delivery.reconcile import OPEN, reconcile
from bot.store import notices
from bot.store.engine import Database, undisturbed
from bot.store.tables import DeliveryRow

T = TypeVar("T")

_CHUNK: Final = 500


class Outbox:
    """What must be delivered, and what became of it."""

    def __init__(self, database: Database, kinds: Iterable[Kind] = ()) -> None:
        self._database = database
        self._kinds = {kind.name: kind for kind in kinds}

    def holds(self, kind: Kind) -> None:
        """Let it hold deliveries of one more kind."""
        self._kinds[kind.name] = kind

    @undisturbed
    async def plan(
        self,
        wanted: Iterable[Delivery],
        threshold: timedelta,
        *,
        kinds: Collection[Kind] | None = None,
        targets: Collection[int] | None = None,
        now: datetime | None = None,
    ) -> datetime | None:
        """Make the outbox hold a plan; planning the same twice changes nothing.

        Return when the first of what was not planned before, or otherwise, is due; None where there is no such thing.

        Args:
            wanted: everything that is to be sent and can still help.
            threshold: by how much a session must move for what was sent about it to be sent again.
            kinds: what the plan is for; deliveries of other kinds are left as they are. All that are planned again and
                again, unless given.
            targets: plan for these targets alone, and leave the others' deliveries as they are.
            now: the present moment: what no longer helps is left for `miss`.
        """
        replanned = [kind.name for kind in kinds or self._kinds.values() if kind.replanned]
        asked: list[Select[Any]] = [_KNOWN.where(DeliveryRow.kind.in_(replanned))]
        if targets is not None:
            # All of theirs is read, whatever its kind: told the kinds, SQLite would go by these, through everybody's.
            asked = [_KNOWN.where(DeliveryRow.target_id.in_(part)) for part in _parts(list(targets))]

        def work(connection: Connection) -> datetime | None:
            known: dict[str, tuple[State, Delivery]] = {}
            for statement in asked:
                found = connection.execute(statement, execution_options={"yield_per": _CHUNK})
                known |= {row.key: (State(row.state), self._delivery(row)) for row in found if row.kind in replanned}
            changes = reconcile(wanted, known, threshold, now)
            for deliveries in _parts(changes.write):
                connection.execute(_PLAN, [_planned(delivery) for delivery in deliveries])
            for keys in _parts(changes.cancel):
                connection.execute(_CANCEL, [{"which": key} for key in keys])
            for extended in _parts(changes.extend):
                connection.execute(_EXTEND, [{"which": one.key, "until": one.useful_until} for one in extended])
            return min((delivery.due_at for delivery in changes.write), default=None)

        return await self._database.write_in_one_go(work)

    async def add(self, connection: AsyncConnection, deliveries: Sequence[Delivery]) -> None:
        """Write down what is to be sent once, within somebody else's transaction."""
        for part in _parts(deliveries):
            await connection.execute(upsert(DeliveryRow).on_conflict_do_nothing(), [_planned(one) for one in part])

    @undisturbed
    async def put(self, delivery: Delivery) -> None:
        """Write down one thing that is to be sent once; where its key is known already, nothing changes."""
        async with self._database.write() as connection:
            await self.add(connection, [delivery])

    @undisturbed
    async def forget(self, key: str) -> None:
        """Forget a delivery whose message is gone."""
        async with self._database.write() as connection:
            await connection.execute(delete(DeliveryRow).where(DeliveryRow.key == key))

    async def entries_about(
        self, connection: AsyncConnection, kind: Kind, subjects: Collection[str]
    ) -> dict[str, list[Entry]]:
        """Return what there is of a kind about some subjects, by subject, within somebody else's transaction."""
        about = (DeliveryRow.kind == kind.name, DeliveryRow.subject.in_(subjects))
        found: dict[str, list[Entry]] = {}
        for row in await connection.execute(select(DeliveryRow.__table__).where(*about).order_by(DeliveryRow.key)):
            found.setdefault(row.subject, []).append(self._entry(row))
        return found

    @undisturbed
    async def of_kind(self, kind: Kind, subject: str | None = None) -> list[Entry]:
        """Return all there is of a kind, or of it about a subject, what was due first first."""
        asked = select(DeliveryRow.__table__).where(DeliveryRow.kind == kind.name)
        if subject is not None:
            asked = asked.where(DeliveryRow.subject == subject)
        async with self._database.read() as connection:
            rows = await connection.execute(asked.order_by(DeliveryRow.due_at, DeliveryRow.key))
            return [self._entry(row) for row in rows]

    @undisturbed
    async def entries(
        self, states: Collection[State] = tuple(State), *, limit: int = 1_000, latest_first: bool = False
    ) -> list[Entry]:
        """Return what the outbox holds in some states, what is due first first.

        Args:
            states: in these states only.
            limit: at most so many.
            latest_first: whether what is due last comes first.
        """
        order = DeliveryRow.due_at.desc() if latest_first else DeliveryRow.due_at
        statement = select(DeliveryRow.__table__).where(DeliveryRow.state.in_(states))
        async with self._database.read() as connection:
            rows = await connection.execute(statement.order_by(order, DeliveryRow.key).limit(limit))
            return [self._entry(row) for row in rows]

    @undisturbed
    async def count(
        self,
        states: Collection[State],
        *,
        kinds: Collection[Kind] | None = None,
        subjects: Collection[str] | None = None,
    ) -> int:
        """Return how many deliveries are in some states, of some kinds or any, about some subjects or any."""
        statement = select(func.count()).select_from(DeliveryRow).where(DeliveryRow.state.in_(states))
        if kinds is not None:
            statement = statement.where(DeliveryRow.kind.in_([kind.name for kind in kinds]))
        if subjects is not None:
            statement = statement.where(DeliveryRow.subject.in_(subjects))
        async with self._database.read() as connection:
            return await connection.scalar(statement) or 0

    @undisturbed
    async def awaited_by(self, kinds: Collection[Kind]) -> set[int]:
        """Return the targets for which something of some kinds is still to be sent."""
        waiting = (DeliveryRow.state.in_(UNSETTLED), DeliveryRow.kind.in_([kind.name for kind in kinds]))
        async with self._database.read() as connection:
            return set(await connection.scalars(select(DeliveryRow.target_id).where(*waiting).distinct()))

    @undisturbed
    async def states(self) -> dict[State, int]:
        """Return how many deliveries are in each state; in those that are left out there are none."""
        asked = select(DeliveryRow.state, func.count()).group_by(DeliveryRow.state)
        async with self._database.read() as connection:
            return {State(state): number for state, number in await connection.execute(asked)}

    @undisturbed
    async def next_due(self, *, to_people: bool | None = None, without: Collection[str] = ()) -> datetime | None:
        """Return when the next delivery is due or the next lease runs out, None when there is neither.

        Args:
            to_people: whether what goes to people counts, or what goes to channels; None for both.
            without: the tokens of batches that do not count.
        """
        mine = self._to(to_people)
        until, due = func.max(DeliveryRow.claimed_until), func.min(DeliveryRow.due_at)
        claimed = select(until.label("until"), due.label("due")).group_by(DeliveryRow.batch)
        async with self._database.read() as connection:
            planned = await connection.scalar(
                select(func.min(DeliveryRow.due_at)).where(DeliveryRow.state == State.PLANNED, mine)
            )
            leased = await connection.execute(
                claimed.where(DeliveryRow.state == State.CLAIMED, DeliveryRow.batch.not_in(without), mine)
            )
            # A clock that was set back may show less than when a batch was due that was claimed by it.
            moments = [max(row.until, row.due) for row in leased]
        return min([planned, *moments] if planned else moments, default=None)

    @undisturbed
    async def pulse(self, now: datetime) -> Pulse:
        """Return whether what is due gets out."""
        overdue = (DeliveryRow.state.in_(UNSETTLED), DeliveryRow.due_at <= now)
        tried = select(DeliveryRow.reason).where(*overdue, DeliveryRow.reason.is_not(None))
        asked = select(
            func.count(),
            func.min(DeliveryRow.due_at),
            # What the index leaves out is left out here as well: without saying so, the index is not used.
            select(func.max(DeliveryRow.sent_at)).where(DeliveryRow.sent_at.is_not(None)).scalar_subquery(),
            tried.order_by(DeliveryRow.due_at).limit(1).scalar_subquery(),
        ).where(*overdue)
        async with self._database.read() as connection:
            return Pulse(*(await connection.execute(asked)).one())

    @undisturbed
    async def miss(self, now: datetime) -> list[Delivery]:
        """Give up what was never claimed while it still helped, and return it."""
        async with self._database.write() as connection:
            # What helps nobody any more was due before; that it was finds the few rows by their index.
            statement = _step(State.MISSED, State.PLANNED).where(
                DeliveryRow.due_at <= now, DeliveryRow.useful_until <= now
            )
            rows = await connection.execute(statement.returning(*DeliveryRow.__table__.c))
            return [self._delivery(row) for row in rows]

    @undisturbed
    async def claim(
        self,
        now: datetime,
        lease: timedelta,
        *,
        to_people: bool | None = None,
        without: Collection[str] = (),
        discord_now: datetime | None = None,
    ) -> Batch | None:
        """Take the next batch, or else one whose lease ran out; None when there is neither.

        A batch is all of one kind that is due for one target, if that kind folds.

        What was never tried goes first, so that what fails again and again holds up nothing. Of what goes to people,
        what is about the nearest session goes first, be it to come or under way; of all else what was due first.

        Args:
            now: the present moment.
            lease: for how long the batch belongs to whoever claims it.
            to_people: whether to take what goes to people, or what goes to channels; None for either.
            without: the tokens of batches that are not to be taken.
            discord_now: the present moment by Discord's clock, where it is known.
        """
        mine = self._to(to_people)
        async with self._database.write() as connection:
            until, seen_at = now + lease, discord_now or now
            order = _distance(now) if to_people else DeliveryRow.due_at.asc()
            token = await self._new_batch(connection, now, until, seen_at, mine, order)
            token = token or await _abandoned(connection, now, mine, without)
            if token is None:
                return None
            mine = DeliveryRow.batch == token
            await connection.execute(
                update(DeliveryRow).where(mine).values(claimed_until=until, attempts=DeliveryRow.attempts + 1)
            )
            in_order = (DeliveryRow.starts_at, DeliveryRow.key)
            rows = (await connection.execute(select(DeliveryRow.__table__).where(mine).order_by(*in_order))).all()
        first = rows[0]
        return Batch(token, first.target_id, tuple(map(self._delivery, rows)), first.claimed_at, first.attempts)

    @undisturbed
    async def renew(self, batches: Iterable[Batch], until: datetime) -> set[str]:
        """Let batches belong to whoever holds them for longer; return the tokens of those it still held."""
        kept: set[str] = set()
        async with self._database.write() as connection:
            for batch in batches:
                held = update(DeliveryRow).where(*_held(batch), DeliveryRow.state == State.CLAIMED)
                if (await connection.execute(held.values(claimed_until=until))).rowcount:
                    kept.add(batch.token)
        return kept

    @undisturbed
    async def mend_leases(self, now: datetime, lease: timedelta, longest: timedelta, was: datetime | None) -> None:
        """Give a new lease to what is claimed by what a clock showed before it was set.

        That is what had a lease when the clock was put forward, and would seem to have none; and what has one that
        nobody would have given, from a clock that was ahead.

        Args:
            now: the present moment.
            lease: how long it then is.
            longest: how far ahead a lease or a pause may end at most.
            was: what the clock would show had it not been put forward; None when it was not.
        """
        until = DeliveryRow.claimed_until
        wrong = until > now + longest
        if was is not None:
            wrong = or_(wrong, and_(until > was, until < now + lease))
        statement = update(DeliveryRow).where(DeliveryRow.state == State.CLAIMED, wrong)
        async with self._database.write() as connection:
            await connection.execute(statement.values(claimed_until=now + lease))

    @undisturbed
    async def take_back_missed(self, now: datetime) -> bool:
        """Let what was given up by a clock that was ahead be sent after all; tell whether there was any.

        What was tried is claimed still, as what was left: whoever takes it looks for its message first.
        """
        missed = _step(State.PLANNED, State.MISSED).where(DeliveryRow.useful_until > now)
        tried = _step(State.CLAIMED, State.MISSED).where(DeliveryRow.useful_until > now)
        async with self._database.write() as connection:
            again = await connection.execute(tried.where(DeliveryRow.batch.is_not(None)).values(claimed_until=now))
            anew = await connection.execute(missed.where(DeliveryRow.batch.is_(None)))
            return bool(again.rowcount + anew.rowcount)

    @undisturbed
    async def postpone(self, batch: Batch, until: datetime, reason: str) -> None:
        """Let a batch that could not be sent rest; it stays a batch, since part of the send may have succeeded."""
        held = update(DeliveryRow).where(*_held(batch), DeliveryRow.state == State.CLAIMED)
        async with self._database.write() as connection:
            await connection.execute(held.values(claimed_until=until, reason=reason))

    @undisturbed
    async def settle_sent(self, batch: Batch, message_id: int, now: datetime) -> None:
        """Write down that a batch's message is there."""
        async with self._database.write() as connection:
            statement = _step(State.SENT, State.CLAIMED).where(DeliveryRow.batch == batch.token)
            await connection.execute(statement.values(message_id=message_id, sent_at=now, reason=None))
            await notices.forget(connection, _about(batch))

    @undisturbed
    async def withdraw(self, batch: Batch, keys: Iterable[str]) -> Batch:
        """Take deliveries that are not to be sent any more out of a batch of which nothing was sent yet."""
        gone = set(keys)
        async with self._database.write() as connection:
            statement = _step(State.CANCELLED, State.CLAIMED).where(*_held(batch), DeliveryRow.key.in_(gone))
            await connection.execute(statement.values(batch=None))
        return batch.without(gone)

    @undisturbed
    async def put_back(self, batch: Batch, keys: Iterable[str]) -> Batch:
        """Take deliveries that are not due yet out of a batch of which nothing was sent; they are planned again."""
        early = set(keys)
        async with self._database.write() as connection:
            statement = _step(State.PLANNED, State.CLAIMED).where(*_held(batch), DeliveryRow.key.in_(early))
            await connection.execute(statement.values(batch=None))
        return batch.without(early)

    @undisturbed
    async def settle_missed(self, batch: Batch) -> None:
        """Write down that a batch could not be sent while it still helped."""
        async with self._database.write() as connection:
            await connection.execute(_step(State.MISSED, State.CLAIMED).where(*_held(batch)))

    @undisturbed
    async def settle_failed(self, batch: Batch, reason: str, now: datetime, *, awaits_permission: bool = False) -> bool:
        """Write down that a batch will not be sent; tell whether the organizers are to hear of its channel.

        That is so at the first failure since something last arrived there; `told_nobody` takes it back.

        Args:
            batch: the batch.
            reason: why, for people.
            now: the present moment.
            awaits_permission: whether it is to be tried again once the bot has the permission it lacks.
        """
        async with self._database.write() as connection:
            statement = _step(State.FAILED, State.CLAIMED).where(*_held(batch))
            await connection.execute(statement.values(reason=reason, awaits_permission=awaits_permission))
            return not batch.kind.to_person and await notices.claim(connection, _about(batch), now)

    @undisturbed
    async def told_nobody(self, batch: Batch) -> None:
        """Note that the organizers could not be told of a batch's channel, so that they are at its next failure."""
        async with self._database.write() as connection:
            await notices.release(connection, _about(batch))

    @undisturbed
    async def awaiting_permission(self, now: datetime) -> set[int]:
        """Return the targets for which something waits for a permission and still helps."""
        asked = select(DeliveryRow.target_id).where(*_awaiting(now)).distinct()
        async with self._database.read() as connection:
            return set(await connection.scalars(asked))

    @undisturbed
    async def take_up(self, targets: Collection[int], now: datetime) -> None:
        """Let what waited for a permission for some targets be taken again, as what was claimed and left.

        Whoever takes it looks for its message first, since an earlier try may have brought it there.
        """
        batches = select(DeliveryRow.batch).where(*_awaiting(now), DeliveryRow.target_id.in_(targets))
        again = _step(State.CLAIMED, State.FAILED).where(DeliveryRow.batch.in_(batches))
        async with self._database.write() as connection:
            await connection.execute(again.values(claimed_until=now, awaits_permission=False))

    async def _new_batch(
        self,
        connection: AsyncConnection,
        now: datetime,
        until: datetime,
        seen_at: datetime,
        mine: ColumnElement[bool],
        order: ColumnElement[Any],
    ) -> str | None:
        due = (DeliveryRow.state == State.PLANNED, DeliveryRow.due_at <= now)
        columns = (DeliveryRow.key, DeliveryRow.target_id, DeliveryRow.kind)
        next_one = select(*columns).where(*due, mine).order_by(order).limit(1)
        first = (await connection.execute(next_one)).one_or_none()
        if first is None:
            return None
        token = hashlib.sha256(f"{first.key}\n{now.isoformat()}".encode()).hexdigest()[:16]
        alike = (DeliveryRow.target_id == first.target_id, DeliveryRow.kind == first.kind)
        together = alike if self._kinds[first.kind].folds else (DeliveryRow.key == first.key,)
        statement = _step(State.CLAIMED, State.PLANNED).where(*due, *together)
        # Some of it may have been claimed and taken back; from now on it is tried, and settled, as one.
        begun = {"batch": token, "attempts": 0, "claimed_at": seen_at, "claimed_until": until}
        await connection.execute(statement.values(begun))
        return token

    def _to(self, people: bool | None) -> ColumnElement[bool]:
        """Match what goes to people, or what goes to channels, or either."""
        if people is None:
            return true()
        return DeliveryRow.kind.in_([kind.name for kind in self._kinds.values() if kind.to_person == people])

    def _delivery(self, row: Row[tuple[object, ...]]) -> Delivery:
        kind = self._kinds[row.kind]
        return Delivery(row.key, row.target_id, row.subject, row.starts_at, row.due_at, row.useful_until, kind)

    def _entry(self, row: Row[tuple[object, ...]]) -> Entry:
        state, waits = State(row.state), row.awaits_permission
        return Entry(self._delivery(row), state, row.message_id, row.sent_at, row.reason, waits, row.batch)


async def _abandoned(
    connection: AsyncConnection, now: datetime, mine: ColumnElement[bool], without: Collection[str]
) -> str | None:
    """Return the batch whose lease ran out first, if there is one.

    Where the clock was set back, some of it must be due again.
    """
    token: str | None = await connection.scalar(
        select(DeliveryRow.batch)
        .where(DeliveryRow.state == State.CLAIMED, DeliveryRow.batch.not_in(without), mine)
        .group_by(DeliveryRow.batch)
        .having(func.max(DeliveryRow.claimed_until) <= now, func.min(DeliveryRow.due_at) <= now)
        .order_by(func.max(DeliveryRow.claimed_until))
        .limit(1)
    )
    return token


def _distance(now: datetime) -> ColumnElement[object]:
    """Return how far away the start of a delivery's session is, past or to come."""
    return func.abs(func.julianday(DeliveryRow.starts_at) - func.julianday(now.strftime("%Y-%m-%d %H:%M:%S.%f")))


def _awaiting(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Match what failed because the bot lacks a permission, and still helps."""
    return DeliveryRow.state == State.FAILED, DeliveryRow.awaits_permission.is_(True), DeliveryRow.useful_until > now


def _about(batch: Batch) -> str:
    """Return what the notice of a channel that takes nothing is about."""
    return f"channel:{batch.target_id}"


def _step(to: State, source: State) -> Update:
    """Begin an update that moves deliveries to a state, from no other state than this one."""
    return update(DeliveryRow).where(DeliveryRow.state == source).values(state=to)


def _held(batch: Batch) -> tuple[ColumnElement[bool], ...]:
    """Match a batch's rows for whoever claimed it last: one whose lease ran out meanwhile has no say any more."""
    return DeliveryRow.batch == batch.token, DeliveryRow.attempts == batch.attempts


def _planned(delivery: Delivery) -> dict[str, object]:
    return {
        "key": delivery.key,
        "target_id": delivery.target_id,
        "subject": delivery.subject,
        "kind": delivery.kind.name,
        "starts_at": delivery.starts_at,
        "due_at": delivery.due_at,
        "useful_until": delivery.useful_until,
        "state": State.PLANNED,
        "attempts": 0,
    }


def _parts(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]


_KNOWN = select(DeliveryRow.__table__)
_PLAN = upsert(DeliveryRow)
_PLAN = _PLAN.on_conflict_do_update(
    index_elements=["key"],
    set_={
        name: _PLAN.excluded[name] for name in ("target_id", "subject", "starts_at", "due_at", "useful_until", "state")
    },
    where=or_(*(DeliveryRow.state == state for state in OPEN)),
)
_CANCEL = _step(State.CANCELLED, State.PLANNED).where(DeliveryRow.key == bindparam("which"))
_EXTEND = (
    update(DeliveryRow)
    .where(DeliveryRow.key == bindparam("which"), DeliveryRow.state == State.CLAIMED)
    .values(useful_until=bindparam("until", type_=DeliveryRow.__table__.c.useful_until.type))
)
