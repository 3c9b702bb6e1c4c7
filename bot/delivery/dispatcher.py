"""One task that sleeps until something is due, has it sent, and writes down that it was."""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.connection.patience import FAILURES
from bot.delivery.bucket import TokenBucket
from bot.delivery.model import Batch, Holds, NotYet, Refused
from bot.delivery.nap import Nap
from bot.delivery.probe import Probe
from bot.delivery.rows import Outbox
from bot.delivery.sender import Sender

LEASE = timedelta(seconds=60)
"""How long a claimed batch belongs to the dispatcher that claimed it, unless that lives on and renews it."""

_RENEWED_AFTER = LEASE.total_seconds() / 3
_AT_ONCE = 8
"""How many batches are on their way at once to channels, and how many to people: one that hangs holds up no other."""

_FIRST_BACKOFF = timedelta(seconds=15)
_LONGEST_BACKOFF = timedelta(minutes=5)
_WAS_SET = timedelta(seconds=5)
"""By how much a clock must have jumped to count as set, not as adjusted."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Held:
    """A batch that is on its way.

    Attributes:
        batch: the batch.
        until: until when it surely belongs to this dispatcher, in the clock's steady seconds.
        task: what brings it to Discord.
    """

    batch: Batch
    until: float
    task: asyncio.Task[None]


class Dispatcher:
    """Delivers what the outbox holds. Several processes on one outbox share the work.

    Attributes:
        replan: called after deliveries that follow from the programme were withdrawn because they were outdated.
    """

    def __init__(
        self,
        outbox: Outbox,
        sender: Sender,
        clock: Clock,
        *,
        direct_per_minute: int = 60,
        discord_now: Callable[[], datetime | None] = lambda: None,
    ) -> None:
        """Make a dispatcher.

        Args:
            outbox: what is to be delivered.
            sender: brings it to Discord.
            clock: tells the time.
            direct_per_minute: how many messages go to people in a minute, however many are overdue.
            discord_now: tells the time by Discord's clock, where it is known, in UTC.
        """
        self.replan: Callable[[], Awaitable[None]] | None = None
        self._outbox = outbox
        self._sender = sender
        self._clock = clock
        self._discord_now = discord_now
        self._direct = TokenBucket(direct_per_minute)
        self._probe = Probe()
        self._settled = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._nap = Nap()
        self._held: dict[str, _Held] = {}
        self._looked: tuple[datetime, float] | None = None

    def open(self) -> None:
        """Begin to deliver, in a task of its own; to do so again changes nothing."""
        if self._task is None:
            self._task = asyncio.create_task(self.run(), name="dispatcher")

    async def close(self) -> None:
        """End the task."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def wake(self, by: datetime | None = None) -> None:
        """Look at the outbox now: something may be due earlier than it was.

        Args:
            by: when the first of what is new is due, where that is known; by then it may be looked at anyway.
        """
        self._nap.end((by - self._clock.now()).total_seconds() if by else 0.0)

    async def next_settled(self) -> None:
        """Wait until something more has been delivered or given up, or has failed for now."""
        await self._settled.wait()

    async def run(self) -> None:
        """Deliver for ever; a failure that is nobody's fault is logged, and the next thing is tried."""
        try:
            while True:
                self._nap.begin()
                try:
                    due = await self._begin_due()
                except Exception:
                    log.exception("the outbox could not be served; trying again")
                    due = self._clock.now() + _FIRST_BACKOFF
                await self._sleep_until(due)
        finally:
            await self._abandon()

    async def note_missed(self) -> None:
        """Give up what no longer helps, and say so in the log."""
        for delivery in await self._outbox.miss(self._clock.now()):
            log.warning("missed: %s, which was due at %s", delivery.key, delivery.due_at)

    async def _begin_due(self) -> datetime | None:
        """Begin to send what is due, as far as there is room and the pace allows; return when to look again."""
        await self._mind_the_clock()
        await self._renew_leases()
        due = await self._next_due()
        if due is None or due > self._clock.now():
            return due
        await self.note_missed()
        for to_people in (False, True):
            while await self._claim(to_people):
                pass
        return await self._next_due()

    async def _next_due(self) -> datetime | None:
        """Return when the next batch may be begun; one that ends makes room, and wakes."""
        moments = []
        for to_people in (False, True):
            if not self._has_room(to_people):
                continue
            due = await self._outbox.next_due(to_people=to_people, without=self._held)
            if due:
                due = max(due, self._clock.now() + timedelta(seconds=self._wait(to_people)))
            moments.append(due)
        return min(filter(None, moments), default=None)

    async def _claim(self, to_people: bool) -> bool:
        """Begin to send the next batch; tell whether there was one, room for it, and a message to people allowed."""
        now, steady, seen = self._clock.now(), self._clock.steady(), self._discord_now()
        if not self._has_room(to_people) or self._wait(to_people):
            return False
        batch = await self._outbox.claim(now, LEASE, to_people=to_people, without=self._held, discord_now=seen)
        if batch is None:
            return False
        if to_people:
            self._direct.take()
        self._probe.began(batch.token)
        task = asyncio.create_task(self._deliver(batch), name=f"dispatcher sends {batch.token}")
        self._held[batch.token] = _Held(batch, steady + LEASE.total_seconds(), task)
        return True

    def _wait(self, to_people: bool) -> float:
        """Return in how many seconds the next batch may be begun."""
        steady = self._clock.steady()
        return max(self._probe.wait(steady), self._direct.wait(steady) if to_people else 0.0)

    def _has_room(self, to_people: bool) -> bool:
        if self._probe.is_under_way:
            return False
        return sum(held.batch.kind.to_person == to_people for held in self._held.values()) < _AT_ONCE

    async def _mind_the_clock(self) -> None:
        """Mend what a wrong clock did when it was set: since the last look, or before this process began."""
        now, steady = self._clock.now(), self._clock.steady()
        expected = self._looked[0] + timedelta(seconds=steady - self._looked[1]) if self._looked else None
        if expected is None or abs(now - expected) > _WAS_SET:
            was = expected if expected and expected < now else None
            await self._outbox.mend_leases(now, LEASE, LEASE + _LONGEST_BACKOFF, was)
            # Planned anew first, for nobody may want it any more.
            if await self._outbox.take_back_missed(now) and self.replan:
                await self.replan()
        if expected and abs(now - expected) > _WAS_SET:
            log.warning("the clock was set from %s to %s", expected, now)
        self._looked = now, steady

    async def _renew_leases(self) -> None:
        """Hold on to what is on its way; what another has taken, because this process was stopped, is lost."""
        steady, lease = self._clock.steady(), LEASE.total_seconds()
        held = {token: one for token, one in self._held.items() if one.until - steady < lease - _RENEWED_AFTER}
        if not held:
            return
        kept = await self._outbox.renew([one.batch for one in held.values()], self._clock.now() + LEASE)
        for token, one in held.items():
            one.until = steady + lease if token in kept else steady

    async def _abandon(self) -> None:
        """Break off what is on its way."""
        tasks = [held.task for held in self._held.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _sleep_until(self, due: datetime | None) -> None:
        wait = (due - self._clock.now()).total_seconds() if due else math.inf
        await self._nap.sleep(min(wait, _RENEWED_AFTER) if self._held else wait)

    async def _deliver(self, batch: Batch) -> None:
        """Deliver a batch that belongs to this dispatcher."""
        try:
            await self._try_to_deliver(batch)
        except Exception:
            log.exception("the outbox could not be served; %s is tried again when its lease is over", batch.token)
        finally:
            self._held.pop(batch.token, None)
            self._probe.ended(batch.token)
            self._settled.set()
            self._settled.clear()
            self.wake()

    async def _try_to_deliver(self, batch: Batch) -> None:
        try:
            message_id = await self._sender.find(batch) if batch.attempts > 1 else None
            if message_id is None:
                if await self._is_split(batch):
                    return
                if self._clock.steady() >= self._held[batch.token].until:
                    return  # it may be another's by now; whoever takes it again looks for the message first
                if batch.useful_until > self._clock.now():
                    message_id = await self._send_while_useful(batch)
        except Refused as refusal:
            self._probe.well()
            await self._give_up(batch, refusal)
        except NotYet as wait:
            await self._put_off(batch, wait)
        except Exception as error:
            retry_at = self._clock.now() + min(_FIRST_BACKOFF * (1 << min(batch.attempts - 1, 10)), _LONGEST_BACKOFF)
            reason = str(error) or type(error).__name__
            unexpected = None if isinstance(error, FAILURES) else error
            log.warning("could not send %s: %s; next try at %s", batch.token, reason, retry_at, exc_info=unexpected)
            await self._postpone(batch, retry_at, reason)
        else:
            if message_id is not None:
                self._probe.well()
                await self._outbox.settle_sent(batch, message_id, self._clock.now())
                return
            await self._outbox.settle_missed(batch)
            log.warning("missed: %s", _keys(batch))

    async def _send_while_useful(self, batch: Batch) -> int:
        """Send a batch, which may wait for a rate limit as long as it still helps."""
        async with asyncio.timeout((batch.useful_until - self._clock.now()).total_seconds()):
            return await self._sender.send(batch)

    async def _put_off(self, batch: Batch, wait: NotYet) -> None:
        """Let a batch rest that can't go out now, and with it what would fare the same."""
        steady, seconds = self._clock.steady(), wait.seconds
        if wait.holds is Holds.EVERYTHING:
            seconds = self._probe.failed(steady, seconds)
        elif wait.holds is Holds.DIRECT_MESSAGES:
            self._probe.well()
            self._direct.pause(steady + seconds)
        log.warning("could not send %s: %s; next try in %.0f s", batch.token, wait, seconds)
        await self._postpone(batch, self._clock.now() + timedelta(seconds=seconds), str(wait))

    async def _postpone(self, batch: Batch, until: datetime, reason: str) -> None:
        self._held[batch.token].until = math.inf  # no longer to be renewed, which would undo this
        await self._outbox.postpone(batch, until, reason)

    async def _give_up(self, batch: Batch, refusal: Refused) -> None:
        """Write down that a batch will not be sent; the organizers hear once that a channel takes nothing."""
        reason, lacking = str(refusal), refusal.for_permission
        first = await self._outbox.settle_failed(batch, reason, self._clock.now(), awaits_permission=lacking)
        log.warning("failed: %s: %s", _keys(batch), reason)
        if not first:
            return
        told = False
        try:
            told = await self._sender.report(batch, reason)
        except Exception:
            log.exception("the organizers could not be told what failed")
        if not told:
            await self._outbox.told_nobody(batch)

    async def _is_split(self, batch: Batch) -> bool:
        """Take out what is not to be sent now, and deliver the rest; tell whether there was any such thing.

        That is what is not due any more, since the clock was set back; and what is outdated, which is planned anew.
        """
        now = self._clock.now()
        if early := [delivery.key for delivery in batch.deliveries if delivery.due_at > now]:
            rest = await self._outbox.put_back(batch, early)
        elif outdated := await self._sender.outdated(batch):
            rest = await self._outbox.withdraw(batch, outdated)
            if self.replan and batch.kind.replanned:
                await self.replan()
        else:
            return False
        if rest.deliveries:
            await self._try_to_deliver(rest)
        return True


def _keys(batch: Batch) -> str:
    return ", ".join(delivery.key for delivery in batch.deliveries)
