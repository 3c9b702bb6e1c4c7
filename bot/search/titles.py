"""How a query fits the titles of papers: letter by letter, word by word, and in how both begin.

None of these numbers is delicate. Halved or doubled, each changes how often ACL 2022's papers come first, with 600
queries of any kind in `tests.search.bench_search`, by two in a hundred at the most. What is lost without is said there.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.fuzz import partial_ratio
from rapidfuzz.process import cdist

from bot.search.flat import Longs
from bot.search.labels import Labels

Meant: TypeAlias = Mapping[str, Collection[str]]
"""For words that were typed, those that may be meant by them."""

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


_OTHERWISE_SPELT: Final = 0.8
"""What letters, words and a row are worth where a title has all the words, some in the other number or spelling.

Without, 2 of 500 questions in British spelling and 3 in the other number no longer have a title first that fits; 0.7
and 0.9 do as well. What has only some of them is no better for it: letters of a few words are like many a title.
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

    def alike(self, readings: Sequence[str], papers: Sequence[int], meant: Meant) -> list[int]:
        """Return those of some papers whose title has a query in a row, and any whose title begins like it.

        Args:
            readings: the query's words as one text, as they were typed and then as they may be meant.
            papers: the papers.
            meant: what else each of these words may be.
        """
        found: list[int] = []
        if readings and " " in readings[0]:
            titles = _as_typed(self._spaced(papers), meant)
            found += [paper for paper, title in zip(papers, titles, strict=True) if readings[0] in title]
        begun = [self.labels.beginning(reading, _MOST_BEGINNING) for reading in readings]
        return list(chain(found[:_MOST_CONTAINING], *begun))

    def fits(self, typed: str, papers: Longs, meant: Meant, misspelt: Meant) -> NDArray[np.float64]:
        """Return for each of some papers what it adds to its score that its title is like a query.

        Args:
            typed: the query's words as one text.
            papers: the papers.
            meant: what else each of the words that exist may be; a title that has it as it was typed fits better.
            misspelt: what each of the others may be, which no title has as it was typed.
        """
        if not (typed and len(papers)):
            return np.zeros(len(papers))
        titles = _as_typed(self._spaced(papers), misspelt)
        fits = _fits(titles, typed)
        others = _as_typed(titles, meant)
        words = [f" {word} " for word in typed.split()]
        changed = [
            place
            for place, (title, other) in enumerate(zip(titles, others, strict=True))
            if other != title and all(word in other for word in words)
        ]
        if changed:
            other = _fits([others[place] for place in changed], typed)
            fits[changed] = np.maximum(fits[changed], other * _OTHERWISE_SPELT)
        return fits + np.array([title.startswith(typed, 1) for title in titles]) * _SAME_BEGINNING_ADDS

    def _spaced(self, papers: Sequence[int] | Longs) -> list[str]:
        # The space before it makes letters inside of a word less like its beginning.
        places = self._by_paper[np.asarray(papers, np.int64)].tolist()
        return [f" {self.labels.texts[place]} " for place in places]


def _as_typed(titles: Sequence[str], meant: Meant) -> list[str]:
    """Return titles with the words that are typed in place of those that may be meant by them."""
    text = before = "\n".join(titles)
    for word, others in meant.items():
        for other in others:
            text = text.replace(f" {other} ", f" {word} ")
    return list(titles) if text == before else text.split("\n")


def _fits(titles: Sequence[str], typed: str) -> NDArray[np.float64]:
    """Return what it adds that a query is like some titles, which have a space before and after them."""
    percents = cdist([f" {typed}"], titles, scorer=partial_ratio)[0]
    lengths = np.fromiter(map(len, titles), np.int64, count=len(titles)) - 2
    covered = len(typed) / np.maximum(lengths, len(typed))
    letters = (percents.astype(np.float64) / 100) ** _LETTERS_POWER * (_LETTERS_ADD + _COVERED_ADD * covered)
    words = [f" {word} " for word in typed.split()]
    present = np.array([sum([word in title for word in words]) for title in titles])
    in_a_row = f" {typed} "
    whole = np.array([in_a_row in title for title in titles]) if " " in typed else np.zeros(len(titles))
    fits: NDArray[np.float64] = letters + (present / len(words)) ** _WORDS_POWER * _WORDS_ADD
    return fits + whole * _WHOLE_ADDS
