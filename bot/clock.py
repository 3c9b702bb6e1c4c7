"""The one source of the present moment."""

import sys
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time. The preview and the tests bring their own."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...

    def steady(self) -> float:
        """Return how many seconds have passed since some moment, whatever the clock was set to meanwhile."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)

    def steady(self) -> float:
        """Return how many seconds have passed since some moment, whatever the clock was set to meanwhile."""
        # The monotonic one stands still while the machine sleeps; leases, and what Discord remembers, run out.
        return time.clock_gettime(time.CLOCK_BOOTTIME) if sys.platform == "linux" else time.monotonic()
