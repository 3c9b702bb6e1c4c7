"""How often one person, or one address, may do something: a bucket of tokens for each, which fills up with time."""

from collections import OrderedDict
from collections.abc import Hashable

from bot.clock import Clock


class Buckets:
    """Counts what each has left; who has asked least recently is forgotten first."""

    def __init__(self, clock: Clock, most: int, per_second: float, kept: int = 10_000) -> None:
        """Let everybody ask so often.

        Args:
            clock: tells how much time has passed.
            most: how often at once.
            per_second: how often in a second, in the long run.
            kept: how many are remembered at the most.
        """
        self._clock = clock
        self._most = float(most)
        self._per_second = per_second
        self._kept = kept
        self._left: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def take(self, who: Hashable) -> bool:
        """Tell whether somebody may ask now, and count that they did."""
        now = self._clock.steady()
        left = self._now_left(who, now)
        allowed = left >= 1
        self._left[who] = (left - 1 if allowed else left, now)
        self._left.move_to_end(who)
        if len(self._left) > self._kept:
            self._left.popitem(last=False)
        return allowed

    def wait(self, who: Hashable) -> float:
        """Return in how many seconds somebody may ask again; 0 is now."""
        return max(1 - self._now_left(who, self._clock.steady()), 0.0) / self._per_second

    def _now_left(self, who: Hashable, now: float) -> float:
        left, since = self._left.get(who, (self._most, now))
        return min(left + max(now - since, 0.0) * self._per_second, self._most)
