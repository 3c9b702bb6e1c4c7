"""Which papers have which words, and what finding a word in a paper is worth."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.search.entries import Columns
from bot.search.flat import Ints, Longs, Rows

Worths: TypeAlias = NDArray[np.float32]
Mask: TypeAlias = NDArray[np.bool_]
"""Which papers, by their places."""


def mask_of(papers: Sequence[int] | Ints, count: int) -> Mask:
    """Return the mask of some papers among so many."""
    mask = np.zeros(count, np.bool_)
    mask[np.asarray(papers, np.int32)] = True
    return mask


class Postings:
    """For each word, by its id, the papers that have it. Neighbouring words lie side by side in arrays.

    Attributes:
        columns: for each word the papers in order, and the marks that it has there.
        worths: what it is worth there.
    """

    def __init__(self, count: int, columns: Columns, worths: Worths) -> None:
        """Take the postings of so many papers; see the attributes."""
        self._count = count
        self.columns = columns
        self.worths = worths
        self._bounds = columns.bounds.data
        self._papers = columns.items

    @property
    def papers(self) -> Rows:
        """The papers of each word."""
        return Rows(self.columns.bounds, self.columns.items)

    def of_words(self, bounds: Longs) -> "Postings":
        """Return the same without some words that no paper has; for the others it is known where theirs begin."""
        return Postings(self._count, self.columns._replace(bounds=bounds), self.worths)

    def of(self, word: int) -> tuple[Ints, Worths]:
        """Return the papers that have a word, each once, and what it is worth there."""
        start, end = self._bounds[word], self._bounds[word + 1]
        return self._papers[start:end], self.worths[start:end]

    def of_all(self, words: range) -> tuple[Ints, Worths]:
        """Return the papers that have any of a range of words, as often as they have one, with the worths."""
        start, end = self._bounds[words.start], self._bounds[words.stop]
        return self._papers[start:end], self.worths[start:end]

    def spread(self, word: int) -> int:
        """Return how many papers have a word."""
        return self._bounds[word + 1] - self._bounds[word]

    def worth_more(self, words: Iterable[int], longer: range, least: float) -> Mask:
        """Return the papers in which one of some words, or of a range of them, is worth more than so much."""
        found = np.zeros(self._count, np.bool_)
        bounds = self._bounds
        spans = [(bounds[longer.start], bounds[longer.stop]), *((bounds[word], bounds[word + 1]) for word in words)]
        for start, end in spans:
            if start < end:
                found[self._papers[start:end][self.worths[start:end] > least]] = True
        return found

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
            papers, worths = self._papers[start:end], self.worths[start:end] * np.float32(sureness)
            if best is None:
                best = np.zeros(self._count, np.float32)
                best[papers] = worths
            else:
                best[papers] = np.maximum(best[papers], worths)
        return best
