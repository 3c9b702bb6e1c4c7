"""A clock that several processes share, that can be put forward in time, and that can be set wrong."""

import mmap
import struct
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

BEGIN = datetime(2026, 5, 18, 6, 0, tzinfo=UTC)

_LAYOUT = struct.Struct("4d")
"""How much time was let pass; how much it was when the bot rested; when that was; how far the clock is set wrong."""

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
        path.write_bytes(_LAYOUT.pack(0.0, _NEVER, 0.0, 0.0))
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
        return timedelta(seconds=_LAYOUT.unpack(self.memory[:])[3])

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
        self.memory[:24] = _LAYOUT.pack(self.offset + by.total_seconds(), _NEVER, 0.0, 0.0)[:24]

    def set_wrong(self, ahead: timedelta) -> None:
        """Set the clock so far ahead of the time, or back, while no time passes."""
        self.memory[24:] = _LAYOUT.pack(0.0, 0.0, 0.0, ahead.total_seconds())[24:]
        self.forget_rest()

    def forget_rest(self) -> None:
        """Let the bot be at work until it tells otherwise."""
        self.jump(timedelta())

    def note_rest(self, offset: float, moment: datetime) -> None:
        """Tell that there was nothing to do at a moment, when so much time had been let pass."""
        seconds = (moment - BEGIN).total_seconds()
        self.memory[8:24] = _LAYOUT.pack(0.0, offset, seconds, 0.0)[8:24]

    @property
    def rest(self) -> datetime | None:
        """When the bot had nothing to do, since time was last let pass; None while it is at work."""
        offset, rested, seconds, _ = _LAYOUT.unpack(self.memory[:])
        return BEGIN + timedelta(seconds=seconds) if rested == offset else None
