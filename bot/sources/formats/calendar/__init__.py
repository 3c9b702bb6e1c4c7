"""Reads iCalendar files (.ics), as Sched, Google Calendar, Indico, pretalx and others give them.

Each event is a session. What such a file says of speakers stands in the midst of texts, for each system in another
form, and is not taken out of them.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import icalendar

from bot.errors import UserError
from bot.programme.kinds import Kind, kind_of
from bot.programme.source import Link, SourceSession
from bot.sources.formats.calendar.recurrence import MOST_DAYS, UnknownRuleError, occurrences
from bot.sources.formats.calendar.zones import Zones, without_zones
from bot.sources.reading.addresses import absolute
from bot.sources.reading.file import File, Hints, Reading
from bot.sources.reading.gather import Gathering
from bot.sources.reading.limits import MOST_PAPERS
from bot.sources.reading.problems import shown
from bot.sources.reading.talks import paragraphs

NAME = "icalendar"
DESCRIPTION = "a calendar file (.ics), such as Sched's"
FORMAT = f"{NAME}/1"

_BEGINNING: Final = "BEGIN:VCALENDAR"
_NOT_PUBLIC: Final = frozenset({"PRIVATE", "CONFIDENTIAL"})
_TIMES: Final = frozenset({"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"})
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_PAGE: Final = re.compile(r"[\w./-]*\.(?:html?|php|aspx?)(?:[?#]\S*)?", re.IGNORECASE)


def recognises(file: File) -> bool:
    """Tell whether this is a calendar file."""
    return file.beginning[: len(_BEGINNING)].upper() == _BEGINNING


def read(file: File, hints: Hints) -> Reading:
    """Read a calendar.

    Raises:
        UserError: it is no sound calendar, or has too many events.
    """
    lines = re.split(r"\r\n|\n|\r", file.text)
    if not recognises(file):
        raise UserError(f"{file.name}: it is not {DESCRIPTION}: it does not begin with {_BEGINNING}.")
    begins = [number for number, line in enumerate(lines, 1) if line.rstrip().upper() == "BEGIN:VEVENT"]
    if len(begins) > MOST_PAPERS:
        raise UserError(
            f"{file.name}: it has more than {MOST_PAPERS:,} events, which is more than the bot can serve. Leave out "
            "what is not of this conference."
        )
    text, zones = without_zones(lines, file.name)
    calendars = [
        (calendar, [_Event(event, zones) for event in calendar.walk("VEVENT")]) for calendar in _parsed(file, text)
    ]
    events = [event for _, held in calendars for event in held]
    if len(events) != len(begins):
        raise UserError(f"{file.name}: not every event in it has an end; it may have been cut off. Export it again.")
    changed: dict[str, set[date]] = defaultdict(set)
    for event, line in zip(events, begins, strict=True):
        event.line = line
        if event.uid and event.replaces is not None:
            changed[event.uid].add(_instant(event.replaces))
    gathering = Gathering(file.name, FORMAT, hints)
    for calendar, held in calendars:
        gathering.use_zone(_text(calendar, "X-WR-TIMEZONE"))
        is_cancelled = _text(calendar, "METHOD").upper() == "CANCEL"
        for event in held:
            _gather(gathering, event, changed, is_cancelled=is_cancelled)
        for name in ("VTODO", "VJOURNAL"):
            for other in calendar.walk(name):
                gathering.leave_out("no event", _text(other, "SUMMARY"))
    return gathering.finish()


class _Event:
    """One VEVENT, with its times as they are meant: dates, or datetimes with or without a zone.

    Attributes:
        line: where it begins in the file.
        uid: what the event and the changes to single occurrences of it have in common.
        start: when it begins first, or None.
        end: when it ends then, or None.
        replaces: the occurrence of a recurring event instead of which it takes place, or None.
        unread: the names of properties that can't be read.
        unknown_zones: the names of zones that are neither known nor defined in the file.
    """

    def __init__(self, event: Any, zones: Zones) -> None:  # noqa: ANN401 - icalendar's component
        self.event = event
        self.line: int | None = None
        self.unread = {str(name).upper() for name, _ in event.errors if name}
        self.unknown_zones: set[str] = set()
        self._zones = zones
        self.uid = _text(event, "UID")
        self.start = next(self._moments("DTSTART"), None)
        self.end = self._end()
        self.replaces = next(self._moments("RECURRENCE-ID"), None)

    def starts(self, gathering: Gathering, changed: set[date]) -> list[date]:
        """Return when it begins, each time: by its rule and its further dates, without those that are left out."""
        if self.start is None:
            return []
        starts = [self.start]
        rule = next(self._values("RRULE"), None)
        if rule is not None and self.replaces is None:
            try:
                starts, goes_on = occurrences(rule, self.start)
            except UnknownRuleError:
                self._say(
                    gathering, "a rule of recurrence that is not understood", "it is shown on its first day only."
                )
            else:
                if goes_on:
                    self._say(gathering, "no end of recurrence", f"it goes on; it is shown for {MOST_DAYS} days.")
        starts += [moment for moment, _ in zip(self._moments("RDATE"), range(MOST_DAYS), strict=False)]
        without = {_instant(moment) for moment in self._moments("EXDATE")}
        if self.replaces is None:
            without |= changed
        once = {_instant(start): start for start in starts}
        return [start for at, start in once.items() if at not in without and _day(start) not in without]

    def end_of(self, start: date) -> date | None:
        """Return the end of an occurrence: as long after its start as that of the first one."""
        if self.end is None or self.start is None or start == self.start:
            return self.end
        try:
            return start + (self.end - self.start)
        except (TypeError, OverflowError):
            return None

    def number_of(self, start: date | None) -> str:
        """Return the identifier of an occurrence; one that has moved keeps that of its time by the rule."""
        if self.replaces is None and not any(name in self.event for name in ("RRULE", "RDATE")):
            return self.uid
        at = self.replaces or start
        return f"{self.uid} {_instant(at).isoformat()}" if at else self.uid

    def _end(self) -> date | None:
        end = next(self._moments("DTEND"), None)
        if end is not None or self.start is None:
            return end
        duration = getattr(next(self._values("DURATION"), None), "dt", None)
        try:
            if isinstance(duration, timedelta):
                return self.start + duration
            return None if isinstance(self.start, datetime) else self.start + timedelta(days=1)
        except OverflowError:
            return None

    def _say(self, gathering: Gathering, kind: str, message: str) -> None:
        gathering.problems.action(kind, f"“{shown(_text(self.event, 'SUMMARY'))}” recurs: {message}", self.line)

    def _values(self, name: str) -> Iterator[Any]:
        given = None if name in self.unread else self.event.get(name)
        yield from given if isinstance(given, list) else () if given is None else (given,)

    def _moments(self, name: str) -> Iterator[date]:
        for value in self._values(name):
            zone = str(value.params.get("TZID", ""))
            for one in getattr(value, "dts", (value,)):
                moment = one.dt[0] if isinstance(one.dt, tuple) else one.dt
                if isinstance(moment, datetime) and moment.tzinfo is None and zone:
                    known = self._zones.get(zone)
                    if known is None:
                        self.unknown_zones.add(zone)
                    moment = moment.replace(tzinfo=known)
                if isinstance(moment, date):
                    yield moment


def _parsed(file: File, text: str) -> list[Any]:
    try:
        return list(icalendar.Calendar.from_ical(text, multiple=True))
    except Exception as error:  # noqa: BLE001 - icalendar raises whatever it stumbles over
        raise UserError(f"{file.name}: it is no sound calendar: {shown(str(error), 160)}. Export it again.") from None


def _gather(gathering: Gathering, event: _Event, changed: dict[str, set[date]], *, is_cancelled: bool) -> None:
    """Account for one event, and make a session of each of its occurrences."""
    name = " ".join(_text(event.event, "SUMMARY").split())
    if _text(event.event, "CLASS").upper() in _NOT_PUBLIC:
        gathering.leave_out("private")
        return
    if not gathering.may_show("CANCELLED" if is_cancelled else _text(event.event, "STATUS"), name, event.line):
        return
    if not name:
        gathering.leave_out("no title", _text(event.event, "DESCRIPTION"), event.line)
        return
    starts = event.starts(gathering, changed.get(event.uid, set()))
    if event.start is not None and not starts:
        gathering.leave_out("all its days are cancelled", name, event.line)
        return
    gathering.session_record()
    _remark(gathering, event, name)
    kind, track = _kind_and_track(event.event)
    room, links = _place(event.event)
    session = SourceSession(
        line=event.line,
        kind=kind,
        name=name,
        track=track,
        room=room,
        abstract=paragraphs(_text(event.event, "DESCRIPTION")),
        links=tuple(links),
    )
    times: list[tuple[date | None, date | None]] = [(start, event.end_of(start)) for start in starts]
    for start, end in times or [(None, None)]:
        starts_at = _moment(gathering, start, f"“{shown(name)}”: the start", event.line)
        ends_at = _moment(gathering, end, f"“{shown(name)}”: the end", event.line)
        number = event.number_of(start) if event.uid else None
        gathering.session(
            replace(session, starts_at=starts_at, ends_at=ends_at, source_id=number), (number or event.line, starts_at)
        )


def _remark(gathering: Gathering, event: _Event, name: str) -> None:
    for unread in sorted(event.unread & _TIMES):
        gathering.problems.action(
            "a time that can't be read", f"“{shown(name)}”: its {unread} can't be read and is left out.", event.line
        )
    for zone in sorted(event.unknown_zones):
        gathering.problems.action(
            "an unknown zone",
            f"“{shown(name)}”: the time zone “{shown(zone)}” is unknown; its times are taken as {gathering.zone.key}.",
            event.line,
        )


def _moment(gathering: Gathering, moment: date | None, about: str, line: int | None) -> datetime | None:
    if moment is not None and not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    return gathering.moment(moment, about, line)


def _instant(moment: date) -> date:
    """Return what two ways to write the same time have in common."""
    if isinstance(moment, datetime) and moment.tzinfo is not None and 1 < moment.year < 9999:
        return moment.astimezone(UTC)
    return moment


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _kind_and_track(event: Any) -> tuple[str, str | None]:  # noqa: ANN401 - icalendar's component
    """Return the kind and the track of an event: calendars have both as categories."""
    given = event.get("CATEGORIES") or ()
    kind, track = "", None
    for group in given if isinstance(given, list) else (given,):
        for category in getattr(group, "cats", ()):
            text = str(category).strip()
            if kind_of(text) is not Kind.OTHER:
                kind = kind or text
            else:
                track = track or text or None
    return kind, track


def _place(event: Any) -> tuple[str | None, list[Link]]:  # noqa: ANN401 - icalendar's component
    """Return the room of an event and its links; a room that is an address is a link."""
    links = [
        Link(label, absolute(text) or text)
        for label, name in (("Page", "URL"), ("Attachment", "ATTACH"), ("Online", "CONFERENCE"))
        for text in _texts(event, name)
        if _ADDRESS.fullmatch(text)
    ]
    place = ", ".join(part.strip() for part in _text(event, "LOCATION").splitlines() if part.strip())
    if _ADDRESS.fullmatch(place):
        return None, [*links, Link("Location", absolute(place) or place)]
    # Without the site it belongs to, the address of a page leads nowhere.
    return None if _PAGE.fullmatch(place) else place or None, links


def _texts(component: Any, name: str) -> Iterator[str]:  # noqa: ANN401 - icalendar's component
    given = component.get(name)
    for value in given if isinstance(given, list) else (given,):
        if isinstance(value, str) and value.strip():
            yield str(value).strip()


def _text(component: Any, name: str) -> str:  # noqa: ANN401 - icalendar's component
    return next(_texts(component, name), "")
