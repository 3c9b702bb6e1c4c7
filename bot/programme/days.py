"""When things are: conference days, what runs, what opens next, what clashes. Days are the conference's own."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import combinations
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from bot.programme.model import Session


class Timed(Protocol):
    """What has a time and a place: a session, or a talk's appearance in one."""

    @property
    def starts_at(self) -> datetime | None:
        """Its start, in UTC."""
        ...

    @property
    def ends_at(self) -> datetime | None:
        """Its end, in UTC."""
        ...

    @property
    def room(self) -> str | None:
        """Where it is."""
        ...

    @property
    def zone(self) -> tzinfo:
        """The conference's zone."""
        ...


TimedT = TypeVar("TimedT", bound=Timed)

OPEN_ENDED = timedelta(hours=3)
"""How long a session whose end was not announced may be said to be on."""


def day_of(session: Session, zone: ZoneInfo) -> date | None:
    """Return the day on which a session begins where the conference is, or None when it has no time."""
    return session.starts_at.astimezone(zone).date() if session.starts_at else None


def by_day(sessions: Iterable[Session], zone: ZoneInfo) -> Mapping[date | None, Sequence[Session]]:
    """Group sessions by day, in the order of their times; those without a time come last, under None."""
    days: dict[date | None, list[Session]] = {}
    for session in in_time_order(sessions):
        days.setdefault(day_of(session, zone), []).append(session)
    return days


def end_of_day(now: datetime, zone: ZoneInfo) -> datetime:
    """Return when the day that is on where the conference is ends, in UTC."""
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), zone).astimezone(UTC)


def in_time_order(sessions: Iterable[Session]) -> list[Session]:
    """Return sessions by their start, those without a time last; what begins together keeps its order."""
    never = datetime.max.replace(tzinfo=UTC)
    return sorted(sessions, key=lambda session: session.starts_at or never)


def is_over(session: Session, now: datetime) -> bool:
    """Tell whether a session has ended; one without a time never has."""
    return session.starts_at is not None and ends_at(session, session.starts_at) <= now


def next_opening(sessions: Iterable[Session], now: datetime) -> list[Session]:
    """Return what opens next: all sessions that begin at the earliest moment still to come."""
    coming = [session for session in in_time_order(sessions) if session.starts_at and session.starts_at > now]
    return [session for session in coming if session.starts_at == coming[0].starts_at]


def clashes(shown: Iterable[TimedT]) -> list[tuple[TimedT, TimedT]]:
    """Return the pairs of sessions or talks that are on at the same time in different rooms, in the order of time."""
    timed = sorted(((start, one) for one in shown if (start := one.starts_at)), key=lambda entry: entry[0])
    return [(one, other) for (_, one), (_, other) in combinations(timed, 2) if at_once(one, other)]


def at_once(one: Timed, other: Timed) -> bool:
    """Tell whether two sessions or talks are on at the same time in different rooms; without a time nothing is."""
    if one.room == other.room or one.starts_at is None or other.starts_at is None:
        return False
    first, second, earlier = one.starts_at, other.starts_at, one
    if second < first:
        first, second, earlier = second, first, other
    return second < max(ends_at(earlier, first), first + timedelta(minutes=1))


def ends_at(session: Timed, starts_at: datetime) -> datetime:
    """Return until when a session or talk that starts then may be said to be on."""
    return session.ends_at or starts_at + OPEN_ENDED
