"""Finding the same things in several sources, one source after the other, from the surest sign to the weakest."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

Thing = TypeVar("Thing")

Record = tuple[int, int]
"""A paper or session of a source: the place of the source, and its place there."""

_MOST_CANDIDATES: Final = 20
"""How many things of the same mark are looked at; what more have tells nothing."""


@dataclass(frozen=True, slots=True)
class Sign(Generic[Thing]):
    """Something by which two things are known for the same.

    Attributes:
        marks: what both must have one of in common.
        fits: what must be so besides.
        alone: whether a mark counts only if no other thing of either side has it.
        is_claim: whether the mark says that they are the same, so that it is a mistake if they don't fit.
    """

    marks: Callable[[Thing], list[Hashable]]
    fits: Callable[[Thing, Thing], bool]
    alone: bool = False
    is_claim: bool = False


class Pairing(Generic[Thing]):
    """The things of several sources, each once.

    Attributes:
        records: for each thing of the whole its records.
        homes: for each source and each of its things the place in `records`, or None for what is in none.
        mistaken: pairs of records that claim to be the same and are not.
    """

    def __init__(self, sources: Sequence[Sequence[Thing]], signs: Sequence[Sign[Thing]]) -> None:
        self.records: list[list[Record]] = []
        self.homes: list[list[int | None]] = [[None] * len(things) for things in sources]
        self.mistaken: list[tuple[Record, Record]] = []
        self._sources = sources
        self._signs = signs
        self._known: dict[Hashable, list[int]] = {}
        self._held: set[tuple[Hashable, int]] = set()
        self._taken: set[int] = set()

    def add(self, source: int, places: Sequence[int], *, wanted: bool) -> list[Record]:
        """Add things of a source: each to the one it is the same as, or else as a new one.

        Things of one source are never the same: each is paired with another one.

        Args:
            source: the place of the source.
            places: which of its things.
            wanted: whether those that are new are added.

        Returns:
            Those that are new and not wanted.
        """
        things, homes = self._sources[source], self.homes[source]
        self._taken = set()
        marked = [{place: sign.marks(things[place]) for place in places} for sign in self._signs]
        if self._known:
            for sign, marks in zip(self._signs, marked, strict=True):
                self._pair(source, sign, marks)
        unwanted = []
        for place in places:
            home = homes[place]
            if home is None and not wanted:
                unwanted.append((source, place))
                continue
            if home is None:
                homes[place] = home = len(self.records)
                self.records.append([(source, place)])
            for mark in {mark: None for marks in marked for mark in marks[place]}:
                if (mark, home) not in self._held:
                    self._held.add((mark, home))
                    self._known.setdefault(mark, []).append(home)
        return unwanted

    def known(self, mark: Hashable) -> list[int]:
        """Return the places of the first things that have a mark."""
        return self._known.get(mark, [])[:_MOST_CANDIDATES]

    def first(self, home: int) -> Thing:
        """Return the first record of a thing."""
        source, place = self.records[home][0]
        return self._sources[source][place]

    def join(self, record: Record, home: int) -> None:
        """Let a record be one of a thing."""
        source, place = record
        self.homes[source][place] = home
        self.records[home].append(record)

    def forget(self) -> None:
        """Let go of everything, for others little by little: in one go it would hold them up."""
        while self._held:
            self._held.pop()
        while self._known:
            self._known.popitem()
        while self.records:
            self.records.pop()

    def _pair(self, source: int, sign: Sign[Thing], marked: dict[int, list[Hashable]]) -> None:
        things, homes = self._sources[source], self.homes[source]
        written = Counter(mark for marks in marked.values() for mark in marks) if sign.alone else Counter[Hashable]()
        used: dict[Hashable, int] = {}
        for place, marks in marked.items():
            if homes[place] is not None:
                continue
            candidates = list(self._candidates(marks, written, used, alone=sign.alone))
            home = next((home for home in candidates if sign.fits(things[place], self.first(home))), None)
            if home is not None:
                self.join((source, place), home)
                self._taken.add(home)
            elif candidates and sign.is_claim:
                self.mistaken.append((self.records[candidates[0]][0], (source, place)))

    def _candidates(
        self, marks: Sequence[Hashable], written: Counter[Hashable], used: dict[Hashable, int], *, alone: bool
    ) -> Iterator[int]:
        """Yield the known things of any of the marks that nothing of this source is paired with yet.

        Args:
            marks: the marks of one thing.
            written: how many things of the source have a mark.
            used: for each mark, how many of its first known things are paired already; brought up to date.
            alone: whether a mark counts only if no other thing of either side has it.
        """
        for mark in marks:
            known = self._known.get(mark, [])
            if alone and (len(known) > 1 or written[mark] > 1):
                continue
            first = used.get(mark, 0)
            while first < len(known) and known[first] in self._taken:
                first += 1
            used[mark] = first
            yield from (home for home in known[first : first + _MOST_CANDIDATES] if home not in self._taken)
