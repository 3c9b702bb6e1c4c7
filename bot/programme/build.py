"""From a source as it was to the programme as people see it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from bot.programme.identity import label_of, system_name
from bot.programme.model import Author, Paper, Programme, Session, Unnamed
from bot.programme.names import display_name, fold
from bot.programme.source import Problem, Severity, Source, SourcePaper, SourceSession
from bot.programme.text import clean, words_of

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
    vocabulary = frozenset(
        word
        for session in source.sessions
        for paper in session.papers
        for word in words_of(f"{paper.title or ''} {paper.abstract or ''}")
    )
    sessions = with_times(source, times).sessions if times else source.sessions
    return Programme(tuple(_session(session, vocabulary) for session in sessions))


def with_times(source: Source, times: Mapping[str, Times]) -> Source:
    """Return a source whose sessions take place at these times, by session key, whatever it says itself."""
    sessions = (
        replace(session, starts_at=known.starts_at, ends_at=known.ends_at)
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


def _session(source: SourceSession, vocabulary: frozenset[str]) -> Session:
    return Session(
        key=source.key,
        kind=clean(source.kind).plain,
        name=clean(source.name).plain or source.key,
        room=clean(source.room).plain or None if source.room else None,
        starts_at=source.starts_at,
        ends_at=source.ends_at,
        papers=tuple(_paper(paper, number, source.key, vocabulary) for number, paper in enumerate(source.papers, 1)),
    )


def _paper(source: SourcePaper, number: int, session_key: str, vocabulary: frozenset[str]) -> Paper:
    name = system_name(source.title, source.abstract)
    title = clean(source.title, system_name=name, vocabulary=vocabulary) if source.title else None
    abstract = clean(source.abstract, system_name=name, vocabulary=vocabulary) if source.abstract else None
    return Paper(
        key=source.key,
        number=(clean(source.number).plain if source.number else "") or str(number),
        session_key=session_key,
        title=title if title and title.plain else None,
        label=title.plain if title and title.plain else label_of(None, source.abstract, source.key),
        byline=tuple(_byline(source.byline)),
        abstract=abstract if abstract and abstract.plain else None,
        links=source.links,
        line=source.line,
    )


def _byline(names: tuple[str, ...]) -> list[Author | Unnamed]:
    entries: list[Author | Unnamed] = []
    for blank, slots in groupby(names, key=lambda raw: not display_name(raw)):
        if blank:
            entries.append(Unnamed(len(list(slots))))
        else:
            entries.extend(_author(raw) for raw in slots)
    return entries


def _author(raw: str) -> Author:
    name = display_name(raw)
    return Author(author_key(name), name, raw)


def author_key(name: str) -> str:
    """Return the key shared by every way of writing a name: at most 40 characters, no spaces."""
    key = "-".join(fold(name).split() or name.split())
    if len(key) <= AUTHOR_KEY_LIMIT:
        return key
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{key[: AUTHOR_KEY_LIMIT - 9]}-{digest}"
