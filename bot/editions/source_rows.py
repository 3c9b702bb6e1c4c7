"""A source as rows of the tables, and back."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from bot.programme.model import Programme
from bot.programme.source import (
    Credit,
    Link,
    Problem,
    Severity,
    Source,
    SourceAppearance,
    SourcePaper,
    SourceSession,
)
from bot.store.tables import (
    AppearanceRow,
    Base,
    ContributionRow,
    CreditRow,
    DepartureRow,
    ProblemRow,
    SessionRow,
    kept_moment,
)

TABLES: Final[tuple[type[Base], ...]] = (
    SessionRow,
    ContributionRow,
    CreditRow,
    AppearanceRow,
    ProblemRow,
    DepartureRow,
)
"""The tables that hold a source; each comes after those that it refers to."""

_TEXTS: Final = msgspec.json.Decoder(tuple[str, ...])
_PAIRS: Final = msgspec.json.Decoder(tuple[tuple[str, str], ...])
_CHAIRS: Final = msgspec.json.Decoder(tuple[tuple[str, tuple[str, ...]], ...])

Rows = Mapping[type[Base], list[tuple[Any, ...]]]
"""The rows of each table: what is kept in the file, in the order of the table's columns."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys of papers and of sessions."""

    papers: frozenset[str] = frozenset()
    sessions: frozenset[str] = frozenset()

    def __len__(self) -> int:
        """Count them."""
        return len(self.papers) + len(self.sessions)

    def __sub__(self, other: "Keys") -> "Keys":
        """Return those that are not among others."""
        return Keys(self.papers - other.papers, self.sessions - other.sessions)

    def __or__(self, other: "Keys") -> "Keys":
        """Return these and others."""
        return Keys(self.papers | other.papers, self.sessions | other.sessions)


@dataclass(frozen=True, slots=True)
class Basis:
    """How a version is stored.

    Attributes:
        base: the number of the version on which it is based, and which is stored whole; None when it is whole itself.
        held: what it has from there.
        departures: in what it departs from it: what has changed, is new, or is gone.
    """

    base: int | None = None
    held: Keys = Keys()
    departures: Keys = Keys()


WHOLE: Final = Basis()


def basis_of(source: Source, earlier: Source, base: int, departures: Keys) -> Basis:
    """Tell how to store a source, whose keys are assigned, after an earlier version.

    Nobody looks into the base itself, so that what becomes again as it was there stays a departure.

    Args:
        source: the source.
        earlier: that of the earlier version.
        base: the number of the earlier version's base, or its own when it is whole.
        departures: in what the earlier version departs from its base.

    Returns:
        the same base; or none, when less than two thirds of everything would be held.
    """
    held = _same(source, earlier) - departures
    departures = (departures | _keys(earlier) | _keys(source)) - held
    return Basis(base, held, departures) if len(held) >= 2 * len(departures) else WHOLE


def _keys(source: Source) -> Keys:
    return Keys(frozenset(one.key for one in source.papers), frozenset(one.key for one in source.sessions))


def _same(source: Source, other: Source) -> Keys:
    """Tell which papers and sessions of two sources are the same in the same places, so that their rows are."""
    papers = {new.key for new, old in zip(source.papers, other.papers, strict=False) if new is old or new == old}
    sessions = {
        new.key
        for new, old in zip(source.sessions, other.sessions, strict=False)
        # A paper is named by its key in the row, and by its place in the source.
        if (new is old or new == old)
        and all(_key_at(source, one.paper) == _key_at(other, one.paper) for one in new.appearances)
    }
    return Keys(frozenset(papers), frozenset(sessions))


def _key_at(source: Source, place: int) -> str | None:
    return source.papers[place].key if place < len(source.papers) else None


def rows_of(source: Source, version_id: int, basis: Basis = WHOLE) -> Rows:
    """Flatten a source, whose keys are assigned, into the rows of each table, in the order of `TABLES`.

    Args:
        source: the source.
        version_id: the number of its version.
        basis: how it is stored: what it has from its base has no rows of its own.
    """
    contributions, credited = [], []
    for position, paper in enumerate(source.papers):
        if paper.key in basis.held.papers:
            continue
        contributions.append(
            (
                version_id,
                paper.key,
                position,
                paper.line,
                paper.title,
                paper.abstract,
                paper.kind,
                paper.track,
                _json(paper.topics),
                paper.source_id,
                _json(paper.other_ids),
                _json(_pairs(paper.links)),
            )
        )
        credited += [
            (version_id, paper.key, slot, author.name, _json(author.affiliations))
            for slot, author in enumerate(paper.authors)
        ]
    sessions, appearances = [], []
    for position, session in enumerate(source.sessions):
        if session.key in basis.held.sessions:
            continue
        sessions.append(
            (
                version_id,
                session.key,
                position,
                session.line,
                session.kind,
                session.name,
                session.room,
                kept_moment(session.starts_at),
                kept_moment(session.ends_at),
                session.track,
                _json([(chair.name, chair.affiliations) for chair in session.chairs]),
                session.abstract,
                session.source_id,
                _json(_pairs(session.links)),
            )
        )
        appearances += [
            (
                version_id,
                session.key,
                slot,
                source.papers[one.paper].key,
                kept_moment(one.starts_at),
                kept_moment(one.ends_at),
                one.room,
                one.board,
            )
            for slot, one in enumerate(session.appearances)
        ]
    problems = [
        (version_id, position, problem.line, problem.severity.value, problem.message)
        for position, problem in enumerate(source.problems)
    ]
    departures = [
        (version_id, about, key)
        for about, keys in (("paper", basis.departures.papers), ("session", basis.departures.sessions))
        for key in sorted(keys)
    ]
    return dict(zip(TABLES, (sessions, contributions, credited, appearances, problems, departures), strict=True))


class Assembly:
    """Puts a source together again from the rows of each table, which come part by part.

    Authors come before the papers, and these before what appears in sessions.

    What many rows share is read once and takes the room of one, and so does a text that is known to be in use.
    """

    def __init__(self, programme: Programme | None = None) -> None:
        """Begin.

        Args:
            programme: what was made of this source or of one like it; its texts are used for those that are the same.
        """
        self._programme = programme or Programme()
        self._lists: dict[str, tuple[str, ...]] = {}
        self._names: dict[str, str] = {}
        self._sessions: list[Any] = []
        self._papers: list[SourcePaper] = []
        self._places: dict[str, int] = {}
        self._authors: defaultdict[str, list[Credit]] = defaultdict(list)
        self._appearances: defaultdict[str, list[SourceAppearance]] = defaultdict(list)
        self._problems: list[Problem] = []

    def add(self, table: type[Base], rows: Iterable[Any]) -> None:
        """Take rows of a table."""
        # Not kept: an object that refers to itself would never be freed, for nobody collects among what is set aside.
        takes: Mapping[type[Base], Callable[[Any], None]] = {
            SessionRow: self._sessions.append,
            CreditRow: self._credit,
            ContributionRow: self._paper,
            AppearanceRow: self._appearance,
            ProblemRow: self._problem,
        }
        take = takes[table]
        for row in rows:
            take(row)

    def source(self, source_format: str) -> Source:
        """Return the source, once everything was added."""
        sessions = tuple(_session(row, tuple(self._appearances.get(row.key, ()))) for row in self._sessions)
        return Source(source_format, sessions, tuple(self._papers), tuple(self._problems))

    def _credit(self, row: Sequence[Any]) -> None:
        _, paper_key, _, name, affiliations = row
        self._authors[paper_key].append(Credit(self._names.setdefault(name, name), self._texts(affiliations)))

    def _paper(self, row: Sequence[Any]) -> None:
        _, key, _, line, title, abstract, kind, track, topics, source_id, other_ids, links = row
        made = self._programme.papers.get(key)
        self._places[key] = len(self._papers)
        self._papers.append(
            SourcePaper(
                key=key,
                line=line,
                title=made.title.plain if made and made.title and made.title.plain == title else title,
                authors=tuple(self._authors.pop(key, ())),
                abstract=made.abstract.plain
                if made and made.abstract and made.abstract.plain == abstract
                else abstract,
                kind=self._names.setdefault(kind, kind),
                track=self._names.setdefault(track, track) if track else track,
                topics=self._texts(topics),
                source_id=source_id,
                other_ids=_TEXTS.decode(other_ids) if other_ids else (),
                links=_links(links),
            )
        )

    def _appearance(self, row: Sequence[Any]) -> None:
        _, session_key, _, paper_key, starts_at, ends_at, room, board = row
        place = self._places[paper_key]
        room = self._names.setdefault(room, room) if room else room
        self._appearances[session_key].append(SourceAppearance(place, starts_at, ends_at, room, board))

    def _problem(self, row: Any) -> None:  # noqa: ANN401 - a row of any columns
        self._problems.append(Problem(row.line, Severity(row.severity), row.message))

    def _texts(self, text: str | None) -> tuple[str, ...]:
        if not text:
            return ()
        known = self._lists.get(text)
        if known is None:
            known = self._lists[text] = _TEXTS.decode(text)
        return known


def _session(row: Any, appearances: tuple[SourceAppearance, ...]) -> SourceSession:  # noqa: ANN401 - a row of any columns
    return SourceSession(
        key=row.key,
        line=row.line,
        kind=row.kind,
        name=row.name,
        track=row.track,
        room=row.room,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        chairs=tuple(Credit(*chair) for chair in _CHAIRS.decode(row.chairs)) if row.chairs else (),
        abstract=row.abstract,
        source_id=row.source_id,
        links=_links(row.links),
        appearances=appearances,
    )


def _links(text: str | None) -> tuple[Link, ...]:
    return tuple(Link(*link) for link in _PAIRS.decode(text)) if text else ()


def _json(values: Sequence[object]) -> str | None:
    return msgspec.json.encode(values).decode() if values else None


def _pairs(links: Iterable[Link]) -> list[tuple[str, str]]:
    return [(link.label, link.url) for link in links]
