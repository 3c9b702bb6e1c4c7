"""Postings after a few papers have changed: what stays is moved as it is, and what is fresh is put in between.

Sorting everything anew takes several times as long and as much memory.
"""

from typing import NamedTuple

import numpy as np

from bot.search.entries import Columns
from bot.search.flat import Ints, Longs, bounds_of, lengths_of, owners, put_between, without
from bot.search.postings import Postings


class Moves(NamedTuple):
    """Where papers and words have come to.

    Attributes:
        papers: where each paper of before is now, -1 where it is gone; those that stay are in the order they were in.
        words: what each word of before is now, likewise in order.
    """

    papers: Ints
    words: Ints

    @classmethod
    def of(cls, papers: Ints, words: Ints) -> "Moves | None":
        """Return the moves; None where papers have changed places."""
        staying = papers[papers >= 0]
        return cls(papers, words) if (staying[1:] > staying[:-1]).all() else None


def renewed_postings(before: Postings, moves: Moves, fresh: Postings, papers: int) -> Postings:
    """Return the postings of so many papers.

    Args:
        before: those of before.
        moves: what papers and words of these have become.
        fresh: those of the other papers; all papers and words are as they are now.
        papers: how many papers there are.
    """
    bounds, items, gone = _staying(before.columns, moves, len(fresh.columns.bounds) - 1)
    at = _places(bounds, items, fresh.columns)
    # One column after the other: all of them at once would need as much memory again.
    items = put_between(items, at, fresh.columns.items)
    marks = put_between(without(before.columns.marks, gone), at, fresh.columns.marks)
    worths = put_between(without(before.worths, gone), at, fresh.worths)
    return Postings(papers, Columns(bounds + fresh.columns.bounds, items, marks), worths)


def _staying(before: Columns, moves: Moves, words: int) -> tuple[Longs, Ints, Longs]:
    """Return where the entries begin that stay, for so many words, their papers, and the places of those that go."""
    items = moves.papers[before.items]
    gone = np.flatnonzero(items < 0)
    bounds = before.bounds - np.searchsorted(gone, before.bounds)
    lengths = np.zeros(words, np.int64)
    lengths[moves.words] = lengths_of(bounds)
    return bounds_of(lengths), without(items, gone), gone


def _places(bounds: Longs, items: Ints, fresh: Columns) -> Longs:
    """Return before which of the entries that stay each fresh one comes: a binary search of all at once."""
    words = owners(fresh.bounds)
    at, ends = bounds[words], bounds[words + 1]
    if not len(items):
        return at
    while (left := at < ends).any():
        middle = (at + ends) // 2
        before = left & (items[np.minimum(middle, len(items) - 1)] < fresh.items)
        at, ends = np.where(before, middle + 1, at), np.where(left & ~before, middle, ends)
    return at
