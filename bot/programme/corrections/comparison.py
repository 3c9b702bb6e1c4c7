"""Comparing corrections with what a source says by itself."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from bot.programme.corrections.model import (
    TIMES,
    UNNAMED,
    Conflict,
    Correctable,
    Correction,
    byline_of,
    moment_of,
    topics_of,
)
from bot.programme.corrections.overlay import board_of
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


def field_text(source: Source, about: Correctable, key: str, field: str) -> str | None:
    """Return a field of a paper or session in the form of corrections, or None when the source has nothing there.

    Authors and topics are a line each, with `UNNAMED` for an author without a name; times are in ISO 8601 and UTC.

    Raises:
        KeyError: there is no such paper or session.
    """
    things: Sequence[SourcePaper | SourceSession] = source.papers if about == "paper" else source.sessions
    thing = next((thing for thing in things if thing.key == key), None)
    if thing is None:
        raise KeyError(key)
    return _text(source, thing, field)


def _present(source: Source, corrections: Iterable[Correction]) -> Iterator[tuple[Correction, str | None]]:
    """Yield the corrections of what is there, each with what the source says."""
    corrections = tuple(corrections)
    things = _things(source) if corrections else {}
    for correction in corrections:
        if thing := things.get((correction.about, correction.key)):
            yield correction, _text(source, thing, correction.field)


def _things(source: Source) -> dict[tuple[Correctable, str], SourcePaper | SourceSession]:
    things: dict[tuple[Correctable, str], SourcePaper | SourceSession] = {
        ("session", session.key): session for session in source.sessions
    }
    return things | {("paper", paper.key): paper for paper in source.papers}


def _text(source: Source, thing: SourcePaper | SourceSession, field: str) -> str | None:
    if isinstance(thing, SourcePaper):
        match field:
            case "authors":
                return "\n".join(" ".join(name.split()) or UNNAMED for name in thing.byline) or None
            case "topics":
                return "\n".join(thing.topics) or None
            case "board":
                return board_of(source, thing.key)
    value: str | datetime | None = getattr(thing, field)
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value or None


def _says(text: str | None, correction: Correction, value: str | None) -> bool:
    return _comparable(correction.field, text) == _comparable(correction.field, value)


def _comparable(field: str, text: str | None) -> object:
    if field in TIMES:
        return moment_of(text or "")
    if field == "authors":
        return byline_of(text or "")
    return topics_of(text or "") if field == "topics" else " ".join((text or "").split())
