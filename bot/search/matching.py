"""The words of a paper that answer a query, as they stand in it, and where they stand in its abstract."""

import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain, islice, repeat
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.search.acronyms import Acronyms
from bot.search.flat import Longs
from bot.search.snippet import Marks, composed, is_address, marked_by, marks_of, whole_words
from bot.search.vocabulary import Meanings, Vocabulary
from bot.search.words import compounds, starts_of, stem, taken_apart, tokens

_REMEMBERED: Final = 2**13
"""The words of how many papers are remembered, in 1 to 2 KB each: few enough to be freed at once with the index."""


class PaperTexts(NamedTuple):
    """The texts of a paper.

    Attributes:
        key: its key.
        abstract: its abstract, empty when it has none.
        texts: returns all of it that is searched, the abstract among it.
    """

    key: str
    abstract: str
    texts: Callable[[], Sequence[str]]


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

    def looks(self, meanings: Sequence[Meanings], papers: Sequence[PaperTexts]) -> list[Look]:
        """Look for the words that answer a query in each of some papers.

        Args:
            meanings: what each word of the query may stand for.
            papers: the papers, no more than a few dozen.
        """
        if not papers:
            return []
        if len(self._pages) + len(papers) > _REMEMBERED:
            self._forget()
        pages = [self._page(paper) for paper in papers]
        numbers = np.concatenate([page.numbers for page in pages])
        ends = np.cumsum([len(page.numbers) for page in pages])
        matched = self._matched(meanings, numbers, ends)
        for words, paper in zip(matched, papers, strict=True):
            if not words:
                words.update(self._other_forms(paper.texts(), meanings))
        marking = self._marking(set().union(*matched))
        places = np.flatnonzero(self._mask(marking)[numbers])
        first = np.searchsorted(places, [0, *ends.tolist()]).tolist()
        starts = (ends - [len(page.numbers) for page in pages]).tolist()
        return [
            self._look(
                paper, page, words, (places[first[number] : first[number + 1]] - starts[number]).tolist(), marking
            )
            for number, (paper, page, words) in enumerate(zip(papers, pages, matched, strict=True))
        ]

    def read(self, papers: Iterable[PaperTexts]) -> Iterator[None]:
        """Read papers before anybody looks for anything in them, one with each step, as many as are remembered."""
        for paper in islice(papers, _REMEMBERED):
            self._page(paper).read(paper.abstract)
            yield

    def _page(self, paper: PaperTexts) -> _Page:
        page = self._pages.get(paper.key)
        if page is None:
            page = self._pages[paper.key] = self._read(
                paper.abstract, [text for text in paper.texts() if text != paper.abstract]
            )
        return page

    def _matched(self, meanings: Sequence[Meanings], numbers: NDArray[np.uint32], ends: Longs) -> list[set[str]]:
        """Return the words that answer in each of some papers.

        Args:
            meanings: what each word of the query may stand for.
            numbers: the printed words of one paper after another.
            ends: where each paper ends there.
        """
        asked = frozenset(chain.from_iterable(chain(meaning.words, meaning.longer) for meaning in meanings))
        having = self._mask(chain.from_iterable(map(self._having.get, asked, repeat(()))))
        at = np.flatnonzero(having[numbers])
        matched: list[set[str]] = [set() for _ in ends]
        known: dict[int, tuple[str, ...]] = {}
        for paper, number in zip(np.searchsorted(ends, at, side="right").tolist(), numbers[at].tolist(), strict=True):
            if number not in known:
                known[number] = tuple(self._answering(self._printed[number], asked))
            matched[paper].update(known[number])
        return matched

    def _answering(self, printed: str, asked: Container[int | None]) -> Iterator[str]:
        """Yield what answers of a printed word of which some form is asked for."""
        identify = self._vocabulary.id
        words, others = taken_apart(printed)
        if len(words) == 1 and not others:
            yield words[0]
        elif not is_address(printed) and any(identify(other) in asked for other in others):
            yield from (*words, "".join(words))
        else:
            yield from (word for word in words if identify(word) in asked)

    def _marking(self, words: Iterable[str]) -> dict[int, list[str]]:
        """Return the printed words that are marked, or a part of them, each with the folded words that do that."""
        marking: dict[int, list[str]] = {}
        for word in words:
            for number in self._marked.get(word, ()):
                marking.setdefault(number, []).append(word)
        return marking

    def _look(
        self,
        paper: PaperTexts,
        page: _Page,
        words: AbstractSet[str],
        places: Sequence[int],
        marking: dict[int, list[str]],
    ) -> Look:
        """Return what is found in a paper, given the places of its printed words that some words mark."""
        matched = frozenset(words)
        if not page.is_normal:
            return Look(matched, whole_words(paper.abstract, marks_of(paper.abstract, matched)))
        in_abstract = places[: bisect_left(places, page.length)]
        if not in_abstract:
            return Look(matched, ())
        starts, apart = page.read(paper.abstract)
        marks = self._marks(in_abstract, page.numbers[in_abstract].tolist(), starts, matched, marking)
        return Look(matched, whole_words(paper.abstract, marks, apart))

    def _marks(
        self,
        places: Sequence[int],
        numbers: Sequence[int],
        starts: Sequence[int],
        matched: AbstractSet[str],
        marking: dict[int, list[str]],
    ) -> Iterator[tuple[int, int]]:
        for place, number in zip(places, numbers, strict=True):
            if matched.isdisjoint(marking[number]):
                continue
            start, printed = starts[place], self._printed[number]
            if printed.isalnum():
                yield start, start + len(printed)
                continue
            for left, right in marks_of(printed, matched):
                yield start + left, start + right

    def _other_forms(self, texts: Iterable[str], meanings: Iterable[Meanings]) -> Iterator[str]:
        """Yield the words of texts that say an acronym, or its long form, that was asked for."""
        asked = [self._vocabulary.words[number] for meaning in meanings for number in meaning.words]
        said = {word for words in self._acronyms.implied(asked).values() for word in words}
        stems = {stem(word) for word in said}
        for text in texts if said else ():
            yield from (word for word in tokens(text) if word in said or stem(word) in stems)

    def _forget(self) -> None:
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
