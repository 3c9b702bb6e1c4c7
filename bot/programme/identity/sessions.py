"""Recognising sessions: by name, start and papers."""

from collections import Counter
from collections.abc import Iterable, Sequence

from bot.programme.identity import near_names
from bot.programme.identity.pairing import Pairing
from bot.programme.names import fold
from bot.programme.source import SourceSession


def pair_sessions(new: Sequence[SourceSession], old: Sequence[SourceSession]) -> Pairing:
    """Tell which of the new sessions, whose papers have their keys, is which of the old ones."""
    pairing = Pairing.by_key(new, old)
    most = _sharing_most(new, old)
    for one, other in most.items():
        if fold(new[one].name) == fold(old[other].name):
            pairing.add(one, other, "the same name")
    for text in (_name_and_start, _session_name):
        pairing.equal(
            {place: text(session) for place, session in enumerate(new)},
            {place: text(session) for place, session in enumerate(old)},
            "the same name",
        )
    pairing.near(
        _names(new, pairing.new),
        _names(old, pairing.old),
        "nearly the same name",
        near_names.features,
        near_names.likeness,
    )
    for one, other in most.items():
        pairing.add(one, other, "most of the same papers")
    return pairing


def _session_name(session: SourceSession) -> str:
    return f"name {fold(session.name)}"


def _name_and_start(session: SourceSession) -> str:
    return f"{session.starts_at.isoformat()} {fold(session.name)}" if session.starts_at else ""


def _names(sessions: Sequence[SourceSession], places: Iterable[int]) -> dict[int, near_names.Name]:
    names: dict[int, near_names.Name] = {}
    for place in sorted(places):
        papers = frozenset(paper.key for paper in sessions[place].papers)
        if name := near_names.name_of(sessions[place].name, papers, is_title=False):
            names[place] = name
    return names


def _sharing_most(new: Sequence[SourceSession], old: Sequence[SourceSession]) -> dict[int, int]:
    """Return the old session with which a new one shares more than half of the papers of each."""
    holder = {paper.key: place for place, session in enumerate(old) for paper in session.papers}
    most = {}
    for place, session in enumerate(new):
        for other, shared in Counter(holder[paper.key] for paper in session.papers if paper.key in holder).items():
            if 2 * shared > max(len(session.papers), len(old[other].papers)):
                most[place] = other
    return most
