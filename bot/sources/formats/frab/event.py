"""What frab's XML and JSON have in common: one event record, and the schedule around it.

The shapes are those of c3voc's schemas (github.com/voc/schedule, `validator/`), of the exports of frab, pretalx and
pentabarf, and of FOSDEM's schedule.
"""

from dataclasses import dataclass, field
from datetime import time

from msgspec import Struct

from bot.sources.reading.talks import NIGHT_ENDS
from bot.sources.reading.values import Identifier, Words


class Person(Struct):
    """Somebody who gives a talk; systems differ in which of the names they fill in."""

    public_name: str | None = None
    full_public_name: str | None = None
    name: str | None = None

    @property
    def shown_name(self) -> str:
        """The name under which they speak."""
        names = (self.public_name, self.full_public_name, self.name)
        return next((name.strip() for name in names if name and name.strip()), "")


class Reference(Struct):
    """A link or an attachment of a talk."""

    url: str | None = None
    title: Words = None
    type: str | None = None


class Event(Struct):
    """A talk, or whatever else stands in the schedule."""

    guid: Identifier = None
    id: Identifier = None
    code: Identifier = None
    title: Words = None
    subtitle: Words = None
    track: Words = None
    type: Words = None
    abstract: Words = None
    description: Words = None
    date: str | None = None
    start: str | None = None
    end: str | None = None
    duration: str | int | float | None = None
    room: Words = None
    url: str | None = None
    recording_url: str | None = None
    status: str | None = None
    state: str | None = None
    persons: list[Person | str] | None = None
    participants: list[Person | str] | None = None
    links: list[Reference | str] | None = None
    attachments: list[Reference | str] | None = None


@dataclass(slots=True)
class PlacedEvent:
    """An event where the schedule has it.

    Attributes:
        event: the event.
        date: the day of the schedule, such as "2025-02-01", or None where the schedule has no days.
        room: the room it is listed in, or None.
        line: where it is in the file.
    """

    event: Event
    date: str | None = None
    room: str | None = None
    line: int | None = None


@dataclass(slots=True)
class Schedule:
    """A schedule as read from XML or JSON.

    Attributes:
        zone: the name of the conference's time zone, or None.
        base: the address to which relative ones belong, or None.
        night_ends: the local time at which a day of the schedule begins and ends.
        tracks: names of tracks by the short forms in which events may refer to them.
        events: all events.
    """

    zone: str | None = None
    base: str | None = None
    night_ends: time = NIGHT_ENDS
    tracks: dict[str, str] = field(default_factory=dict)
    events: list[PlacedEvent] = field(default_factory=list)
