"""Which papers have the phrases of a query, and nothing of what it leaves out."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from bot.search.flat import Longs, Rows, distinct, stretches
from bot.search.postings import Mask, Postings, Worths, mask_of
from bot.search.query import Query
from bot.search.vocabulary import Vocabulary

_FEW = 4
"""Where not one paper in so many may have a phrase, only these are read."""


class Phrases:
    """The texts of all papers, to look for words in a row."""

    def __init__(self, texts: Rows, vocabulary: Vocabulary, fields: Sequence[Postings]) -> None:
        """Take what is searched.

        Args:
            texts: the words of each paper in order, something that is no word after each of its texts.
            vocabulary: the words of all papers.
            fields: which papers have which of them.
        """
        self._texts = texts
        self._count = len(texts.bounds) - 1
        self._vocabulary = vocabulary
        self._fields = fields

    def allowed(self, query: Query, among: Mask | None) -> Mask | None:
        """Return which of some papers have a query's phrases and nothing that it leaves out; None stands for all."""
        if not (query.phrases or query.without):
            return among
        allowed = np.ones(self._count, np.bool_) if among is None else among.copy()
        for phrase in query.phrases:
            allowed &= self._having(phrase, allowed)
        for phrase in query.without:
            allowed &= ~self._having(phrase, allowed)
        return allowed

    def in_a_row(self, words: Sequence[int], papers: Longs) -> Worths:
        """Return for each of some papers how many of the pairs of neighbouring words it has, 1 being all."""
        starts, ends, texts = self._texts.bounds[papers], self._texts.bounds[papers + 1], self._texts.values
        there = np.concatenate([texts[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)])
        owned = np.cumsum(ends - starts)
        found = np.zeros(len(papers), np.float32)
        for left, right in pairwise(words):
            if left < 0 or right < 0:
                continue
            at = np.flatnonzero(there[:-1] == left)
            found[distinct(np.searchsorted(owned, at[there[at + 1] == right], side="right"))] += 1
        return found / np.float32(max(len(words) - 1, 1))

    def _having(self, phrase: tuple[str, ...], among: Mask) -> Mask:
        """Return which of some papers have these words in a row; only those that have them all are read."""
        numbers = [number for word in phrase if (number := self._vocabulary.id(word)) is not None]
        if len(numbers) < len(phrase):
            return np.zeros(self._count, np.bool_)
        candidates = among
        for number in numbers:
            for_word = np.zeros(self._count, np.bool_)
            for field in self._fields:
                for_word[field.of(number)[0]] = True
            candidates = candidates & for_word
        words = self._texts.values
        at = self._beginnings(numbers[0], np.flatnonzero(candidates))
        for further, number in enumerate(numbers[1:], 1):
            at = at[words[at + further] == number]  # never beyond the end: what has matched so far ends no text
        papers = np.searchsorted(self._texts.bounds, at, side="right") - 1
        return mask_of(papers.astype(np.int32), self._count) & candidates

    def _beginnings(self, word: int, papers: Longs) -> Longs:
        """Return where a word stands in some papers, and perhaps in others."""
        bounds, words = self._texts
        if len(papers) * _FEW > self._count:
            return np.flatnonzero(words == word)
        places = stretches(bounds[papers], bounds[papers + 1] - bounds[papers])
        return places[np.flatnonzero(words[places] == word)]
