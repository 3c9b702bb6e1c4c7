"""Reading frab's `schedule.json`, which pretalx and others write as well."""

from collections.abc import Iterator
from typing import Any, TypeAlias

from msgspec import Struct

from bot.sources.formats.frab.event import Event, PlacedEvent, Schedule
from bot.sources.reading.file import File
from bot.sources.reading.values import Words, converted, words


class _Named(Struct):
    name: Words = None
    slug: str | None = None


class _Room(Struct):
    name: Words = None
    events: list[Event] | None = None
    talks: list[Event] | None = None


_Rooms: TypeAlias = dict[str, list[Event] | None] | list[_Room] | None


class _Day(Struct):
    date: str | None = None
    day_start: str | None = None
    rooms: _Rooms = None


class _Conference(Struct):
    time_zone_name: str | None = None
    base_url: str | None = None
    days: list[_Day] | dict[str, _Day] | None = None
    tracks: list[_Named | str] | None = None


class _Events(Struct):
    base_url: str | None = None
    events: list[Event] | None = None


def is_schedule(document: Any) -> bool:  # noqa: ANN401 - whatever a JSON file holds
    """Tell whether a document is a schedule in the form of frab. Never raises."""
    conference = _conference(document)
    if conference is None:
        return False
    if isinstance(_outer(document).get("events"), list) and {"acronym", "days"} & conference.keys():
        return True
    days = conference.get("days")
    days = list(days.values()) if isinstance(days, dict) else days
    return isinstance(days, list) and any(isinstance(day, dict) and "rooms" in day for day in days)


def schedule_of(file: File) -> Schedule:
    """Return the schedule of a file that `is_schedule` accepts.

    Raises:
        UserError: something in it is of a type that it never has.
    """
    outer = converted(file, _outer(file.json), _Events, "schedule")
    conference = converted(file, _conference(file.json), _Conference, "schedule.conference")
    events = list(_placed(conference))
    # The newer form of the schema lists the events beside the conference instead of in its days.
    events += [PlacedEvent(event, room=words(event.room).strip() or None) for event in outer.events or ()]
    tracks = (track for track in conference.tracks or () if isinstance(track, _Named) and track.slug)
    return Schedule(
        zone=conference.time_zone_name,
        base=outer.base_url or conference.base_url,
        tracks={track.slug: words(track.name) for track in tracks if track.slug and words(track.name)},
        events=events,
    )


def _outer(document: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a JSON file holds
    """Return what holds the conference: the value of "schedule", or the document itself."""
    if not isinstance(document, dict):
        return {}
    schedule = document.get("schedule")
    return schedule if isinstance(schedule, dict) else document


def _conference(document: Any) -> dict[str, Any] | None:  # noqa: ANN401 - whatever a JSON file holds
    outer = _outer(document)
    conference = outer.get("conference", outer)
    return conference if isinstance(conference, dict) else None


def _placed(conference: _Conference) -> Iterator[PlacedEvent]:
    days = conference.days or ()
    for number, day in enumerate(days.values() if isinstance(days, dict) else days):
        date = day.date or (day.day_start or "")[:10] or str(number)
        for room, events in _rooms(day.rooms):
            for event in events:
                yield PlacedEvent(event, date, room.strip() or words(event.room).strip() or None)


def _rooms(rooms: _Rooms) -> Iterator[tuple[str, list[Event]]]:
    if isinstance(rooms, dict):
        for name, events in rooms.items():
            yield name, events or []
    for room in rooms if isinstance(rooms, list) else ():
        yield words(room.name), [*(room.events or ()), *(room.talks or ())]
