"""Reads what pretalx's API gives: pages of submissions, talks or slots, a schedule, or the data of its widget.

Sites also store submissions by day, minute and room, as PyConFR does. The forms are those of pretalx's serializers
(github.com/pretalx/pretalx, `src/pretalx/api/serializers/` and `schedule/interfaces/widget.py`), with their expandable
fields as numbers and codes or expanded. pretalx's `schedule.json` and `schedule.xml` are in the form of frab.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Final

from msgspec import Struct

from bot.errors import UserError
from bot.programme.source import Credit, Link
from bot.sources.reading.addresses import absolute
from bot.sources.reading.file import File, Hints, Reading
from bot.sources.reading.gather import Gathering
from bot.sources.reading.problems import shown
from bot.sources.reading.talks import Slot, Talk, conference_day, gather_talk, paragraphs
from bot.sources.reading.values import Identifier, Words, checked, converted, identifier, json_or_none, words

NAME = "pretalx"
DESCRIPTION = "submissions, slots or a schedule from pretalx's API (JSON)"
FORMAT = f"{NAME}/1"

_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_EXPANDED: Final = "?expand=speakers,submission_type,track,tags,resources,slots,slots.room"


class _Person(Struct):
    code: str | None = None
    name: str | None = None


class _Resource(Struct):
    resource: str | None = None
    description: Words = None
    is_public: bool | None = None


class _Slot(Struct):
    start: str | None = None
    end: str | None = None
    room: Words = None
    is_visible: bool | None = None


class _Record(Struct):
    """A submission with its slots, a talk of the widget's data, or a slot with its submission."""

    id: Identifier = None
    code: Identifier = None
    title: Words = None
    speakers: list[_Person | str] | None = None
    submission_type: Words = None
    track: Words = None
    tags: list[Words] | None = None
    state: str | None = None
    pending_state: str | None = None
    abstract: Words = None
    description: Words = None
    resources: list[_Resource | int] | None = None
    slots: list[_Slot | int] | None = None
    slot: _Slot | None = None
    start: str | None = None
    end: str | None = None
    room: Words = None
    is_visible: bool | None = None
    slot_type: str | None = None
    submission: "_Record | str | None" = None


class _Break(Struct):
    """Something without a talk that a site adds to the minutes of a day, such as lunch."""

    id: Identifier = None
    title: Words = None


class _Entry(Struct):
    id: Identifier = None
    code: Identifier = None
    name: Words = None


class _Tables(Struct):
    """What a document lists beside its talks, by the numbers and codes that the talks refer to."""

    timezone: str | None = None
    rooms: list[_Entry] | None = None
    tracks: list[_Entry] | None = None
    speakers: list[_Entry] | dict[str, _Entry] | None = None


@dataclass(slots=True)
class _Names:
    """Names by the numbers or codes that stand for them."""

    rooms: dict[str, str] = field(default_factory=dict)
    tracks: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)


def recognises(file: File) -> bool:
    """Tell whether this is a file from pretalx's API."""
    document = json_or_none(file)
    if isinstance(document, dict) and _by_day(document):
        return any(_is_submission(entry) for _, _, entry in _entries(document))
    return _is_record(next(iter(_listed(document)), None), is_widget=_is_widget(document))


def read(file: File, hints: Hints) -> Reading:
    """Read submissions or a schedule.

    Raises:
        UserError: it is one page of several, it names talks by code only, or something in it is of the wrong type.
    """
    document = checked(file, DESCRIPTION, is_recognised=recognises(file))
    _refuse_part(file, document)
    gathering = Gathering(file.name, FORMAT, hints)
    names = _Names()
    if isinstance(document, dict):
        tables = converted(file, {key: document[key] for key in _Tables.__struct_fields__ if key in document}, _Tables)
        gathering.use_zone(tables.timezone)
        names = _names(tables)
    if isinstance(document, dict) and _by_day(document):
        _read_days(file, document, gathering, names)
    else:
        for record in converted(file, _listed(document), list[_Record], "results"):
            if record.slot_type == "blocker":
                gathering.leave_out("time kept free by the organizers")
            else:
                gather_talk(gathering, _talk(file, gathering, names, record))
    return gathering.finish()


def _is_submission(value: Any) -> bool:  # noqa: ANN401 - whatever a JSON file holds
    return (
        isinstance(value, dict)
        and {"code", "title"} <= value.keys()
        and bool({"submission_type", "slots", "slot", "slot_count"} & value.keys())
    )


def _is_record(value: Any, *, is_widget: bool) -> bool:  # noqa: ANN401 - whatever a JSON file holds
    is_slot = isinstance(value, dict) and {"submission", "start", "room"} <= value.keys()
    return is_slot or _is_submission(value) or (is_widget and isinstance(value, dict) and "title" in value)


def _is_widget(document: Any) -> bool:  # noqa: ANN401 - whatever a JSON file holds
    return isinstance(document, dict) and {"talks", "speakers", "rooms", "timezone"} <= document.keys()


def _listed(document: Any) -> list[Any]:  # noqa: ANN401 - whatever a JSON file holds
    """Return the list of records of a document that has one."""
    if isinstance(document, dict):
        document = next((document[key] for key in ("results", "slots", "talks") if key in document), None)
    return document if isinstance(document, list) else []


def _by_day(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the parts of a document that have a dictionary a day."""
    return {
        name: part
        for name, part in document.items()
        if isinstance(part, dict) and part and all(_DATE.fullmatch(day) for day in part)
    }


def _entries(document: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Yield what stands in the minutes of the days, with the day and the minute."""
    for days in _by_day(document).values():
        for day, minutes in days.items():
            for minute, held in minutes.items() if isinstance(minutes, dict) else ():
                if isinstance(held, dict) and "title" in held:
                    yield day, minute, held
                elif isinstance(held, dict):
                    yield from ((day, minute, entry) for entry in held.values())


def _refuse_part(file: File, document: Any) -> None:  # noqa: ANN401 - whatever a JSON file holds
    if not isinstance(document, dict) or not isinstance(document.get("results"), list):
        return
    held, count = len(document["results"]), document.get("count")
    if document.get("next") or document.get("previous") or (isinstance(count, int) and count > held):
        of = f" of {count}" if isinstance(count, int) else ""
        raise UserError(
            f"{file.name}: it is one page with {held}{of} records. Fetch the other pages as well (the address in "
            "“next”) and put all records into one list “results”, without “next”."
        )


def _names(tables: _Tables) -> _Names:
    people = tables.speakers or []
    return _Names(
        rooms=_table(tables.rooms or ()),
        tracks=_table(tables.tracks or ()),
        people=_table(people.values() if isinstance(people, dict) else people),
    )


def _table(entries: Iterable[_Entry]) -> dict[str, str]:
    return {
        key: words(entry.name)
        for entry in entries
        if (key := identifier(entry.code) or identifier(entry.id)) and words(entry.name)
    }


def _talk(file: File, gathering: Gathering, names: _Names, record: _Record) -> Talk:
    if isinstance(record.submission, str):
        raise UserError(
            f"{file.name}: its slots name their talks by code only, such as “{shown(record.submission)}”. Fetch "
            f"/submissions/{_EXPANDED} instead."
        )
    talk = record.submission or record
    code = identifier(talk.code)
    title = words(talk.title) if talk.code or talk.title else words(record.description)
    given = _slots(talk)
    if record.start or record.room:
        given.append(_Slot(record.start, record.end, record.room, record.is_visible))
    return Talk(
        mark=("code", code) if code else None,
        title=title.strip(),
        slots=tuple(_slot(gathering, names, slot, title) for slot in given if slot.is_visible is not False),
        authors=tuple(_authors(gathering, names, talk)),
        abstract=paragraphs(words(talk.abstract), words(talk.description) if talk.code else None),
        kind=_name(talk.submission_type, {}),
        track=_name(talk.track, names.tracks) or None,
        topics=tuple(_topics(talk)),
        links=tuple(_links(talk)),
        source_id=code,
        states=(talk.state, talk.pending_state),
    )


def _slots(record: _Record) -> list[_Slot]:
    slots = [slot for slot in record.slots or () if isinstance(slot, _Slot)]
    return [*slots, record.slot] if record.slot else slots


def _name(value: Words, table: dict[str, str]) -> str:
    """Return the name of what a record refers to; a number alone tells nothing unless the document has a table."""
    if isinstance(value, int | float):
        return table.get(str(value), "")
    return words(value).strip()


def _slot(gathering: Gathering, names: _Names, slot: _Slot, title: str) -> Slot:
    about = f"“{shown(title)}”"
    starts_at = gathering.moment(slot.start, f"{about}: the start")
    room = _name(slot.room, names.rooms) or None
    if room is None and slot.room is not None:
        gathering.problems.action(
            "rooms as numbers",
            f"{about}: its room is only a number, so that it is shown without one. Fetch the file with {_EXPANDED}.",
        )
    day = conference_day(datetime.fromisoformat((slot.start or "").strip()), gathering.zone) if starts_at else None
    return Slot(starts_at, gathering.moment(slot.end, f"{about}: the end"), room, day)


def _authors(gathering: Gathering, names: _Names, talk: _Record) -> Iterator[Credit]:
    for person in talk.speakers or ():
        code = person if isinstance(person, str) else person.code or ""
        name = names.people.get(code, "") if isinstance(person, str) else person.name or names.people.get(code, "")
        if name or not code:
            yield Credit(name.strip())
        else:
            gathering.problems.action(
                "speakers as codes",
                f"“{shown(words(talk.title))}”: a speaker is only a code, “{shown(code)}”, and is left out. Fetch the "
                f"file with {_EXPANDED}.",
            )


def _topics(talk: _Record) -> Iterator[str]:
    for tag in talk.tags or ():
        if isinstance(tag, dict):
            if tag.get("is_public") is not False and isinstance(tag.get("tag"), str | dict):
                yield words(tag["tag"])
        elif isinstance(tag, str):
            yield tag


def _links(talk: _Record) -> Iterator[Link]:
    for resource in talk.resources or ():
        if isinstance(resource, _Resource) and resource.is_public is not False:
            address = absolute(resource.resource)
            if address:
                yield Link(" ".join(words(resource.description).split()) or "Link", address)


def _read_days(file: File, document: dict[str, Any], gathering: Gathering, names: _Names) -> None:
    entries = list(_entries(document))
    records = converted(file, [entry for _, _, entry in entries if _is_submission(entry)], list[_Record], "talks")
    offsets: dict[str, tzinfo | None] = {}
    for record in records:
        gather_talk(gathering, _talk(file, gathering, names, record))
        for slot in _slots(record):
            if slot.start:
                offsets.setdefault(slot.start[:10], _offset(slot.start))
    for day, minute, entry in entries:
        if _is_submission(entry):
            continue
        pause = converted(file, entry, _Break, f"{day}.{minute}")
        title = words(pause.title).strip()
        # The minute has no offset; that of the day's talks is the conference's.
        offset = None if gathering.hints.zone_given else offsets.get(day)
        starts_at = gathering.moment(_at_minute(day, minute, offset), f"“{shown(title)}”: the start")
        gather_talk(gathering, Talk(None, title, (Slot(starts_at),), source_id=identifier(pause.id)))


def _offset(start: str) -> tzinfo | None:
    try:
        return datetime.fromisoformat(start).tzinfo
    except ValueError:
        return None


def _at_minute(day: str, minute: str, offset: tzinfo | None) -> datetime | str:
    """Return the local time a number of minutes after a day's midnight, or a text that says what can't be read."""
    if not (minute.isdecimal() and len(minute) <= 4):
        return f"{day}, minute {minute}"
    try:
        return datetime.combine(date.fromisoformat(day), time(), offset) + timedelta(minutes=int(minute))
    except (ValueError, OverflowError):
        return f"{day}, minute {minute}"
