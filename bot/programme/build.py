"""From a source as it was to the programme as people see it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby

from bot.programme.identity import label_of, system_name
from bot.programme.kinds import kind_of
from bot.programme.model import Appearance, Author, Paper, Programme, Session, Unnamed
from bot.programme.names import display_name, fold
from bot.programme.slots import kind_of_session, lasts_throughout, take_along
from bot.programme.source import (
    Credit,
    Problem,
    Severity,
    Source,
    SourceAppearance,
    SourcePaper,
    SourceSession,
)
from bot.programme.text import Text, clean, words_of

AUTHOR_KEY_LIMIT = 40


@dataclass(frozen=True, slots=True)
class Times:
    """When a session takes place, both moments aware and in UTC."""

    starts_at: datetime
    ends_at: datetime | None = None


def build(source: Source, times: Mapping[str, Times] | None = None) -> Programme:
    """Make the programme of a source whose keys are assigned.

    Args:
        source: a source with keys.
        times: times by session key, which win over those of the source.
    """
    if times:
        source = with_times(source, times)
    vocabulary = frozenset(
        word for paper in source.papers for word in words_of(f"{paper.title or ''} {paper.abstract or ''}")
    )
    shown: dict[int, list[Appearance]] = {}
    order: list[list[int]] = []
    for session in source.sessions:
        throughout = lasts_throughout(session)
        appearances = [
            (one.paper, _appearance(one, session, source.papers[one.paper].key, has_slot=not throughout))
            for one in session.appearances
        ]
        # What has a slot comes in its order; what has none stays as the source has it.
        appearances.sort(key=lambda entry: _start(entry[1]))
        order.append([place for place, _ in appearances])
        for place, appearance in appearances:
            shown.setdefault(place, []).append(appearance)
    papers = [
        _paper(paper, tuple(sorted(shown.get(place, ()), key=_start)), vocabulary)
        for place, paper in enumerate(source.papers)
    ]
    sessions = tuple(
        _session(session, tuple(papers[place] for place in dict.fromkeys(places)))
        for session, places in zip(source.sessions, order, strict=True)
    )
    return Programme(sessions, tuple(paper for place, paper in enumerate(papers) if place not in shown))


def with_times(source: Source, times: Mapping[str, Times]) -> Source:
    """Return a source whose sessions take place at these times, by session key, whatever it says itself."""
    sessions = (
        take_along(session, replace(session, starts_at=known.starts_at, ends_at=known.ends_at))
        if (known := times.get(session.key))
        else session
        for session in source.sessions
    )
    return replace(source, sessions=tuple(sessions))


def unfinished(source: Source, times: Mapping[str, Times]) -> tuple[Problem, ...]:
    """List what neither the source nor the configuration says but people will ask for: the sessions' times."""
    known = {session.key for session in source.sessions}
    without_time = (
        Problem(
            session.line,
            Severity.ACTION,
            f"Session “{session.name}” has no announced time. Give it one in the configuration: "
            f'[sessions."{session.key}"] start = …',
        )
        for session in source.sessions
        if session.starts_at is None and session.key not in times
    )
    without_session = (
        Problem(
            None,
            Severity.ACTION,
            f'The configuration gives a time to [sessions."{key}"], which is no session of this programme. '
            f"Its sessions: {', '.join(sorted(known))}.",
        )
        for key in times
        if key not in known
    )
    return (*without_time, *without_session)


def _start(appearance: Appearance) -> datetime:
    return appearance.starts_at or datetime.max.replace(tzinfo=UTC)


def _appearance(source: SourceAppearance, session: SourceSession, paper_key: str, *, has_slot: bool) -> Appearance:
    room = source.room or session.room
    return Appearance(
        paper_key,
        session.key,
        source.starts_at or session.starts_at,
        source.ends_at if source.starts_at else session.ends_at,
        _line(room) or None if room else None,
        (_line(source.board) or None) if source.board else None,
        has_slot=has_slot and source.starts_at is not None,
    )


def _session(source: SourceSession, papers: tuple[Paper, ...]) -> Session:
    return Session(
        key=source.key,
        name=_line(source.name) or source.key,
        kind=kind_of_session(source),
        kind_name=_line(source.kind),
        track=_line(source.track) or None if source.track else None,
        room=_line(source.room) or None if source.room else None,
        starts_at=source.starts_at,
        ends_at=source.ends_at,
        chairs=tuple(_author(chair) for chair in source.chairs if display_name(chair.name)),
        abstract=_text(source.abstract),
        links=source.links,
        papers=papers,
    )


def _paper(source: SourcePaper, appearances: tuple[Appearance, ...], vocabulary: frozenset[str]) -> Paper:
    name = system_name(source.title, source.abstract)
    title = _text(source.title, name, vocabulary)
    return Paper(
        key=source.key,
        title=title,
        label=title.plain if title else label_of(None, source.abstract, source.key),
        byline=tuple(_byline(source.authors)),
        abstract=_text(source.abstract, name, vocabulary),
        kind=kind_of(source.kind),
        kind_name=_line(source.kind),
        track=_line(source.track) or None if source.track else None,
        topics=tuple(dict.fromkeys(filter(None, map(_line, source.topics)))),
        links=source.links,
        appearances=appearances,
        line=source.line,
    )


def _line(raw: str) -> str:
    return clean(raw).plain if raw else ""


def _text(raw: str | None, name: str | None = None, vocabulary: frozenset[str] = frozenset()) -> Text | None:
    text = clean(raw, system_name=name, vocabulary=vocabulary) if raw else None
    return text if text and text.plain else None


def _byline(credited: tuple[Credit, ...]) -> list[Author | Unnamed]:
    entries: list[Author | Unnamed] = []
    for blank, slots in groupby(credited, key=lambda author: not display_name(author.name)):
        if blank:
            entries.append(Unnamed(len(list(slots))))
        else:
            entries.extend(map(_author, slots))
    return entries


def _author(credit: Credit) -> Author:
    name = display_name(credit.name)
    affiliations = tuple(dict.fromkeys(filter(None, map(_line, credit.affiliations))))
    return Author(author_key(name), name, credit.name, affiliations)


def author_key(name: str) -> str:
    """Return the key shared by every way of writing a name: at most 40 characters, no spaces."""
    key = "-".join(fold(name).split() or name.split())
    if len(key) <= AUTHOR_KEY_LIMIT:
        return key
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{key[: AUTHOR_KEY_LIMIT - 9]}-{digest}"
