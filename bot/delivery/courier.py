"""The courier: one task that sleeps until something is due, sends it, and writes down that it did."""

import asyncio
import contextlib
import logging
from datetime import datetime, timedelta
from typing import Protocol

from bot.clock import Clock
from bot.store.ledger import Batch, Ledger

LEASE = timedelta(seconds=60)
"""How long a claimed batch belongs to the courier that claimed it."""

LONGEST_NAP = 60.0
"""The longest sleep, in seconds: a clock that jumps, or a machine that was suspended, costs no more than this."""

_SEND_TIMEOUT = LEASE.total_seconds() * 0.75
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

    def __init__(self, ledger: Ledger, post: Post, clock: Clock) -> None:
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
        due: datetime | None = None
        while True:
            if self._unread or (due and due <= self._clock.now()):
                self._unread = False
                try:
                    await self.deliver_due()
                    due = await self._ledger.next_due()
                except Exception:
                    log.exception("the ledger could not be served; trying again")
                    due = self._clock.now() + _FIRST_BACKOFF
            self._nap = asyncio.create_task(asyncio.sleep(self._until(due)), name="courier's nap")
            try:
                await asyncio.wait((self._nap,))
            finally:
                self._nap.cancel()

    async def note_missed(self) -> None:
        """Give up what no longer helps, and say so in the log."""
        for delivery in await self._ledger.miss(self._clock.now()):
            log.warning("missed: %s, which was due at %s", delivery.key, delivery.due_at)

    async def deliver_due(self) -> None:
        """Deliver everything that is due now."""
        await self.note_missed()
        while batch := await self._ledger.claim(self._clock.now(), LEASE):
            await self._deliver(batch)

    async def _deliver(self, batch: Batch) -> None:
        try:
            async with asyncio.timeout(_SEND_TIMEOUT):
                found = await self._post.find(batch) if batch.attempts > 1 else None
                if found is None and batch.useful_until <= self._clock.now():
                    await self._ledger.settle_missed(batch)
                    log.warning("missed: %s", ", ".join(delivery.key for delivery in batch.deliveries))
                    return
                message_id = found or await self._post.send(batch)
        except Refused as refusal:
            first = await self._ledger.settle_failed(batch, str(refusal))
            log.warning("failed: %s: %s", ", ".join(delivery.key for delivery in batch.deliveries), refusal)
            if first:
                with contextlib.suppress(Exception):
                    await self._post.report(batch, str(refusal))
        except Exception as error:  # noqa: BLE001 - whatever it was, it must not hold up the rest
            retry_at = self._clock.now() + _backoff(batch.attempts)
            reason = str(error) or type(error).__name__
            log.warning("could not send %s: %s; next try at %s", batch.token, reason, retry_at)
            await self._ledger.postpone(batch, retry_at, reason)
        else:
            await self._ledger.settle_sent(batch, message_id, self._clock.now())

    def _until(self, due: datetime | None) -> float:
        if due is None:
            return LONGEST_NAP
        return min(max((due - self._clock.now()).total_seconds(), 0.0), LONGEST_NAP)


def _backoff(attempts: int) -> timedelta:
    return min(_FIRST_BACKOFF * (1 << min(attempts - 1, 10)), _LONGEST_BACKOFF)
