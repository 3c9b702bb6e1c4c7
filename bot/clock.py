"""The one source of the present moment."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time. The preview and the tests bring their own."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)
