"""Looking again and again whether there is something to do, in one task that sleeps in between."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.clock import Clock
from bot.delivery.nap import Nap

Look: TypeAlias = Callable[[], Awaitable[datetime | None]]
"""Does what there is to do; returns when to look again, in UTC, or None for never."""

log = logging.getLogger(__name__)


class Rounds:
    """The task of one that keeps something in order."""

    def __init__(self, look: Look, clock: Clock, again: timedelta, *, name: str, failed: str) -> None:
        """Make it; nothing is looked at before it is opened.

        Args:
            look: see `Look`.
            clock: tells the time.
            again: after how long it is looked again where that failed.
            name: what the task is called.
            failed: what the log says then.
        """
        self._look = look
        self._clock = clock
        self._again = again
        self._name = name
        self._failed = failed
        self._nap = Nap()
        self._task: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begin; to do so again only looks at once."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name=self._name)
        self.ask()

    def ask(self) -> None:
        """Look now: there may be something to do."""
        self._nap.end()

    async def close(self) -> None:
        """End the task."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            self._nap.begin()
            try:
                due = await self._look()
            except Exception:
                log.exception("%s; trying again", self._failed)
                due = self._clock.now() + self._again
            if due is None:
                return
            await self._nap.sleep((due - self._clock.now()).total_seconds())
