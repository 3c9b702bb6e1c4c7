"""Rows of numbers one after another in one array: a list for each paper would take ten times the memory.

Arrays are made and freed in one go, and what numpy does with a large one lets other threads run meanwhile.
"""

from collections.abc import Sequence, Sized
from itertools import pairwise
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int32]
Longs: TypeAlias = NDArray[np.int64]
Number = TypeVar("Number", bound=np.number[Any])

AT_ONCE: Final = 2**17
"""How many numbers are looked at without letting others go on in between: some tenths of a millisecond."""

_THINGS_AT_ONCE: Final = 2**12
"""Likewise of things that are no numbers, which lie anywhere in memory."""


class Rows(NamedTuple):
    """Rows of numbers.

    Attributes:
        bounds: where each row begins, and where the last one ends.
        values: the numbers of all rows.
    """

    bounds: Longs
    values: Ints

    def of(self, row: int) -> Ints:
        """Return the numbers of one row."""
        return self.values[self.bounds[row] : self.bounds[row + 1]]


def sizes_of(things: Sequence[Sized]) -> Longs:
    """Return how long things are, such as words; of all at once numpy would let nobody go on meanwhile."""
    sizes = np.empty(len(things), np.int64)
    for start in range(0, len(things), _THINGS_AT_ONCE):
        part = things[start : start + _THINGS_AT_ONCE]
        sizes[start : start + len(part)] = np.fromiter(map(len, part), np.int64, count=len(part))
    return sizes


def rows_of(lists: Sequence[Sequence[int]]) -> Rows:
    """Return some lists as rows."""
    lengths = sizes_of(lists)
    values = np.fromiter((value for row in lists for value in row), np.int32, count=int(lengths.sum()))
    return Rows(bounds_of(lengths), values)


def bounds_of(lengths: NDArray[np.integer]) -> Longs:
    """Return where rows of these lengths begin, and where the last one ends."""
    bounds = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=bounds[1:])
    return bounds


def lengths_of(bounds: Longs) -> Longs:
    """Return how long the rows with these bounds are."""
    return bounds[1:] - bounds[:-1]


def without(values: NDArray[Number], gone: Longs) -> NDArray[Number]:
    """Return what is left without the values at some places, in order; numpy's `delete` lets nobody go on meanwhile."""
    left = np.empty(len(values) - len(gone), values.dtype)
    at = 0
    for start in range(0, len(values), AT_ONCE):
        end = min(start + AT_ONCE, len(values))
        first, last = np.searchsorted(gone, (start, end))
        stays = np.ones(end - start, np.bool_)
        stays[gone[first:last] - start] = False
        length = end - start - int(last - first)
        left[at : at + length] = values[start:end][stays]
        at += length
    return left


def put_between(values: NDArray[Number], places: Longs, more: NDArray[Number]) -> NDArray[Number]:
    """Return values with more of them in between, each before the place it is for; likewise, in place of `insert`.

    Args:
        values: the values.
        places: for each of the others before which place it comes, in order.
        more: the others.
    """
    fresh = places + np.arange(len(places))
    made = np.empty(len(values) + len(more), values.dtype)
    for start in range(0, len(made), AT_ONCE):
        end = min(start + AT_ONCE, len(made))
        first, last = (int(at) for at in np.searchsorted(fresh, (start, end)))
        is_old = np.ones(end - start, np.bool_)
        is_old[fresh[first:last] - start] = False
        made[start:end][is_old] = values[start - first : end - last]
        made[fresh[first:last]] = more[first:last]
    return made


def distinct(values: NDArray[Number]) -> NDArray[Number]:
    """Return the different numbers of an array, in order (which takes numpy's own `unique` far longer)."""
    ordered: NDArray[Number] = np.sort(values)
    is_first = np.ones(len(ordered), np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return ordered[np.flatnonzero(is_first)]


def owners(bounds: Longs) -> Longs:
    """Return the row of each number of rows with these bounds.

    It is what numpy's `repeat` makes of the rows' lengths, which lets no other thread run meanwhile.
    """
    return spread(bounds, np.arange(len(bounds) - 1))


def spread(bounds: Longs, values: Longs) -> Longs:
    """Return the value of each row, as often as rows with these bounds have numbers."""
    begun = np.zeros(int(bounds[-1]) + 1, np.int64)
    if len(values):
        np.add.at(begun, bounds[:-1], np.diff(values, prepend=0))
    return np.cumsum(begun[:-1], out=begun[:-1])


def stretches(starts: Longs, lengths: Longs) -> Longs:
    """Return the numbers of stretches one after another: those from each start on, as many as its length says."""
    bounds = bounds_of(lengths)
    places = (starts - bounds[:-1])[owners(bounds)]
    places += np.arange(bounds[-1])
    return places


def transposed(rows: Rows, count: int) -> Rows:
    """Return for each of so many numbers the rows that have it."""
    holders = owners(rows.bounds).astype(np.int32)
    lengths = np.bincount(rows.values, minlength=count)
    return Rows(bounds_of(lengths), holders[np.argsort(rows.values, kind="stable")])


def renewed(origins: Ints, before: Rows, fresh: Rows) -> Rows:
    """Return rows of which some are as they were.

    Args:
        origins: which row each was before, or -1 where it is fresh.
        before: the rows as they were.
        fresh: the fresh rows, in their order.
    """
    if not len(before.values):
        old_bounds = np.zeros(len(before.bounds), np.int64)
        before = Rows(old_bounds, np.zeros(0, np.int32))
    is_fresh = origins < 0
    if is_fresh.all():
        return fresh
    number = np.where(is_fresh, np.cumsum(is_fresh) - 1, 0)
    old = np.where(is_fresh, 0, origins)
    bounds = fresh.bounds if len(fresh.bounds) > 1 else np.zeros(2, np.int64)
    starts = np.where(is_fresh, bounds[number], before.bounds[old])
    lengths = np.where(is_fresh, bounds[number + 1] - bounds[number], before.bounds[old + 1] - before.bounds[old])
    made = bounds_of(lengths)
    values = np.empty(int(made[-1]), np.int32)
    # What lay side by side is moved in one go.
    is_next = (starts[1:] == starts[:-1] + lengths[:-1]) & (is_fresh[1:] == is_fresh[:-1])
    begun = [0, *(np.flatnonzero(~is_next) + 1).tolist()]
    for first, end in pairwise([*begun, len(origins)]):
        rows = fresh if is_fresh[first] else before
        length = made[end] - made[first]
        values[made[first] : made[end]] = rows.values[starts[first] : starts[first] + length]
    return Rows(made, values)
