"""How a query fits the titles of papers: letter by letter, word by word, and in how both begin.

None of these numbers is delicate. Halved or doubled, each changes how often ACL 2022's papers come first, with 600
queries of any kind in `tests.search.bench_search`, by two in a hundred at the most. What is lost without is said there.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.fuzz import partial_ratio
from rapidfuzz.process import cdist

from bot.search.flat import Longs
from bot.search.labels import Labels

_LETTERS_ADD: Final = 1.5
"""What it adds that all letters of the query are in the title in a row."""

_LETTERS_POWER: Final = 8
"""To what power the likeness of letters is taken: a query is half like any title, and that half must say nothing."""

_COVERED_ADD: Final = 1.5
"""What it adds that the query is the whole of a title, so that short titles come before long ones that contain them."""

_WORDS_ADD: Final = 1.0
"""What it adds that all words of the query are in the title, in any order.

Without, words in another order find their paper first in 965 of 1,000 cases instead of 980.
"""

_WORDS_POWER: Final = 4
"""To what power the share of these words is taken: three of four words add a third of what all add."""

_SAME_BEGINNING_ADDS: Final = 0.9
"""What it adds that the title begins like the query.

Without, beginnings come first in 85 of 100 cases, not in 90; with 0.6, in 10 of 1,000 fewer.
"""

_WHOLE_ADDS: Final = 0.6
"""What it adds that several words of the query are in the title in a row, each as it was typed, the last one too.

Without, "low-resource language" finds a shorter title with "low-resource languages" first, and 1 of 100 queries with a
typing error no longer has a paper first that fits.
"""


TITLED: Final = _LETTERS_ADD + _WORDS_ADD + _SAME_BEGINNING_ADDS
"""What it adds that a title begins with all of a query in a row."""

_MOST_CONTAINING: Final = 60
_MOST_BEGINNING: Final = 40
"""How many titles are added at the most, so that it takes no longer in a programme of thousands.

Without those that contain the query in a row, 2 of 1,000 queries with a typing error no longer find their paper first.
"""


class Titles:
    """The titles of a programme's papers, by the papers' places."""

    def __init__(self, labels: Labels) -> None:
        """Take the titles as folded words with a space between them, one for each paper."""
        self.labels = labels
        self._by_paper = np.argsort(labels.papers).astype(np.int32)

    def alike(self, readings: Iterable[str], papers: Sequence[int]) -> list[int]:
        """Return those of some papers whose title has a reading in a row, and any whose title begins like it."""
        found: list[int] = []
        for reading in readings:
            if " " in reading:
                found += [paper for paper in papers if reading in self._spaced(paper)][:_MOST_CONTAINING]
            if reading:
                found += self.labels.beginning(reading, _MOST_BEGINNING)
        return found

    def fits(self, readings: Iterable[str], papers: Longs, same: Mapping[str, Sequence[str]]) -> NDArray[np.float64]:
        """Return for each of some papers what it adds to its score that its title is like the best of the readings.

        Args:
            readings: the query's words as one text, in different ways.
            papers: the papers.
            same: the words that are as good as a word of the query.
        """
        fits = np.zeros(len(papers))
        if not len(papers):
            return fits
        spaced = [f" {self.labels.texts[place]} " for place in self._by_paper[papers].tolist()]
        lengths = np.fromiter(map(len, spaced), np.int64, count=len(spaced)) - 2
        for wanted in readings:
            percents = cdist([f" {wanted}"], spaced, scorer=partial_ratio)[0]
            words = [{f" {spelt} " for spelt in (word, *same.get(word, ()))} for word in wanted.split()]
            np.maximum(fits, _fits(spaced, lengths, wanted, words, percents), out=fits)
        return fits

    def _spaced(self, paper: int) -> str:
        # The space before it makes letters inside of a word less like its beginning.
        return f" {self.labels.texts[self._by_paper[paper]]} "


def _fits(
    titles: Sequence[str],
    lengths: Longs,
    wanted: str,
    words: Sequence[Collection[str]],
    percents: NDArray[np.float32],
) -> NDArray[np.float64]:
    """Return what it adds that a query is like some titles.

    Args:
        titles: the titles, each with a space before and after it.
        lengths: how many letters they have without these.
        wanted: the query.
        words: the ways in which each of its words may stand there, a space before and after it.
        percents: how like the query each is, letter by letter.
    """
    covered = len(wanted) / np.maximum(lengths, len(wanted))
    letters = (percents.astype(np.float64) / 100) ** _LETTERS_POWER * (_LETTERS_ADD + _COVERED_ADD * covered)
    present = np.zeros(len(titles))
    for spelt in words:
        having = np.zeros(len(titles), np.bool_)
        for word in spelt:
            having |= [word in title for title in titles]
        present += having
    begin = np.array([title.startswith(wanted, 1) for title in titles])
    whole = np.array([" " in wanted and f" {wanted} " in title for title in titles])
    fits: NDArray[np.float64] = letters + (present / len(words)) ** _WORDS_POWER * _WORDS_ADD
    return fits + begin * _SAME_BEGINNING_ADDS + whole * _WHOLE_ADDS
