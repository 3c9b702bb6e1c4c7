"""What a dispatcher works with in tests: a clock that is set, and a sender whose messages outlive every dispatcher."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Generator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.delivery.dispatcher import Dispatcher
from bot.delivery.model import Batch, Delivery
from bot.delivery.rows import Outbox
from bot.delivery.sender import Sender
from tests.support.outbox import HOUR, NOON, THRESHOLD, outbox_on, reopened, states


class HandClock:
    """A clock that a test sets: forward when time passes, back as somebody sets a clock."""

    def __init__(self, moment: datetime = NOON - HOUR) -> None:
        self._moment = moment
        self._passed = 0.0

    @property
    def moment(self) -> datetime:
        return self._moment

    @moment.setter
    def moment(self, moment: datetime) -> None:
        self._passed += max((moment - self._moment).total_seconds(), 0.0)
        self._moment = moment

    def leap(self, by: timedelta) -> None:
        """Set the clock while no time passes."""
        self._moment += by

    def now(self) -> datetime:
        return self.moment

    def steady(self) -> float:
        return self._passed


class FakeSender(Sender):
    """Stands in for Discord's side: it takes each message, however often it comes.

    Attributes:
        history: every message: its number, its batch, and when it came.
        reports: the targets that were reported, and why.
        looked: how often somebody looked for a message.
        tried: how often somebody began to send to a target.
        before_arrival: what happens to whoever sends to a target, before the message is there.
        after_arrival: what happens to whoever sends to a target, once the message is there.
        stale: names the deliveries of a batch that are no longer to be sent.
    """

    def __init__(self, clock: HandClock) -> None:
        self.clock = clock
        self.history: list[tuple[int, Batch, datetime]] = []
        self.reports: list[tuple[int, str]] = []
        self.looked = 0
        self.tried: dict[int, int] = {}
        self.before_arrival: dict[int, Callable[[], Awaitable[None]]] = {}
        self.after_arrival: dict[int, Callable[[], Awaitable[None]]] = {}
        self.stale: Callable[[Batch], Sequence[str]] = lambda _: ()

    async def find(self, batch: Batch) -> int | None:
        self.looked += 1
        await asyncio.sleep(0)
        found = next((number for number, sent, _ in self.history if sent.token == batch.token), None)
        await asyncio.sleep(0)
        return found

    async def send(self, batch: Batch) -> int:
        self.tried[batch.target_id] = self.tried.get(batch.target_id, 0) + 1
        await asyncio.sleep(0)
        if intervene := self.before_arrival.get(batch.target_id):
            await intervene()
        self.history.append((len(self.history) + 1, batch, self.clock.now()))
        number = len(self.history)
        await asyncio.sleep(0)
        if intervene := self.after_arrival.get(batch.target_id):
            await intervene()
        return number

    async def outdated(self, batch: Batch) -> Sequence[str]:
        return self.stale(batch)

    async def report(self, batch: Batch, reason: str) -> bool:
        await asyncio.sleep(0)
        self.reports.append((batch.target_id, reason))
        return True

    @property
    def told(self) -> list[str]:
        """The keys of all deliveries that arrived, sorted; a repeated one as often as it came."""
        return sorted(delivery.key for _, batch, _ in self.history for delivery in batch.deliveries)


class World:
    """All that a dispatcher works with, on one file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.clock = HandClock()
        self.sender = FakeSender(self.clock)

    @asynccontextmanager
    async def outbox(self, made: type[Outbox] = Outbox) -> AsyncIterator[Outbox]:
        """An outbox on the file, for as long as a process would have it."""
        database = await reopened(self.path)
        try:
            yield outbox_on(database, made)
        finally:
            await database.close()

    @asynccontextmanager
    async def dispatcher(
        self, made: type[Outbox] = Outbox, direct_per_minute: int = 60
    ) -> AsyncIterator[tuple[Outbox, Dispatcher]]:
        async with self.outbox(made) as outbox:
            yield outbox, Dispatcher(outbox, self.sender, self.clock, direct_per_minute=direct_per_minute)

    @asynccontextmanager
    async def working(self, made: type[Outbox] = Outbox) -> AsyncIterator[tuple[Outbox, Dispatcher]]:
        """A dispatcher that runs in a task of its own."""
        async with self.dispatcher(made) as (outbox, dispatcher):
            dispatcher.open()
            try:
                yield outbox, dispatcher
            finally:
                await dispatcher.close()

    async def plan(self, *wanted: Delivery) -> None:
        async with self.outbox() as outbox:
            await outbox.plan(wanted, THRESHOLD)

    async def served(self, *moments: datetime) -> None:
        """Let a new dispatcher do what is due at each of the moments."""
        for self.clock.moment in moments:
            async with self.dispatcher() as (_, dispatcher):
                await deliver_due(dispatcher)

    def states(self) -> dict[str, str]:
        return states(self.path)


async def deliver_due(dispatcher: Dispatcher) -> None:
    """Let a dispatcher that does not run deliver all that is due and may go out now, and wait until it is there."""
    try:
        due = await dispatcher._begin_due()
        # What was begun may have ended, and left something to be begun, before anybody looks.
        while dispatcher._held or (due and due <= dispatcher._clock.now()):
            tasks = [held.task for held in dispatcher._held.values()]
            if tasks:
                ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for task in ended:
                    task.result()
            due = await dispatcher._begin_due()
    finally:
        await dispatcher._abandon()


def failing(error: BaseException, times: int = 10**9) -> Callable[[], Awaitable[None]]:
    """Fail so many times."""
    left = times

    async def fail() -> None:
        nonlocal left
        left -= 1
        if left >= 0:
            raise error

    return fail


async def never() -> None:
    await asyncio.Event().wait()


class Dying:
    """Runs a coroutine and cancels its task at one of its pauses.

    Attributes:
        died: whether it has come so far.
    """

    def __init__(self, coroutine: Coroutine[Any, Any, None], pauses: int) -> None:
        self._coroutine = coroutine
        self._pauses = pauses
        self.died = False

    def __await__(self) -> Generator[Any, None, None]:
        task = asyncio.current_task()
        assert task
        steps = self._coroutine.__await__()
        try:
            pause = next(steps)
            while True:
                if self._pauses == 0:
                    self.died = True
                    task.cancel()
                self._pauses -= 1
                try:
                    yield pause
                except BaseException as error:  # noqa: BLE001 - it is handed on
                    pause = steps.throw(error)
                else:
                    pause = next(steps)
        except StopIteration:
            return


async def dies(coroutine: Coroutine[Any, Any, None], pauses: int) -> bool:
    """Run a coroutine that is cancelled after so many pauses; tell whether it got that far."""
    dying = Dying(coroutine, pauses)

    async def run() -> None:
        await dying

    await asyncio.gather(asyncio.create_task(run()), return_exceptions=True)
    return dying.died
