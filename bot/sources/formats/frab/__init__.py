"""Reads the schedules of frab, pentabarf, pretalx and FOSDEM: `schedule.json` and `schedule.xml`."""

import re
from collections.abc import Hashable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from bot.programme.source import Credit, Link
from bot.sources.formats.frab import from_json as frab_json
from bot.sources.formats.frab import from_xml as frab_xml
from bot.sources.formats.frab.event import Event, PlacedEvent, Reference, Schedule
from bot.sources.reading.addresses import absolute
from bot.sources.reading.file import File, Hints, Reading
from bot.sources.reading.gather import Gathering
from bot.sources.reading.problems import shown
from bot.sources.reading.talks import Slot, Talk, conference_day, gather_talk, paragraphs
from bot.sources.reading.values import checked, identifier, json_or_none, words

NAME = "frab"
DESCRIPTION = "a schedule of frab, pentabarf or pretalx (schedule.json or schedule.xml)"
FORMAT = f"{NAME}/1"

_DURATION: Final = re.compile(r"(?P<hours>\d{1,4}):(?P<minutes>\d{1,2})(?::(?P<seconds>\d{1,2}))?")
_NOT_FOR_PEOPLE: Final = frozenset({"feedback", "origin"})
"""Types of links that show nothing new: a form about the talk, and its page in the system it was planned with."""

_KINDS_OF_LINKS: Final = {"slides": "Slides", "paper": "Paper", "media": "Video", "blog": "Blog", "article": "Article"}
"""What a link without a title is called, by the type that c3voc's schema gives it."""


def recognises(file: File) -> bool:
    """Tell whether this is a schedule in the form of frab, as JSON or XML."""
    if file.beginning.startswith("<"):
        return frab_xml.is_schedule(file.beginning)
    return frab_json.is_schedule(json_or_none(file))


def read(file: File, hints: Hints) -> Reading:
    """Read a schedule.

    Raises:
        UserError: it is no sound XML or JSON, or not in the form of frab.
    """
    if file.looks_like_json:
        checked(file, DESCRIPTION, is_recognised=recognises(file))
        schedule = frab_json.schedule_of(file)
    else:
        schedule = frab_xml.schedule_of(file)
    gathering = Gathering(file.name, FORMAT, hints)
    gathering.use_zone(schedule.zone)
    for placed in schedule.events:
        gather_talk(gathering, _talk(gathering, schedule, placed))
    return gathering.finish()


def _talk(gathering: Gathering, schedule: Schedule, placed: PlacedEvent) -> Talk:
    event = placed.event
    title = words(event.title).strip()
    ids = [found for value in (event.code, event.id, event.guid) if (found := identifier(value))]
    track = words(event.track).strip()
    if isinstance(event.track, dict):
        track = schedule.tracks.get(str(event.track.get("slug")), track)
    return Talk(
        mark=_mark(event, title),
        title=title,
        slots=(_slot(gathering, schedule, placed, title),),
        authors=tuple(
            Credit(person if isinstance(person, str) else person.shown_name)
            for person in (*(event.persons or ()), *(event.participants or ()))
        ),
        abstract=paragraphs(words(event.subtitle), words(event.abstract), words(event.description)),
        kind=words(event.type).strip(),
        track=schedule.tracks.get(track, track) or None,
        links=tuple(_links(event, schedule.base)),
        source_id=ids[0] if ids else None,
        other_ids=tuple(dict.fromkeys(ids[1:])),
        states=(event.status, event.state),
        line=placed.line,
    )


def _mark(event: Event, title: str) -> tuple[str, ...] | None:
    """Return what the slots of one talk share: pretalx gives them one code and one id, but each a guid of its own.

    Schedules put together from several systems have an id twice, so the title has to be the same as well.
    """
    code, number, guid = identifier(event.code), identifier(event.id), identifier(event.guid)
    if code or number:
        return ("code" if code else "id", code or number or "", title)
    return ("guid", guid, title) if guid else None


def _slot(gathering: Gathering, schedule: Schedule, placed: PlacedEvent, title: str) -> Slot:
    event, line = placed.event, placed.line
    about = f"“{shown(title)}”: the start"
    local = _start(schedule, placed)
    starts_at = gathering.moment(local, about, line) if local else None
    length = _length(event.duration)
    if event.end:
        ends_at = gathering.moment(event.end, f"“{shown(title)}”: the end", line)
    elif starts_at and length:
        ends_at = starts_at + length
    else:
        ends_at = None
    if event.duration and not length and not event.end:
        gathering.problems.action(
            "a duration that can't be read",
            f"“{shown(title)}”: the duration “{shown(str(event.duration))}” is not written like 00:45; the end is left "
            "out.",
            line,
        )
    day: Hashable = placed.date
    if day is None and isinstance(local, datetime):
        day = conference_day(local, gathering.zone, schedule.night_ends)
    return Slot(starts_at, ends_at, placed.room, day)


def _start(schedule: Schedule, placed: PlacedEvent) -> datetime | str | None:
    """Return the local start: the event's own date, or the day's date and the event's time; a str can't be read."""
    event = placed.event
    for text in (event.date, event.start):
        if text and len(text.strip()) > len("2025-02-01"):
            try:
                return datetime.fromisoformat(text.strip())
            except ValueError:
                return text
    try:
        day = date.fromisoformat((event.date or placed.date or "").strip())
        clock = time.fromisoformat((event.start or "").strip().zfill(5))
    except ValueError:
        written = " ".join(filter(None, (event.date or placed.date, event.start)))
        return written if event.start else None
    # After midnight the day of the schedule is still the one before.
    if not event.date and clock < schedule.night_ends and day < date.max:
        day += timedelta(days=1)
    return datetime.combine(day, clock)


def _length(duration: str | float | None) -> timedelta | None:
    """Return a duration of hours and minutes as in "00:45", or of minutes alone; None when it is neither or none."""
    text = str(duration).strip() if duration is not None else ""
    match = _DURATION.fullmatch(text)
    if match:
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return timedelta(hours=hours, minutes=minutes, seconds=seconds) or None
    return timedelta(minutes=int(text)) or None if text.isdecimal() and len(text) < 6 else None


def _links(event: Event, base: str | None) -> Iterator[Link]:
    for label, address in (("Page", event.url), ("Video", event.recording_url)):
        if full := absolute(address, base):
            yield Link(label, full, listed=False)
    for label, references in (("Link", event.links), ("Attachment", event.attachments)):
        for given in references or ():
            reference = Reference(url=given) if isinstance(given, str) else given
            kind = (reference.type or "").casefold()
            full = absolute(reference.url, base)
            if full and kind not in _NOT_FOR_PEOPLE:
                yield Link(_title(reference) or _KINDS_OF_LINKS.get(kind, label), full, listed=label == "Link")


def _title(reference: Reference) -> str:
    title = " ".join(words(reference.title).split())
    return "" if title == (reference.url or "").strip() else title
