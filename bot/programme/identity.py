"""Keys: what people, buttons and reminders call a session or a paper.

A key is made once, from the words a person would type, and then stays with its paper: a reload recognises the
paper and keeps the key even when the order of the file has changed.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import count

from bot.programme.names import fold, slug
from bot.programme.source import Source, SourcePaper, SourceSession
from bot.programme.text import clean

KEY_LIMIT = 32
"""The most characters a key has: two fit into a button's custom id of 100 with room to spare."""

_Marks = tuple[tuple[str, str], ...]
"""Pairs of (what kind of mark, its text)."""

_INTRODUCED = re.compile(
    r"\b(?:present(?:s|ing)?|introduc(?:e|es|ing)|propos(?:e|es|ing)|call(?:ed)?|named|dubbed)\s+"
    r"(?P<name>[A-Za-z][\w-]*)"
)


def assign_keys(source: Source, previous: Source | None = None) -> Source:
    """Give every session and paper its key.

    What is recognised from `previous` (the version in use before) keeps the key it had there; everything else
    gets a new one that no other session or paper holds.
    """
    before = previous.sessions if previous else ()
    session_keys = _keys(
        [(_session_marks(session), _session_key(session)) for session in source.sessions],
        [(_session_marks(session), session.key) for session in before],
    )
    paper_keys = _keys(
        [(_paper_marks(paper), _paper_key(paper)) for session in source.sessions for paper in session.papers],
        [(_paper_marks(paper), paper.key) for session in before for paper in session.papers],
    )
    next_key = iter(paper_keys)
    return replace(
        source,
        sessions=tuple(
            replace(
                session,
                key=key,
                papers=tuple(replace(paper, key=next(next_key)) for paper in session.papers),
            )
            for session, key in zip(source.sessions, session_keys, strict=True)
        ),
    )


def system_name(title: str | None, abstract: str | None) -> str | None:
    """Return the name a paper gives its own system, or None.

    It stands before the colon of the title ("db-SP: Accelerating …"), or the abstract introduces it
    ("presenting CSLE: …"), in which case it must look like a name: two capitals, or a capital and a digit.
    """
    if title:
        before, colon, _ = clean(title).plain.partition(":")
        name = before.strip()
        if colon and name and len(name.split()) <= 2 and "," not in name:
            return name
    if abstract:
        for match in _INTRODUCED.finditer(clean(abstract).plain):
            name = match["name"].rstrip("-_")
            if sum(character.isupper() or character.isdigit() for character in name) >= 2:
                return name
    return None


def label_of(title: str | None, abstract: str | None, key: str) -> str:
    """Return what to call a paper: its title or, where the source lost it, words of its own text."""
    if title and (plain := clean(title).plain):
        return plain
    if name := system_name(None, abstract):
        return name
    words = clean(abstract).plain.split() if abstract else []
    if not words:
        return key
    return " ".join(words[:8]).rstrip(".,;:") + ("…" if len(words) > 8 else "")


def _session_key(session: SourceSession) -> str:
    return slug(clean(session.name).plain, KEY_LIMIT - 4) or _digest("s", session.name)


def _paper_key(paper: SourcePaper) -> str:
    name = system_name(paper.title, None) or label_of(paper.title, paper.abstract, "")
    return slug(name, KEY_LIMIT - 8) or _digest("p", f"{paper.title}\n{paper.byline}\n{paper.abstract}")


def _digest(prefix: str, text: str) -> str:
    return prefix + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _paper_marks(paper: SourcePaper) -> _Marks:
    """What a paper can be recognised by, the surest first."""
    byline = " ⋅ ".join(paper.byline)
    marks = (
        ("id", paper.source_id or ""),
        ("all of it", f"{paper.title}\n{byline}\n{paper.abstract}"),
        ("title and authors", fold(f"{paper.title} {byline}") if paper.title else ""),
        ("abstract", fold(paper.abstract or "")),
        ("title", fold(paper.title or "")),
    )
    return tuple((kind, text) for kind, text in marks if text)


def _session_marks(session: SourceSession) -> _Marks:
    return (("name", fold(session.name)),)


def _keys(wanted: Sequence[tuple[_Marks, str]], held: Sequence[tuple[_Marks, str]]) -> list[str]:
    """Return a key for each of `wanted` (marks and the key it would like), recognising what was `held` before."""
    recognised = _recognise([marks for marks, _ in wanted], held)
    taken = {key for _, key in held}
    keys = []
    for (_, wish), known in zip(wanted, recognised, strict=True):
        key = known or _free(wish, taken)
        taken.add(key)
        keys.append(key)
    return keys


def _recognise(items: Sequence[_Marks], held: Sequence[tuple[_Marks, str]]) -> list[str | None]:
    """Match items with held keys, one to one: all by their surest mark first, then by the next one."""
    found: list[str | None] = [None] * len(items)
    used: set[str] = set()
    for kind in dict.fromkeys(mark[0] for marks in (*items, *(marks for marks, _ in held)) for mark in marks):
        keys: dict[tuple[str, str], list[str]] = {}
        for marks, key in held:
            for mark in marks:
                if mark[0] == kind and key not in used:
                    keys.setdefault(mark, []).append(key)
        for position, marks in enumerate(items):
            for mark in marks:
                if found[position] is None and mark[0] == kind and keys.get(mark):
                    found[position] = keys[mark].pop(0)
                    used.add(found[position] or "")
    return found


def _free(wish: str, taken: set[str]) -> str:
    if wish not in taken:
        return wish
    return next(key for number in count(2) if (key := f"{wish}-{number}") not in taken)
