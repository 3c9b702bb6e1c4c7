"""The programme as people see it: cleaned, keyed, ready to be asked about. Nothing here changes once made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from bot.programme.source import Link
from bot.programme.text import Text


@dataclass(frozen=True, slots=True)
class Author:
    """A person as named on one paper.

    Attributes:
        key: the same for every way of writing the same name ("Émile Zola", "EMILE ZOLA").
        name: the name put right for display.
        raw: the name as the source has it.
    """

    key: str
    name: str
    raw: str


@dataclass(frozen=True, slots=True)
class Unnamed:
    """Author slots in a row that the source left blank: their number is known, their names are not."""

    count: int


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper, shown as one poster.

    Attributes:
        key: short, typeable, the same after a reload.
        number: the human number within its session.
        session_key: the session it is shown in.
        title: the cleaned title, or None when the source lost it.
        label: what to call it: its title's plain form or, without one, a label made from its own text.
        byline: authors and blank slots in printed order.
        abstract: the cleaned abstract, or None.
        links: addresses the source gives.
        line: where the paper begins in the source file, counted from 1.
    """

    key: str
    number: str
    session_key: str
    title: Text | None
    label: str
    byline: tuple[Author | Unnamed, ...]
    abstract: Text | None
    links: tuple[Link, ...] = ()
    line: int | None = None

    @property
    def authors(self) -> tuple[Author, ...]:
        """The authors the source names, in printed order."""
        return tuple(entry for entry in self.byline if isinstance(entry, Author))

    @property
    def unnamed(self) -> int:
        """How many author slots the source left blank."""
        return sum(entry.count for entry in self.byline if isinstance(entry, Unnamed))


@dataclass(frozen=True, slots=True)
class Session:
    """A block of the programme in one room.

    Attributes:
        key: short, typeable, the same after a reload.
        kind: what the source calls it, such as "Session".
        name: its name.
        room: where it is, or None.
        starts_at: aware start in UTC, or None when no time was announced.
        ends_at: aware end in UTC, or None.
        papers: what is shown in it, in the order of the numbers.
    """

    key: str
    kind: str
    name: str
    room: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """Someone the programme names, with everything it knows of them."""

    key: str
    name: str
    papers: tuple[Paper, ...]

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
        papers: every paper by key, in the order of the sessions.
        people: everyone named, by author key, in order of first appearance.
    """

    sessions: tuple[Session, ...] = ()
    papers: Mapping[str, Paper] = field(init=False)
    people: Mapping[str, Person] = field(init=False)

    def __post_init__(self) -> None:
        papers = {paper.key: paper for session in self.sessions for paper in session.papers}
        names: dict[str, str] = {}
        written: dict[str, dict[str, Paper]] = {}
        for paper in papers.values():
            for author in paper.authors:
                names.setdefault(author.key, author.name)
                written.setdefault(author.key, {})[paper.key] = paper
        people = {key: Person(key, name, tuple(written[key].values())) for key, name in names.items()}
        object.__setattr__(self, "papers", MappingProxyType(papers))
        object.__setattr__(self, "people", MappingProxyType(people))

    def session(self, key: str) -> Session | None:
        """Return the session of that key, or None."""
        return next((session for session in self.sessions if session.key == key), None)

    def session_of(self, paper: Paper) -> Session:
        """Return the session a paper of this programme is shown in."""
        return next(session for session in self.sessions if session.key == paper.session_key)
