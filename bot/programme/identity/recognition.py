"""Giving a source its keys, and telling what was recognised under another name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Final, Literal

from bot.programme.identity.keys import Thing, keys_for, wanted_paper_key, wanted_session_key
from bot.programme.identity.labels import label_of
from bot.programme.identity.pairing import Pairing
from bot.programme.identity.papers import pair_papers
from bot.programme.identity.sessions import pair_sessions
from bot.programme.names import fold
from bot.programme.source import Source, SourcePaper, SourceSession
from bot.programme.text import clean


@dataclass(frozen=True, slots=True)
class Recognised:
    """A paper or session that was recognised although it is called something else now.

    Attributes:
        kind: which of the two it is.
        key: the key it keeps.
        before: what it was called, as plain text.
        after: what it is called now.
        by: what it was recognised by, in words such as "the same authors".
    """

    kind: Literal["paper", "session"]
    key: str
    before: str
    after: str
    by: str


@dataclass(frozen=True, slots=True)
class Recognition:
    """A source with its keys, and what was recognised under another name.

    Attributes:
        source: the source; everything in it has its key.
        matches: what is called something else now, in the order of the source, each session before its papers.
    """

    source: Source
    matches: tuple[Recognised, ...] = ()


_NOTHING_GONE: Final[Mapping[str, str]] = {}


def assign_keys(source: Source, previous: Source | None = None) -> Source:
    """Give every session and paper its key, as `recognise` does."""
    return recognise(source, previous).source


def recognise(source: Source, previous: Source | None = None, gone: Mapping[str, str] = _NOTHING_GONE) -> Recognition:
    """Give every session and paper its key, and tell what was recognised under another name.

    A key that the source itself carries stays. What is recognised from `previous` (the version in use before) keeps
    the key it had there. Everything else gets a new one that no other session or paper holds or ever held.

    Args:
        source: what was read.
        previous: the version in use before.
        gone: the keys that were ever given, each with the last title or name of what it was given to; what comes back
            under the same one gets its key back.
    """
    before = previous.sessions if previous else ()
    old_papers = [paper for session in before for paper in session.papers]
    new_papers = [paper for session in source.sessions for paper in session.papers]
    papers = pair_papers(new_papers, old_papers)
    held = {paper.key for paper in old_papers}
    keys = iter(keys_for(new_papers, _kept(papers, old_papers), held, wanted_paper_key, gone))
    sessions = [
        replace(session, papers=tuple(replace(paper, key=next(keys)) for paper in session.papers))
        for session in source.sessions
    ]
    paired = pair_sessions(sessions, before)
    held = {session.key for session in before}
    keys = iter(keys_for(sessions, _kept(paired, before), held, wanted_session_key, gone))
    keyed = replace(source, sessions=tuple(replace(session, key=next(keys)) for session in sessions))
    return Recognition(keyed, tuple(_renamed(keyed, before, paired, old_papers, papers)))


def _kept(pairing: Pairing, old: Sequence[Thing]) -> dict[int, str]:
    return {new: old[place].key for new, (place, _) in pairing.found.items()}


def _renamed(
    source: Source,
    old_sessions: Sequence[SourceSession],
    sessions: Pairing,
    old_papers: Sequence[SourcePaper],
    papers: Pairing,
) -> Iterator[Recognised]:
    places = count()
    for at, session in enumerate(source.sessions):
        if at in sessions.found:
            old, by = sessions.found[at]
            names = clean(old_sessions[old].name).plain, clean(session.name).plain
            if fold(names[0]) != fold(names[1]):
                yield Recognised("session", session.key, *names, by)
        for paper, place in zip(session.papers, places, strict=False):
            if place in papers.found:
                before, by = old_papers[papers.found[place][0]], papers.found[place][1]
                if _is_retitled(before, paper):
                    yield Recognised("paper", paper.key, _label(before), _label(paper), by)


def _label(paper: SourcePaper) -> str:
    return label_of(paper.title, paper.abstract, paper.key)


def _is_retitled(before: SourcePaper, after: SourcePaper) -> bool:
    if before.title == after.title:
        return False
    return fold(clean(before.title or "").plain) != fold(clean(after.title or "").plain)
