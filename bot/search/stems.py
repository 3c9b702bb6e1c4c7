"""Which words have the same stem."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from bot.search.flat import Ints
from bot.search.words import stem

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
        stems = np.empty(len(self.owners), np.uint64)
        stems[self.owners] = self.stems
        return stems

    def stems_of(self, words: Sequence[str], was: Ints) -> Stems:
        """Return the stem of each of other words, which were here at these places, or were not: -1."""
        stems = np.empty(len(words), np.uint64)
        known = was >= 0
        stems[known] = self.by_word()[was[known]]
        stems[~known] = _stems(words[number] for number in np.flatnonzero(~known).tolist())
        return stems

    @classmethod
    def in_order(cls, stems: Stems) -> Self:
        """Return the table of words with these stems."""
        owners = np.argsort(stems, kind="stable").astype(np.int32)
        return cls(stems[owners], owners)


def _stems(words: Iterable[str]) -> Stems:
    return np.fromiter((_number(stem(word)) for word in words), np.uint64)


def _number(stemmed: str) -> int:
    return int.from_bytes(blake2b(stemmed.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
