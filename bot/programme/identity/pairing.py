"""Finding out which of the new things is which of the old ones, from the surest sign to the weakest.

Each sign looks only at what the signs before it left over, and every old thing is found once at most.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from bot.programme.identity.keys import Thing, carried_keys

_CANDIDATES: Final = 5
"""How many old things a new one is compared with at the most."""

_COMPARISONS: Final = 200_000
"""How many comparisons there are at the most; as many of whole abstracts take some nine seconds."""

_COMMON: Final = 25
"""Words and letters that more of the old things have do not help to find the one that is meant."""

Reading = TypeVar("Reading")


@dataclass(slots=True)
class Pairing:
    """Which of the new things is which of the old ones, one to one; things are named by their places.

    Attributes:
        new: the new things still without a partner.
        old: the old ones.
        found: the old partner of a new thing, and what it was recognised by.
        carried: the keys that the new things bring with them.
    """

    new: set[int]
    old: set[int]
    found: dict[int, tuple[int, str]] = field(default_factory=dict)
    carried: Sequence[str] = ()

    def is_over(self) -> bool:
        """Whether all things of one side have their partner."""
        return not (self.new and self.old)

    @classmethod
    def by_key(cls, new: Sequence[Thing], old: Sequence[Thing]) -> "Pairing":
        """Begin with the keys that the new things carry: they settle what a thing is, known before or not."""
        carried = carried_keys(new)
        places = {thing.key: place for place, thing in enumerate(reversed(old))}
        last = len(old) - 1
        found = {
            place: (last - at, "the key in the source")
            for place, key in enumerate(carried)
            if key and (at := places.get(key)) is not None
        }
        left = set(range(len(old))).difference(place for place, _ in found.values())
        return cls({place for place, key in enumerate(carried) if not key}, left, found, carried)

    def add(self, new: int, old: int, by: str) -> None:
        """Pair two things, unless one of them has a partner already."""
        if new in self.new and old in self.old:
            self.new.remove(new)
            self.old.remove(old)
            self.found[new] = (old, by)

    def equal(
        self,
        new: Mapping[int, str],
        old: Mapping[int, str],
        by: str,
        plausible: Callable[[int, int], bool] = lambda _new, _old: True,
    ) -> None:
        """Pair things of the same text; among several of the same text, in the order of the source."""
        held: dict[str, list[int]] = {}
        for place, text in old.items():
            if text and place in self.old:
                held.setdefault(text, []).append(place)
        for place, text in new.items():
            if place in self.new and held.get(text) and plausible(place, held[text][0]):
                self.add(place, held[text].pop(0), by)

    def near(
        self,
        new: Mapping[int, Reading],
        old: Mapping[int, Reading],
        by: str,
        features: Callable[[Reading], Collection[str]],
        likeness: Callable[[Reading, Reading], float],
        plausible: Callable[[int, int], bool] = lambda _new, _old: True,
    ) -> None:
        """Pair what is alike enough for `likeness` not to be 0, the most alike first."""
        if not new or not old:
            return
        pairs = _candidates(
            {place: features(reading) for place, reading in new.items()},
            {place: features(reading) for place, reading in old.items()},
        )
        # One list for each likeness: sorting all of a large conference at once would hold everything else up.
        alike: defaultdict[float, list[tuple[int, int]]] = defaultdict(list)
        for one, other in pairs:
            if (score := likeness(new[one], old[other])) and plausible(one, other):
                alike[score].append((one, other))
        for score in sorted(alike, reverse=True):
            for one, other in sorted(alike[score]):
                self.add(one, other, by)


def _candidates(new: Mapping[int, Collection[str]], old: Mapping[int, Collection[str]]) -> Iterator[tuple[int, int]]:
    """Return the few pairs worth comparing: those that share the most of what not many have."""
    holders: dict[str, list[int]] = {}
    for place, features in old.items():
        for feature in features:
            holders.setdefault(feature, []).append(place)
    rare = {feature: places for feature, places in holders.items() if len(places) <= _COMMON}
    most = min(_CANDIDATES, _COMPARISONS // max(len(new), 1))
    for place, features in new.items():
        shared = Counter(other for feature in features for other in rare.get(feature, ()))
        for other, _ in shared.most_common(most):
            yield place, other
