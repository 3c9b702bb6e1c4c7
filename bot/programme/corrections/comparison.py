"""Comparing corrections with what a source says by itself."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from bot.programme.corrections.model import TIMES, UNNAMED, Conflict, Correction, byline_of, moment_of
from bot.programme.source import Source, SourcePaper, SourceSession


def conflicts(source: Source, corrections: Iterable[Correction]) -> tuple[Conflict, ...]:
    """Return the corrections about whose field the source, without corrections, has changed its mind."""
    return tuple(
        Conflict(correction, text)
        for correction, text in _present(source, corrections)
        if text is not None
        and not _says(text, correction, correction.value)
        and not _says(text, correction, correction.was)
    )


def redundant(source: Source, corrections: Iterable[Correction]) -> tuple[Correction, ...]:
    """Return the corrections that the source, without corrections, already says by itself."""
    return tuple(
        correction for correction, text in _present(source, corrections) if _says(text, correction, correction.value)
    )


def field_text(thing: SourcePaper | SourceSession, field: str) -> str | None:
    """Return a field of a source in the form of corrections, or None when the source has nothing there.

    Authors are a line each, with `UNNAMED` for one without a name; times are in ISO 8601 and UTC.
    """
    if field == "authors" and isinstance(thing, SourcePaper):
        return "\n".join(" ".join(name.split()) or UNNAMED for name in thing.byline) or None
    value: str | datetime | None = getattr(thing, field)
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value or None


def _present(source: Source, corrections: Iterable[Correction]) -> Iterator[tuple[Correction, str | None]]:
    """Yield the corrections of what is there, each with what the source says."""
    things: dict[tuple[str, str], SourcePaper | SourceSession] = {}
    for session in source.sessions:
        things["session", session.key] = session
        things |= {("paper", paper.key): paper for paper in session.papers}
    for correction in corrections:
        if thing := things.get((correction.about, correction.key)):
            yield correction, field_text(thing, correction.field)


def _says(text: str | None, correction: Correction, value: str | None) -> bool:
    return _comparable(correction.field, text) == _comparable(correction.field, value)


def _comparable(field: str, text: str | None) -> object:
    if field in TIMES:
        return moment_of(text or "")
    return byline_of(text or "") if field == "authors" else " ".join((text or "").split())
