"""The words of a paper that answer a query, as they stand in it."""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import Final

from bot.search.acronyms import Acronyms
from bot.search.vocabulary import Meanings, Vocabulary
from bot.search.words import compounds, forms_of, stem, tokens

_REMEMBERED: Final = 2**16
"""How many printed words are remembered; a conference of ten thousand papers has more, but most are rare."""


class Matching:
    """Finds the words that answer queries in the papers of one vocabulary.

    It remembers which words of the vocabulary a printed word is: the same ones come again and again, and to look a text
    up in sets takes a tenth of the time in which its words are folded.
    """

    def __init__(self, vocabulary: Vocabulary, acronyms: Acronyms) -> None:
        self._vocabulary = vocabulary
        self._acronyms = acronyms
        self._known: set[str] = set()
        self._printed: dict[int, list[str]] = {}
        self._lessons = 0

    def answering(self, meanings: Sequence[Meanings]) -> "Answering":
        """Return what finds the words that a query means."""
        return Answering(self, meanings)

    def id(self, word: str) -> int | None:
        """Return the id of a folded word."""
        return self._vocabulary.id(word)

    def printed(self, numbers: Iterable[int]) -> set[str]:
        """Return the printed words that are known and have any of these words as a form."""
        return set(chain.from_iterable(self._printed.get(number, ()) for number in numbers))

    def learn(self, words: AbstractSet[str]) -> int:
        """Take up printed words; return a number that is another one whenever there were some that were not known."""
        if unknown := words - self._known:
            if len(self._known) > _REMEMBERED:
                self._known, self._printed = set(), {}
            self._known |= unknown
            self._lessons += 1
            for word in unknown:
                for number in self._numbers(word):
                    self._printed.setdefault(number, []).append(word)
        return self._lessons

    def other_forms(self, texts: Iterable[str], meanings: Iterable[Meanings]) -> Iterator[str]:
        """Yield the words of texts that say an acronym, or its long form, that was asked for."""
        asked = [self._vocabulary.words[number] for meaning in meanings for number in meaning.words]
        said = {word for words in self._acronyms.implied(asked).values() for word in words}
        stems = {stem(word) for word in said}
        for text in texts:
            yield from (word for word in tokens(text) if word in said or stem(word) in stems)

    def _numbers(self, compound: str) -> set[int]:
        numbers = map(self._vocabulary.id, chain(*forms_of(compound)))
        return {number for number in numbers if number is not None}


class Answering:
    """Finds the words that answer one query."""

    def __init__(self, matching: Matching, meanings: Sequence[Meanings]) -> None:
        self._matching = matching
        self._meanings = meanings
        self._asked = frozenset(chain.from_iterable(chain(meaning.words, meaning.longer) for meaning in meanings))
        self._printed: set[str] = set()
        self._lessons = -1

    def words(self, texts: Sequence[str]) -> frozenset[str]:
        """Return the folded words of a paper that answer, given all of it that is searched."""
        # A line break belongs to no word.
        printed = set(compounds("\n".join(texts)))
        if (lessons := self._matching.learn(printed)) != self._lessons:
            self._printed, self._lessons = self._matching.printed(self._asked), lessons
        number, asked = self._matching.id, self._asked
        matched: set[str] = set()
        for compound in printed & self._printed:
            words, others = forms_of(compound)
            if any(number(other) in asked for other in others):
                matched.update(words, ("".join(words),))
            else:
                matched.update(word for word in words if number(word) in asked)
        return frozenset(matched or self._matching.other_forms(texts, self._meanings))
