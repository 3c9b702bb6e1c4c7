"""Reading a calendar file as calendars do: moments by the file's own definition of the zone, and all of it twice.

It is written with icalendar and read with that and with ical, which Home Assistant reads calendars with and which
shares no code with the other.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from ical.calendar_stream import CalendarStream
from icalendar import Calendar


def read(data: bytes) -> Calendar:
    """Read a file with one calendar, and check that another library reads the same events."""
    calendar = Calendar.from_ical(data)
    assert isinstance(calendar, Calendar)
    assert not calendar.errors
    (other,) = CalendarStream.from_ics(data.decode()).calendars
    found = {event.uid: event for event in other.events}
    events: list[Any] = list(calendar.walk("VEVENT"))
    assert list(found) == [str(event["UID"]) for event in events]
    for event in events:
        again = found[str(event["UID"])]
        assert _utc(again.dtstart) == moment(calendar, event["DTSTART"])
        assert ("DTEND" in event) == (again.dtend is not None)
        assert again.dtend is None or _utc(again.dtend) == moment(calendar, event["DTEND"])
        texts = (again.summary, again.description, again.location, again.status)
        assert [text or "" for text in texts] == [
            str(event.get(name, "")) for name in ("SUMMARY", "DESCRIPTION", "LOCATION", "STATUS")
        ]
        assert again.sequence == int(event["SEQUENCE"])
    return calendar


def _utc(value: date | None) -> datetime:
    assert isinstance(value, datetime)
    return value.astimezone(UTC)


def transitions_of(calendar: Calendar, zone: str) -> list[tuple[datetime, timedelta, timedelta]]:
    """Return when the offset changes, in UTC, with the offsets before and after."""
    (definition,) = (each for each in calendar.walk("VTIMEZONE") if str(each["TZID"]) == zone)
    observances: list[Any] = definition.subcomponents
    found = []
    for observance in observances:
        assert "RRULE" not in observance, "rules are not read here"
        before, after = observance["TZOFFSETFROM"].td, observance["TZOFFSETTO"].td
        dates = observance.get("RDATE", [])
        more = [each.dt for dated in (dates if isinstance(dates, list) else [dates]) for each in dated.dts]
        found += [(in_utc(onset, before), before, after) for onset in (observance["DTSTART"].dt, *more)]
    return sorted(found)


def in_utc(local: datetime, offset: timedelta) -> datetime:
    return (local - offset).replace(tzinfo=UTC)


def moment(calendar: Calendar, value: Any) -> datetime:
    """Return the moment of a DTSTART or DTEND in UTC."""
    if "TZID" not in value.params:
        assert value.dt.utcoffset() == timedelta()
        return in_utc(value.dt, timedelta())
    local: datetime = value.dt.replace(tzinfo=None)
    transitions = transitions_of(calendar, str(value.params["TZID"]))

    def offset_at(moment: datetime) -> timedelta:
        past = [after for when, _, after in transitions if when <= moment]
        return past[-1] if past else transitions[0][1]

    offsets = {offset for _, before, after in transitions for offset in (before, after)}
    # Of a time that comes twice the first is meant; one that is skipped goes by the clock before.
    fitting = [in_utc(local, offset) for offset in offsets if offset_at(in_utc(local, offset)) == offset]
    skipped = [in_utc(local, before) for when, before, after in transitions if when < in_utc(local, before)]
    return min(fitting) if fitting else max(skipped)
