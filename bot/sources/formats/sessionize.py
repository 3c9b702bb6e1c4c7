"""Reads the JSON of a Sessionize API endpoint: the views "All", "Sessions" and "GridSmart".

What Sessionize calls a session is a talk with a room and a time, or, marked as a service session, a break or a
registration. So each one is a session of its own here, and those that are no service session are papers as well. The
forms are those that sessionize.com/playbook/api documents and its public endpoints give.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final, TypeAlias

from msgspec import Struct

from bot.errors import UserError
from bot.programme.source import Credit, Link, SourcePaper, SourceSession
from bot.sources.reading.addresses import absolute
from bot.sources.reading.file import File, Hints, Reading
from bot.sources.reading.gather import Gathering
from bot.sources.reading.problems import shown
from bot.sources.reading.talks import paragraphs
from bot.sources.reading.values import Identifier, Words, checked, converted, identifier, json_or_none, words

NAME = "sessionize"
DESCRIPTION = "JSON from a Sessionize API endpoint (All, Sessions or GridSmart)"
FORMAT = f"{NAME}/1"

_KIND: Final = re.compile(r"\b(?:format|type|kind|length|duration)", re.IGNORECASE)
_LONGEST: Final = 7 * 24 * 60
"""The most minutes for which a session can be meant to last."""
_TRACK: Final = re.compile(r"\b(?:track|stream|theme)", re.IGNORECASE)


class _Item(Struct):
    id: Identifier = None
    name: Words = None


class _Category(Struct):
    """A category with items: all it has ("All"), or those of one session ("Sessions", "GridSmart")."""

    title: Words = None
    name: Words = None
    items: list[_Item] | None = None
    categoryItems: list[_Item] | None = None  # noqa: N815 - Sessionize's name


class _Speaker(Struct):
    id: Identifier = None
    name: str | None = None
    fullName: str | None = None  # noqa: N815
    firstName: str | None = None  # noqa: N815
    lastName: str | None = None  # noqa: N815

    @property
    def shown_name(self) -> str:
        """The whole name."""
        parts = " ".join(part.strip() for part in (self.firstName, self.lastName) if part)
        return (self.fullName or self.name or parts).strip()


class _Session(Struct):
    id: Identifier = None
    title: Words = None
    description: Words = None
    startsAt: str | None = None  # noqa: N815
    endsAt: str | None = None  # noqa: N815
    lengthInMinutes: int | None = None  # noqa: N815
    isServiceSession: bool | None = None  # noqa: N815
    isPlenumSession: bool | None = None  # noqa: N815
    speakers: list[_Speaker | str | int] | None = None
    categoryItems: list[Identifier] | None = None  # noqa: N815
    categories: list[_Category] | None = None
    roomId: Identifier = None  # noqa: N815
    room: Words = None
    liveUrl: str | None = None  # noqa: N815
    recordingUrl: str | None = None  # noqa: N815
    status: str | None = None


class _All(Struct):
    sessions: list[_Session] | None = None
    speakers: list[_Speaker] | None = None
    categories: list[_Category] | None = None
    rooms: list[_Item] | None = None


class _Group(Struct):
    """A day with rooms ("GridSmart"), a room of such a day, or a group of sessions ("Sessions")."""

    name: Words = None
    sessions: list[_Session] | None = None
    rooms: "list[_Group] | None" = None


_Chosen: TypeAlias = tuple[str, str]
"""The title of a category, and the item that somebody chose in it."""


@dataclass(slots=True)
class _Names:
    """What the numbers of the view "All" stand for."""

    rooms: dict[str, str] = field(default_factory=dict)
    speakers: dict[str, str] = field(default_factory=dict)
    items: dict[str, _Chosen] = field(default_factory=dict)


def recognises(file: File) -> bool:
    """Tell whether this is a view of Sessionize."""
    document = json_or_none(file)
    return _is_all(document) or _is_speakers(document) or next(_sessions_in(document), None) is not None


def read(file: File, hints: Hints) -> Reading:
    """Read a view of Sessionize.

    Raises:
        UserError: it is the view of the speakers, or something in it is of the wrong type.
    """
    document = checked(file, DESCRIPTION, is_recognised=recognises(file))
    if _is_speakers(document):
        raise UserError(
            f"{file.name}: it is Sessionize's view “Speakers”, which has no descriptions, times and rooms. Take the "
            "view “All” of the same endpoint."
        )
    gathering = Gathering(file.name, FORMAT, hints)
    if _is_all(document):
        everything = converted(file, document, _All)
        names = _names(everything)
        for session in everything.sessions or ():
            _gather(gathering, names, session, None)
    else:
        for group in converted(file, document, list[_Group]):
            for room in (group, *(group.rooms or ())):
                for session in room.sessions or ():
                    # A plenary without a room is listed in the first column of its day.
                    is_placed = room is not group and not session.isPlenumSession
                    _gather(gathering, _Names(), session, words(room.name).strip() if is_placed else None)
    return gathering.finish()


def _is_all(document: Any) -> bool:  # noqa: ANN401 - whatever a JSON file holds
    return (
        isinstance(document, dict)
        and {"sessions", "speakers", "rooms"} <= document.keys()
        and _is_session(document["sessions"])
    )


def _is_speakers(document: Any) -> bool:  # noqa: ANN401 - whatever a JSON file holds
    speaker = document[0] if isinstance(document, list) and document else None
    return isinstance(speaker, dict) and {"fullName", "tagLine", "sessions"} <= speaker.keys()


def _is_session(value: Any) -> bool:  # noqa: ANN401 - whatever a JSON file holds
    """Tell whether this is a list of Sessionize's sessions."""
    first = value[0] if isinstance(value, list) and value else None
    return isinstance(first, dict) and "startsAt" in first and bool({"isServiceSession", "roomId"} & first.keys())


def _sessions_in(document: Any) -> Iterator[list[Any]]:  # noqa: ANN401 - whatever a JSON file holds
    """Yield the lists of sessions in the days and groups of a document."""
    for group in document if isinstance(document, list) else ():
        if not isinstance(group, dict):
            return
        rooms = group.get("rooms")
        for holder in (group, *(rooms if isinstance(rooms, list) else ())):
            if isinstance(holder, dict) and _is_session(holder.get("sessions")):
                yield holder["sessions"]


def _names(everything: _All) -> _Names:
    return _Names(
        rooms={key: words(room.name) for room in everything.rooms or () if (key := identifier(room.id))},
        speakers={key: who.shown_name for who in everything.speakers or () if (key := identifier(who.id))},
        items={
            key: (words(category.title or category.name), words(item.name))
            for category in everything.categories or ()
            for item in category.items or ()
            if (key := identifier(item.id))
        },
    )


def _gather(gathering: Gathering, names: _Names, session: _Session, room: str | None) -> None:
    title = words(session.title).strip()
    if not gathering.may_show(_status(gathering, session), title):
        return
    if not title:
        gathering.leave_out("no title", words(session.description) or identifier(session.id) or "")
        return
    about = f"“{shown(title)}”"
    starts_at = gathering.moment(session.startsAt, f"{about}: the start")
    ends_at = gathering.moment(session.endsAt, f"{about}: the end")
    if starts_at and not ends_at and 0 < (session.lengthInMinutes or 0) <= _LONGEST:
        ends_at = starts_at + timedelta(minutes=session.lengthInMinutes or 0)
    kinds, tracks, topics = _sorted(_chosen(session, names))
    number = identifier(session.id)
    draft = SourceSession(
        kind=", ".join(kinds),
        name=title,
        track=tracks[0] if tracks else None,
        room=_room(names, session) or room or None,
        starts_at=starts_at,
        ends_at=ends_at,
        source_id=number,
    )
    mark = (number or title, starts_at)
    abstract, links = paragraphs(words(session.description)), tuple(_links(session))
    if session.isServiceSession and not session.speakers:
        gathering.session_record()
        gathering.session(replace(draft, abstract=abstract, links=links), mark)
        return
    paper = gathering.paper(
        SourcePaper(
            title=title,
            authors=tuple(_authors(session, names)),
            abstract=abstract,
            kind=draft.kind,
            track=draft.track,
            topics=(*tracks[1:], *topics),
            source_id=number,
            links=links,
        ),
        number,
    )
    if starts_at or draft.room:
        gathering.appear(gathering.session(draft, mark), paper, starts_at=starts_at, ends_at=ends_at)


def _room(names: _Names, session: _Session) -> str:
    return names.rooms.get(identifier(session.roomId) or "", "") or words(session.room).strip()


def _status(gathering: Gathering, session: _Session) -> str | None:
    """Return the status; those in the queue to be accepted are accepted only for the ones who decide."""
    status = session.status
    if status and "queue" in status.casefold() and status not in gathering.hints.public:
        return f"pending: {status}"
    return status


def _chosen(session: _Session, names: _Names) -> Iterator[_Chosen]:
    for number in session.categoryItems or ():
        if found := names.items.get(identifier(number) or ""):
            yield found
    for category in session.categories or ():
        for item in category.categoryItems or ():
            yield words(category.name or category.title), words(item.name)


def _sorted(chosen: Iterable[_Chosen]) -> tuple[list[str], list[str], list[str]]:
    """Return what was chosen as the kind, as the track and as topics, by what the category is called."""
    kinds: list[str] = []
    tracks: list[str] = []
    topics: list[str] = []
    for category, item in chosen:
        held = tracks if _TRACK.search(category) else kinds if _KIND.search(category) else topics
        if item.strip() and item not in held:
            held.append(item.strip())
    return kinds, tracks, topics


def _authors(session: _Session, names: _Names) -> Iterator[Credit]:
    for speaker in session.speakers or ():
        known = names.speakers.get(identifier(speaker if isinstance(speaker, str | int) else speaker.id) or "", "")
        # A speaker's "tag line" may be a job, a motto or an employer, and so is no affiliation.
        yield Credit(known if isinstance(speaker, str | int) else speaker.shown_name or known)


def _links(session: _Session) -> Iterator[Link]:
    for label, given in (("Live", session.liveUrl), ("Video", session.recordingUrl)):
        if address := absolute(given):
            yield Link(label, address)
