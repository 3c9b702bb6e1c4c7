"""Finding a person by a name as somebody remembers it: in any order, with initials, misspelt, without accents."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.programme.model import Person
from bot.remembered import Remembered
from bot.search.affiliations import affiliation_words
from bot.search.flat import Ints, Longs
from bot.search.names import NO_NAMES, NOBODY_FITS, Fitting, Names, names_of
from bot.search.vocabulary import EXACT
from bot.search.words import compounds, taken_apart, tokens

_NOT_IN_FULL: Final = 0.9
"""The most that a name is sure of which was not given in full."""

_AFFILIATED: Final = 0.25
"""What a word of an affiliation counts, next to one of the name: less than any part of a name does."""

_MOST_WORDS: Final = 8

_SHORT: Final = 6
_MOST_SHORT: Final = 2**10
"""So few letters many people begin with, and many fit them: what they find is remembered, in 3 MB at the most."""


@dataclass(frozen=True, slots=True)
class PersonHit:
    """A person who may be meant; 1 is a name given in full."""

    person: Person
    sureness: float


class People:
    """The people of a programme, to be found by parts of their names, also together with where they work.

    Attributes:
        names: their names, each known by the person's place.
        affiliations: where they work, likewise.
        lengths: how many words each name has.
    """

    def __init__(self, people: Sequence[Person], names: Names, affiliations: Names, lengths: Ints) -> None:
        """Take people and what is known of them; see the attributes."""
        self._people = people
        self.names = names
        self.affiliations = affiliations
        self.lengths = lengths
        self._papers = np.fromiter((len(person.papers) for person in people), np.int32, count=len(people))
        self._short: Remembered[tuple[str, bool, int], Sequence[PersonHit]] = Remembered(_MOST_SHORT)

    def find(self, text: str, *, unfinished: bool = False, limit: int = 25) -> list[PersonHit]:
        """Return who may be meant, the surest first.

        Every word typed must fit some part of the name. Where that is nobody's, words of an affiliation may stand
        next to those of the name: "Kim MIT".

        Args:
            text: the name as typed.
            unfinished: whether the last word may go on.
            limit: the most people to return.
        """
        words = tokens(text)[:_MOST_WORDS]
        if sum(map(len, words)) > _SHORT:
            return self._find(words, limit, unfinished=unfinished)
        asked = (" ".join(words), unfinished, limit)
        return [*self._short.get(asked, lambda: self._find(words, limit, unfinished=unfinished))]

    def _find(self, words: Sequence[str], limit: int, *, unfinished: bool) -> list[PersonHit]:
        by_name = [
            self.names.fitting(word, unfinished=unfinished and place == len(words) - 1)
            for place, word in enumerate(words)
        ]
        fitting = _fitting_all(words, by_name)
        if not len(fitting.places) and len(words) > 1:
            fitting = self._with_affiliation(words, by_name, unfinished=unfinished)
        places, sureness = fitting.places, self._sureness(words, fitting)
        best = _best(sureness, self._papers[places], limit)
        hits = [
            PersonHit(self._people[place], sure)
            for place, sure in zip(places[best].tolist(), sureness[best].tolist(), strict=True)
        ]
        hits.sort(key=lambda hit: (-hit.sureness, -len(hit.person.papers), hit.person.name))
        return hits[:limit]

    def _with_affiliation(self, words: Sequence[str], by_name: Sequence[Fitting], *, unfinished: bool) -> Fitting:
        """Return whom some of the words fit by name, and the others by affiliation."""
        by_either = []
        for place, (word, named) in enumerate(zip(words, by_name, strict=True)):
            may_go_on = unfinished and place == len(words) - 1
            affiliated = self.affiliations.fitting(word, unfinished=may_go_on) if len(word) > 1 else NOBODY_FITS
            by_either.append(named.either(Fitting(affiliated.places, affiliated.sureness * _AFFILIATED)))
        fitting = _fitting_all(words, by_either)
        named_at_all = np.isin(fitting.places, np.concatenate([named.places for named in by_name]))
        return Fitting(fitting.places[named_at_all], fitting.sureness[named_at_all])

    def _sureness(self, words: Sequence[str], fitting: Fitting) -> NDArray[np.float64]:
        """Return how sure it is that each of the people is meant whom the words fit."""
        lengths = self.lengths[fitting.places]
        sureness = _NOT_IN_FULL * fitting.sureness / np.maximum(lengths, len(words))
        asked = sorted(words)
        # A name is given in full where each word surely is one of as many.
        for at in np.flatnonzero((fitting.sureness >= len(words) * EXACT) & (lengths == len(words))).tolist():
            if sorted(tokens(self._people[fitting.places[at]].name)) == asked:
                sureness[at] = EXACT
        return sureness

    def renewed(self, people: Iterable[Person]) -> "People":
        """Return other people, of whom those need not be taken apart again who are among these."""
        new, old = tuple(people), self._people
        if len(new) == len(old) and all(map(_are_found_alike, new, old)):
            return People(new, self.names, self.affiliations, self.lengths)
        forms = cache(taken_apart)  # people share names, and there are too many for `index_words` to remember
        names = names_of(
            [person.name for person in new],
            lambda name: chain.from_iterable(chain.from_iterable(map(forms, compounds(name)))),
            ([person.name for person in old], self.names),
        )
        affiliations = names_of(
            [person.affiliations for person in new],
            lambda places: (word for place in places for word in affiliation_words(place)),
            ([person.affiliations for person in old], self.affiliations),
        )
        return People(new, names, affiliations, self._lengths_of(new))

    def _lengths_of(self, people: Sequence[Person]) -> Ints:
        """Return how many words the names of other people have, of whom some may be among these."""
        known = {person.name: length for person, length in zip(self._people, self.lengths.tolist(), strict=True)}
        lengths = (
            len(tokens(person.name)) if (length := known.pop(person.name, None)) is None else length
            for person in people
        )
        return np.fromiter(lengths, np.int32, count=len(people))


def _are_found_alike(one: Person, other: Person) -> bool:
    return one is other or (one.name == other.name and one.affiliations == other.affiliations)


NOBODY: Final = People((), NO_NAMES, NO_NAMES, np.zeros(0, np.int32))


def _fitting_all(words: Sequence[str], fitting: Iterable[Fitting]) -> Fitting:
    """Return the people whom every word fits, with the sum of how sure that is."""
    everybody: Fitting | None = None
    for word, people in zip(words, fitting, strict=True):
        if everybody is None:
            everybody = people
            continue
        both = everybody.both(people)
        if len(word) > 1 or len(both.places):  # or else it is an initial that is not printed here
            everybody = both
    return NOBODY_FITS if everybody is None else everybody


def _best(sureness: NDArray[np.float64], papers: Ints, limit: int) -> Longs:
    """Return where the surest ones are, of equally sure ones those of most papers, and all that are as good."""
    if len(sureness) <= limit:
        return np.arange(len(sureness))
    least = np.partition(sureness, -limit)[-limit]
    surer, tied = np.flatnonzero(sureness > least), np.flatnonzero(sureness == least)
    wanted = limit - len(surer)
    fewest = np.partition(papers[tied], -wanted)[-wanted]
    return np.concatenate([surer, tied[papers[tied] >= fewest]])
