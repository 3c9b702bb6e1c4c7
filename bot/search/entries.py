"""Which papers have which words, on the way to the postings: each word of each paper as one number.

Numbers sort and merge fast: the word takes the highest bits, the paper the next ones, and what is known of the word
there the lowest.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.search.flat import AT_ONCE, Ints, Longs, spread

MOST_COUNTED: Final = 2**14 - 1
"""How often a word of an abstract is counted at the most: far beyond this, more of it add nothing."""

MIDDLE: Final = 1 << 14
HIGHEST: Final = 1 << 15
"""Marks of a word, next to how often it stands in the abstract.

In texts, they say that it is in an author's name, and in the title; in facets, that it is in an affiliation, and in a
topic or a kind. Without any mark and any count it is only implied.
"""

_ITEM: Final = 16
_WORD: Final = 39
_ITEMS: Final = (1 << _WORD - _ITEM) - 1
_MARKS: Final = (1 << _ITEM) - 1

Marks = NDArray[np.uint16]


class Columns(NamedTuple):
    """Entries as postings have them: where each word's begin, which papers have it, and the marks it has there."""

    bounds: Longs
    items: Ints
    marks: Marks


def packed(words: NDArray[np.integer], items: NDArray[np.integer], marks: Longs | int) -> Longs:
    """Return entries, in no order."""
    return (words.astype(np.int64) << _WORD) | (items.astype(np.int64) << _ITEM) | marks


def kept(columns: Columns, places: Ints, words: Ints) -> Longs:
    """Return the entries of what stays, in order.

    Args:
        columns: the entries as they were.
        places: where each paper is now, -1 where it is gone.
        words: what each word is now; they are in the same order.
    """
    entries = spread(columns.bounds, words.astype(np.int64) << _WORD)
    items = places[columns.items]
    stays = (items >= 0) & (columns.marks > 0)
    entries |= items.astype(np.int64) << _ITEM
    entries |= columns.marks
    return entries[stays]


def renamed(entries: Longs, words: Ints) -> Longs:
    """Return entries with other numbers for the same words."""
    numbers: Longs = words[entries >> _WORD].astype(np.int64)
    return (numbers << _WORD) | (entries & ((1 << _WORD) - 1))


def of_papers(entries: Longs, papers: NDArray[np.integer]) -> Longs:
    """Return entries in which papers were known by their places among some; these are in order."""
    among: Longs = papers.astype(np.int64)[(entries >> _ITEM) & _ITEMS]
    return (entries & ~(_ITEMS << _ITEM)) | (among << _ITEM)


def merged(parts: list[Longs]) -> Longs:
    """Return entries in order; parts that are in order already take next to no time. The parts are let go of."""
    joined: Longs = np.concatenate([*parts, np.zeros(0, np.int64)])
    parts.clear()
    joined.sort(kind="stable")
    return joined


def counted(words: Longs, items: Longs, kinds: Longs) -> Longs:
    """Return entries for occurrences: how often each word stands in an abstract, and what else it is in.

    Args:
        words: the word of each occurrence.
        items: where it occurs.
        kinds: 0 for an abstract, 1 for the middle mark, 2 for the highest.
    """
    occurrences = (words << _WORD) | (items << _ITEM) | kinds
    occurrences.sort()
    first = np.flatnonzero(np.diff(occurrences, prepend=-1))
    distinct = occurrences[first]
    counts = np.diff(first, append=len(occurrences))
    kinds = distinct & _MARKS
    marks = np.where(kinds == 0, np.minimum(counts, MOST_COUNTED), np.where(kinds == 1, MIDDLE, HIGHEST))
    places = distinct >> _ITEM
    starts = np.flatnonzero(np.diff(places, prepend=-1))
    return (places[starts] << _ITEM) | (np.add.reduceat(marks, starts) if len(starts) else marks)


def words_of(entries: Longs) -> Longs:
    """Return the word of each entry."""
    return entries >> _WORD


def places_of(entries: Longs) -> Longs:
    """Return word and paper of each entry, as one number."""
    return entries >> _ITEM


def columns(entries: Longs, words: int) -> Columns:
    """Return entries in order as columns, for so many words."""
    bounds = np.searchsorted(entries, np.arange(words + 1) << _WORD)
    items, marks = np.empty(len(entries), np.int32), np.empty(len(entries), np.uint16)
    # In parts: what they need meanwhile is several times as large as what is made.
    for start in range(0, len(entries), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        items[part] = (entries[part] >> _ITEM) & _ITEMS
        marks[part] = entries[part] & _MARKS
    return Columns(bounds, items, marks)
