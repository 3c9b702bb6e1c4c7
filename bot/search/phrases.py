"""Which papers have the phrases of a query, and nothing of what it leaves out."""

from collections.abc import Sequence

import numpy as np

from bot.search.postings import Mask, Postings, mask_of
from bot.search.query import Query
from bot.search.vocabulary import Vocabulary


class Phrases:
    """The texts of all papers, to look for words in a row."""

    def __init__(self, texts: Sequence[str], vocabulary: Vocabulary, fields: Sequence[Postings]) -> None:
        """Take what is searched.

        Args:
            texts: all of each paper, in folded words with a space before and after each.
            vocabulary: the words of all papers.
            fields: which papers have which of them.
        """
        self._texts = texts
        self._vocabulary = vocabulary
        self._fields = fields

    def allowed(self, query: Query, among: Mask | None) -> Mask | None:
        """Return which of some papers have a query's phrases and nothing that it leaves out; None stands for all."""
        if not (query.phrases or query.without):
            return among
        allowed = np.ones(len(self._texts), np.bool_) if among is None else among.copy()
        for phrase in query.phrases:
            allowed &= self._having(phrase, allowed)
        for phrase in query.without:
            allowed &= ~self._having(phrase, allowed)
        return allowed

    def _having(self, phrase: tuple[str, ...], among: Mask) -> Mask:
        """Return which of some papers have these words in a row; only those that have them all are read."""
        candidates = among
        for word in phrase:
            number = self._vocabulary.id(word)
            having = () if number is None else np.concatenate([field.of(number)[0] for field in self._fields])
            candidates = candidates & mask_of(having, len(self._texts))
        wanted = f" {' '.join(phrase)} "
        found = [paper for paper in np.flatnonzero(candidates).tolist() if wanted in self._texts[paper]]
        return mask_of(found, len(self._texts))
