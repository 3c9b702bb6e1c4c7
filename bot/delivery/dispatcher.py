"""One task that sleeps until something is due, has it sent, and writes down that it was."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.delivery.model import Batch, Refused
from bot.delivery.rows import Outbox
from bot.delivery.sender import Sender

LEASE = timedelta(seconds=60)
"""How long a claimed batch belongs to the dispatcher that claimed it."""

LONGEST_NAP = 60.0
"""The longest sleep, in seconds: a clock that jumps, or a machine that was suspended, costs no more than this."""

_SEND_TIMEOUT = LEASE.total_seconds() / 3
_AT_ONCE = 8
_FIRST_BACKOFF = timedelta(seconds=15)
_LONGEST_BACKOFF = timedelta(minutes=5)

log = logging.getLogger(__name__)


class Dispatcher:
    """Delivers what the outbox holds. Several processes on one outbox share the work.

    Attributes:
        replan: called after deliveries that follow from the programme were withdrawn because they were outdated.
    """

    def __init__(self, outbox: Outbox, sender: Sender, clock: Clock) -> None:
        self.replan: Callable[[], Awaitable[None]] | None = None
        self._outbox = outbox
        self._sender = sender
        self._clock = clock
        self._settled = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._nap: asyncio.Task[None] | None = None
        self._unread = True

    def open(self) -> None:
        """Begin to deliver, in a task of its own; to do so again changes nothing."""
        if self._task is None:
            self._task = asyncio.create_task(self.run(), name="dispatcher")

    async def close(self) -> None:
        """End the task."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def wake(self) -> None:
        """Look at the outbox now: something may be due earlier than it was."""
        self._unread = True
        if self._nap:
            self._nap.cancel()

    async def next_settled(self) -> None:
        """Wait until something more has been delivered or given up, or has failed for now."""
        await self._settled.wait()

    async def run(self) -> None:
        """Deliver for ever; a failure that is nobody's fault is logged, and the next thing is tried."""
        while True:
            self._unread = False
            try:
                due = await self._outbox.next_due()
                if due and due <= self._clock.now():
                    await self.deliver_due()
                    continue
            except Exception:
                log.exception("the outbox could not be served; trying again")
                due = self._clock.now() + _FIRST_BACKOFF
            if not self._unread:
                await self._sleep_until(due)

    async def note_missed(self) -> None:
        """Give up what no longer helps, and say so in the log."""
        for delivery in await self._outbox.miss(self._clock.now()):
            log.warning("missed: %s, which was due at %s", delivery.key, delivery.due_at)

    async def deliver_due(self) -> None:
        """Deliver everything that is due now."""
        await self.note_missed()
        while True:
            # One moment for all of them: were the machine suspended in between, the first one's lease would be over,
            # and it would be taken twice.
            now = self._clock.now()
            batches: list[Batch] = []
            # A few at once, so that one whose send hangs does not hold up the others.
            while len(batches) < _AT_ONCE and (batch := await self._outbox.claim(now, LEASE)):
                batches.append(batch)
            if not batches:
                return
            await asyncio.gather(*(self._deliver(batch, now + LEASE) for batch in batches))

    async def _sleep_until(self, due: datetime | None) -> None:
        wait = (due - self._clock.now()).total_seconds() if due else LONGEST_NAP
        self._nap = asyncio.create_task(asyncio.sleep(min(max(wait, 0.0), LONGEST_NAP)), name="dispatcher's nap")
        try:
            await asyncio.wait((self._nap,))
        finally:
            self._nap.cancel()

    async def _deliver(self, batch: Batch, until: datetime) -> None:
        """Deliver a batch that belongs to this dispatcher until then."""
        await self._try_to_deliver(batch, until)
        self._settled.set()
        self._settled.clear()

    async def _try_to_deliver(self, batch: Batch, until: datetime) -> None:
        try:
            async with asyncio.timeout(_SEND_TIMEOUT):
                message_id = await self._sender.find(batch) if batch.attempts > 1 else None
            if message_id is None:
                if outdated := await self._sender.outdated(batch):
                    await self._withdraw(batch, outdated, until)
                    return
                if self._clock.now() >= until:
                    return  # it may be another's by now; whoever takes it again looks for the message first
                if batch.useful_until > self._clock.now():
                    async with asyncio.timeout(_SEND_TIMEOUT):
                        message_id = await self._sender.send(batch)
        except Refused as refusal:
            await self._give_up(batch, str(refusal))
        except Exception as error:  # noqa: BLE001 - whatever it was, it must not hold up the rest
            retry_at = self._clock.now() + min(_FIRST_BACKOFF * (1 << min(batch.attempts - 1, 10)), _LONGEST_BACKOFF)
            reason = str(error) or type(error).__name__
            log.warning("could not send %s: %s; next try at %s", batch.token, reason, retry_at)
            await self._outbox.postpone(batch, retry_at, reason)
        else:
            if message_id is not None:
                await self._outbox.settle_sent(batch, message_id, self._clock.now())
                return
            await self._outbox.settle_missed(batch)
            log.warning("missed: %s", _keys(batch))

    async def _give_up(self, batch: Batch, reason: str) -> None:
        """Write down that a batch will never be sent; the organizers hear it of each target once."""
        first = await self._outbox.settle_failed(batch, reason)
        log.warning("failed: %s: %s", _keys(batch), reason)
        if first:
            with contextlib.suppress(Exception):
                async with asyncio.timeout(_SEND_TIMEOUT):
                    await self._sender.report(batch, reason)

    async def _withdraw(self, batch: Batch, keys: Sequence[str], until: datetime) -> None:
        """Take out what is outdated, have it planned anew, and deliver the rest."""
        rest = await self._outbox.withdraw(batch, keys)
        if self.replan and batch.kind.replanned:
            await self.replan()
        if rest.deliveries:
            await self._deliver(rest, until)


def _keys(batch: Batch) -> str:
    return ", ".join(delivery.key for delivery in batch.deliveries)
