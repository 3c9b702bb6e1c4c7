"""What papers list, such as topics: few different texts, each of many papers."""

from array import array
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Self

import numpy as np

from bot.search.flat import Ints, Rows, renewed


class Listed(NamedTuple):
    """The texts that papers list.

    Attributes:
        texts: the different texts, in the order of their first papers.
        rows: the numbers of the texts of each paper.
    """

    texts: Sequence[str]
    rows: Rows

    @classmethod
    def nothing(cls) -> Self:
        """Return what no papers list."""
        return cls((), Rows(np.zeros(1, np.int64), np.zeros(0, np.int32)))

    def of(self, paper: int) -> list[str]:
        """Return what a paper lists."""
        return [self.texts[number] for number in self.rows.of(paper).tolist()]

    def renewed(self, origins: Ints, fresh: Iterable[Iterable[str]]) -> Self:
        """Return what other papers list.

        Args:
            origins: which paper of these each one is, -1 for a fresh one.
            fresh: what each fresh paper lists.
        """
        numbers = {text: number for number, text in enumerate(self.texts)}
        ends, values = array("q", [0]), array("i")
        for texts in fresh:
            values.extend(numbers.setdefault(text, len(numbers)) for text in texts)
            ends.append(len(values))
        fresh_rows = Rows(np.array(ends, np.int64), np.array(values, np.int32))
        rows = renewed(origins, self.rows, fresh_rows)
        first = np.full(len(numbers), len(rows.values))
        first[rows.values[::-1]] = np.arange(len(rows.values))[::-1]  # of several, the last assignment stays
        order = np.argsort(first)[: np.count_nonzero(first < len(rows.values))]
        places = np.empty(len(numbers), np.int32)
        places[order] = np.arange(len(order))
        every = list(numbers)
        return type(self)([every[number] for number in order.tolist()], Rows(rows.bounds, places[rows.values]))
