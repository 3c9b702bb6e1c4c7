"""Recognising sessions: by name, start and papers."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final

from bot.programme.identity import near_names
from bot.programme.identity.pairing import Pairing
from bot.programme.identity.papers import is_weak
from bot.programme.names import fold
from bot.programme.source import Source, SourceSession

_COMMON: Final = 25
"""A paper in more sessions than this does not help to tell them apart."""


def pair_sessions(source: Source, before: Source, papers: Pairing) -> Pairing:
    """Tell which of the sessions of a source is which of those before.

    Args:
        source: what was read; its papers have their keys.
        before: the version in use before.
        papers: which of the papers is which of those before.
    """
    new, old = source.sessions, before.sessions
    shown, was_shown = _papers(source), _papers(before)
    pairing = Pairing.by_key(new, old)
    # What the same people show instead says nothing of the session: a cancelled tutorial's speakers give a talk.
    weak = {
        source.papers[place].key
        for place, (was, by) in papers.found.items()
        if is_weak(source.papers[place], before.papers[was], by)
    }
    most = _sharing_most(source, before, [keys - weak for keys in shown], was_shown, [len(keys) for keys in shown])
    for one, other in most:
        if fold(new[one].name) == fold(old[other].name):
            pairing.add(one, other, "the same name")
    for text in (_name_and_start, _session_name):
        pairing.equal(
            {place: text(session) for place, session in enumerate(new)},
            {place: text(session) for place, session in enumerate(old)},
            "the same name",
        )
    pairing.near(
        _names(new, shown, pairing.new),
        _names(old, was_shown, pairing.old),
        "nearly the same name",
        near_names.features,
        near_names.likeness,
    )
    for one, other in most:
        pairing.add(one, other, "most of the same papers")
    return pairing


def _papers(source: Source) -> list[frozenset[str]]:
    """Return the keys of the papers in each session."""
    return [frozenset(source.papers[one.paper].key for one in session.appearances) for session in source.sessions]


def _session_name(session: SourceSession) -> str:
    return f"name {fold(session.name)}"


def _name_and_start(session: SourceSession) -> str:
    return f"{session.starts_at.isoformat()} {fold(session.name)}" if session.starts_at else ""


def _names(
    sessions: Sequence[SourceSession], shown: Sequence[frozenset[str]], places: Iterable[int]
) -> dict[int, near_names.Name]:
    names: dict[int, near_names.Name] = {}
    for place in sorted(places):
        if name := near_names.name_of(sessions[place].name, shown[place], is_title=False):
            names[place] = name
    return names


def _sharing_most(
    source: Source,
    before: Source,
    shown: Sequence[frozenset[str]],
    was_shown: Sequence[frozenset[str]],
    sizes: Sequence[int],
) -> list[tuple[int, int]]:
    """Return the pairs of a new and an old session that share more than half of the papers of each, the surest first.

    Where posters hang twice, several share all of them: the time tells which is which, or else the order of the source.
    """
    holders: dict[str, list[int]] = {}
    for place, papers in enumerate(was_shown):
        for key in papers:
            holders.setdefault(key, []).append(place)
    telling = {key: places for key, places in holders.items() if len(places) <= _COMMON}
    pairs: list[tuple[float, bool, int, int]] = []
    for place, papers in enumerate(shown):
        held = [telling[key] for key in papers if key in telling]
        for other, shared in Counter(chain.from_iterable(held)).items():
            share = shared / max(sizes[place], len(was_shown[other]))
            if share > 0.5:
                moved = source.sessions[place].starts_at != before.sessions[other].starts_at
                pairs.append((-share, moved, place, other))
    return [(place, other) for _, _, place, other in sorted(pairs)]
