"""Laying corrections over a source."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.programme.corrections.model import FIELDS, Correction, byline_of, moment_of, topics_of
from bot.programme.slots import take_along
from bot.programme.source import Credit, Source, SourceAppearance, SourcePaper, SourceSession

_Place = tuple[str, str, str]
"""What it is, its key and the field."""


def lay_over(source: Source, corrections: Iterable[Correction]) -> Source:
    """Return a source whose keys are assigned with the corrections in it.

    Corrections of what is gone are not used. Of several for a field the last one counts. A session's end that is not
    after its start, as when only the start was corrected, is left out.
    """
    values: dict[_Place, str] = {(one.about, one.key, one.field): one.value for one in corrections}
    if not values:
        return source
    corrected_keys = {(about, key) for about, key, _ in values}
    boards = {key: value for (about, key, field), value in values.items() if (about, field) == ("paper", "board")}
    corrected = replace(
        source,
        sessions=tuple(
            _session(session, values) if ("session", session.key) in corrected_keys else session
            for session in source.sessions
        ),
        papers=tuple(
            _paper(paper, values) if ("paper", paper.key) in corrected_keys else paper for paper in source.papers
        ),
    )
    return _with_boards(corrected, boards) if boards else corrected


def board_of(source: Source, key: str) -> str | None:
    """Return the number of a paper's board: that of its first appearance which has one."""
    return next(
        (
            one.board
            for session in source.sessions
            for one in session.appearances
            if one.board and source.papers[one.paper].key == key
        ),
        None,
    )


def _session(session: SourceSession, values: Mapping[_Place, str]) -> SourceSession:
    def value(field: str, was: str | None) -> str | None:
        new = values.get(("session", session.key, field))
        return was if new is None else new or None

    def moment(field: str, was: datetime | None) -> datetime | None:
        new = values.get(("session", session.key, field))
        return was if new is None else moment_of(new)

    starts_at, ends_at = moment("starts_at", session.starts_at), moment("ends_at", session.ends_at)
    corrected = (starts_at, ends_at) != (session.starts_at, session.ends_at)
    if corrected and starts_at and ends_at and ends_at <= starts_at:
        ends_at = None
    moved = replace(
        session,
        name=value("name", session.name) or session.name,
        kind=value("kind", session.kind) or "",
        room=value("room", session.room),
        starts_at=starts_at,
        ends_at=ends_at,
    )
    return take_along(session, moved) if corrected or moved.room != session.room else moved


def _paper(paper: SourcePaper, values: Mapping[_Place, str]) -> SourcePaper:
    new = {field: values[place] for field in FIELDS["paper"] if (place := ("paper", paper.key, field)) in values}
    return replace(
        paper,
        title=new.get("title") or paper.title,
        authors=_credited(paper, byline_of(new["authors"])) if "authors" in new else paper.authors,
        abstract=new["abstract"] or None if "abstract" in new else paper.abstract,
        topics=topics_of(new["topics"]) if "topics" in new else paper.topics,
    )


def _credited(paper: SourcePaper, names: Iterable[str]) -> tuple[Credit, ...]:
    """Return authors by their names, each with the affiliations the source gives to somebody of that name."""
    known = {author.name: author for author in paper.authors}
    return tuple(known.get(name) or Credit(name) for name in names)


def _with_boards(source: Source, boards: Mapping[str, str]) -> Source:
    """Give papers their corrected boards: in the place of the one they have, or else in their first appearance."""
    having = {one.paper for session in source.sessions for one in session.appearances if one.board is not None}
    done: set[int] = set()

    def corrected(one: SourceAppearance) -> SourceAppearance:
        board = boards.get(source.papers[one.paper].key)
        if board is None or one.paper in done or (one.paper in having and one.board is None):
            return one
        done.add(one.paper)
        return replace(one, board=board or None)

    return replace(
        source,
        sessions=tuple(
            replace(session, appearances=tuple(map(corrected, session.appearances)))
            if any(source.papers[one.paper].key in boards for one in session.appearances)
            else session
            for session in source.sessions
        ),
    )
