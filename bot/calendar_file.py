"""Somebody's agenda as an iCalendar file (RFC 5545)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

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
    papers = [programme.papers[key] for key in keys if key in programme.papers]
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{conference}: my agenda")
    starts: list[datetime] = []
    for session in in_time_order(programme.sessions):
        mine = [paper for paper in session.papers if paper in papers]
        if mine and session.starts_at:
            starts.append(session.starts_at)
            calendar.add_component(
                _event(session, session.starts_at, mine, conference=conference, zone=zone, revision=revision, now=now)
            )
    if not starts:
        return None
    around = timedelta(days=370)
    calendar.add_missing_timezones(first_date=(min(starts) - around).date(), last_date=(max(starts) + around).date())
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
    event.add("dtstart", starts_at.astimezone(zone))
    if session.ends_at:
        event.add("dtend", session.ends_at.astimezone(zone))
    event.add("summary", session.name)
    if session.room:
        event.add("location", session.room)
    event.add("description", "\n".join(f"#{paper.number} {paper.label}" for paper in papers))
    return event
