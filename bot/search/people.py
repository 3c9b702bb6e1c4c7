"""Finding a person by a name as somebody remembers it: in any order, with initials, misspelt, without accents."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from heapq import nsmallest
from itertools import chain
from typing import Final

from bot.programme.model import Person
from bot.search.affiliations import affiliation_words
from bot.search.names import NO_NAMES, Names, names_of
from bot.search.vocabulary import EXACT
from bot.search.words import compounds, taken_apart, tokens

_NOT_IN_FULL: Final = 0.9
"""The most that a name is sure of which was not given in full."""

_AFFILIATED: Final = 0.25
"""What a word of an affiliation counts, next to one of the name: less than any part of a name does."""

_MOST_WORDS: Final = 8


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
    """

    def __init__(self, people: Sequence[Person], names: Names, affiliations: Names) -> None:
        """Take people and what is known of them; see the attributes."""
        self._people = people
        self.names = names
        self.affiliations = affiliations
        self._words: dict[int, list[str]] = {}

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
        by_name = [
            self.names.fitting(word, unfinished=unfinished and place == len(words) - 1)
            for place, word in enumerate(words)
        ]
        scores = _fitting_all(words, by_name)
        if not scores and len(words) > 1:
            scores = self._with_affiliation(words, by_name, unfinished=unfinished)
        asked = sorted(words)
        hits = [
            PersonHit(self._people[number], self._sureness(number, asked, score)) for number, score in scores.items()
        ]
        return nsmallest(limit, hits, lambda hit: (-hit.sureness, -len(hit.person.papers), hit.person.name))

    def _with_affiliation(
        self, words: Sequence[str], by_name: Sequence[Mapping[int, float]], *, unfinished: bool
    ) -> dict[int, float]:
        """Return whom some of the words fit by name, and the others by affiliation."""
        by_either = []
        for place, (word, named) in enumerate(zip(words, by_name, strict=True)):
            may_go_on = unfinished and place == len(words) - 1
            affiliated = self.affiliations.fitting(word, unfinished=may_go_on) if len(word) > 1 else {}
            by_either.append({**{number: sure * _AFFILIATED for number, sure in affiliated.items()}, **named})
        named_at_all = set().union(*by_name)
        fitting = _fitting_all(words, by_either)
        return {number: score for number, score in fitting.items() if number in named_at_all}

    def _sureness(self, number: int, asked: list[str], score: float) -> float:
        own = self._words.get(number)
        if own is None:
            own = self._words[number] = sorted(tokens(self._people[number].name))
        if asked == own:
            return EXACT
        return _NOT_IN_FULL * score / max(len(asked), len(own))

    def renewed(self, people: Iterable[Person]) -> "People":
        """Return other people, of whom those need not be taken apart again who are among these."""
        new, old = tuple(people), self._people
        if len(new) == len(old) and all(map(_are_found_alike, new, old)):
            return People(new, self.names, self.affiliations)
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
        return People(new, names, affiliations)


def _are_found_alike(one: Person, other: Person) -> bool:
    return one is other or (one.name == other.name and one.affiliations == other.affiliations)


NOBODY: Final = People((), NO_NAMES, NO_NAMES)


def _fitting_all(words: Sequence[str], fitting: Iterable[Mapping[int, float]]) -> dict[int, float]:
    """Return the people whom every word fits, with the sum of how sure that is."""
    scores: dict[int, float] | None = None
    for word, people in zip(words, fitting, strict=True):
        if scores is None:
            scores = dict(people)
        elif len(word) > 1 or scores.keys() & people.keys():  # or else it is an initial that is not printed here
            scores = {number: scores[number] + people[number] for number in scores.keys() & people.keys()}
    return scores or {}
