"""The words of a paper that answer a query, as they stand in it, and where they stand in its abstract."""

import unicodedata
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.search.acronyms import Acronyms
from bot.search.snippet import Marks, composed, is_address, marked_by, marks_of, whole_words
from bot.search.vocabulary import Meanings, Vocabulary
from bot.search.words import compounds, starts_of, stem, taken_apart, tokens

_REMEMBERED: Final = 2**13
"""The words of how many papers are remembered, in 1 to 2 KB each: few enough to be freed at once with the index."""

Texts: TypeAlias = Callable[[], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Look:
    """What a query finds in a paper.

    Attributes:
        matched: the folded words that answer.
        marks: where they stand in the abstract.
    """

    matched: frozenset[str]
    marks: Marks


@dataclass(slots=True)
class _Page:
    """The printed words of a paper, those of its abstract first.

    Attributes:
        numbers: their numbers.
        length: how many of them the abstract has.
        is_normal: whether the abstract has the normal form NFC, so that its words stand where they are printed.
        abstract: where the words of the abstract begin, and its addresses and numbers; None until somebody asks.
    """

    numbers: NDArray[np.uint32]
    length: int
    is_normal: bool
    abstract: "tuple[array[int], Marks] | None" = None

    def read(self, abstract: str) -> "tuple[array[int], Marks]":
        """Return where the words of the abstract begin, and its addresses and numbers."""
        if self.abstract is None:
            self.abstract = array("I", starts_of(abstract)), composed(abstract)
        return self.abstract


class Matching:
    """Finds the words that answer queries in the papers of one vocabulary.

    What people look for is mostly in the same papers, and these have mostly the same words. So every printed word gets
    a number, and each paper that was found once is remembered as the numbers of its words.
    """

    def __init__(self, vocabulary: Vocabulary, acronyms: Acronyms) -> None:
        self._vocabulary = vocabulary
        self._acronyms = acronyms
        self._forget()

    def answering(self, meanings: Sequence[Meanings]) -> "Answering":
        """Return what finds the words that a query means."""
        return Answering(self, meanings)

    def id(self, word: str) -> int | None:
        """Return the id of a folded word."""
        return self._vocabulary.id(word)

    def page(self, key: str, abstract: str, texts: Texts) -> _Page:
        """Return the printed words of a paper.

        Args:
            key: the paper's key.
            abstract: its abstract, empty when it has none.
            texts: returns all of it that is searched.
        """
        page = self._pages.get(key)
        if page is None:
            if len(self._pages) >= _REMEMBERED:
                self._forget()
            page = self._pages[key] = self._read(abstract, [text for text in texts() if text != abstract])
        return page

    def printed(self, number: int) -> str:
        """Return the printed word of a number."""
        return self._printed[number]

    def having(self, ids: Iterable[int]) -> NDArray[np.bool_]:
        """Return for each printed word whether it has any of these words as a form."""
        return self._mask(chain.from_iterable(map(self._having.get, ids, repeat(()))))

    def marked(self, words: Iterable[str]) -> NDArray[np.bool_]:
        """Return for each printed word whether any of these folded words marks a part of it."""
        return self._mask(chain.from_iterable(map(self._marked.get, words, repeat(()))))

    @property
    def state(self) -> tuple[int, int]:
        """Another value whenever there are printed words that were not known."""
        return self._forgotten, len(self._printed)

    def other_forms(self, texts: Iterable[str], meanings: Iterable[Meanings]) -> Iterator[str]:
        """Yield the words of texts that say an acronym, or its long form, that was asked for."""
        asked = [self._vocabulary.words[number] for meaning in meanings for number in meaning.words]
        said = {word for words in self._acronyms.implied(asked).values() for word in words}
        stems = {stem(word) for word in said}
        for text in texts if said else ():
            yield from (word for word in tokens(text) if word in said or stem(word) in stems)

    def _forget(self) -> None:
        self._forgotten = getattr(self, "_forgotten", -1) + 1
        self._pages: dict[str, _Page] = {}
        self._printed: list[str] = []
        self._numbers: dict[str, int] = {}
        self._having: dict[int, list[int]] = {}
        self._marked: dict[str, list[int]] = {}

    def _mask(self, numbers: Iterable[int]) -> NDArray[np.bool_]:
        mask = np.zeros(len(self._printed), np.bool_)
        mask[np.fromiter(numbers, np.int64)] = True
        return mask

    def _read(self, abstract: str, others: Iterable[str]) -> _Page:
        printed = compounds(abstract)
        length = len(printed)
        printed += compounds("\n".join(others))  # a line break belongs to no word
        numbers = list(map(self._numbers.get, printed))
        known = [self._number(printed[place]) if number is None else number for place, number in enumerate(numbers)]
        return _Page(np.array(known, np.uint32), length, unicodedata.is_normalized("NFC", abstract))

    def _number(self, compound: str) -> int:
        """Return the number of a printed word, of which this may be the first one."""
        number = self._numbers.setdefault(compound, len(self._printed))
        if number < len(self._printed):
            return number
        self._printed.append(compound)
        words, others = taken_apart(compound)
        for form in {*words, *others} if others or len(words) > 1 else words:
            if (known := self._vocabulary.id(form)) is not None:
                self._having.setdefault(known, []).append(number)
        is_one = len(words) == 1 and compound.isalnum()
        for word in words if is_one else {word for marks in marked_by(compound) for word in marks}:
            self._marked.setdefault(word, []).append(number)
        return number


class Answering:
    """Finds the words that answer one query."""

    def __init__(self, matching: Matching, meanings: Sequence[Meanings]) -> None:
        self._matching = matching
        self._meanings = meanings
        self._asked = frozenset(chain.from_iterable(chain(meaning.words, meaning.longer) for meaning in meanings))
        self._state = (-1, -1)
        self._having = np.zeros(0, np.bool_)
        self._marked: dict[frozenset[str], NDArray[np.bool_]] = {}
        self._answers: dict[int, tuple[str, ...]] = {}

    def read(self, key: str, abstract: str, texts: Texts) -> None:
        """Read a paper that is going to be looked at: looking at several is faster when all have been read before."""
        self._matching.page(key, abstract, texts)

    def look(self, key: str, abstract: str, texts: Texts) -> Look:
        """Look for the words that answer in a paper.

        Args:
            key: the paper's key.
            abstract: its abstract, empty when it has none.
            texts: returns all of it that is searched, the abstract among it.
        """
        page = self._matching.page(key, abstract, texts)
        if self._state != self._matching.state:
            self._state, self._marked, self._answers = self._matching.state, {}, {}
            self._having = self._matching.having(self._asked)
        answering = set(page.numbers[self._having[page.numbers]].tolist())
        matched = frozenset(chain.from_iterable(map(self._words, answering)))
        matched = matched or frozenset(self._matching.other_forms(texts(), self._meanings))
        if page.is_normal:
            return Look(matched, self._marks(page, abstract, matched))
        return Look(matched, whole_words(abstract, marks_of(abstract, matched)))

    def _words(self, number: int) -> tuple[str, ...]:
        """Return what answers of a printed word of which some form does."""
        known = self._answers.get(number)
        if known is None:
            known = self._answers[number] = tuple(self._answering(self._matching.printed(number)))
        return known

    def _answering(self, printed: str) -> Iterator[str]:
        identify, asked = self._matching.id, self._asked
        words, others = taken_apart(printed)
        if not is_address(printed) and any(identify(other) in asked for other in others):
            yield from (*words, "".join(words))
        else:
            yield from (word for word in words if identify(word) in asked)

    def _marks(self, page: _Page, abstract: str, matched: frozenset[str]) -> Marks:
        """Return where the words of an abstract stand that are to be marked."""
        marked = self._marked.get(matched)
        if marked is None:
            marked = self._marked[matched] = self._matching.marked(matched)
        numbers = page.numbers[: page.length]
        places = np.flatnonzero(marked[numbers])
        if not len(places):
            return ()
        starts, apart = page.read(abstract)
        return whole_words(abstract, self._marks_at(places, numbers, starts, matched), apart)

    def _marks_at(
        self, places: NDArray[np.int64], numbers: NDArray[np.uint32], starts: Sequence[int], matched: frozenset[str]
    ) -> Iterator[tuple[int, int]]:
        for place, number in zip(places.tolist(), numbers[places].tolist(), strict=True):
            start, printed = starts[place], self._matching.printed(number)
            if printed.isalnum():
                yield start, start + len(printed)
                continue
            for left, right in marks_of(printed, matched):
                yield start + left, start + right
