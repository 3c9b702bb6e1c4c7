"""The time of a simulated server: it follows the real one, or is faster, and stops after the last session."""

import asyncio
import contextlib
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.preview.spots import Spots
from bot.preview.world import World

_TICK: Final = 0.5
"""How often the simulated time catches up with the real one, in seconds."""

_AT_ONCE: Final = timedelta(minutes=10)
"""How much passes before somebody may do something in between; what the bot does in an hour takes seconds."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What begins next.

    Attributes:
        name: the session's name.
        starts_at: when, aware, in UTC.
    """

    name: str
    starts_at: datetime


class PassingTime:
    """Lets the time of a world pass, and shows what the bot posts meanwhile.

    Attributes:
        turn: held by whoever does something in the world; SimCord refuses one of two that overlap.
        speed: how many times faster than the real time it runs.
        runs: whether it runs, or stands still.
    """

    def __init__(self, world: World, spots: Spots, speed: float) -> None:
        self.turn = asyncio.Lock()
        self.speed = speed
        self.runs = True
        self._world = world
        self._spots = spots
        self._skip_to: datetime | None = None

    @property
    def now(self) -> datetime:
        """The moment it is in the world, aware, in UTC."""
        return self._world.env.now()

    @property
    def is_over(self) -> bool:
        """Whether the last session has ended, so that time stands still."""
        return self._left() == timedelta(0)

    @property
    def skips(self) -> bool:
        """Whether it hurries on to the next session."""
        return self._skip_to is not None

    def next_opening(self) -> Opening | None:
        """Return the session that begins next, or None when none does."""
        sessions = self._world.bot.services.library.edition.programme.sessions
        ahead = [Opening(one.name, one.starts_at) for one in sessions if one.starts_at and one.starts_at > self.now]
        return min(ahead, key=lambda one: one.starts_at, default=None)

    def skip(self) -> None:
        """Hurry on until the next session opens, or the last one has ended."""
        opening = self.next_opening()
        self._skip_to = opening.starts_at if opening else self._world.ends_at()

    async def run(self) -> None:
        """Let time pass until cancelled."""
        last = time.monotonic()
        while True:
            await asyncio.sleep(0 if self.skips else _TICK)
            async with self.turn:
                now = time.monotonic()
                passed, last = timedelta(seconds=(now - last) * self.speed), now
                # On a busy machine the bot may be at work for longer than SimCord waits: what it does is seen later.
                with contextlib.suppress(TimeoutError):
                    await self._pass(passed)
                    await self._spots.refresh()

    async def _pass(self, wanted: timedelta) -> None:
        if self._skip_to:
            wanted = self._skip_to - self.now
        elif not self.runs:
            wanted = timedelta(0)
        left = self._left()
        step = min(wanted, _AT_ONCE, *([left] if left is not None else []))
        if step > timedelta(0):
            await self._world.env.advance_time(step.total_seconds())
        if self._skip_to and self.now >= self._skip_to:
            self._skip_to = None

    def _left(self) -> timedelta | None:
        end = self._world.ends_at()
        return None if end is None else max(end - self.now, timedelta(0))
