"""Finding a person by a name as somebody remembers it: in any order, with initials, misspelt, without accents."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.programme.model import Person
from bot.search.vocabulary import EXACT, PREFIX, Vocabulary
from bot.search.words import index_words, tokens

_INITIAL = 0.5
"""How sure it is that a name is meant by its first letter."""

_NOT_IN_FULL = 0.9
"""The most that a name is sure of which was not given in full."""

_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class PersonHit:
    """A person who may be meant; 1 is a name given in full."""

    person: Person
    sureness: float


class People:
    """The people of a programme, to be found by parts of their names."""

    def __init__(self, people: Iterable[Person]) -> None:
        self._people = tuple(people)
        self._names = [tuple(tokens(person.name)) for person in self._people]
        holders: dict[str, list[int]] = {}
        for number, person in enumerate(self._people):
            for word in set(index_words(person.name)):
                holders.setdefault(word, []).append(number)
        self._vocabulary = Vocabulary(holders)
        self._holders = [holders[word] for word in self._vocabulary.words]

    def find(self, text: str, *, unfinished: bool = False, limit: int = 25) -> list[PersonHit]:
        """Return who may be meant, the surest first; every word typed must fit some part of the name.

        Args:
            text: the name as typed.
            unfinished: whether the last word may go on.
            limit: the most people to return.
        """
        words = tokens(text)[:_MOST_WORDS]
        if not words:
            return []
        scores: dict[int, float] | None = None
        for position, word in enumerate(words):
            fitting = self._fitting(word, unfinished=unfinished and position == len(words) - 1)
            if len(word) == 1 and position and scores is not None and not scores.keys() & fitting.keys():
                continue  # an initial that this programme does not print
            scores = (
                fitting
                if scores is None
                else {number: scores[number] + fitting[number] for number in scores.keys() & fitting.keys()}
            )
        hits = [
            PersonHit(self._people[number], self._sureness(number, words, score))
            for number, score in (scores or {}).items()
        ]
        hits.sort(key=lambda hit: (-hit.sureness, -len(hit.person.papers), hit.person.name))
        return hits[:limit]

    def _fitting(self, word: str, *, unfinished: bool) -> dict[int, float]:
        """Return the people with a name that a word may be, each with how sure that is."""
        initial = len(word) == 1
        meanings = self._vocabulary.meanings(word, unfinished=unfinished or initial)
        fitting: dict[int, float] = {}
        for name in meanings.longer:
            for number in self._holders[name]:
                fitting[number] = _INITIAL if initial else PREFIX
        for name, sureness in meanings.words.items():
            for number in self._holders[name]:
                fitting[number] = max(sureness, fitting.get(number, 0.0))
        return fitting

    def _sureness(self, number: int, words: list[str], score: float) -> float:
        if sorted(words) == sorted(self._names[number]):
            return EXACT
        return _NOT_IN_FULL * score / max(len(words), len(self._names[number]))
