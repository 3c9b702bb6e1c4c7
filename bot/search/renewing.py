"""Postings after a few papers have changed: what stays is moved as it is, and what is fresh is put in between.

Sorting everything anew takes several times as long and as much memory.
"""

from typing import NamedTuple

import numpy as np

from bot.search.entries import Columns
from bot.search.flat import Ints, Longs, bounds_of, lengths_of, owners
from bot.search.postings import Postings, Worths


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
    had, worths = _staying(before, moves, len(fresh.columns.bounds) - 1)
    at = _places(had, fresh.columns)
    items = np.insert(had.items, at, fresh.columns.items)
    marks = np.insert(had.marks, at, fresh.columns.marks)
    return Postings(
        papers, Columns(had.bounds + fresh.columns.bounds, items, marks), np.insert(worths, at, fresh.worths)
    )


def _staying(before: Postings, moves: Moves, words: int) -> tuple[Columns, Worths]:
    """Return what stays, for as many words as there are now."""
    (bounds, papers, marks), worths = before.columns, before.worths
    items = moves.papers[papers]
    gone = np.flatnonzero(items < 0)
    if len(gone):
        bounds = bounds - np.searchsorted(gone, bounds)
        items, marks, worths = np.delete(items, gone), np.delete(marks, gone), np.delete(worths, gone)
    lengths = np.zeros(words, np.int64)
    lengths[moves.words] = lengths_of(bounds)
    return Columns(bounds_of(lengths), items, marks), worths


def _places(had: Columns, fresh: Columns) -> Longs:
    """Return before which of the entries that stay each fresh one comes: a binary search of all at once."""
    words = owners(fresh.bounds)
    at, ends = had.bounds[words], had.bounds[words + 1]
    if not len(had.items):
        return at
    while (left := at < ends).any():
        middle = (at + ends) // 2
        before = left & (had.items[np.minimum(middle, len(had.items) - 1)] < fresh.items)
        at, ends = np.where(before, middle + 1, at), np.where(left & ~before, middle, ends)
    return at
