"""Texts that are labels of papers, such as titles, found whole or by how they begin."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import compress
from operator import itemgetter
from typing import Final, NamedTuple, Self

import numpy as np

from bot.search.flat import Ints
from bot.search.turns import in_order

_FEW: Final = 64
"""So many labels are put among the others one by one; more are sorted anew with them."""


class Labels(NamedTuple):
    """Labels in order, each with the place of its paper; papers may have none or several, and share one.

    Attributes:
        texts: the labels.
        papers: the place of each one's paper.
    """

    texts: Sequence[str]
    papers: Ints

    @classmethod
    def of(cls, labels: Sequence[tuple[str, int]]) -> Self:
        """Take labels with their papers, in the order of the papers."""
        ordered = in_order(labels, itemgetter(0))
        papers = np.fromiter(map(itemgetter(1), ordered), np.int32, count=len(ordered))
        return cls([text for text, _ in ordered], papers)

    def renewed(self, places: Ints, fresh: Sequence[tuple[str, int]]) -> "Labels":
        """Return labels of which some are of papers that these are of.

        Args:
            places: where each paper of these is now, or -1.
            fresh: the labels of other papers, in the order of the papers.
        """
        papers = places[self.papers]
        stays = papers >= 0
        those = Labels(list(compress(self.texts, stays.tolist())), papers[stays])
        known = places[places >= 0]
        if len(fresh) > _FEW or (known[1:] < known[:-1]).any():
            of_all = [*zip(those.texts, those.papers.tolist(), strict=True), *fresh]
            return Labels.of(sorted(of_all, key=itemgetter(1)))
        return those._with(fresh) if fresh else those

    def exactly(self, text: str) -> list[int]:
        """Return the papers with a label."""
        start = bisect_left(self.texts, text)
        return list(self.papers[start : bisect_right(self.texts, text, lo=start)].tolist())

    def beginning(self, text: str, limit: int) -> list[int]:
        """Return the papers of the first few labels that begin with a text."""
        start = bisect_left(self.texts, text)
        few = self.texts[start : start + limit]
        return list(self.papers[start : start + sum(label.startswith(text) for label in few)].tolist())

    def _with(self, labels: Sequence[tuple[str, int]]) -> "Labels":
        """Return these labels and a few more."""
        texts, papers = list(self.texts), self.papers
        for text, paper in labels:
            start, end = bisect_left(texts, text), bisect_right(texts, text)
            place = start + int(np.searchsorted(papers[start:end], paper))
            texts.insert(place, text)
            papers = np.insert(papers, place, paper)
        return Labels(texts, papers)
