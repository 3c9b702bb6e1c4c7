"""What a dispatcher works with in tests: a clock that is set, and a sender whose messages outlive every dispatcher."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator, Sequence
from datetime import datetime
from typing import Any

from bot.delivery.model import Batch
from bot.delivery.sender import Sender
from tests.support.outbox import HOUR, NOON


class HandClock:
    """A clock that a test sets."""

    def __init__(self, moment: datetime = NOON - HOUR) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


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

    async def report(self, batch: Batch, reason: str) -> None:
        await asyncio.sleep(0)
        self.reports.append((batch.target_id, reason))

    @property
    def told(self) -> list[str]:
        """The keys of all deliveries that arrived, sorted; a repeated one as often as it came."""
        return sorted(delivery.key for _, batch, _ in self.history for delivery in batch.deliveries)


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
