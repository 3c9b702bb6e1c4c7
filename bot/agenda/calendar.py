"""Somebody's agenda as an iCalendar file (RFC 5545)."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vText

from bot.programme.days import in_time_order
from bot.programme.model import Paper, Programme, Session
from bot.programme.names import slug

_PRODUCT = "-//conference-bot//agenda//EN"


def calendar_of(
    programme: Programme, keys: Iterable[str], *, conference: str, zone: ZoneInfo, revision: int, now: datetime
) -> bytes | None:
    """Write the sessions that hold some papers as a calendar; None when none of them has an announced time.

    An event keeps its UID whatever changes, so that importing the file again updates it instead of doubling it.

    Args:
        programme: the programme.
        keys: the papers' keys.
        conference: the conference's name.
        zone: the conference's zone, in which the times are written.
        revision: a number that grows with every change of the programme.
        now: the present moment.
    """
    wanted = set(keys)
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", vText(f"{conference}: my agenda"))
    starts: list[datetime] = []
    for session in in_time_order(programme.sessions):
        mine = [paper for paper in session.papers if paper.key in wanted]
        if mine and session.starts_at:
            starts.append(session.starts_at)
            calendar.add_component(
                _event(session, session.starts_at, mine, conference=conference, zone=zone, revision=revision, now=now)
            )
    if not starts:
        return None
    if calendar.get_missing_tzids():
        around = timedelta(days=370)
        calendar.subcomponents.insert(0, _definition(zone, min(starts) - around, max(starts) + around))
    return bytes(calendar.to_ical())


def _event(
    session: Session,
    starts_at: datetime,
    papers: list[Paper],
    *,
    conference: str,
    zone: ZoneInfo,
    revision: int,
    now: datetime,
) -> Event:
    event = Event()
    event.add("uid", f"{session.key}@{slug(conference) or 'conference'}.conference-bot")
    event.add("sequence", revision)
    event.add("dtstamp", now)
    event.add("dtstart", _local(starts_at, zone))
    if session.ends_at:
        event.add("dtend", _local(session.ends_at, zone))
    event.add("summary", session.name)
    if session.room:
        event.add("location", session.room)
    event.add("description", "\n".join(f"#{paper.number} {paper.label}" for paper in papers))
    return event


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return a moment as the conference's clocks show it; in UTC where they show the same time again."""
    local = moment.astimezone(zone)
    return moment if local.fold else local


def _definition(zone: ZoneInfo, first: datetime, last: datetime) -> Timezone:
    """Describe when a zone's clocks change between two moments; each onset is told by the clock before it.

    icalendar could do this itself, but in version 7.3 it tells the onsets of summer time by the clock after them and
    misses periods of less than 64 days, such as Morocco's Ramadan time.
    """
    definition = Timezone()
    definition.add("tzid", zone.key)
    moment = first.astimezone(UTC).replace(second=0, microsecond=0)
    _add_observance(definition, moment, zone, _offset(moment, zone))
    while moment < last:
        following = moment + timedelta(days=1)
        before = _offset(moment, zone)
        if _offset(following, zone) != before:
            low, high = moment, following
            while high - low > timedelta(minutes=1):
                middle = low + timedelta(minutes=(high - low) // timedelta(minutes=2))
                low, high = (middle, high) if _offset(middle, zone) == before else (low, middle)
            _add_observance(definition, high, zone, before)
        moment = following
    return definition


def _add_observance(definition: Timezone, onset: datetime, zone: ZoneInfo, before: timedelta) -> None:
    local = onset.astimezone(zone)
    observance = TimezoneDaylight() if local.dst() else TimezoneStandard()
    observance.add("dtstart", (onset + before).replace(tzinfo=None))
    observance.add("tzoffsetfrom", before)
    observance.add("tzoffsetto", _offset(onset, zone))
    observance.add("tzname", local.tzname() or "")
    definition.add_component(observance)


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()
