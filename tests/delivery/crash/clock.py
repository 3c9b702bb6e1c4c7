"""A clock that several processes share, and that can be put forward."""

import mmap
import struct
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

BEGIN = datetime(2026, 5, 18, 6, 0, tzinfo=UTC)

_LAYOUT = struct.Struct("3d")
"""By how much the clock was put forward; by how much it was when the bot rested; when that was. All in seconds."""

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
        path.write_bytes(_LAYOUT.pack(0.0, _NEVER, 0.0))
        return cls.of(path, started)

    @classmethod
    def of(cls, path: Path, started: float) -> Self:
        """Take the file that another process made."""
        with path.open("r+b") as file:
            return cls(mmap.mmap(file.fileno(), _LAYOUT.size), started)

    @property
    def offset(self) -> float:
        """By how many seconds it was put forward."""
        offset: float = _LAYOUT.unpack(self.memory[:])[0]
        return offset

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return BEGIN + timedelta(seconds=self.offset + time.time() - self.started)

    def steady(self) -> float:
        """Return how many seconds have passed since `BEGIN`."""
        return self.offset + time.time() - self.started

    def jump(self, by: timedelta) -> None:
        """Put the clock forward for all."""
        self.memory[:] = _LAYOUT.pack(self.offset + by.total_seconds(), _NEVER, 0.0)

    def forget_rest(self) -> None:
        """Let the bot be at work until it tells otherwise."""
        self.jump(timedelta())

    def note_rest(self, offset: float, moment: datetime) -> None:
        """Tell that there was nothing to do at a moment, when the clock had been put forward by so much."""
        seconds = (moment - BEGIN).total_seconds()
        self.memory[8:] = _LAYOUT.pack(0.0, offset, seconds)[8:]

    @property
    def rest(self) -> datetime | None:
        """When the bot had nothing to do, since the clock was last put forward; None while it is at work."""
        offset, rested, seconds = _LAYOUT.unpack(self.memory[:])
        return BEGIN + timedelta(seconds=seconds) if rested == offset else None
