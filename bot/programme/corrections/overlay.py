"""Laying corrections over a source."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.programme.corrections.model import FIELDS, Correction, byline_of, moment_of
from bot.programme.source import Source, SourcePaper, SourceSession

_Place = tuple[str, str, str]
"""What it is, its key and the field."""


def lay_over(source: Source, corrections: Iterable[Correction]) -> Source:
    """Return a source whose keys are assigned with the corrections in it.

    Corrections of what is gone are not used. Of several for a field the last one counts. A session's end that is not
    after its start, as when only the start was corrected, is left out.
    """
    values: dict[_Place, str] = {(one.about, one.key, one.field): one.value for one in corrections}
    return replace(source, sessions=tuple(_session(session, values) for session in source.sessions))


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
    return replace(
        session,
        name=value("name", session.name) or session.name,
        room=value("room", session.room),
        starts_at=starts_at,
        ends_at=ends_at,
        papers=tuple(_paper(paper, values) for paper in session.papers),
    )


def _paper(paper: SourcePaper, values: Mapping[_Place, str]) -> SourcePaper:
    new = {field: values[place] for field in FIELDS["paper"] if (place := ("paper", paper.key, field)) in values}
    if not new:
        return paper
    return replace(
        paper,
        title=new.get("title") or paper.title,
        byline=byline_of(new["authors"]) if "authors" in new else paper.byline,
        abstract=new["abstract"] or None if "abstract" in new else paper.abstract,
        number=new["number"] or None if "number" in new else paper.number,
    )
