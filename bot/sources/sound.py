"""What no source may hold: keys that are none, links that are no web addresses, sessions that end before they start."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.programme.identity import KEY_LIMIT
from bot.programme.source import Link, SourcePaper, SourceSession
from bot.sources.problems import Problems, shown

_KEY = re.compile(rf"[a-z0-9][a-z0-9-]{{0,{KEY_LIMIT - 1}}}")
_ADDRESS = re.compile(r"https?://[^\s<>\x00-\x1f\x7f]+", re.IGNORECASE)


def sound(sessions: Iterable[SourceSession], problems: Problems) -> tuple[SourceSession, ...]:
    """Return sessions without what no source may hold: other keys than `identity` makes, other links, negative time."""
    session_keys: set[str] = set()
    paper_keys: set[str] = set()
    return tuple(
        replace(
            session,
            key=_sound_key(session, session_keys, problems),
            ends_at=_sound_end(session, problems),
            papers=tuple(
                replace(paper, key=_sound_key(paper, paper_keys, problems), links=_sound_links(paper, problems))
                for paper in session.papers
            ),
        )
        for session in sessions
    )


def _sound_key(owner: SourceSession | SourcePaper, taken: set[str], problems: Problems) -> str:
    key = owner.key
    if not key:
        return ""
    if not _KEY.fullmatch(key):
        problems.note(
            "a key that is none",
            f"{called(owner)}: the key “{shown(key)}” is left out. A key has 1 to {KEY_LIMIT} small letters, digits "
            "and hyphens, with no hyphen first.",
            owner.line,
        )
        return ""
    if key in taken:
        problems.note(
            "a key that another one has", f"{called(owner)}: another one has the key “{key}”, left out.", owner.line
        )
        return ""
    taken.add(key)
    return key


def _sound_links(paper: SourcePaper, problems: Problems) -> tuple[Link, ...]:
    for link in paper.links:
        if not _ADDRESS.fullmatch(link.url):
            problems.note(
                "a link that is no web address",
                f"{called(paper)}: the link “{shown(link.url)}” is left out; it is no address with http or https.",
                paper.line,
            )
    return tuple(link for link in paper.links if _ADDRESS.fullmatch(link.url))


def _sound_end(session: SourceSession, problems: Problems) -> datetime | None:
    if session.starts_at and session.ends_at and session.ends_at < session.starts_at:
        problems.action(
            "an end before the start",
            f"{called(session)} ends before it starts; its end {session.ends_at:%Y-%m-%d %H:%M} UTC is left out. "
            "Correct it, or give the session its time in the configuration.",
            session.line,
        )
        return None
    return session.ends_at


def called(owner: SourceSession | SourcePaper) -> str:
    """Return what messages call a session or a paper."""
    if isinstance(owner, SourceSession):
        return f"Session “{shown(owner.name)}”"
    texts = (owner.title, owner.abstract, "; ".join(owner.byline), owner.source_id, owner.key)
    name = next((text for text in texts if text and text.strip()), None)
    return f"Paper “{shown(name)}”" if name else "A paper without any text"
