"""The programme as people see it: cleaned, keyed, ready to be asked about. Nothing here changes once made."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import InitVar, dataclass, field
from datetime import UTC, datetime, tzinfo
from types import MappingProxyType

from bot.programme.kinds import Kind
from bot.programme.source import Link
from bot.programme.text import Text


@dataclass(frozen=True, slots=True)
class Author:
    """A person as named on one paper or session.

    Attributes:
        key: the same for every way of writing the same name ("Émile Zola", "EMILE ZOLA").
        name: the name put right for display.
        raw: the name as the source has it.
        affiliations: where they work, as this paper says.
    """

    key: str
    name: str
    raw: str
    affiliations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unnamed:
    """Author slots in a row that the source left blank: their number is known, their names are not."""

    count: int


@dataclass(frozen=True, slots=True)
class Appearance:
    """A paper in a session: a talk in its slot, or a poster on its board.

    Attributes:
        paper_key: the paper.
        session_key: the session.
        starts_at: aware start in UTC, its own or else the session's; None when neither was announced.
        ends_at: aware end in UTC, its own or else the session's, or None.
        room: where it is, its own room or else the session's, or None.
        board: the number of the poster's board, where the source has one.
        has_slot: whether it has a time of its own within the session, as a talk has and a poster has not.
        zone: the conference's zone, whose clocks people see there.
    """

    paper_key: str
    session_key: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    room: str | None = None
    board: str | None = None
    has_slot: bool = False
    zone: tzinfo = UTC


@dataclass(frozen=True, slots=True)
class Paper:
    """One contribution, which people call a paper or a talk.

    Attributes:
        key: short, typeable, the same after a reload.
        title: the cleaned title, or None when the source lost it.
        label: what to call it: its title's plain form or, without one, a label made from its own text.
        byline: authors and blank slots in printed order.
        abstract: the cleaned abstract, or None.
        kind: what it is.
        kind_name: what the source calls that; empty for nothing.
        track: the track it is in, or None.
        topics: its topics or keywords.
        links: addresses the source gives.
        appearances: when and where it is shown, in the order of time; none when that was not announced.
        line: where it begins in the source file, counted from 1.
    """

    key: str
    title: Text | None
    label: str
    byline: tuple[Author | Unnamed, ...] = ()
    abstract: Text | None = None
    kind: Kind = Kind.OTHER
    kind_name: str = ""
    track: str | None = None
    topics: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    appearances: tuple[Appearance, ...] = ()
    line: int | None = None

    @property
    def authors(self) -> tuple[Author, ...]:
        """The authors the source names, in printed order."""
        return tuple(entry for entry in self.byline if isinstance(entry, Author))

    @property
    def unnamed(self) -> int:
        """How many author slots the source left blank."""
        return sum(entry.count for entry in self.byline if isinstance(entry, Unnamed))

    @property
    def board(self) -> str | None:
        """The number of its board, if the source has one."""
        return next((appearance.board for appearance in self.appearances if appearance.board), None)

    @property
    def session_keys(self) -> tuple[str, ...]:
        """The sessions it is in, each once, in the order of time."""
        return tuple(dict.fromkeys(appearance.session_key for appearance in self.appearances))

    def appearances_in(self, session_key: str) -> tuple[Appearance, ...]:
        """Return when and where it is shown in a session."""
        return tuple(appearance for appearance in self.appearances if appearance.session_key == session_key)


@dataclass(frozen=True, slots=True)
class Session:
    """A block of the programme: a poster session, a series of talks, a keynote, a break.

    Attributes:
        key: short, typeable, the same after a reload.
        name: its name.
        kind: what it is.
        kind_name: what the source calls that; empty for nothing.
        track: the track it is in, or None.
        room: where it is, or None.
        starts_at: aware start in UTC, or None when no time was announced.
        ends_at: aware end in UTC, or None.
        chairs: who chairs it.
        abstract: what the source says of it, or None.
        links: addresses the source gives.
        papers: what is shown in it, in the order of time or else of the source; may be empty.
        zone: the conference's zone, whose clocks people see there.
    """

    key: str
    name: str
    kind: Kind = Kind.OTHER
    kind_name: str = ""
    track: str | None = None
    room: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    chairs: tuple[Author, ...] = ()
    abstract: Text | None = None
    links: tuple[Link, ...] = ()
    papers: tuple[Paper, ...] = ()
    zone: tzinfo = UTC


@dataclass(frozen=True, slots=True)
class Person:
    """Someone the programme names, with everything it knows of them."""

    key: str
    name: str
    papers: tuple[Paper, ...] = ()
    chaired: tuple[Session, ...] = ()
    affiliations: tuple[str, ...] = ()

    @property
    def coauthors(self) -> tuple[Author, ...]:
        """Everyone who shares a paper with this person, each once, in the order of the papers."""
        others = {author.key: author for paper in self.papers for author in paper.authors}
        others.pop(self.key, None)
        return tuple(others.values())


@dataclass(frozen=True, slots=True)
class Programme:
    """A whole programme, immutable: a reload makes another one.

    Attributes:
        sessions: the sessions in the source's order.
        unscheduled: the papers that appear in no session.
        before: another programme with much the same in it, from which people are taken over; it makes no difference.
        papers: every paper by key, in the order of the sessions.
        people: everyone named, by author key, in order of first appearance.
        has_talks: whether some paper has a time of its own within a session.
    """

    sessions: tuple[Session, ...] = ()
    unscheduled: tuple[Paper, ...] = ()
    before: InitVar["Programme | None"] = None
    papers: Mapping[str, Paper] = field(init=False)
    people: Mapping[str, Person] = field(init=False)
    has_talks: bool = field(init=False, repr=False, compare=False)
    _sessions: Mapping[str, Session] = field(init=False, repr=False, compare=False)

    def __post_init__(self, before: "Programme | None") -> None:
        papers = {paper.key: paper for session in self.sessions for paper in session.papers}
        papers |= {paper.key: paper for paper in self.unscheduled}
        sessions = {session.key: session for session in self.sessions}
        object.__setattr__(self, "papers", MappingProxyType(papers))
        object.__setattr__(self, "_sessions", sessions)
        has_talks = any(one.has_slot for paper in papers.values() for one in paper.appearances)
        object.__setattr__(self, "has_talks", has_talks)
        people = _people_after(before, papers, sessions) if before and before.papers else None
        object.__setattr__(self, "people", MappingProxyType(people or _people(papers, self.sessions)))

    @property
    def zone(self) -> tzinfo:
        """The conference's zone; without any session UTC, for then there is no time in it."""
        return next((session.zone for session in self.sessions), UTC)

    def session(self, key: str) -> Session | None:
        """Return the session of that key, or None."""
        return self._sessions.get(key)

    def sessions_of(self, paper: Paper) -> list[Session]:
        """Return the sessions a paper of this programme is in, in the order of time."""
        return [self._sessions[key] for key in paper.session_keys]


def _people(papers: Mapping[str, Paper], sessions: Iterable[Session]) -> dict[str, Person]:
    named: dict[str, list[Author]] = {}
    written: dict[str, dict[str, Paper]] = {}
    chaired: dict[str, list[Session]] = {}
    for paper in papers.values():
        for author in paper.authors:
            named.setdefault(author.key, []).append(author)
            written.setdefault(author.key, {})[paper.key] = paper
    for session in sessions:
        for chair in session.chairs:
            named.setdefault(chair.key, []).append(chair)
            chaired.setdefault(chair.key, []).append(session)
    # Each is freed when it was used: all at once would hold everything else up.
    return {
        key: _person(key, named.pop(key), tuple(written.pop(key, {}).values()), tuple(chaired.pop(key, ())))
        for key in list(named)
    }


def _person(key: str, credited: Sequence[Author], papers: tuple[Paper, ...], chaired: tuple[Session, ...]) -> Person:
    places = dict.fromkeys(place for author in credited for place in author.affiliations)
    return Person(key, credited[0].name, papers, chaired, tuple(places))


def _people_after(
    before: Programme, papers: Mapping[str, Paper], sessions: Mapping[str, Session]
) -> dict[str, Person] | None:
    """Return everyone named where the same people are named by the same papers and sessions as before; else None."""
    if [*papers] != [*before.papers] or [*sessions] != [one.key for one in before.sessions]:
        return None
    keys: dict[str, None] = {}
    for new, old in zip(papers.values(), before.papers.values(), strict=True):
        if new is not old:
            named = [author.key for author in new.authors]
            if named != [author.key for author in old.authors]:
                return None
            keys |= dict.fromkeys(named)
    for session, earlier in zip(sessions.values(), before.sessions, strict=True):
        if session is not earlier:
            named = [chair.key for chair in session.chairs]
            if named != [chair.key for chair in earlier.chairs]:
                return None
            keys |= dict.fromkeys(named)
    # In Python, so that others have a turn in between: a copy in one go holds everything else up.
    people = {key: person for key, person in before.people.items()}  # noqa: C416
    for key in keys:
        written = tuple(papers[paper.key] for paper in people[key].papers)
        chaired = tuple(sessions[session.key] for session in people[key].chaired)
        credited = [author for paper in written for author in paper.authors if author.key == key]
        credited += (chair for session in chaired for chair in session.chairs if chair.key == key)
        people[key] = _person(key, credited, written, chaired)
    return people
