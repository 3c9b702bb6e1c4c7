"""Words of before and new ones in one order."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from itertools import compress
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.search.flat import Ints
from bot.search.order import in_order


class Numbers(dict[str, int]):
    """Numbers of words, given as they come."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


class MergedWords(NamedTuple):
    """All words in order.

    Attributes:
        words: the words.
        was: the place of each among the words of before, or -1.
        now: the place here of each word of before, or -1.
    """

    words: Sequence[str]
    was: Ints
    now: Ints

    def places_of(self, words: Collection[str]) -> Ints:
        """Return the place here of each of some words that are here."""
        return np.fromiter((bisect_left(self.words, word) for word in words), np.int32, count=len(words))

    def having(self, used: NDArray[np.bool_]) -> tuple["MergedWords", Ints]:
        """Return those words that are used, and the place there of each word here."""
        places = (np.cumsum(used) - 1).astype(np.int32)
        if used.all():
            return self, places
        words = list(compress(self.words, used.tolist()))
        return MergedWords(words, self.was[used], np.where(used[self.now], places[self.now], -1)), places


def merged_words(before: Sequence[str], more: Iterable[str]) -> MergedWords:
    """Merge words of before, in order, with others in any order, of which some may be the same."""
    places: list[int] = []
    added: list[str] = []
    for word in in_order(set(more), str):
        place = bisect_left(before, word)
        if place == len(before) or before[place] != word:
            places.append(place)
            added.append(word)
    words: list[str] = []
    start = 0
    for place, word in zip(places, added, strict=True):
        words += before[start:place]
        words.append(word)
        start = place
    words += before[start:]
    insertions = np.array(places, np.int64)
    olds = np.arange(len(before), dtype=np.int32)
    now = olds + np.searchsorted(insertions, olds, side="right").astype(np.int32)
    was = np.full(len(words), -1, np.int32)
    was[now] = olds
    return MergedWords(words, was, now)
