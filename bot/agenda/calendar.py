"""Somebody's agenda as an iCalendar file (RFC 5545)."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vText

from bot.agenda.model import Item, by_session, items_of
from bot.programme.model import Paper, Programme
from bot.programme.names import slug

_PRODUCT = "-//conference-bot//agenda//EN"

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
"""Control characters other than tabs and line breaks, which are written as text may hold them."""

_AROUND = timedelta(days=370)
"""For how long before and after its events a calendar says when the clocks change."""

_REFRESH = timedelta(minutes=30)
_REFRESH_TEXT = "PT30M"
"""How often programs are asked to look for news at a private address; many look when they like."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What becomes an event: a talk, or a session with the posters in it.

    Attributes:
        uid: the same whatever changes, and of no other event anywhere.
        name: what it is called.
        starts_at: when it begins, in UTC.
        ends_at: when it ends, in UTC, or None.
        room: where it is, or None.
        description: what is shown in it, or who gives it.
    """

    uid: str
    name: str
    starts_at: datetime
    ends_at: datetime | None
    room: str | None
    description: str


class Announced(Protocol):
    """An event as calendars are told it at a private address."""

    @property
    def entry(self) -> Entry:
        """The event."""
        ...

    @property
    def sequence(self) -> int:
        """How often it has changed."""
        ...

    @property
    def changed_at(self) -> datetime:
        """When it changed last, in UTC."""
        ...

    @property
    def cancelled(self) -> bool:
        """Whether it went away."""
        ...


def calendar_of(
    programme: Programme, keys: Iterable[str], *, conference: str, zone: ZoneInfo, revision: int, now: datetime
) -> bytes | None:
    """Write when and where some papers are shown as a calendar; None when none of them has an announced time.

    A talk is an event of its own, and so is each session with the posters in it. An event keeps its UID whatever
    changes, so that importing the file again updates it instead of doubling it.

    Args:
        programme: the programme.
        keys: the papers' keys.
        conference: the conference's name.
        zone: the conference's zone, in which the times are written.
        revision: a number that grows with every change of the programme.
        now: the present moment.
    """
    entries = entries_of(programme, keys, conference)
    if not entries:
        return None
    calendar = _calendar(conference)
    for entry in entries:
        calendar.add_component(_event(entry, zone=zone, sequence=revision, stamp=now))
    _define_zone(calendar, zone, entries[0].starts_at, entries[-1].starts_at)
    return bytes(calendar.to_ical())


def feed_of(announced: Iterable[Announced], conference: str, zone: ZoneInfo, since: datetime) -> bytes:
    """Write events as a calendar to be read again and again: the same bytes for as long as they are the same.

    Args:
        announced: the events, also those that went away.
        conference: the conference's name.
        zone: the conference's zone, in which the times are written.
        since: since when the calendar can be read.
    """
    ordered = sorted(announced, key=lambda one: (one.entry.starts_at, one.entry.uid))
    calendar = _calendar(conference)
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-timezone", vText(zone.key))
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vText(_REFRESH_TEXT))
    for one in ordered:
        event = _event(one.entry, zone=zone, sequence=one.sequence, stamp=one.changed_at)
        event.add("last-modified", one.changed_at)
        event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
        calendar.add_component(event)
    moments = [one.entry.starts_at for one in ordered] or [since]
    # Also without events: a calendar has to have something in it.
    calendar.subcomponents.insert(0, _definition(zone, moments[0] - _AROUND, moments[-1] + _AROUND))
    return bytes(calendar.to_ical())


def entries_of(programme: Programme, keys: Iterable[str], conference: str) -> list[Entry]:
    """Return the events in which some papers are shown, in the order of time; what has no time is in none.

    Args:
        programme: the programme.
        keys: the papers' keys, also of such as are no longer in it.
        conference: the conference's name, which the UIDs have.
    """
    wanted = [programme.papers[key] for key in dict.fromkeys(keys) if key in programme.papers]
    place = f"{slug(conference) or 'conference'}.conference-bot"
    entries = (replace(entry, uid=f"{entry.uid}@{place}") for entry in _entries(programme, wanted))
    return sorted(entries, key=lambda entry: entry.starts_at)


def _calendar(conference: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", vText(f"{_printable(conference)}: my agenda"))
    return calendar


def _define_zone(calendar: Calendar, zone: ZoneInfo, first: datetime, last: datetime) -> None:
    if calendar.get_missing_tzids():
        calendar.subcomponents.insert(0, _definition(zone, first - _AROUND, last + _AROUND))


def _entries(programme: Programme, papers: Iterable[Paper]) -> Iterator[Entry]:
    items = items_of(programme, papers)
    for session, together in by_session(items):
        if session.starts_at:
            shown = "\n".join(map(_line, together))
            yield Entry(session.key, session.name, session.starts_at, session.ends_at, session.room, shown)
    times: Counter[str] = Counter()
    for item in items:
        if item.session and item.has_slot and item.starts_at:
            uid = f"{item.session.key}/{item.paper.key}"
            times[uid] += 1
            # A talk that is given twice in a session is two events.
            uid += f"/{times[uid]}" if times[uid] > 1 else ""
            authors = ", ".join(author.name for author in item.paper.authors)
            about = "\n".join(filter(None, (authors, item.session.name)))
            yield Entry(uid, item.paper.label, item.starts_at, item.ends_at, item.room, about)


def _line(item: Item) -> str:
    return f"#{item.shown.board} {item.paper.label}" if item.shown and item.shown.board else item.paper.label


def _event(entry: Entry, *, zone: ZoneInfo, sequence: int, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", sequence)
    event.add("dtstamp", stamp)
    event.add("dtstart", _local(entry.starts_at, zone))
    if entry.ends_at:
        event.add("dtend", _local(entry.ends_at, zone))
    event.add("summary", _printable(entry.name))
    if entry.room:
        event.add("location", _printable(entry.room))
    event.add("description", _printable(entry.description))
    return event


def _printable(text: str) -> str:
    """Leave out what no calendar may hold (RFC 5545, 3.1: CONTROL), which some programs refuse the whole of it for."""
    return _CONTROL.sub("", text)


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
