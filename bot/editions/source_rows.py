"""A source as rows of the tables, and back."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

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
from bot.store.tables import AppearanceRow, Base, ContributionRow, CreditRow, ProblemRow, SessionRow, kept_moment

TABLES: Final[tuple[type[Base], ...]] = (SessionRow, ContributionRow, CreditRow, AppearanceRow, ProblemRow)
"""The tables that hold a source; each comes after those that it refers to."""

_TEXTS: Final = msgspec.json.Decoder(tuple[str, ...])
_PAIRS: Final = msgspec.json.Decoder(tuple[tuple[str, str], ...])
_CHAIRS: Final = msgspec.json.Decoder(tuple[tuple[str, tuple[str, ...]], ...])

Rows = Mapping[type[Base], list[tuple[Any, ...]]]
"""The rows of each table: what is kept in the file, in the order of the table's columns."""


def rows_of(source: Source, version_id: int) -> Rows:
    """Flatten a source, whose keys are assigned, into the rows of each table, in the order of `TABLES`."""
    contributions, credited = [], []
    for position, paper in enumerate(source.papers):
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
    return dict(zip(TABLES, (sessions, contributions, credited, appearances, problems), strict=True))


def source_from(source_format: str, rows: Mapping[type[Base], Sequence[Any]]) -> Source:
    """Put a source together again from the rows of each table, in their order."""
    authors: defaultdict[str, list[Credit]] = defaultdict(list)
    for _, paper_key, _, name, affiliations in rows[CreditRow]:
        authors[paper_key].append(Credit(name, _TEXTS.decode(affiliations)) if affiliations else Credit(name))
    papers = tuple(_paper(row, tuple(authors.get(row.key, ()))) for row in rows[ContributionRow])
    places = {paper.key: place for place, paper in enumerate(papers)}
    appearances: defaultdict[str, list[SourceAppearance]] = defaultdict(list)
    for _, session_key, _, paper_key, *own in rows[AppearanceRow]:
        appearances[session_key].append(SourceAppearance(places[paper_key], *own))
    sessions = tuple(_session(row, tuple(appearances.get(row.key, ()))) for row in rows[SessionRow])
    problems = tuple(Problem(row.line, Severity(row.severity), row.message) for row in rows[ProblemRow])
    return Source(source_format, sessions, papers, problems)


def _paper(row: Sequence[Any], authors: tuple[Credit, ...]) -> SourcePaper:
    # By place, for there may be a hundred thousand.
    _, key, _, line, title, abstract, kind, track, topics, source_id, other_ids, links = row
    return SourcePaper(
        key=key,
        line=line,
        title=title,
        authors=authors,
        abstract=abstract,
        kind=kind,
        track=track,
        topics=_TEXTS.decode(topics) if topics else (),
        source_id=source_id,
        other_ids=_TEXTS.decode(other_ids) if other_ids else (),
        links=_links(links),
    )


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
