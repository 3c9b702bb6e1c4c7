"""How well each paper has the words of a query."""

import math
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np

from bot.search.postings import Mask, Postings, Worths
from bot.search.vocabulary import PREFIX, Meanings

_LEAST_IN_TITLE: Final = 0.6
"""The least that a word is worth where it stands in a title or an author's name: more than the most in an abstract."""

_FILLER_WEIGHT: Final = 0.3
"""How much a word that says little counts next to others, where the title has it.

It need only tell apart what is otherwise alike; with 0.6 one more of the attendees' questions in `tests/search` misses.
Without, 4 of 1,000 queries of an affiliation and a word no longer find their paper first, nor 2 of an author and one.
"""

_COMMON_FACET_SHARE: Final = 0.7
"""How far a word that is rare in texts counts as it does in facets, where it is common.

All papers of ACL 2022 are in the track "main"; who types "main models" hardly means the one title that has "main".
Without, queries of a topic and a word have a paper first that fits in 90 of 100 cases instead of 97, and of an
affiliation and a word in 95 instead of 97.
"""

_ROUNDING: Final = 0.999
"""All, but for the rounding of sums."""


class Scored(NamedTuple):
    """What the words of a query say of the papers.

    Attributes:
        scores: how well each has them.
        titled: which have all of them in title, authors' names and facets.
        whole: which have all of them, wherever they stand.
        having_all: the former if there are any, else the latter; nobody where one word means nothing.
        rarity: how much rarer the words are together than one paper in all, as a logarithm.
    """

    scores: Worths
    titled: Mask
    whole: Mask
    having_all: Mask
    rarity: float


class _Weighed(NamedTuple):
    """What one word of a query says of each paper.

    Attributes:
        weight: how much the word counts.
        worths: what it is worth there, times that.
        having: which papers have it.
        titled: which have it in their titles, their authors' names or their facets.
    """

    weight: np.float32
    worths: Worths
    having: Mask
    titled: Mask


class Scoring:
    """Scores the papers of one programme."""

    def __init__(self, count: int, texts: Postings, facets: Postings) -> None:
        """Take which papers have which words.

        Args:
            count: how many papers there are.
            texts: the words of their titles, authors' names and abstracts.
            facets: the words of their topics, kinds and affiliations.
        """
        self._count = count
        self._texts = texts
        self._facets = facets

    def scores(self, meanings: Sequence[Meanings], allowed: Mask | None) -> Scored:
        """Score every paper.

        The score is what a paper's words are worth, times the third power of the share of the query's words that it
        has, rare ones counting more: with half of them it keeps an eighth.

        Args:
            meanings: what each word may stand for.
            allowed: which papers pass the filters, None for all.
        """
        scores = np.zeros(self._count, np.float32)
        covered = np.zeros(self._count, np.float32)
        titled = np.zeros(self._count, np.float32)
        total = np.float32(0)
        for meaning in meanings:
            weighed = self._weighed(meaning)
            if weighed is None:
                continue
            total += weighed.weight
            scores += weighed.worths
            covered += weighed.having * weighed.weight
            titled += weighed.titled * weighed.weight
        if allowed is not None:
            scores[~allowed] = 0.0
        if not total:
            every_one = np.ones(self._count, np.bool_)
            return Scored(scores, every_one, every_one, ~every_one, 0.0)
        every = total * _ROUNDING
        whole = (covered > every) & (scores > 0)
        share = covered / total
        scores *= share * share * share  # NumPy's own third power takes twenty times as long
        all_titled = (titled > every) & whole
        having_all = np.zeros(self._count, np.bool_) if not all(meanings) else all_titled if all_titled.any() else whole
        return Scored(scores, all_titled, whole, having_all, float(total) - math.log(self._count))

    def share(self, paper: int, meanings: Sequence[Meanings]) -> float:
        """Return how many of the words a paper has, 1 being all; none has one that stands for nothing."""
        return sum(self._has(paper, meaning) for meaning in meanings) / max(len(meanings), 1)

    def add_fillers(self, scores: Worths, words: Iterable[int]) -> None:
        """Let words that say little tell apart papers that have the telling ones."""
        for word in words:
            papers, worths = self._texts.of(word)
            weight = np.float32(self.weight(self._texts.spread(word)) * _FILLER_WEIGHT)
            scores[papers] += (scores[papers] > 0) * (worths > _LEAST_IN_TITLE) * weight

    def weight(self, papers: int) -> float:
        """Return how much a word counts that so many papers have: a rare word counts more (BM25's idf)."""
        return math.log(1 + (self._count - papers + 0.5) / (papers + 0.5))

    def _has(self, paper: int, meaning: Meanings) -> bool:
        found = (postings.best(meaning.words, meaning.longer, 1.0) for postings in (self._texts, self._facets))
        return any(worths is not None and worths[paper] > 0 for worths in found)

    def _weighed(self, meaning: Meanings) -> _Weighed | None:
        """Return what a word says of each paper, or None where no paper has it.

        How many papers have it is counted apart in texts and in facets: "long" says little as the kind of half of all
        papers, and much more in a title. A word that is common in texts says little in facets as well.
        """
        in_texts = self._texts.best(meaning.words, meaning.longer, PREFIX)
        in_facets = self._facets.best(meaning.words, meaning.longer, PREFIX)
        if in_texts is None:
            if in_facets is None:
                return None
            having = in_facets > 0
            weight = self._weight_of(having)
            return _Weighed(weight, in_facets * weight, having, having)
        titled = self._texts.worth_more(meaning.words, meaning.longer, _LEAST_IN_TITLE)
        having = in_texts > 0
        weight = self._weight_of(having)
        worths = in_texts * weight
        if in_facets is not None:
            found = in_facets > 0
            of_facets = self._weight_of(found)
            if of_facets < weight:
                weight += (of_facets - weight) * np.float32(_COMMON_FACET_SHARE)
                worths = in_texts * weight
            np.maximum(worths, in_facets * min(weight, of_facets), out=worths)
            having |= found
            titled |= found
        return _Weighed(weight, worths, having, titled)

    def _weight_of(self, having: Mask) -> np.float32:
        return np.float32(self.weight(int(np.count_nonzero(having))))
