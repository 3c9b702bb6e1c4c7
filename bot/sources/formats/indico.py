"""Reads Indico's JSON exports: the timetable, and an event with its contributions or sessions.

The forms are those of Indico's HTTP API, `/export/timetable/ID.json` and
`/export/event/ID.json?detail=contributions|subcontributions|sessions` (github.com/indico/indico,
`docs/source/http-api/exporters/` and `indico/modules/events/{api,timetable/legacy}.py`), old and new.
"""

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from msgspec import Struct

from bot.errors import UserError
from bot.programme.source import Credit, Link, SourcePaper, SourceSession
from bot.sources.reading.addresses import absolute
from bot.sources.reading.file import File, Hints, Reading
from bot.sources.reading.gather import Gathering, PaperDraft, SessionDraft
from bot.sources.reading.problems import shown
from bot.sources.reading.talks import conference_day, is_break, paragraphs
from bot.sources.reading.values import Identifier, Words, checked, converted, identifier, json_or_none, words

NAME = "indico"
DESCRIPTION = "a JSON export of Indico (timetable, or an event with its contributions or sessions)"
FORMAT = f"{NAME}/1"

_DAY: Final = re.compile(r"\d{8}")


class _When(Struct):
    date: str | None = None
    time: str | None = None
    tz: str | None = None


class _Person(Struct):
    """A person; Indico writes names in several ways, of which `fullName` alone has the family name first."""

    name: str | None = None
    fullName: str | None = None  # noqa: N815 - Indico's names, here and below
    firstName: str | None = None  # noqa: N815
    familyName: str | None = None  # noqa: N815
    first_name: str | None = None
    last_name: str | None = None
    affiliation: str | None = None


class _Attachment(Struct):
    title: str | None = None
    name: str | None = None
    download_url: str | None = None
    link_url: str | None = None
    url: str | None = None
    is_protected: bool | None = None


class _Folder(Struct):
    attachments: list[_Attachment] | None = None
    resources: list[_Attachment] | None = None
    is_protected: bool | None = None


class _Attachments(Struct):
    files: list[_Attachment] | None = None
    folders: list[_Folder] | None = None


class _Reference(Struct):
    type: str | None = None
    url: str | None = None


_People: TypeAlias = list[_Person] | None


class _Entry(Struct):
    """An entry of a timetable, a contribution or a subcontribution."""

    id: Identifier = None
    db_id: Identifier = None
    contributionId: Identifier = None  # noqa: N815
    sessionSlotId: Identifier = None  # noqa: N815
    code: Identifier = None
    entryType: str | None = None  # noqa: N815
    title: Words = None
    slotTitle: Words = None  # noqa: N815
    description: Words = None
    startDate: _When | None = None  # noqa: N815
    endDate: _When | None = None  # noqa: N815
    room: Words = None
    roomFullname: Words = None  # noqa: N815
    location: Words = None
    url: str | None = None
    presenters: _People = None
    authors: _People = None
    speakers: _People = None
    primaryauthors: _People = None
    coauthors: _People = None
    conveners: _People = None
    sessionConveners: _People = None  # noqa: N815
    keywords: list[str] | str | None = None
    track: Words = None
    type: Words = None
    session: Words = None
    board_number: Identifier = None
    isPoster: bool | None = None  # noqa: N815
    attachments: _Attachments | list[_Attachment] | None = None
    folders: list[_Folder] | None = None
    material: list[_Folder] | None = None
    references: list[_Reference] | None = None
    entries: "dict[str, _Entry] | list[_Entry] | None" = None
    contributions: "list[_Entry] | None" = None
    subContributions: "list[_Entry] | None" = None  # noqa: N815


class _Event(Struct):
    id: Identifier = None
    timezone: str | None = None
    contributions: list[_Entry] | None = None
    sessions: list[_Entry] | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    """Which event is being read, and the address to which its relative ones belong."""

    gathering: Gathering
    event: str
    base: str | None


def recognises(file: File) -> bool:
    """Tell whether this is an export of Indico."""
    document = json_or_none(file)
    if not isinstance(document, dict):
        return False
    results = document.get("results", document)
    if isinstance(results, list):
        event = results[0] if results else None
        return isinstance(event, dict) and (
            event.get("_type") == "Conference"
            or (isinstance(event.get("startDate"), dict) and bool({"contributions", "sessions"} & event.keys()))
        )
    if document.get("_type") == "HTTPAPIResult":
        return isinstance(document.get("results"), dict)
    days = (days for _, days in _timetables(results))
    held = (
        entry for day in days for entries in day.values() if isinstance(entries, dict) for entry in entries.values()
    )
    return any(isinstance(entry, dict) and "entryType" in entry for entry in held)


def read(file: File, hints: Hints) -> Reading:
    """Read an export.

    Raises:
        UserError: the export is not complete, has no contributions, or something in it is of the wrong type.
    """
    document = checked(file, DESCRIPTION, is_recognised=recognises(file))
    if document.get("complete") is False:
        raise UserError(
            f"{file.name}: Indico says that this export is not complete, because its server limits them. Export fewer "
            "events at once."
        )
    base = document.get("url") if isinstance(document.get("url"), str) else None
    results = document.get("results", document)
    gathering = Gathering(file.name, FORMAT, hints)
    if isinstance(results, list):
        _read_events(file, _Place(gathering, "", base), converted(file, results, list[_Event], "results"))
    else:
        for event, days in _timetables(results):
            timetable = converted(file, days, dict[str, dict[str, _Entry] | list[_Entry] | None], f"results.{event}")
            for entries in timetable.values():
                for key, entry in _listed(entries):
                    _gather_entry(_Place(gathering, event, base), key, entry)
    return gathering.finish()


def _timetables(results: Any) -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: ANN401 - whatever a JSON file holds
    """Yield the timetables by day that results hold, each with the identifier of its event."""
    if isinstance(results, dict) and results and all(_DAY.fullmatch(day) for day in results):
        yield "", results
    elif isinstance(results, dict):
        for event, days in results.items():
            if isinstance(days, dict) and all(_DAY.fullmatch(day) for day in days):
                yield event, days


def _listed(entries: dict[str, _Entry] | list[_Entry] | None) -> Iterator[tuple[str, _Entry]]:
    if isinstance(entries, dict):
        yield from entries.items()
    for entry in entries if isinstance(entries, list) else ():
        yield identifier(entry.id) or "", entry


def _gather_entry(place: _Place, key: str, entry: _Entry) -> None:
    """Account for an entry of a timetable: a session with all in it, a contribution outside of sessions, or a break."""
    if entry.entryType == "Session":
        _gather_session(place, key, entry)
    elif entry.entryType == "Contribution":
        _gather_alone(place, entry)
    else:
        _gather_break(place, key, entry)


def _gather_session(place: _Place, key: str, slot: _Entry) -> None:
    """Account for one slot of a session, with all in it: a session that has several slots is as many sessions."""
    name = _slot_name(slot)
    held = [*_listed(slot.entries), *_listed(slot.contributions)]
    if not name and not held:
        place.gathering.leave_out("no title", words(slot.description) or key)
        return
    place.gathering.session_record()
    session = place.gathering.session(
        _session(
            place,
            slot,
            name=name,
            kind=_slot_kind(slot),
            chairs=tuple(_credits(slot.conveners, slot.sessionConveners)),
        ),
        ("slot", place.event, identifier(slot.sessionSlotId) or key or name),
    )
    for inner_key, inner in held:
        if inner.entryType == "Break" or _is_break(inner):
            _gather_break(place, inner_key, inner)
        else:
            _gather_paper(place, inner, session)


def _slot_name(slot: _Entry) -> str:
    title, part = words(slot.title).strip(), words(slot.slotTitle).strip()
    return f"{title}: {part}" if title and part and part not in title else title or part


def _slot_kind(slot: _Entry) -> str:
    session = slot.session if isinstance(slot.session, dict) else {}
    kind = words(slot.type).strip() or str(session.get("type") or "").strip()
    return kind or ("Poster session" if slot.isPoster or session.get("isPoster") is True else "")


def _gather_break(place: _Place, key: str, entry: _Entry) -> None:
    name = words(entry.title).strip()
    if not name:
        place.gathering.leave_out("no title", key)
        return
    place.gathering.session_record()
    mark = ("entry", place.event, identifier(entry.id) or key or name)
    place.gathering.session(_session(place, entry, name=name, kind="Break" if entry.entryType == "Break" else ""), mark)


def _is_break(entry: _Entry) -> bool:
    """Tell whether this is a contribution by its form only, such as a coffee break with a number."""
    return is_break(words(entry.title), words(entry.type), _authors(entry))


def _gather_alone(place: _Place, entry: _Entry) -> None:
    """Account for a contribution outside of sessions: with a time it is a session of its own."""
    name, kind = words(entry.title).strip(), words(entry.type).strip()
    if _is_break(entry):
        _gather_break(place, "", entry)
    elif not name or not entry.startDate:
        _gather_paper(place, entry, None)
    else:
        session = _session(place, entry, name=name, kind=kind, bare=True)
        mark = ("contribution", place.event, session.source_id or name, session.starts_at)
        _gather_paper(place, entry, place.gathering.session(session, mark))


def _session(
    place: _Place,
    entry: _Entry,
    *,
    name: str,
    kind: str,
    chairs: tuple[Credit, ...] = (),
    bare: bool = False,
) -> SourceSession:
    """Return a session of an entry; a bare one leaves what is said of it to the paper that it holds."""
    starts_at, ends_at = _times(place, entry)
    return SourceSession(
        kind=kind,
        name=name,
        room=_room(entry),
        starts_at=starts_at,
        ends_at=ends_at,
        chairs=chairs,
        abstract=None if bare else paragraphs(words(entry.description)),
        source_id=_number(entry),
        links=() if bare else tuple(_links(place, entry)),
    )


def _gather_paper(place: _Place, entry: _Entry, session: SessionDraft | None) -> None:
    """Account for a contribution and for those within it, and put them into their session."""
    paper = _paper(place, entry)
    if paper and session:
        starts_at, ends_at = _times(place, entry)
        room = _room(entry)
        board = identifier(entry.board_number)
        own_room = room if room != session.session.room else None
        place.gathering.appear(session, paper, starts_at=starts_at, ends_at=ends_at, room=own_room, board=board)
    for inner in entry.subContributions or ():
        within = _paper(place, inner)
        if within and session:
            place.gathering.appear(session, within)


def _paper(place: _Place, entry: _Entry) -> PaperDraft | None:
    title, number = words(entry.title).strip(), _number(entry)
    if not title:
        place.gathering.leave_out("no title", words(entry.description) or number or "")
        return None
    keywords = entry.keywords.splitlines() if isinstance(entry.keywords, str) else entry.keywords or []
    code = identifier(entry.code)
    return place.gathering.paper(
        SourcePaper(
            title=title,
            authors=_authors(entry),
            abstract=paragraphs(words(entry.description)),
            kind=words(entry.type).strip(),
            track=words(entry.track).strip() or None,
            topics=tuple(word.strip() for word in keywords if word.strip()),
            source_id=number,
            other_ids=(code,) if code else (),
            links=tuple(_links(place, entry)),
        ),
        ("paper", place.event, number) if number else None,
    )


def _number(entry: _Entry) -> str | None:
    """Return the number under which Indico knows an entry: that of the contribution rather than of its place."""
    values = (entry.contributionId, entry.db_id, entry.sessionSlotId, entry.id)
    return next((number for value in values if (number := identifier(value))), None)


def _room(entry: _Entry) -> str | None:
    return next(
        (room for value in (entry.room, entry.roomFullname, entry.location) if (room := words(value).strip())), None
    )


def _times(place: _Place, entry: _Entry) -> tuple[datetime | None, datetime | None]:
    about = f"“{shown(words(entry.title))}”"
    return (
        _moment(place.gathering, entry.startDate, f"{about}: the start"),
        _moment(place.gathering, entry.endDate, f"{about}: the end"),
    )


def _moment(gathering: Gathering, when: _When | None, about: str) -> datetime | None:
    if when is None or not when.date:
        return None
    # The zone stands beside every time, and so says more of it than any configuration.
    text = f"{when.date.strip()}T{(when.time or '00:00').strip()}"
    try:
        return gathering.moment(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(when.tz or "")), about)
    except (KeyError, ValueError, OSError, OverflowError):
        return gathering.moment(text, about)


def _authors(entry: _Entry) -> tuple[Credit, ...]:
    """Return the authors in order, then speakers who are none of them; a timetable has its speakers first."""
    groups = (entry.primaryauthors, entry.coauthors, entry.speakers, entry.presenters, entry.authors)
    return tuple(dict.fromkeys(_credits(*groups)))


def _credits(*groups: _People) -> Iterator[Credit]:
    for person in (person for group in groups for person in group or ()):
        affiliation = (person.affiliation or "").strip()
        yield Credit(_name(person), (affiliation,) if affiliation else ())


def _name(person: _Person) -> str:
    first = (person.first_name or person.firstName or "").strip()
    last = (person.last_name or person.familyName or "").strip()
    if first and last:
        return f"{first} {last}"
    if person.name:
        return person.name.strip()
    family, comma, given = (person.fullName or "").partition(",")
    return (
        f"{given.strip()} {family.strip()}"
        if comma and "," not in given
        else (person.fullName or first or last).strip()
    )


def _links(place: _Place, entry: _Entry) -> Iterator[Link]:
    if page := absolute(entry.url, place.base):
        yield Link("Page", page, listed=False)
    for reference in entry.references or ():
        if address := absolute(reference.url, place.base):
            yield Link((reference.type or "").strip() or "Reference", address)
    for file in _files(entry):
        address = absolute(file.download_url or file.link_url or file.url, place.base)
        if address and not file.is_protected:
            yield Link((file.title or file.name or "").strip() or "Attachment", address, listed=False)


def _files(entry: _Entry) -> Iterator[_Attachment]:
    folders = [*(entry.folders or ()), *(entry.material or ())]
    if isinstance(entry.attachments, _Attachments):
        yield from entry.attachments.files or ()
        folders += entry.attachments.folders or ()
    else:
        yield from entry.attachments or ()
    for folder in folders:
        if not folder.is_protected:
            yield from (*(folder.attachments or ()), *(folder.resources or ()))


def _read_events(file: File, place: _Place, events: list[_Event]) -> None:
    if not any(event.contributions or event.sessions for event in events):
        raise UserError(
            f"{file.name}: it has no contributions. Export the event with “?detail=sessions”, and publish its "
            "contributions in Indico if they are not."
        )
    for event in events:
        place.gathering.use_zone(event.timezone)
        at = _Place(place.gathering, identifier(event.id) or "", place.base)
        for session in event.sessions or ():
            _gather_session(at, identifier(session.id) or "", session)
        for contribution in event.contributions or ():
            name = words(contribution.session).strip()
            if name:
                _gather_paper(at, contribution, _grouped(at, contribution, name))
            else:
                _gather_alone(at, contribution)


def _grouped(place: _Place, entry: _Entry, name: str) -> SessionDraft:
    """Return the session of a contribution of which only its name is known: in one room on one day it is one."""
    starts_at, _ = _times(place, entry)
    room = _room(entry)
    day: Hashable = conference_day(starts_at, place.gathering.zone) if starts_at else None
    return place.gathering.session(SourceSession(name=name, room=room), ("name", place.event, name, room, day))
