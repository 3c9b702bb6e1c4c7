"""Sleeping until something is due, unless something earlier appears."""

import asyncio
import math
from typing import Final

LONGEST_NAP: Final = 60.0
"""The longest sleep, in seconds: a clock that jumps, or a machine that was suspended, costs no more than this."""

NAP: Final = "nap"
"""What the task is called in which somebody sleeps."""


class Nap:
    """The sleep of one task that looks again and again whether something is due."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None
        self._ended = False
        self._ends_at = math.inf

    def begin(self) -> None:
        """Say that whoever sleeps is about to look: only what happens from now on ends the next sleep."""
        self._ended = False

    def end(self, within: float = 0.0) -> None:
        """End the sleep, or the next one where whoever sleeps is looking just now.

        Args:
            within: a sleep that is over within so many seconds goes on.
        """
        task = self._task
        # Where it is to end at once no clock is asked: in a simulation whoever wakes may have another one.
        if within > 0 and task and not task.done() and self._ends_at <= task.get_loop().time() + within:
            return
        self._ended = True
        if self._task:
            self._task.cancel()

    async def sleep(self, seconds: float) -> None:
        """Sleep for so long, but not longer than `LONGEST_NAP`."""
        if self._ended:
            return
        seconds = min(max(seconds, 0.0), LONGEST_NAP)
        self._ends_at = asyncio.get_running_loop().time() + seconds
        self._task = asyncio.create_task(asyncio.sleep(seconds), name=NAP)
        try:
            await asyncio.wait((self._task,))
        finally:
            self._task.cancel()
