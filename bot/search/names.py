"""Names, found by the words they consist of."""

from array import array
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Final, NamedTuple, TypeVar

import numpy as np

from bot.search.entries import Columns, columns, kept, merged, packed
from bot.search.flat import Rows, bounds_of, distinct, lengths_of
from bot.search.merging import Numbers, merged_words
from bot.search.vocabulary import PREFIX, Vocabulary

_INITIAL: Final = 0.5
"""How sure it is that a name is meant by its first letter."""

Name = TypeVar("Name", bound=Hashable)


class Names(NamedTuple):
    """Some names, each known by its place.

    Attributes:
        vocabulary: all their words.
        holders: the names that have each word.
    """

    vocabulary: Vocabulary
    holders: Rows

    def fitting(self, word: str, *, unfinished: bool) -> dict[int, float]:
        """Return the names of which a folded word may be a part, each with how sure that is.

        Args:
            word: the word; one letter is an initial.
            unfinished: whether more letters may follow.
        """
        initial = len(word) == 1
        meanings = self.vocabulary.meanings(word, unfinished=unfinished or initial)
        bounds, holders = self.holders
        longer = holders[bounds[meanings.longer.start] : bounds[meanings.longer.stop]]
        fitting = dict.fromkeys(longer.tolist(), _INITIAL if initial else PREFIX)
        for meant, sureness in meanings.words.items():
            for place in self.holders.of(meant).tolist():
                fitting[place] = max(sureness, fitting.get(place, 0.0))
        return fitting


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
