"""A clock that several processes share, that can be put forward in time, and that can be set wrong."""

import math
import mmap
import struct
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

BEGIN = datetime(2026, 5, 18, 6, 0, tzinfo=UTC)

_LAYOUT = struct.Struct("5d")
"""How much time was let pass; how much it was when the bot rested; when that was; until when it then waits; how far the
clock is set wrong."""

_WRONG_AT = 32
"""Where in it the last of these begins."""

_NEVER = -1.0


@dataclass(frozen=True)
class SharedClock:
    """The programme's time, the same in all processes that have its file, and whether the bot rests.

    Attributes:
        memory: the file, in memory.
        started: the machine's time at which it is `BEGIN`.
    """

    memory: mmap.mmap
    started: float

    @classmethod
    def create(cls, path: Path, started: float) -> Self:
        """Make the file."""
        path.write_bytes(_LAYOUT.pack(0.0, _NEVER, 0.0, 0.0, 0.0))
        return cls.of(path, started)

    @classmethod
    def of(cls, path: Path, started: float) -> Self:
        """Take the file that another process made."""
        with path.open("r+b") as file:
            return cls(mmap.mmap(file.fileno(), _LAYOUT.size), started)

    @property
    def offset(self) -> float:
        """How many seconds were let pass at once."""
        offset: float = _LAYOUT.unpack(self.memory[:])[0]
        return offset

    @property
    def wrong(self) -> timedelta:
        """How far the clock is set ahead."""
        return timedelta(seconds=_LAYOUT.unpack(self.memory[:])[-1])

    def true(self) -> datetime:
        """Return the present moment by a clock that nobody sets wrong, aware, in UTC."""
        return BEGIN + timedelta(seconds=self.steady())

    def now(self) -> datetime:
        """Return the present moment as the clock shows it, aware, in UTC."""
        return self.true() + self.wrong

    def steady(self) -> float:
        """Return how many seconds have passed since `BEGIN`."""
        return self.offset + time.time() - self.started

    def jump(self, by: timedelta) -> None:
        """Let time pass for all."""
        changed = _LAYOUT.pack(self.offset + by.total_seconds(), _NEVER, 0.0, 0.0, 0.0)
        self.memory[:_WRONG_AT] = changed[:_WRONG_AT]

    def set_wrong(self, ahead: timedelta) -> None:
        """Set the clock so far ahead of the time, or back, while no time passes."""
        self.memory[_WRONG_AT:] = struct.pack("d", ahead.total_seconds())
        self.forget_rest()

    def forget_rest(self) -> None:
        """Let the bot be at work until it tells otherwise."""
        self.jump(timedelta())

    def note_rest(self, offset: float, moment: datetime, until: datetime | None) -> None:
        """Tell that there was nothing to do at a moment, when so much time had been let pass; and until when."""
        seconds = (moment - BEGIN).total_seconds()
        due = (until - BEGIN).total_seconds() if until else math.inf
        self.memory[8:_WRONG_AT] = _LAYOUT.pack(0.0, offset, seconds, due, 0.0)[8:_WRONG_AT]

    @property
    def rest(self) -> datetime | None:
        """When the bot had nothing to do, since time was last let pass; None while it is at work."""
        offset, rested, seconds, _, _ = _LAYOUT.unpack(self.memory[:])
        return BEGIN + timedelta(seconds=seconds) if rested == offset else None

    @property
    def rests_until(self) -> datetime | None:
        """Until when the bot that rests waits; None where it waits for nothing."""
        due: float = _LAYOUT.unpack(self.memory[:])[3]
        return None if math.isinf(due) else BEGIN + timedelta(seconds=due)
