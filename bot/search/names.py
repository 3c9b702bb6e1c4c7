"""Names, found by the words they consist of."""

from array import array
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Final, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.search.entries import Columns, columns, kept, merged, packed
from bot.search.flat import Ints, Longs, Rows, bounds_of, distinct, lengths_of
from bot.search.merging import Numbers, merged_words
from bot.search.vocabulary import PREFIX, Vocabulary

_INITIAL: Final = 0.5
"""How sure it is that a name is meant by its first letter."""

Name = TypeVar("Name", bound=Hashable)


class Fitting(NamedTuple):
    """Names that may be meant.

    Attributes:
        places: their places, in order.
        sureness: how sure each is.
    """

    places: Ints
    sureness: NDArray[np.float64]

    def among(self, others: "Fitting") -> tuple[NDArray[np.bool_], Longs]:
        """Return which of these are among others too, and where each of them is there or would be."""
        at = np.searchsorted(others.places, self.places)
        if not len(others.places):
            return np.zeros(len(at), np.bool_), at
        return others.places[np.minimum(at, len(others.places) - 1)] == self.places, at

    def both(self, others: "Fitting") -> "Fitting":
        """Return what is among these and among others, as sure as both together."""
        shared, at = self.among(others)
        return Fitting(self.places[shared], self.sureness[shared] + others.sureness[at[shared]])

    def either(self, others: "Fitting") -> "Fitting":
        """Return these, and those of others that are not among them."""
        more = ~others.among(self)[0]
        places = np.concatenate([self.places, others.places[more]])
        order = np.argsort(places)
        return Fitting(places[order], np.concatenate([self.sureness, others.sureness[more]])[order])


class Names(NamedTuple):
    """Some names, each known by its place.

    Attributes:
        vocabulary: all their words.
        holders: the names that have each word.
    """

    vocabulary: Vocabulary
    holders: Rows

    def fitting(self, word: str, *, unfinished: bool) -> Fitting:
        """Return the names of which a folded word may be a part.

        Args:
            word: the word; one letter is an initial.
            unfinished: whether more letters may follow.
        """
        initial = len(word) == 1
        meanings = self.vocabulary.meanings(word, unfinished=unfinished or initial)
        bounds, holders = self.holders
        parts = [holders[bounds[meanings.longer.start] : bounds[meanings.longer.stop]]]
        sure = [_INITIAL if initial else PREFIX]
        for meant, sureness in meanings.words.items():
            parts.append(self.holders.of(meant))
            sure.append(sureness)
        places = np.concatenate(parts)
        order = np.argsort(places, kind="stable")
        places = places[order]
        first = np.flatnonzero(np.diff(places, prepend=-1))
        if not len(first):
            return NOBODY_FITS
        sureness_of = np.repeat(sure, np.fromiter(map(len, parts), np.int64, count=len(parts)))
        return Fitting(places[first], np.maximum.reduceat(sureness_of[order], first))


NOBODY_FITS: Final = Fitting(np.zeros(0, np.int32), np.zeros(0, np.float64))
NO_NAMES: Final = Names(Vocabulary(()), Rows(np.zeros(1, np.int64), np.zeros(0, np.int32)))


def names_of(
    names: Sequence[Name],
    words: Callable[[Name], Iterable[str]],
    before: tuple[Sequence[Name], Names] = ((), NO_NAMES),
) -> Names:
    """Return some names, to be found.

    Args:
        names: the names.
        words: returns the words under which one is found.
        before: names of before, which need not be taken apart again, and what was made of them.
    """
    old_names, old = before
    if names == old_names:
        return old
    old_places = {name: place for place, name in enumerate(old_names)}
    places = np.full(len(old_names), -1, np.int32)
    numbers = Numbers()
    fresh, owners, ends = array("q"), array("q"), array("q")
    for place, name in enumerate(names):
        if (old_place := old_places.pop(name, None)) is not None:
            places[old_place] = place
            continue
        fresh.extend(map(numbers.__getitem__, words(name)))
        owners.append(place)
        ends.append(len(fresh))
    every = merged_words(old.vocabulary.words, numbers)
    at = every.places_of(list(numbers))
    new_words = at[np.array(fresh, np.int64)]
    new_places = np.repeat(np.array(owners, np.int64), lengths_of(np.array([0, *ends], np.int64)))
    had = Columns(old.holders.bounds, old.holders.values, np.ones(len(old.holders.values), np.uint16))
    entries = merged([kept(had, places, every.now), distinct(packed(new_words, new_places, 1))])
    bounds, holders, _ = columns(entries, len(every.words))
    used, _ = every.having(np.diff(bounds) > 0)
    vocabulary = old.vocabulary.renewed(used.words, used.was)
    return Names(vocabulary, Rows(bounds_of(np.diff(bounds)[np.diff(bounds) > 0]), holders))
