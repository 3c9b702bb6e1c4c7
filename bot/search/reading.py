"""Texts taken apart, each once: which words stand where, as numbers."""

from array import array
from collections.abc import Iterable
from enum import IntEnum
from itertools import chain
from typing import Final, NamedTuple

import numpy as np

from bot.letting_go import empty
from bot.search.affiliations import initials_of
from bot.search.entries import counted
from bot.search.flat import Ints, Longs, Rows, bounds_of, stretches
from bot.search.merging import Numbers
from bot.search.papers import Searched
from bot.search.words import Forms, compounds, pieces, taken_apart

_PAPERS_AT_ONCE: Final = 2**9
"""How many papers' texts are held before they are turned into rows and entries."""


class Field(IntEnum):
    """What of a paper a text is, in the order of `Searched`; after its words stands the negative number, less one."""

    TITLE = 0
    AUTHOR = 1
    ABSTRACT = 2
    TOPIC = 3
    KIND = 4
    AFFILIATION = 5

    @property
    def end(self) -> int:
        """What follows the words of such a text in a paper's row."""
        return -self - 1


_KINDS: Final = np.array([2, 1, 0, 2, 2, 1], np.int64)
"""How a word counts that stands in each field: see `counted`."""

_FIRST_FACET: Final = Field.TOPIC


class Reading(NamedTuple):
    """Some papers taken apart.

    Attributes:
        words: all words, each known by its place here.
        rows: the words of each paper's texts in order, a field's end after each text.
        texts: the entries of titles, authors' names and abstracts.
        facets: the entries of topics, kinds and affiliations.
    """

    words: list[str]
    rows: Rows
    texts: list[Longs]
    facets: list[Longs]


class _Forms(dict[str, Forms]):
    """Compounds taken apart, each when it is first met."""

    def __missing__(self, compound: str) -> Forms:
        forms = self[compound] = taken_apart(compound)
        return forms


class _Pieces(dict[str, int]):
    """Numbers of pieces of text without white space, each taken apart when it is first met."""

    def __init__(self, words: Numbers) -> None:
        super().__init__()
        self._words = words
        self.forms = _Forms()
        self.in_order = (array("q", [0]), array("q"))
        self.others = (array("q", [0]), array("q"))

    def __missing__(self, piece: str) -> int:
        numbers, other_numbers = self.in_order[1], self.others[1]
        is_simple = piece.isascii() and piece.isalnum()
        for words, others in (taken_apart(piece),) if is_simple else map(self.forms.__getitem__, compounds(piece)):
            for word in words:
                numbers.append(self._words[word])
            for word in others:
                other_numbers.append(self._words[word])
        self.in_order[0].append(len(numbers))
        self.others[0].append(len(other_numbers))
        place = self[piece] = len(self)
        return place

    def words_of(self, piece: str) -> Iterable[int]:
        """Return the words of which a piece consists, in order."""
        place = self[piece]
        bounds, numbers = self.in_order
        return numbers[bounds[place] : bounds[place + 1]]


class Reader:
    """Takes papers apart, one after another."""

    def __init__(self) -> None:
        self._words = Numbers()
        self._pieces = _Pieces(self._words)
        self._short: dict[str, list[int]] = {}
        self._initials: dict[str, list[int]] = {}
        self._bounds: list[Longs] = []
        self._rows: list[Ints] = []
        self._texts: list[Longs] = []
        self._facets: list[Longs] = []
        self._clear()

    def add(self, place: int, key: str, paper: Searched) -> None:
        """Take the next paper.

        Args:
            place: where it is among all papers.
            key: its key, of which the words count like those of its title.
            paper: its texts.
        """
        stream, ends = self._stream, self._ends
        read, numbers = self._pieces.__getitem__, self._numbers
        stream.extend(map(read, pieces(paper.title)))
        ends.append(len(stream))
        for name in paper.authors:
            stream.extend(numbers(name))
            ends.append(len(stream))
        stream.extend(map(read, pieces(paper.abstract)))
        ends.append(len(stream))
        for name in chain(paper.topics, paper.kinds, paper.affiliations):
            stream.extend(numbers(name))
            ends.append(len(stream))
        counts = (1, len(paper.authors), 1, len(paper.topics), len(paper.kinds), len(paper.affiliations))
        self._counts.extend(counts)
        self._places.append(place)
        for word in self._pieces.words_of(key):
            self._more.extend((word, place, Field.TITLE))
        for word in chain.from_iterable(map(self._numbers_of_initials, paper.affiliations)):
            self._more.extend((word, place, Field.AFFILIATION))
        if len(self._places) == _PAPERS_AT_ONCE:
            self._flush()

    def read(self) -> Reading:
        """Return all papers that were taken; no more can be."""
        self._flush()
        bounds = bounds_of(np.concatenate(self._bounds)) if self._bounds else np.zeros(1, np.int64)
        values = np.concatenate(self._rows) if self._rows else np.zeros(0, np.int32)
        words = list(self._words)
        empty(self._pieces.forms, self._pieces, self._words, self._short, self._initials)
        return Reading(words, Rows(bounds, values), self._texts, self._facets)

    def _clear(self) -> None:
        self._stream = array("q")
        self._ends = array("q")
        self._counts = array("q")
        self._places = array("q")
        self._more = array("q")

    def _numbers(self, text: str) -> list[int]:
        """Return the pieces of a text of which others may have the same."""
        numbers = self._short.get(text)
        if numbers is None:
            numbers = self._short[text] = [self._pieces[piece] for piece in pieces(text)]
        return numbers

    def _numbers_of_initials(self, affiliation: str) -> list[int]:
        numbers = self._initials.get(affiliation)
        if numbers is None:
            numbers = self._initials[affiliation] = [self._words[word] for word in initials_of(affiliation)]
        return numbers

    def _flush(self) -> None:
        """Turn what was taken into rows and entries."""
        stream, ends = np.array(self._stream, np.int64), np.array(self._ends, np.int64)
        counts = np.array(self._counts, np.int64).reshape(-1, len(Field))
        fields = np.repeat(np.tile(np.arange(len(Field)), len(counts)), counts.ravel())
        places = np.repeat(np.array(self._places, np.int64), counts.sum(axis=1))
        more = np.array(self._more, np.int64).reshape(-1, 3).T
        self._clear()
        words, word_lengths = _expanded(stream, ends, self._pieces.in_order)
        others, other_lengths = _expanded(stream, ends, self._pieces.others)
        self._rows.append(np.insert(words, np.cumsum(word_lengths), -fields - 1).astype(np.int32))
        lengths = bounds_of(word_lengths + 1)[bounds_of(counts.sum(axis=1))]
        self._bounds.append(np.diff(lengths))
        all_words = np.concatenate([words, others, more[0]])
        all_places = np.concatenate([np.repeat(places, word_lengths), np.repeat(places, other_lengths), more[1]])
        all_fields = np.concatenate([np.repeat(fields, word_lengths), np.repeat(fields, other_lengths), more[2]])
        for parts, chosen in ((self._texts, all_fields < _FIRST_FACET), (self._facets, all_fields >= _FIRST_FACET)):
            parts.append(counted(all_words[chosen], all_places[chosen], _KINDS[all_fields[chosen]]))


def _expanded(stream: Longs, ends: Longs, forms: tuple["array[int]", "array[int]"]) -> tuple[Longs, Longs]:
    """Return the words of pieces one after another, and how many of them each text has.

    Args:
        stream: the pieces of all texts.
        ends: where each text ends there.
        forms: where each piece's words begin, and these words.
    """
    bounds, numbers = _viewed(forms[0]), _viewed(forms[1])
    starts = bounds[stream]
    lengths = bounds[stream + 1] - starts
    words = numbers[stretches(starts, lengths)]
    return words, np.diff(bounds_of(lengths)[ends], prepend=0)


def _viewed(numbers: "array[int]") -> Longs:
    """Return numbers without copying them; they must not grow while somebody has the view."""
    return np.frombuffer(numbers, np.int64) if numbers else np.zeros(0, np.int64)
