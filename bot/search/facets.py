"""What many papers have in common, to narrow a search down by: topics, and where authors work."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, reduce
from typing import Final, NamedTuple

import numpy as np

from bot.programme.names import fold
from bot.search.flat import Ints, Rows, transposed
from bot.search.listed import Listed
from bot.search.names import NO_NAMES, Fitting, Names, names_of
from bot.search.words import tokens

_MOST_WORDS: Final = 8
"""How many words are looked at of what is typed."""


class Facet(NamedTuple):
    """A topic or an affiliation: its name as most papers write it, and how many papers have it."""

    name: str
    papers: int


class Facets(NamedTuple):
    """All topics, or all affiliations, of a programme's papers; names that differ in case, accents or spaces are one.

    Attributes:
        listed: the names that each paper has, in the way in which it writes them.
        keys: the names folded.
        numbers: the place of each key.
        written: which of the listed names each is written as by most papers.
        of_papers: the places of the keys that each paper has.
        papers: the papers that have each.
        found: the names, to be found.
    """

    listed: Listed
    keys: Sequence[str]
    numbers: Mapping[str, int]
    written: Ints
    of_papers: Rows
    papers: Rows
    found: Names

    def having(self, key: str) -> list[int]:
        """Return the papers that have a name, which is given folded."""
        number = self.numbers.get(key)
        return [] if number is None else list(self.papers.of(number).tolist())

    def of(self, paper: int) -> list[int]:
        """Return the numbers of the names that a paper has."""
        return list(self.of_papers.of(paper).tolist())

    def spread(self, number: int) -> int:
        """Return how many papers have a name."""
        return int(self.papers.bounds[number + 1] - self.papers.bounds[number])

    def name(self, number: int) -> str:
        """Return a name as most papers write it."""
        return self.listed.texts[int(self.written[number])]

    def like(self, typed: str, limit: int) -> list[Facet]:
        """Return the names that may be meant by what is typed so far, those of most papers first.

        Every word typed must be a word of the name, or its beginning. A name that is typed in full comes first.
        """
        words = tokens(typed)[:_MOST_WORDS]
        fitting = [self.found.fitting(word, unfinished=True) for word in words]
        if fitting:
            every = reduce(Fitting.both, fitting)
            scores = dict(zip(every.places.tolist(), every.sureness.tolist(), strict=True))
        else:
            scores = dict.fromkeys(self._largest(limit), 0.0)
        whole = self.numbers.get(fold(typed))
        found = [(place, score, Facet(self.name(place), self.spread(place))) for place, score in scores.items()]
        found.sort(key=lambda entry: (entry[0] != whole, -entry[1], -entry[2].papers, entry[2].name))
        return [facet for _, _, facet in found[:limit]]

    def _largest(self, count: int) -> list[int]:
        """Return the names of most papers, all of those that have as many as the last one."""
        spreads = np.diff(self.papers.bounds)
        if not 0 < count < len(spreads):
            return list(range(len(spreads)))
        return np.flatnonzero(spreads >= np.partition(spreads, -count)[-count]).tolist()


NO_FACETS: Final = Facets(
    Listed.nothing(), (), {}, np.zeros(0, np.int32), Listed.nothing().rows, Listed.nothing().rows, NO_NAMES
)

_folded = lru_cache(maxsize=2**14)(fold)


def each_once(names: Iterable[str]) -> list[str]:
    """Return names without those that are another way of writing one of the others."""
    by_key = {_folded(name): name for name in names}
    by_key.pop("", None)
    return list(by_key.values())


def facets_of(listed: Listed, words: Callable[[str], Iterable[str]], before: Facets = NO_FACETS) -> Facets:
    """Return the names that papers list.

    Args:
        listed: the names, each once for each paper; see `each_once`.
        words: returns the words under which a name is found.
        before: the names of before, which need not be taken apart again.
    """
    numbers: dict[str, int] = {}
    of_texts = np.fromiter(
        (numbers.setdefault(_folded(text), len(numbers)) for text in listed.texts), np.int32, count=len(listed.texts)
    )
    of_papers = Rows(listed.rows.bounds, of_texts[listed.rows.values])
    # Of equally many ways of writing a name, the first one's counts.
    often = np.bincount(listed.rows.values, minlength=len(listed.texts))
    order = np.lexsort((-often, of_texts))
    _, first = np.unique(of_texts[order], return_index=True)
    written = order[first].astype(np.int32)
    names = [listed.texts[number] for number in written.tolist()]
    names_before = [before.name(number) for number in range(len(before.keys))]
    found = names_of(names, words, (names_before, before.found))
    return Facets(listed, list(numbers), numbers, written, of_papers, transposed(of_papers, len(numbers)), found)
