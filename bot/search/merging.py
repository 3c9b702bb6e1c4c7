"""Words of before and new ones in one order."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import compress
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.search.flat import Ints
from bot.search.turns import each_in_order, numbered, numbers_of


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
        more: the place here of each word that was merged with them.
    """

    words: Sequence[str]
    was: Ints
    now: Ints
    more: dict[str, int]

    def places_of(self, words: Sequence[str]) -> Ints:
        """Return the place here of each of the words that were merged with those of before."""
        return numbers_of(words, self.more)

    def having(self, used: NDArray[np.bool_]) -> tuple["MergedWords", Ints]:
        """Return those words that are used, and the place there of each word here."""
        places = (np.cumsum(used) - 1).astype(np.int32)
        if used.all():
            return self, places
        words = list(compress(self.words, used.tolist()))
        return MergedWords(words, self.was[used], np.where(used[self.now], places[self.now], -1), {}), places


def merged_words(before: Sequence[str], more: Iterable[str]) -> MergedWords:
    """Merge words of before, in order, with others in any order, of which some may be the same."""
    others = each_in_order(more)
    places = np.fromiter((bisect_left(before, word) for word in others), np.int64, count=len(others))
    are_new = np.array(
        [place == len(before) or before[place] != word for word, place in zip(others, places.tolist(), strict=True)],
        np.bool_,
    )
    words: list[str] = []
    start = 0
    for place, word in zip(places[are_new].tolist(), compress(others, are_new.tolist()), strict=True):
        words += before[start:place]
        words.append(word)
        start = place
    words += before[start:]
    olds = np.arange(len(before), dtype=np.int32)
    now = olds + np.searchsorted(places[are_new], olds, side="right").astype(np.int32)
    was = np.full(len(words), -1, np.int32)
    was[now] = olds
    at = places + np.cumsum(are_new) - are_new
    return MergedWords(words, was, now, numbered(others, at.tolist()))
