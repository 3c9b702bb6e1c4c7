"""What the words of a query may stand for in a programme, on their own or run together with their neighbours."""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.search.query import TERM_LIMIT, Query
from bot.search.vocabulary import EXACT, INFLECTED, LIKELY, SAME, Meanings, Vocabulary
from bot.search.words import bigrams

_FEW_IN_ONE_PIECE: Final = 64
"""In how many papers a word may be that is looked for as two beside itself; looking at all costs a tenth more."""


class Terms:
    """The words of a query, read with the words of a programme."""

    def __init__(self, query: Query, vocabulary: Vocabulary, spread: Callable[[int], int]) -> None:
        """Read a query; `spread` tells how many papers have a word."""
        self._query = query
        self._words = query.terms
        self._vocabulary = vocabulary
        self._spread = spread
        self.apart: Terms | None = None
        unfinished = query.unfinished_term
        self.meanings: Sequence[Meanings] = [
            self._meaning(place, unfinished=place == unfinished) for place in range(len(self._words))
        ]

    def be_lenient(self) -> bool:
        """Let words be others' misspellings as well: one that exists with one error, one that does not with two.

        Returns:
            Whether there are such others.
        """
        more = [
            self._others(word, corrected=meaning.corrected)
            for word, meaning in zip(self._words, self.meanings, strict=True)
        ]
        self.meanings = [
            replace(meaning, words={**others, **meaning.words})
            for others, meaning in zip(more, self.meanings, strict=True)
        ]
        return any(more)

    def spaced(self, *, known: bool, rarer: bool = False) -> "Terms | None":
        """Return the same words with a space where one may have been left out, or None.

        Args:
            known: whether words that exist are split too.
            rarer: whether of these only such that are in few papers, and in fewer than either part.
        """
        words: list[str] = []
        for word in self._query.words:
            number = self._vocabulary.id(word)
            most = self._spread(number) if rarer and number is not None else 0
            split = (known or number is None) and most <= _FEW_IN_ONE_PIECE
            parts = self._parts(word, most) if split else None
            words += parts or (word,)
        if len(words) == len(self._query.words):
            return None
        return Terms(replace(self._query, words=tuple(words)[:TERM_LIMIT]), self._vocabulary, self._spread)

    @property
    def understood(self) -> bool:
        """Whether each word exists, or is another one's likely misspelling."""
        return all(max(meaning.words.values(), default=0.0) >= LIKELY or meaning.longer for meaning in self.meanings)

    @property
    def meant(self) -> Mapping[str, Sequence[str]]:
        """For each word that exists those that may be meant by it: the other spelling or number, or a likely slip."""
        return self._meant(corrected=False)

    @property
    def misspelt(self) -> Mapping[str, Sequence[str]]:
        """For each of the other words those that may be meant by it."""
        return self._meant(corrected=True)

    @property
    def numbers(self) -> Sequence[int]:
        """The ids of all words that were typed, in order, those that say little too; -1 for one that nobody has."""
        ids = (self._vocabulary.id(word) for word in self._query.words)
        return [-1 if number is None else number for number in ids]

    def _meant(self, *, corrected: bool) -> Mapping[str, Sequence[str]]:
        return {
            word: [
                self._vocabulary.words[number]
                for number, sure in meaning.words.items()
                if sure != INFLECTED and self._vocabulary.words[number] != word
            ]
            + ([" ".join(parts)] if self.apart and (parts := self._parts(word)) else [])
            for word, meaning in zip(self._words, self.meanings, strict=True)
            if meaning.corrected == corrected
        }

    def _others(self, word: str, *, corrected: bool) -> Mapping[int, float]:
        """Return what else a word may have been meant to be; one that exists is itself where no other tells more."""
        if corrected:
            return self._vocabulary.far(word, self._spread, several=len(self._query.words) > 1)
        return self._vocabulary.neighbours(word) if len(self._words) > 1 else {}

    def _parts(self, word: str, fewest: int = 0) -> Sequence[str] | None:
        """Return the two words of which a word most likely consists: the rarer one is to be in most papers.

        Args:
            word: the word.
            fewest: in how many papers either must be at least.
        """
        splits = list(self._vocabulary.splits(word))
        if not splits:
            return None
        best = max(splits, key=lambda parts: min(map(self._spread, parts)))
        return [self._vocabulary.words[part] for part in best] if min(map(self._spread, best)) >= fewest else None

    @property
    def words(self) -> Sequence[str]:
        """The words that are looked for."""
        return self._words

    @property
    def readings(self) -> Sequence[str]:
        """The query's words as one text: as typed, and each as it is most likely meant, in its usual form."""
        usual = {
            word: self._vocabulary.words[self._usual(meaning.words)]
            for word, meaning in zip(self._words, self.meanings, strict=True)
            if meaning.words and not meaning.longer
        }
        typed = self._query.words
        readings = (typed, tuple(usual.get(word, word) for word in typed))
        return [" ".join(words) for words in dict.fromkeys(readings) if words]

    @property
    def fillers(self) -> Sequence[int]:
        """The ids of the query's other words, which say little."""
        others = (self._vocabulary.id(word) for word in self._query.words if word not in self._words)
        return [number for number in others if number is not None]

    def corrected(self, first: Container[int]) -> str | None:
        """Return the words with the misspelt ones put right, or None when none was misspelt.

        Args:
            first: the words of the paper that was found first: it is found by them.
        """
        words = [
            self._put_right(word, meaning, first) if meaning.corrected else word
            for word, meaning in zip(self._words, self.meanings, strict=True)
        ]
        return " ".join(words) if tuple(words) != self._words else None

    def _meaning(self, place: int, *, unfinished: bool) -> Meanings:
        word = self._words[place]
        alone = self._vocabulary.meanings(word, unfinished=unfinished)
        words = dict(alone.words)
        corrected = alone.corrected
        if pairs := [number for pair in bigrams(word) if (number := self._vocabulary.id(pair)) is not None]:
            words = {**dict.fromkeys(pairs, INFLECTED), **words}
            corrected = False
        for joined in self._joined(place):
            if (number := self._vocabulary.id(joined)) is not None:
                words[number] = EXACT
                corrected = False
        return Meanings(words, alone.longer, corrected)

    def _joined(self, place: int) -> Iterator[str]:
        """Yield the two or three words around a place as one: "stream diffusion v2" is a name that has no spaces."""
        for length in (2, 3):
            for start in range(max(place - length + 1, 0), min(place, len(self._words) - length) + 1):
                yield "".join(self._words[start : start + length])

    def _put_right(self, word: str, meaning: Meanings, first: Container[int]) -> str:
        """Return an unknown word as it should have been typed, or as it is."""
        found = {number: sure for number, sure in meaning.words.items() if number in first} or meaning.words
        return self._vocabulary.words[self._likeliest(found)] if found else word

    def _likeliest(self, words: Mapping[int, float]) -> int:
        """Return the surest of some words; of equally sure ones, that of most papers."""
        return max(words, key=lambda word: (words[word], self._spread(word)))

    def _usual(self, words: Mapping[int, float]) -> int:
        """Return the likeliest of some words, the other number and spelling being as good as what was typed."""
        return max(words, key=lambda word: (min(words[word], SAME), self._spread(word)))
