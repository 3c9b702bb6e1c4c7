"""The courier: one task that sleeps until something is due, sends it, and writes down that it did."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.clock import Clock
from bot.store.ledger import Batch, Ledger

LEASE = timedelta(seconds=60)
"""How long a claimed batch belongs to the courier that claimed it."""

LONGEST_NAP = 60.0
"""The longest sleep, in seconds: a clock that jumps, or a machine that was suspended, costs no more than this."""

_SEND_TIMEOUT = LEASE.total_seconds() / 3
_AT_ONCE = 8
_FIRST_BACKOFF = timedelta(seconds=15)
_LONGEST_BACKOFF = timedelta(minutes=5)

log = logging.getLogger(__name__)


class Refused(Exception):
    """Discord will never take the message; the text says why, for people."""


class Post(Protocol):
    """Brings a batch to Discord."""

    async def find(self, batch: Batch) -> int | None:
        """Return the id of the batch's message if it is there already."""
        ...

    async def send(self, batch: Batch) -> int:
        """Send the batch as one message and return its id. Raises `Refused` when that will never succeed."""
        ...

    async def report(self, batch: Batch, reason: str) -> None:
        """Tell the organizers that a target can't be reached."""
        ...


class Courier:
    """Delivers what the ledger holds. Run it in one task; several processes on one ledger share the work."""

    def __init__(
        self,
        ledger: Ledger,
        post: Post,
        clock: Clock,
        *,
        outdated: Callable[[Batch], Awaitable[Sequence[str]]] | None = None,
        replan: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Make a courier.

        Args:
            ledger: what must be delivered.
            post: how.
            clock: the present moment.
            outdated: names the deliveries of a batch that are no longer to be sent as they were planned.
            replan: called after some were withdrawn for that, so that they are planned as they are now.
        """
        self._outdated = outdated
        self._settled = asyncio.Event()
        self._replan = replan
        self._ledger = ledger
        self._post = post
        self._clock = clock
        self._nap: asyncio.Task[None] | None = None
        self._unread = True

    def wake(self) -> None:
        """Look at the ledger now: something may be due earlier than it was."""
        self._unread = True
        if self._nap:
            self._nap.cancel()

    async def run(self) -> None:
        """Deliver for ever; a failure that is nobody's fault is logged, and the next thing is tried."""
        while True:
            self._unread = False
            try:
                due = await self._ledger.next_due()
                if due and due <= self._clock.now():
                    await self.deliver_due()
                    continue
            except Exception:
                log.exception("the ledger could not be served; trying again")
                due = self._clock.now() + _FIRST_BACKOFF
            if not self._unread:
                await self._sleep_until(due)

    async def note_missed(self) -> None:
        """Give up what no longer helps, and say so in the log."""
        for delivery in await self._ledger.miss(self._clock.now()):
            log.warning("missed: %s, which was due at %s", delivery.key, delivery.due_at)

    async def deliver_due(self) -> None:
        """Deliver everything that is due now."""
        await self.note_missed()
        while True:
            # One moment for all of them: were the machine suspended in between, the first one's lease would be over,
            # and it would be taken twice.
            now = self._clock.now()
            batches = await self._claim(now)
            if not batches:
                return
            await asyncio.gather(*(self._deliver(batch, now + LEASE) for batch in batches))

    async def _claim(self, now: datetime) -> list[Batch]:
        """Take a few batches, so that one whose send hangs does not hold up the others."""
        batches: list[Batch] = []
        while len(batches) < _AT_ONCE and (batch := await self._ledger.claim(now, LEASE)):
            batches.append(batch)
        return batches

    async def _sleep_until(self, due: datetime | None) -> None:
        self._nap = asyncio.create_task(asyncio.sleep(self._until(due)), name="courier's nap")
        try:
            await asyncio.wait((self._nap,))
        finally:
            self._nap.cancel()

    async def next_settled(self) -> None:
        """Wait until something more has been delivered or given up, or has failed for now."""
        await self._settled.wait()

    async def _deliver(self, batch: Batch, until: datetime) -> None:
        """Deliver a batch that belongs to this courier until then."""
        await self._try_to_deliver(batch, until)
        self._settled.set()
        self._settled.clear()

    async def _try_to_deliver(self, batch: Batch, until: datetime) -> None:
        try:
            async with asyncio.timeout(_SEND_TIMEOUT):
                message_id = await self._post.find(batch) if batch.attempts > 1 else None
            if message_id is None and self._outdated and (outdated := await self._outdated(batch)):
                await self._withdraw(batch, outdated, until)
                return
            if message_id is None and self._clock.now() >= until:
                return  # it may be another courier's by now; whoever takes it again looks for the message first
            if message_id is None and batch.useful_until > self._clock.now():
                async with asyncio.timeout(_SEND_TIMEOUT):
                    message_id = await self._post.send(batch)
        except Refused as refusal:
            first = await self._ledger.settle_failed(batch, str(refusal))
            log.warning("failed: %s: %s", ", ".join(delivery.key for delivery in batch.deliveries), refusal)
            if first:
                with contextlib.suppress(Exception):
                    async with asyncio.timeout(_SEND_TIMEOUT):
                        await self._post.report(batch, str(refusal))
        except Exception as error:  # noqa: BLE001 - whatever it was, it must not hold up the rest
            retry_at = self._clock.now() + _backoff(batch.attempts)
            reason = str(error) or type(error).__name__
            log.warning("could not send %s: %s; next try at %s", batch.token, reason, retry_at)
            await self._ledger.postpone(batch, retry_at, reason)
        else:
            if message_id is not None:
                await self._ledger.settle_sent(batch, message_id, self._clock.now())
                return
            await self._ledger.settle_missed(batch)
            log.warning("missed: %s", ", ".join(delivery.key for delivery in batch.deliveries))

    async def _withdraw(self, batch: Batch, keys: Sequence[str], until: datetime) -> None:
        """Take out what is outdated, have it planned anew, and deliver the rest."""
        rest = await self._ledger.withdraw(batch, keys)
        if self._replan and batch.kind.is_planned:
            await self._replan()
        if rest.deliveries:
            await self._deliver(rest, until)

    def _until(self, due: datetime | None) -> float:
        if due is None:
            return LONGEST_NAP
        return min(max((due - self._clock.now()).total_seconds(), 0.0), LONGEST_NAP)


def _backoff(attempts: int) -> timedelta:
    return min(_FIRST_BACKOFF * (1 << min(attempts - 1, 10)), _LONGEST_BACKOFF)
