"""Which papers have which words, and what finding a word in a paper is worth."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Papers: TypeAlias = NDArray[np.int32]
Worths: TypeAlias = NDArray[np.float32]
Mask: TypeAlias = NDArray[np.bool_]
"""Which papers, by their places."""


def mask_of(papers: Sequence[int] | Papers, count: int) -> Mask:
    """Return the mask of some papers among so many."""
    mask = np.zeros(count, np.bool_)
    mask[np.asarray(papers, np.int32)] = True
    return mask


class PostingsBuilder:
    """Gathers postings paper by paper."""

    def __init__(self) -> None:
        self._by_word: dict[str, tuple[array[int], array[float]]] = {}
        self._count = 0

    def add(self, worths: Mapping[str, float]) -> None:
        """Add the next paper with its words."""
        for word, worth in worths.items():
            entry = self._by_word.get(word)
            if entry is None:
                entry = self._by_word[word] = (array("i"), array("f"))
            entry[0].append(self._count)
            entry[1].append(worth)
        self._count += 1

    @property
    def words(self) -> Iterable[str]:
        """All words so far."""
        return self._by_word

    def build(self, words: list[str]) -> "Postings":
        """Make the postings of all papers, for words in the order of the vocabulary, which may have more."""
        none: tuple[array[int], array[float]] = (array("i"), array("f"))
        entries = [self._by_word.get(word, none) for word in words]
        lengths = np.fromiter((len(papers) for papers, _ in entries), np.int64, count=len(words))
        bounds = np.zeros(len(words) + 1, np.int64)
        np.cumsum(lengths, out=bounds[1:])
        papers = np.empty(int(bounds[-1]), np.int32)
        worths = np.empty(int(bounds[-1]), np.float32)
        for number, entry in enumerate(entries):
            start, end = bounds[number], bounds[number + 1]
            papers[start:end], worths[start:end] = entry
        return Postings(self._count, bounds.tolist(), papers, worths)


class Postings:
    """For each word, by its id, the papers that have it. Neighbouring words lie side by side in two arrays."""

    def __init__(self, count: int, bounds: list[int], papers: Papers, worths: Worths) -> None:
        self._count = count
        self._bounds = bounds
        self._papers = papers
        self._worths = worths

    def of(self, word: int) -> tuple[Papers, Worths]:
        """Return the papers that have a word, each once, and what it is worth there."""
        start, end = self._bounds[word], self._bounds[word + 1]
        return self._papers[start:end], self._worths[start:end]

    def of_all(self, words: range) -> tuple[Papers, Worths]:
        """Return the papers that have any of a range of words, as often as they have one, with the worths."""
        start, end = self._bounds[words.start], self._bounds[words.stop]
        return self._papers[start:end], self._worths[start:end]

    def spread(self, word: int) -> int:
        """Return how many papers have a word."""
        return self._bounds[word + 1] - self._bounds[word]

    def best(self, words: Mapping[int, float], longer: range, longer_worth: float) -> Worths | None:
        """Return for every paper the most that any of these words is worth in it, 0 where it has none.

        Args:
            words: word ids with how much each counts.
            longer: word ids that all count `longer_worth`.
            longer_worth: see there.

        Returns:
            None where no paper has any of them.
        """
        bounds = self._bounds
        best: Worths | None = None
        if bounds[longer.start] < bounds[longer.stop]:
            best = np.zeros(self._count, np.float32)
            papers, worths = self.of_all(longer)
            np.maximum.at(best, papers, worths * np.float32(longer_worth))
        for word, sureness in words.items():
            start, end = bounds[word], bounds[word + 1]
            if start == end:
                continue
            papers, worths = self._papers[start:end], self._worths[start:end] * np.float32(sureness)
            if best is None:
                best = np.zeros(self._count, np.float32)
                best[papers] = worths
            else:
                best[papers] = np.maximum(best[papers], worths)
        return best
