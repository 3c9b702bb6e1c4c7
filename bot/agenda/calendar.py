"""Somebody's agenda as an iCalendar file (RFC 5545)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vText

from bot.agenda.model import Item, by_session, items_of
from bot.programme.model import Paper, Programme
from bot.programme.names import slug

_PRODUCT = "-//conference-bot//agenda//EN"


@dataclass(frozen=True, slots=True)
class _Entry:
    """What becomes an event: a talk, or a session with the posters in it."""

    uid: str
    name: str
    starts_at: datetime
    ends_at: datetime | None
    room: str | None
    description: str


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
    wanted = [programme.papers[key] for key in dict.fromkeys(keys) if key in programme.papers]
    entries = sorted(_entries(programme, wanted), key=lambda entry: entry.starts_at)
    if not entries:
        return None
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", vText(f"{conference}: my agenda"))
    place = f"{slug(conference) or 'conference'}.conference-bot"
    for entry in entries:
        calendar.add_component(_event(entry, place=place, zone=zone, revision=revision, now=now))
    if calendar.get_missing_tzids():
        around = timedelta(days=370)
        definition = _definition(zone, entries[0].starts_at - around, entries[-1].starts_at + around)
        calendar.subcomponents.insert(0, definition)
    return bytes(calendar.to_ical())


def _entries(programme: Programme, papers: Iterable[Paper]) -> Iterator[_Entry]:
    items = items_of(programme, papers)
    for session, together in by_session(items):
        if session.starts_at:
            shown = "\n".join(map(_line, together))
            yield _Entry(session.key, session.name, session.starts_at, session.ends_at, session.room, shown)
    times: Counter[str] = Counter()
    for item in items:
        if item.session and item.has_slot and item.starts_at:
            uid = f"{item.session.key}/{item.paper.key}"
            times[uid] += 1
            # A talk that is given twice in a session is two events.
            uid += f"/{times[uid]}" if times[uid] > 1 else ""
            authors = ", ".join(author.name for author in item.paper.authors)
            about = "\n".join(filter(None, (authors, item.session.name)))
            yield _Entry(uid, item.paper.label, item.starts_at, item.ends_at, item.room, about)


def _line(item: Item) -> str:
    return f"#{item.shown.board} {item.paper.label}" if item.shown and item.shown.board else item.paper.label


def _event(entry: _Entry, *, place: str, zone: ZoneInfo, revision: int, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@{place}")
    event.add("sequence", revision)
    event.add("dtstamp", now)
    event.add("dtstart", _local(entry.starts_at, zone))
    if entry.ends_at:
        event.add("dtend", _local(entry.ends_at, zone))
    event.add("summary", entry.name)
    if entry.room:
        event.add("location", entry.room)
    event.add("description", entry.description)
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
