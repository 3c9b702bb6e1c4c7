"""Which words have the same stem."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from hashlib import blake2b
from typing import Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from bot.search.flat import Ints
from bot.search.words import stems

_BYTES: Final = 8
_AT_ONCE: Final = 2**11
"""How many words are stemmed before others have a turn."""

Stems = NDArray[np.uint64]
"""Stems as numbers, the same wherever and whenever they are made; no two stems are known to have the same."""


class StemTable(NamedTuple):
    """The words of each stem.

    Attributes:
        stems: the stem of each word, in order.
        owners: the word of each of these.
    """

    stems: Stems
    owners: Ints

    @classmethod
    def of(cls, words: Sequence[str]) -> Self:
        """Return the table of some words, each known by its place."""
        return cls.in_order(_stems(words))

    def having(self, stemmed: str) -> list[int]:
        """Return the words that have a stem."""
        wanted = _number(stemmed)
        start = bisect_left(self.stems.data, wanted)
        end = bisect_right(self.stems.data, wanted, lo=start)
        return self.owners[start:end].tolist() if start < end else []

    def by_word(self) -> Stems:
        """Return the stem of each word."""
        of_words = np.empty(len(self.owners), np.uint64)
        of_words[self.owners] = self.stems
        return of_words

    def stems_of(self, words: Sequence[str], was: Ints) -> Stems:
        """Return the stem of each of other words, which were here at these places, or were not: -1."""
        of_words = np.empty(len(words), np.uint64)
        known = was >= 0
        of_words[known] = self.by_word()[was[known]]
        of_words[~known] = _stems([words[number] for number in np.flatnonzero(~known).tolist()])
        return of_words

    @classmethod
    def in_order(cls, of_words: Stems) -> Self:
        """Return the table of words with these stems."""
        owners = np.argsort(of_words, kind="stable").astype(np.int32)
        return cls(of_words[owners], owners)


def _stems(words: Sequence[str]) -> Stems:
    parts = (stems(list(words[start : start + _AT_ONCE])) for start in range(0, len(words), _AT_ONCE))
    return np.fromiter((_number(stemmed) for part in parts for stemmed in part), np.uint64, count=len(words))


def _number(stemmed: str) -> int:
    encoded = stemmed.encode("utf-8", "surrogatepass")
    if len(encoded) > _BYTES:
        encoded = blake2b(encoded, digest_size=_BYTES).digest()
    return int.from_bytes(encoded, "little")
