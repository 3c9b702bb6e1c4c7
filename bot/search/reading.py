"""Texts taken apart, each once: which words stand where, as numbers."""

from array import array
from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import Final, NamedTuple

import numpy as np

from bot.search.entries import counted
from bot.search.flat import Ints, Longs, Rows, bounds_of, stretches
from bot.search.words import compounds, forms_of

_PAPERS_AT_ONCE: Final = 2**11
"""How many papers' texts are held before they are turned into rows and entries."""


class Field(IntEnum):
    """What of a paper a text is; its words are followed by the field's negative number, less one."""

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


class _Numbers(dict[str, int]):
    """Numbers of words, given as they come."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


class _Compounds(dict[str, int]):
    """Numbers of printed compounds, each taken apart when it is first met."""

    def __init__(self, words: _Numbers) -> None:
        super().__init__()
        self._words = words
        self.in_order = (array("q", [0]), array("q"))
        self.others = (array("q", [0]), array("q"))

    def __missing__(self, compound: str) -> int:
        for (bounds, numbers), words in zip((self.in_order, self.others), forms_of(compound), strict=True):
            numbers.extend(map(self._words.__getitem__, words))
            bounds.append(len(numbers))
        number = self[compound] = len(self)
        return number


class Reader:
    """Takes papers apart, one after another."""

    def __init__(self) -> None:
        self._words = _Numbers()
        self._compounds = _Compounds(self._words)
        self._short: dict[str, list[int]] = {}
        self._bounds: list[Longs] = []
        self._rows: list[Ints] = []
        self._texts: list[Longs] = []
        self._facets: list[Longs] = []
        self._clear()

    def add(
        self,
        place: int,
        texts: Iterable[tuple[Field, str]],
        title_words: Iterable[str],
        affiliation_words: Iterable[str],
    ) -> None:
        """Take the next paper.

        Args:
            place: where it is among all papers.
            texts: its texts with what they are, in the order in which phrases are looked for.
            title_words: words that count like those of its title.
            affiliation_words: words that count like those of its affiliations.
        """
        number = 0
        for field, text in texts:
            length = len(self._stream)
            self._stream.extend(self._numbers(text) if field is not Field.ABSTRACT else self._read(text))
            self._lengths.append(len(self._stream) - length)
            self._fields.append(field)
            number += 1
        self._counts.append(number)
        self._places.append(place)
        for field, words in ((Field.TITLE, title_words), (Field.AFFILIATION, affiliation_words)):
            for word in words:
                self._more.extend((self._words[word], place, field))
        if len(self._places) == _PAPERS_AT_ONCE:
            self._flush()

    def read(self) -> Reading:
        """Return all papers that were taken."""
        self._flush()
        bounds = bounds_of(np.concatenate(self._bounds)) if self._bounds else np.zeros(1, np.int64)
        values = np.concatenate(self._rows) if self._rows else np.zeros(0, np.int32)
        return Reading(list(self._words), Rows(bounds, values), self._texts, self._facets)

    def _clear(self) -> None:
        self._stream = array("q")
        self._lengths = array("q")
        self._fields = array("q")
        self._counts = array("q")
        self._places = array("q")
        self._more = array("q")

    def _read(self, text: str) -> Iterator[int]:
        return map(self._compounds.__getitem__, compounds(text))

    def _numbers(self, text: str) -> list[int]:
        """Return the compounds of a text of which others may have the same."""
        numbers = self._short.get(text)
        if numbers is None:
            numbers = self._short[text] = list(self._read(text))
        return numbers

    def _flush(self) -> None:
        """Turn what was taken into rows and entries."""
        stream, lengths = np.array(self._stream, np.int64), np.array(self._lengths, np.int64)
        fields, counts = np.array(self._fields, np.int64), np.array(self._counts, np.int64)
        places = np.repeat(np.array(self._places, np.int64), counts)
        more = np.array(self._more, np.int64).reshape(-1, 3).T
        self._clear()
        ends = np.cumsum(lengths)
        words, word_lengths = _expanded(stream, ends, self._compounds.in_order)
        others, other_lengths = _expanded(stream, ends, self._compounds.others)
        self._rows.append(np.insert(words, np.cumsum(word_lengths), -fields - 1).astype(np.int32))
        self._bounds.append(np.add.reduceat(word_lengths + 1, bounds_of(counts)[:-1]) if len(counts) else counts)
        all_words = np.concatenate([words, others, more[0]])
        all_places = np.concatenate([np.repeat(places, word_lengths), np.repeat(places, other_lengths), more[1]])
        all_fields = np.concatenate([np.repeat(fields, word_lengths), np.repeat(fields, other_lengths), more[2]])
        for parts, chosen in ((self._texts, all_fields < _FIRST_FACET), (self._facets, all_fields >= _FIRST_FACET)):
            parts.append(counted(all_words[chosen], all_places[chosen], _KINDS[all_fields[chosen]]))


def _expanded(stream: Longs, ends: Longs, forms: tuple["array[int]", "array[int]"]) -> tuple[Longs, Longs]:
    """Return the words of compounds one after another, and how many of them each text has.

    Args:
        stream: the compounds of all texts.
        ends: where each text ends there.
        forms: where each compound's words begin, and these words.
    """
    bounds, numbers = np.array(forms[0], np.int64), np.array(forms[1], np.int64)
    starts = bounds[stream]
    lengths = bounds[stream + 1] - starts
    words = numbers[stretches(starts, lengths)]
    return words, np.diff(bounds_of(lengths)[ends], prepend=0)
