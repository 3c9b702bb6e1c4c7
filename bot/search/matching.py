"""The words of a paper that answer a query, as they stand in it, and where they stand in its abstract."""

import unicodedata
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, TypeAlias

from bot.search.acronyms import Acronyms
from bot.search.snippet import Marks, is_address, marked_by, marks_of, whole_words
from bot.search.vocabulary import Meanings, Vocabulary
from bot.search.words import compounds, forms_of, starts_of, stem, tokens

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
        starts: where those of the abstract begin; None until somebody asks.
    """

    numbers: "array[int]"
    starts: "array[int] | None" = None

    def starts_in(self, abstract: str) -> "array[int]":
        """Return where the words of the abstract begin."""
        if self.starts is None:
            self.starts = array("I", starts_of(abstract))
        return self.starts


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
            page = self._pages[key] = self._read(abstract, (text for text in texts() if text != abstract))
        return page

    def printed(self, number: int) -> str:
        """Return the printed word of a number."""
        return self._printed[number]

    def having(self, ids: Iterable[int]) -> set[int]:
        """Return the numbers of the printed words that have any of these words as a form."""
        return set(chain.from_iterable(self._having.get(number, ()) for number in ids))

    def marked(self, words: Iterable[str]) -> set[int]:
        """Return the numbers of the printed words of which any of these folded words marks a part."""
        return set(chain.from_iterable(self._marked.get(word, ()) for word in words))

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

    def _read(self, abstract: str, others: Iterable[str]) -> _Page:
        # A line break belongs to no word.
        printed = compounds("\n".join((abstract, *others)))
        for compound in dict.fromkeys(printed):
            if compound not in self._numbers:
                self._number(compound)
        return _Page(array("I", map(self._numbers.__getitem__, printed)))

    def _number(self, compound: str) -> None:
        number = self._numbers[compound] = len(self._printed)
        self._printed.append(compound)
        for form in {*chain(*forms_of(compound))}:
            if (known := self._vocabulary.id(form)) is not None:
                self._having.setdefault(known, []).append(number)
        for word in {word for words in marked_by(compound) for word in words}:
            self._marked.setdefault(word, []).append(number)


class Answering:
    """Finds the words that answer one query."""

    def __init__(self, matching: Matching, meanings: Sequence[Meanings]) -> None:
        self._matching = matching
        self._meanings = meanings
        self._asked = frozenset(chain.from_iterable(chain(meaning.words, meaning.longer) for meaning in meanings))
        self._state = (-1, -1)
        self._having: set[int] = set()
        self._marked: dict[frozenset[str], set[int]] = {}

    def look(self, key: str, abstract: str, texts: Texts) -> Look:
        """Look for the words that answer in a paper.

        Args:
            key: the paper's key.
            abstract: its abstract, empty when it has none.
            texts: returns all of it that is searched, the abstract among it.
        """
        page = self._matching.page(key, abstract, texts)
        if self._state != self._matching.state:
            self._state, self._marked = self._matching.state, {}
            self._having = self._matching.having(self._asked)
        matched = self._words(self._having.intersection(page.numbers))
        matched = matched or frozenset(self._matching.other_forms(texts(), self._meanings))
        if unicodedata.is_normalized("NFC", abstract):
            return Look(matched, whole_words(abstract, self._marks(page, abstract, matched)))
        return Look(matched, whole_words(abstract, marks_of(abstract, matched)))

    def _words(self, numbers: Iterable[int]) -> frozenset[str]:
        identify, asked = self._matching.id, self._asked
        matched: set[str] = set()
        for number in numbers:
            printed = self._matching.printed(number)
            words, others = forms_of(printed)
            if not is_address(printed) and any(identify(other) in asked for other in others):
                matched.update(words, ("".join(words),))
            else:
                matched.update(word for word in words if identify(word) in asked)
        return frozenset(matched)

    def _marks(self, page: _Page, abstract: str, matched: frozenset[str]) -> Iterator[tuple[int, int]]:
        """Yield where the words of an abstract stand that are to be marked."""
        marked = self._marked.get(matched)
        if marked is None:
            marked = self._marked[matched] = self._matching.marked(matched)
        places = [place for place, number in enumerate(page.numbers) if number in marked]
        starts = page.starts_in(abstract) if places else ()
        for place in places:
            if place >= len(starts):
                return
            for left, right in marks_of(self._matching.printed(page.numbers[place]), matched):
                yield starts[place] + left, starts[place] + right
