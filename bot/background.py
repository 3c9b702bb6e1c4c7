"""Tasks that run beside everything else, owned by somebody who ends them."""

import asyncio
import logging
import math
from collections.abc import Callable, Collection, Coroutine, Hashable
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")
H = TypeVar("H", bound=Hashable)

_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 60.0
"""After how many seconds at most something that failed is tried again."""

_FIRST_REST: Final = 0.02
"""For how many seconds something rests that is asked for again soon after it was done."""

log = logging.getLogger(__name__)


class BackgroundTasks:
    """Starts tasks and ends them all: none outlives the database it works on."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False

    def start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run something in a task of its own; a failure is logged. After `close` nothing is started any more."""
        if task := self._begin(work, name):
            task.add_done_callback(_log_failure)

    async def within(self, seconds: float, work: Coroutine[Any, Any, T], name: str) -> T:
        """Return what comes of something if that takes no longer; else it goes on by itself.

        It is not cut off: discord.py may be waiting until a rate limit is over.

        Raises:
            TimeoutError: it goes on; or nothing is started any more.
        """
        task = self._begin(work, name)
        if task is None:
            raise TimeoutError
        try:
            await asyncio.wait((task,), timeout=seconds)
            if task.done():
                return task.result()
        finally:
            if not task.done():
                task.add_done_callback(_log_failure)
        raise TimeoutError

    async def close(self) -> None:
        """Cancel what is running and wait for its end."""
        self._closed = True
        running = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _begin(self, work: Coroutine[Any, Any, T], name: str) -> "asyncio.Task[T] | None":
        if self._closed:
            work.close()
            return None
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


class OneAtATime:
    """Does one thing whenever it is asked to, in one task, however often that is.

    What is asked for while it is being done is done once more afterwards, for it may have come too late for that time.
    """

    def __init__(
        self,
        background: BackgroundTasks,
        work: Callable[[], Coroutine[Any, Any, None]],
        name: str,
        *,
        persistent: bool = False,
    ) -> None:
        """Make one.

        Args:
            background: owns the task.
            work: does the thing; a failure is logged.
            name: what the log calls it.
            persistent: whether it is tried again until it succeeds.
        """
        self._background = background
        self._work = work
        self._name = name
        self._persistent = persistent
        self._asked = False
        self._at_work = False

    def ask(self) -> None:
        """Have it done, with all that is so at this moment."""
        self._asked = True
        if not self._at_work:
            self._at_work = True
            self._background.start(self._run(), self._name)

    async def _run(self) -> None:
        try:
            while self._asked:
                self._asked = False
                if self._persistent:
                    await until_it_succeeds(self._work, self._name)
                    continue
                try:
                    await self._work()
                except Exception:
                    log.exception("%s failed", self._name)
        finally:
            self._at_work = False


class ForMany(Generic[H]):
    """Does one thing for many, in one task: those who come while it is being done for others are next, all at once.

    Where they come one after another without an end, it rests in between, each time for longer, so that it is done for
    more of them at once.
    """

    def __init__(
        self,
        background: BackgroundTasks,
        work: Callable[[Collection[H]], Coroutine[Any, Any, None]],
        name: str,
        *,
        longest_rest: float = 0.0,
    ) -> None:
        """Make one.

        Args:
            background: owns the task.
            work: does the thing for some; a failure is logged.
            name: what the log calls it.
            longest_rest: for how long it rests at most, in seconds; who comes after such a time never waits.
        """
        self._work = work
        self._waiting: dict[H, None] = {}
        self._longest_rest = longest_rest
        self._rest = 0.0
        self._ended = -math.inf
        self._working = OneAtATime(background, self._do, name)

    def ask(self, *whom: H) -> None:
        """Have it done for some, with all that is so at this moment."""
        if whom:
            self._waiting.update(dict.fromkeys(whom))
            self._working.ask()

    async def _do(self) -> None:
        loop = asyncio.get_running_loop()
        since = loop.time() - self._ended
        self._rest = 0.0 if since >= self._longest_rest else min(max(2 * self._rest, _FIRST_REST), self._longest_rest)
        if since < self._rest:
            await asyncio.sleep(self._rest - since)
        waiting, self._waiting = self._waiting, {}
        try:
            await self._work(tuple(waiting))
        finally:
            self._ended = loop.time()


async def until_it_succeeds(work: Callable[[], Coroutine[Any, Any, None]], name: str) -> None:
    """Do something until it succeeds, with pauses that grow, such as while the disk is full."""
    pause = _FIRST_PAUSE
    while True:
        try:
            return await work()
        except Exception:
            log.exception("%s failed; trying again in %.0f s", name, pause)
        await asyncio.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)


def _log_failure(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("%s failed", task.get_name(), exc_info=error)
