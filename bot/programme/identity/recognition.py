"""Giving a source its keys, and telling what was recognised under another name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from bot.programme.identity.keys import Thing, keys_for, wanted_paper_key, wanted_session_key
from bot.programme.identity.labels import label_of
from bot.programme.identity.pairing import Pairing
from bot.programme.identity.papers import pair_papers
from bot.programme.identity.sessions import pair_sessions
from bot.programme.names import fold
from bot.programme.source import Source, SourcePaper
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
        matches: what is called something else now: sessions, then papers, each in the order of the source.
    """

    source: Source
    matches: tuple[Recognised, ...] = ()


_NOTHING: Final[Mapping[str, str]] = {}


def assign_keys(source: Source, previous: Source | None = None) -> Source:
    """Give every session and paper its key, as `recognise` does."""
    return recognise(source, previous).source


def recognise(source: Source, previous: Source | None = None, gone: Mapping[str, str] | None = _NOTHING) -> Recognition:
    """Give every session and paper its key, and tell what was recognised under another name.

    A key that the source itself carries stays. What is recognised from `previous` (the version in use before) keeps
    the key it had there. Everything else gets a new one that no other session or paper holds or ever held.

    Args:
        source: what was read.
        previous: the version in use before.
        gone: the keys that were ever given, each with the last title or name of what it was given to; what comes back
            under the same one gets its key back. None for what was not looked up yet.

    Raises:
        NamesNeeded: something is new, and `gone` is None.
    """
    before = previous or Source("nothing")
    papers = pair_papers(source.papers, before.papers)
    held = {paper.key for paper in before.papers}
    keys = keys_for(source.papers, papers.carried, _kept(papers, before.papers), held, wanted_paper_key, gone)
    keyed = replace(source, papers=tuple(_keyed(source.papers, keys, papers, before.papers)))
    sessions = pair_sessions(keyed, before, papers)
    held = {session.key for session in before.sessions}
    keys = keys_for(source.sessions, sessions.carried, _kept(sessions, before.sessions), held, wanted_session_key, gone)
    keyed = replace(keyed, sessions=tuple(_keyed(source.sessions, keys, sessions, before.sessions)))
    return Recognition(keyed, (*_renamed(keyed, before, sessions), *_retitled(keyed, before, papers)))


def _keyed(things: Sequence[Thing], keys: Sequence[str], found: Pairing, before: Sequence[Thing]) -> Iterator[Thing]:
    """Yield things with their keys; what says the same as before is the very object it was, which saves room."""
    for place, (thing, key) in enumerate(zip(things, keys, strict=True)):
        keyed = thing if thing.key == key else replace(thing, key=key)
        old = before[found.found[place][0]] if place in found.found else None
        yield old if old is not None and old == keyed else keyed


def _kept(pairing: Pairing, old: Sequence[Thing]) -> dict[int, str]:
    return {new: old[place].key for new, (place, _) in pairing.found.items()}


def _renamed(source: Source, before: Source, found: Pairing) -> Iterator[Recognised]:
    for place, session in enumerate(source.sessions):
        if place in found.found:
            old, by = found.found[place]
            names = clean(before.sessions[old].name).plain, clean(session.name).plain
            if fold(names[0]) != fold(names[1]):
                yield Recognised("session", session.key, *names, by)


def _retitled(source: Source, before: Source, found: Pairing) -> Iterator[Recognised]:
    for place, paper in enumerate(source.papers):
        if place in found.found:
            old, by = found.found[place]
            if _is_retitled(before.papers[old], paper):
                yield Recognised("paper", paper.key, _label(before.papers[old]), _label(paper), by)


def _label(paper: SourcePaper) -> str:
    return label_of(paper.title, paper.abstract, paper.key)


def _is_retitled(before: SourcePaper, after: SourcePaper) -> bool:
    if before.title == after.title:
        return False
    return fold(clean(before.title or "").plain) != fold(clean(after.title or "").plain)
