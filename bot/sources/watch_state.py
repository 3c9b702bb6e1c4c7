"""How looking at a source again and again goes, and when to look next: plain data and rules, without a clock."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

_FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=30)
"""The longest wait after a failure, unless the source is looked at more rarely anyway."""

_SPREAD = 0.25
"""By which part of itself a wait after a failure is made longer at most, so that not all come back at once."""

LASTING = timedelta(hours=1)
"""How long a source must have been away before people are told; many servers are restarted at night."""

_FAILURES = 3
"""How many failures in a row there must be: what is half written or being moved is whole again the next time."""


@dataclass(frozen=True, slots=True)
class WatchState:
    """What is known of a source that is looked at again and again. All moments are in UTC.

    Attributes:
        name: what messages call the source.
        looked_at: when it was last seen as it is, or None.
        changed_at: when it was last found to be another version, or None.
        failed_at: when a look last failed, or None.
        reason: why it failed then.
        failures: how many looks in a row have failed until now.
        failing_since: when the first of these was, or None.
        unreadable: whether the last of these failed on what is there.
        told: whether people were told of these.
    """

    name: str
    looked_at: datetime | None = None
    changed_at: datetime | None = None
    failed_at: datetime | None = None
    reason: str = ""
    failures: int = 0
    failing_since: datetime | None = None
    unreadable: bool = False
    told: bool = False

    def succeeded(self, now: datetime, *, changed: bool) -> "WatchState":
        """Return the state after a look that brought something, or found nothing new."""
        return replace(
            self,
            looked_at=now,
            changed_at=now if changed else self.changed_at,
            failures=0,
            failing_since=None,
            unreadable=False,
            told=False,
        )

    def failed(self, now: datetime, reason: str, *, unreadable: bool) -> "WatchState":
        """Return the state after a look that brought nothing that can be used.

        Args:
            now: the present moment.
            reason: what went wrong, for people.
            unreadable: whether something was there, and was no programme: somebody has to put that right, while a
                source that is away mostly comes back by itself.
        """
        return replace(
            self,
            failed_at=now,
            reason=reason,
            failures=self.failures + 1,
            failing_since=self.failing_since or now,
            unreadable=unreadable,
        )

    @property
    def worth_telling(self) -> bool:
        """Whether people must hear of the failures, and have not yet."""
        if self.told or self.failures < _FAILURES or self.failing_since is None or self.failed_at is None:
            return False
        return self.unreadable or self.failed_at - self.failing_since >= LASTING

    def wait(self, every: timedelta, chance: float) -> timedelta:
        """Return how long after the beginning of one look the next one is due.

        Args:
            every: how often the source is looked at while all is well.
            chance: a number from 0 to 1, by which those who failed together come back apart.
        """
        if not self.failures:
            return every
        # Sooner than usual at first: most failures are over in a minute, and what changed meanwhile is late already.
        doubled = _FIRST_WAIT * (1 << min(self.failures - 1, 10))
        return min(doubled, max(every, LONGEST_WAIT)) * (1 + _SPREAD * chance)
