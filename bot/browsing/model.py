"""How a programme is divided, and where somebody is in it."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from bot.programme.model import Paper, Programme
from bot.programme.names import fold
from bot.ui.places import day_name
from bot.ui.wording import sentence

if TYPE_CHECKING:
    from datetime import date

_STEP, _OF = "+", "."
_MOST_STEPS = 3


class Facet(StrEnum):
    """By what a programme is divided."""

    TOPIC = "topic"
    TRACK = "track"
    KIND = "kind"
    DAY = "day"
    ROOM = "room"

    @property
    def plural(self) -> str:
        """What several are called."""
        return f"{self}s"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the programme: one topic, one day, one room.

    Attributes:
        facet: by what it is divided.
        token: short and the same for the same name; an ISO date for a day.
        name: what to call it.
        keys: the papers in it.
    """

    facet: Facet
    token: str
    name: str
    keys: frozenset[str]


Parts = Mapping[Facet, Mapping[str, Part]]
"""The parts of a programme by their tokens, those of most papers first, and days in their order."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is: in some parts at once, and maybe about to choose by a further facet.

    Attributes:
        steps: the facet and the token of each part.
        choosing: the facet whose parts are listed; None where papers are.
    """

    steps: tuple[tuple[Facet, str], ...] = ()
    choosing: Facet | None = None

    @property
    def key(self) -> str:
        """The place as the key of a question."""
        steps = [f"{facet}{_OF}{token}" for facet, token in self.steps]
        return _STEP.join((*steps, self.choosing or ""))

    @classmethod
    def from_key(cls, key: str) -> Self | None:
        """Return the place that a key says, or None where it says none."""
        *steps, last = key.split(_STEP)
        pairs = [step.partition(_OF) for step in steps]
        known = list(Facet)
        if any(facet not in known or not token for facet, _, token in pairs) or (last and last not in known):
            return None
        return cls(tuple((Facet(facet), token) for facet, _, token in pairs), Facet(last) if last else None)

    def choose(self, facet: Facet) -> Self:
        """Return this place with the parts of a facet listed."""
        return type(self)(self.steps, facet)

    def into(self, part: Part) -> Self:
        """Return the place within a part."""
        return type(self)((*self.steps, (part.facet, part.token)))

    @property
    def is_deep(self) -> bool:
        """Whether it goes no deeper."""
        return len(self.steps) >= _MOST_STEPS


def token_of(name: str) -> str:
    """Return a short name for a name, ten hexadecimal digits; names that differ in case or accents have the same."""
    return hashlib.sha256(fold(name).encode("utf-8", "surrogatepass")).hexdigest()[:10]


def parts_of(programme: Programme, zone: ZoneInfo, topics: Mapping[str, Sequence[str]]) -> Parts:
    """Return the parts of a programme.

    Args:
        programme: the programme.
        zone: the conference's zone, in which its days are.
        topics: the names of the topics of each paper, by its key.
    """
    papers = programme.papers.values()
    days: dict[date, set[str]] = {}
    for paper in papers:
        for shown in paper.appearances:
            if shown.starts_at:
                days.setdefault(shown.starts_at.astimezone(zone).date(), set()).add(paper.key)
    by_day = {
        day.isoformat(): Part(Facet.DAY, day.isoformat(), day_name(day), frozenset(keys))
        for day, keys in sorted(days.items())
    }
    return {
        Facet.TOPIC: _named(Facet.TOPIC, papers, lambda paper: topics.get(paper.key, ())),
        Facet.TRACK: _named(Facet.TRACK, papers, lambda paper: _tracks(programme, paper)),
        Facet.KIND: _named(Facet.KIND, papers, lambda paper: _kinds(programme, paper)),
        Facet.DAY: by_day,
        Facet.ROOM: _named(Facet.ROOM, papers, lambda paper: [shown.room or "" for shown in paper.appearances]),
    }


def keys_at(parts: Parts, place: Place) -> frozenset[str] | None:
    """Return the papers at a place; None where a part of it is not in the programme any more."""
    keys: frozenset[str] | None = None
    for facet, token in place.steps:
        part = parts[facet].get(token)
        if part is None:
            return None
        keys = part.keys if keys is None else keys & part.keys
    return frozenset().union(*(part.keys for part in parts[Facet.KIND].values())) if keys is None else keys


def choices_at(parts: Parts, place: Place, facet: Facet) -> list[tuple[Part, int]]:
    """Return the parts of a facet that have papers of a place, with how many, those of most first; days in order."""
    keys = keys_at(parts, place) or frozenset()
    inside = [(part, len(part.keys & keys)) for part in parts[facet].values()]
    found = [(part, count) for part, count in inside if count]
    return found if facet is Facet.DAY else sorted(found, key=lambda entry: -entry[1])


def facets_at(parts: Parts, place: Place) -> list[tuple[Facet, int]]:
    """Return by what the papers of a place can still be told apart, each with into how many parts."""
    taken = {facet for facet, _ in place.steps}
    counted = [(facet, len(choices_at(parts, place, facet))) for facet in Facet if facet not in taken]
    return [(facet, count) for facet, count in counted if count > 1]


def _named(facet: Facet, papers: Iterable[Paper], names: Callable[[Paper], Iterable[str]]) -> dict[str, Part]:
    called: dict[str, str] = {}
    keys: dict[str, set[str]] = {}
    for paper in papers:
        for name in filter(None, names(paper)):
            token = token_of(name)
            called.setdefault(token, name)
            keys.setdefault(token, set()).add(paper.key)
    ordered = sorted(keys, key=lambda token: (-len(keys[token]), called[token]))
    return {token: Part(facet, token, called[token], frozenset(keys[token])) for token in ordered}


def _tracks(programme: Programme, paper: Paper) -> list[str]:
    return [paper.track] if paper.track else [one.track for one in programme.sessions_of(paper) if one.track]


def _kinds(programme: Programme, paper: Paper) -> list[str]:
    if paper.kind_name:
        return [sentence(paper.kind_name)]
    return [sentence(one.kind_name or one.kind) for one in programme.sessions_of(paper)] or [sentence(paper.kind)]
