"""Texts that are labels of papers, such as titles, found whole or by how they begin."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple, Self

import numpy as np

from bot.search.flat import Ints
from bot.search.order import in_order


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

    def exactly(self, text: str) -> list[int]:
        """Return the papers with a label."""
        start = bisect_left(self.texts, text)
        return list(self.papers[start : bisect_right(self.texts, text, lo=start)].tolist())

    def beginning(self, text: str, limit: int) -> list[int]:
        """Return the papers of the first few labels that begin with a text."""
        start = bisect_left(self.texts, text)
        few = self.texts[start : start + limit]
        return list(self.papers[start : start + sum(label.startswith(text) for label in few)].tolist())
