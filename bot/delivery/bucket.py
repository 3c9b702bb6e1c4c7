"""How fast direct messages go out: a token bucket."""

from typing import Final

_MINUTE: Final = 60.0
_ROUNDING: Final = 1e-5
"""What adding up and rounding lose, in seconds: nobody is told to wait for a moment that no clock shows."""


class TokenBucket:
    """Allows so many steps in a minute, evenly: it holds what one second brings, and one step at least.

    It goes by seconds that the caller tells, so that a clock that is set changes nothing.
    """

    def __init__(self, per_minute: int) -> None:
        self._rate = per_minute / _MINUTE
        self._size = max(1.0, self._rate)
        self._tokens = self._size
        self._seen: float | None = None
        self._paused_until = 0.0

    def wait(self, at: float) -> float:
        """Return in how many seconds the next step is allowed, as seen at a moment; 0 is now."""
        if self._seen is not None:
            self._tokens = min(self._size, self._tokens + max(at - self._seen, 0.0) * self._rate)
        self._seen = at
        wait = (1.0 - self._tokens) / self._rate
        return max(wait if wait > _ROUNDING else 0.0, self._paused_until - at)

    def take(self) -> None:
        """Count a step that was allowed."""
        self._tokens -= 1.0

    def pause(self, until: float) -> None:
        """Allow no step before a moment."""
        self._paused_until = max(self._paused_until, until)
