"""Who gets a digest, and when: pure functions of the programme and of what people want."""

import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.agenda.model import Item
from bot.delivery.model import Delivery, Kind
from bot.programme.days import day_of, ends_at
from bot.programme.model import Session

DIGEST = Kind("digest", to_person=True, replanned=True)
"""A person hears in the morning what the day brings."""

USEFUL_FOR: Final = timedelta(hours=3)
"""How much later than wished a digest may come: after that the morning is over."""

EARLIEST, LATEST, USUAL = time(4), time(12), time(8)
"""Between which times of day one may be wished for, and which is offered."""


@dataclass(frozen=True, slots=True)
class DigestWish:
    """Somebody's wish for a digest on each day of the conference.

    Attributes:
        at: at which time of day, by the conference's own clock.
        since: since when they get it, in UTC.
        unreachable: whether Discord refused the last one; nothing is sent until they wish again.
        told: whether they have been told so.
    """

    at: time
    since: datetime
    unreachable: bool = False
    told: bool = False


def plan_digests(
    sessions: Iterable[Session],
    wishes: Mapping[int, DigestWish],
    alike: Mapping[time, int],
    pace: int,
    zone: ZoneInfo,
    now: datetime,
) -> list[Delivery]:
    """Return the digests that can still help: one for each person on each day on which sessions begin.

    So many people at once would take longer than a moment. Everybody's is therefore due some time earlier, by a part of
    that time which is theirs, so that the last one is out when it should be.

    Args:
        sessions: the programme's sessions.
        wishes: who wants digests, of all people or of some.
        alike: how many people want theirs at each time of day.
        pace: how many direct messages go out in a minute.
        zone: the conference's zone.
        now: the present moment.
    """
    days = _ends_of_days(sessions, zone)
    due: list[Delivery] = []
    for user, wish in wishes.items():
        if wish.unreachable:
            continue
        # From 0 to 1, evenly spread.
        ahead = timedelta(minutes=alike.get(wish.at, 1) / pace) * (zlib.crc32(f"{user}".encode()) / 2**32)
        for day, end in days.items():
            at = _moment(day, wish.at, zone)
            useful_until = min(at + USEFUL_FOR, end)
            if at > wish.since and useful_until > max(now, at):
                due.append(
                    Delivery(
                        key=f"{DIGEST.name}:{user}:{day.isoformat()}",
                        target_id=user,
                        subject=day.isoformat(),
                        # The same whatever time they wish for: a digest is sent once a day.
                        starts_at=_moment(day, time(), zone),
                        due_at=at - ahead,
                        useful_until=useful_until,
                        kind=DIGEST,
                    )
                )
    return due


def how_many_alike(wishes: Iterable[DigestWish]) -> Counter[time]:
    """Return how many people want their digest at each time of day."""
    return Counter(wish.at for wish in wishes if not wish.unreachable)


def items_on(items: Iterable[Item], day: date, zone: ZoneInfo) -> list[Item]:
    """Return what of somebody's agenda is on a day where the conference is."""
    return [item for item in items if item.starts_at and item.starts_at.astimezone(zone).date() == day]


def day_to_show(sessions: Iterable[Session], zone: ZoneInfo, now: datetime) -> date | None:
    """Return the first day of the conference that is not over, None where there is none."""
    return min((day for day, end in _ends_of_days(sessions, zone).items() if end > now), default=None)


def _ends_of_days(sessions: Iterable[Session], zone: ZoneInfo) -> dict[date, datetime]:
    """Return the days on which sessions begin, each with when the last of these is over."""
    days: dict[date, datetime] = {}
    for session in sessions:
        day = day_of(session, zone)
        if day and session.starts_at:
            end = ends_at(session, session.starts_at)
            days[day] = max(days.get(day, end), end)
    return days


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
