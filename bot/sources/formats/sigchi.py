"""Reads SIGCHI's `program.json`, as files.sigchi.org gives it for CHI, UIST, CSCW and others, in all its versions.

Its times are milliseconds since 1970, but of the clocks at the conference and not of UTC. SIGCHI's sample app prints
them as UTC without any zone (github.com/sigchi/external-app-sample, `common/js/utils.js`), the conference's own first
and last day are midnights in UTC, and in the programme of TEI 2020 in Sydney (`timeZoneOffset` 660) the mornings begin
at 9:30, which as UTC would be 20:30. So the zone is the conference's: its name, or else its offset in minutes.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any, Final, TypeAlias

from msgspec import Struct

from bot.clock import SystemClock
from bot.programme.source import Credit, Link, SourcePaper, SourceSession
from bot.sources.reading.addresses import absolute, doi_address
from bot.sources.reading.file import File, Hints, Reading
from bot.sources.reading.gather import Gathering, PaperDraft, SessionDraft
from bot.sources.reading.problems import shown
from bot.sources.reading.talks import paragraphs
from bot.sources.reading.values import Identifier, Words, checked, converted, identifier, json_or_none, words

NAME = "sigchi"
DESCRIPTION = "SIGCHI's program.json (CHI, UIST, CSCW and others)"
FORMAT = f"{NAME}/1"

_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - the clock at the conference
_NO_TRACK: Final = frozenset({"default", "default track"})
_AWARD: Final = re.compile(r"[_\s]+")


class _Affiliation(Struct):
    institution: str | None = None
    dsl: str | None = None
    city: str | None = None
    country: str | None = None
    name: str | None = None


_Affiliations: TypeAlias = list[_Affiliation | str] | None


class _Person(Struct):
    id: Identifier = None
    firstName: str | None = None  # noqa: N815 - SIGCHI's names, here and below
    middleInitial: str | None = None  # noqa: N815
    lastName: str | None = None  # noqa: N815
    affiliations: _Affiliations = None
    institutions: _Affiliations = None


class _Author(Struct):
    personId: Identifier = None  # noqa: N815
    affiliations: _Affiliations = None
    institutions: _Affiliations = None


class _Address(Struct):
    """An address with a name, in the forms of all versions; `addons` hold them by name."""

    url: str | None = None
    href: str | None = None
    label: Any = None
    name: str | None = None
    title: str | None = None
    type: str | None = None
    duringConferenceOnly: bool | None = None  # noqa: N815
    hideBeforeConference: bool | None = None  # noqa: N815


class _Named(Struct):
    id: Identifier = None
    name: Words = None


class _TimeSlot(Struct):
    id: Identifier = None
    startDate: int | float | None = None  # noqa: N815
    endDate: int | float | None = None  # noqa: N815


class _Session(Struct):
    """A session, which has a slot of time, or an event, which has a start and an end of its own."""

    id: Identifier = None
    name: Words = None
    description: Words = None
    typeId: Identifier = None  # noqa: N815
    roomId: Identifier = None  # noqa: N815
    timeSlotId: Identifier = None  # noqa: N815
    startDate: int | float | None = None  # noqa: N815
    endDate: int | float | None = None  # noqa: N815
    chairIds: list[Identifier] | None = None  # noqa: N815
    presenterIds: list[Identifier] | None = None  # noqa: N815
    contentIds: list[Identifier] | None = None  # noqa: N815
    link: _Address | str | None = None
    videos: list[_Address] | None = None
    addons: dict[str, _Address | None] | None = None


class _Content(Struct):
    id: Identifier = None
    title: Words = None
    abstract: Words = None
    typeId: Identifier = None  # noqa: N815
    trackId: Identifier = None  # noqa: N815
    isBreak: bool | None = None  # noqa: N815
    award: str | None = None
    recognitionIds: list[Identifier] | None = None  # noqa: N815
    tags: list[Words] | None = None
    keywords: list[Words] | None = None
    authors: list[_Author] | None = None
    sessionIds: list[Identifier] | None = None  # noqa: N815
    eventIds: list[Identifier] | None = None  # noqa: N815
    importedId: Identifier = None  # noqa: N815
    doi: str | None = None
    link: _Address | str | None = None
    videos: list[_Address] | None = None
    addons: dict[str, _Address | None] | None = None


class _Conference(Struct):
    startDate: int | float | None = None  # noqa: N815
    timeZoneOffset: int | float | None = None  # noqa: N815
    timeZoneName: str | None = None  # noqa: N815
    hideVideoLinksBeforeConference: bool | None = None  # noqa: N815


class _Publication(Struct):
    isDraft: bool | None = None  # noqa: N815


class _Program(Struct):
    conference: _Conference | None = None
    publicationInfo: _Publication | None = None  # noqa: N815
    rooms: list[_Named] | None = None
    tracks: list[_Named] | None = None
    contentTypes: list[_Named] | None = None  # noqa: N815
    recognitions: list[_Named] | None = None
    timeSlots: list[_TimeSlot] | None = None  # noqa: N815
    sessions: list[_Session] | None = None
    events: list[_Session] | None = None
    contents: list[_Content] | None = None
    people: list[_Person] | None = None


def recognises(file: File) -> bool:
    """Tell whether this is a programme of SIGCHI."""
    document = json_or_none(file)
    return (
        isinstance(document, dict)
        and {"sessions", "contents", "people"} <= document.keys()
        and bool({"contentTypes", "timeSlots", "schemeVersion"} & document.keys())
    )


def read(file: File, hints: Hints) -> Reading:
    """Read a programme.

    Raises:
        UserError: something in it is of the wrong type.
    """
    document = checked(file, DESCRIPTION, is_recognised=recognises(file))
    program = converted(file, document, _Program)
    gathering = Gathering(file.name, FORMAT, hints)
    if program.publicationInfo and program.publicationInfo.isDraft:
        gathering.problems.action("a draft", "SIGCHI calls this programme a draft; is everybody meant to see it?")
    _Programme(gathering, program).gather()
    return gathering.finish()


class _Programme:
    """A programme being read, with what its numbers stand for."""

    def __init__(self, gathering: Gathering, program: _Program) -> None:
        self.gathering = gathering
        self.program = program
        self.rooms = _names(program.rooms)
        self.tracks = _names(program.tracks)
        self.kinds = _names(program.contentTypes)
        self.recognitions = _names(program.recognitions)
        self.slots = {key: slot for slot in program.timeSlots or () if (key := identifier(slot.id))}
        self.people = {key: person for person in program.people or () if (key := identifier(person.id))}
        self.papers: dict[str, PaperDraft] = {}
        conference = program.conference or _Conference()
        gathering.use_zone(conference.timeZoneName)
        self.offset = None if gathering.hints.zone_given else _offset(conference, gathering)
        begins = gathering.moment(self._clock(conference.startDate), "The start of the conference")
        self.hides = begins is not None and SystemClock().now() < begins
        self.hides_videos = self.hides and bool(conference.hideVideoLinksBeforeConference)

    def gather(self) -> None:
        """Account for the contents, the sessions and the events, and put together what belongs together."""
        for content in self.program.contents or ():
            self._gather_content(content)
        sessions = [self._gather_session(session, "session") for session in self.program.sessions or ()]
        events = [self._gather_session(event, "event") for event in self.program.events or ()]
        by_number = {(what, number): draft for what, number, draft in (*sessions, *events) if draft}
        for content in self.program.contents or ():
            paper = self.papers.get(identifier(content.id) or "")
            for what, numbers in (("session", content.sessionIds), ("event", content.eventIds)):
                for number in numbers or ():
                    draft = by_number.get((what, identifier(number) or ""))
                    if paper and draft:
                        self.gathering.appear(draft, paper)

    def _gather_content(self, content: _Content) -> None:
        title, number = words(content.title).strip(), identifier(content.id)
        if content.isBreak:
            self.gathering.leave_out("a break within a session")
            return
        if not title:
            self.gathering.leave_out("no title", words(content.abstract) or number or "")
            return
        track = self.tracks.get(identifier(content.trackId) or "", "")
        imported = identifier(content.importedId)
        paper = self.gathering.paper(
            SourcePaper(
                title=title,
                authors=tuple(map(self._author, content.authors or ())),
                abstract=paragraphs(words(content.abstract)),
                kind=self.kinds.get(identifier(content.typeId) or "", ""),
                track=None if track.casefold() in _NO_TRACK else track or None,
                topics=tuple(dict.fromkeys(self._topics(content))),
                source_id=number,
                other_ids=(imported,) if imported else (),
                links=tuple(self._links(content, content.doi)),
            ),
            number,
        )
        if number:
            self.papers[number] = paper

    def _gather_session(self, session: _Session, what: str) -> tuple[str, str, SessionDraft | None]:
        """Account for a session or an event; an event that somebody presents by itself, a keynote, is a paper too."""
        name, number = words(session.name).strip(), identifier(session.id) or ""
        contents, presenters = session.contentIds or (), session.presenterIds or ()
        if not name and not contents:
            self.gathering.leave_out("no title", number)
            return what, number, None
        is_talk = bool(name and presenters and not contents)
        abstract, links = paragraphs(words(session.description)), tuple(self._links(session))
        slot = self.slots.get(identifier(session.timeSlotId) or "", _TimeSlot())
        about = f"“{shown(name)}”"
        draft = self.gathering.session(
            SourceSession(
                kind=self.kinds.get(identifier(session.typeId) or "", ""),
                name=name,
                room=self.rooms.get(identifier(session.roomId) or ""),
                starts_at=self.gathering.moment(
                    self._clock(session.startDate or slot.startDate), f"{about}: the start"
                ),
                ends_at=self.gathering.moment(self._clock(session.endDate or slot.endDate), f"{about}: the end"),
                chairs=tuple(map(self._credit, session.chairIds or ())),
                abstract=None if is_talk else abstract,
                source_id=number or None,
                links=() if is_talk else links,
            ),
            (what, number or name),
        )
        if is_talk:
            authors = tuple(map(self._credit, presenters))
            paper = SourcePaper(title=name, authors=authors, abstract=abstract, kind=draft.session.kind, links=links)
            self.gathering.appear(draft, self.gathering.paper(paper))
        else:
            self.gathering.session_record()
        self._put_in(draft, contents)
        return what, number, draft

    def _put_in(self, draft: SessionDraft, contents: Iterable[Identifier]) -> None:
        for content in contents:
            paper = self.papers.get(identifier(content) or "")
            if paper:
                self.gathering.appear(draft, paper)

    def _author(self, author: _Author) -> Credit:
        number = identifier(author.personId) or ""
        person = self.people.get(number, _Person())
        own = author.affiliations or author.institutions
        return Credit(_name(person), _affiliations(own or person.affiliations or person.institutions), number)

    def _credit(self, number: Identifier) -> Credit:
        return self._author(_Author(personId=number))

    def _topics(self, content: _Content) -> Iterator[str]:
        for topic in (*(content.keywords or ()), *(content.tags or ())):
            if text := words(topic).strip():
                yield text
        if content.award:
            yield _AWARD.sub(" ", content.award).strip().title()
        for number in content.recognitionIds or ():
            if name := self.recognitions.get(identifier(number) or ""):
                yield name

    def _links(self, holder: _Content | _Session, doi: str | None = None) -> Iterator[Link]:
        if address := doi_address(doi) or absolute(doi):
            yield Link("DOI", address)
        for video in holder.videos or ():
            kind = (video.type or "").strip()
            label = kind if "video" in kind.casefold() else f"Video: {kind}" if kind else "Video"
            yield from self._link(label, video, hidden=self.hides_videos)
        if holder.link:
            link = _Address(url=holder.link) if isinstance(holder.link, str) else holder.link
            own = link.label.strip() if isinstance(link.label, str) else ""
            yield from self._link(own or "Link", link)
        for label, addon in (holder.addons or {}).items():
            if addon and addon.type == "doiLink":
                yield from self._link("DOI", addon, doi_address(addon.url))
            elif addon:
                hidden = self.hides_videos and (addon.type or "").casefold() == "video"
                yield from self._link(label.strip() or "Link", addon, hidden=hidden)

    def _link(self, label: str, given: _Address, address: str | None = None, *, hidden: bool = False) -> Iterator[Link]:
        """Yield a link, unless SIGCHI shows it only while the conference takes place, or not before."""
        address = address or absolute(given.url or given.href)
        if not address or given.duringConferenceOnly:
            return
        if hidden or (given.hideBeforeConference and self.hides):
            self.gathering.problems.note(
                "hidden links", f"The link “{shown(label)}” is hidden until the conference begins; load the file then."
            )
            return
        yield Link(label, address)

    def _clock(self, milliseconds: float | None) -> datetime | None:
        """Return the local time that milliseconds stand for, with the conference's offset where no zone is known."""
        if not milliseconds:
            return None
        try:
            return (_EPOCH + timedelta(milliseconds=milliseconds)).replace(tzinfo=self.offset)
        except (OverflowError, ValueError):
            return _EPOCH.replace(year=1)  # which no conference means, and which is reported as such


def _names(entries: list[_Named] | None) -> dict[str, str]:
    return {key: name for one in entries or () if (key := identifier(one.id)) and (name := words(one.name).strip())}


def _offset(conference: _Conference, gathering: Gathering) -> timezone | None:
    """Return the conference's offset from UTC where the file names no zone that is known."""
    minutes = conference.timeZoneOffset
    is_known = bool(conference.timeZoneName) and gathering.zone.key == conference.timeZoneName
    if is_known or minutes is None or not -24 * 60 < minutes < 24 * 60:
        return None
    return timezone(timedelta(minutes=minutes))


def _name(person: _Person) -> str:
    return " ".join(part.strip() for part in (person.firstName, person.middleInitial, person.lastName) if part).strip()


def _affiliations(given: _Affiliations) -> tuple[str, ...]:
    texts = (one if isinstance(one, str) else one.institution or one.dsl or one.name or "" for one in given or ())
    return tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))
