"""What papers say without saying it: acronyms where only the long forms stand, and the other way round."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.search.acronyms import Acronym
from bot.search.entries import packed, places_of
from bot.search.flat import Ints, Longs, Rows, bounds_of, distinct, lengths_of, rows_of, stretches
from bot.search.reading import Field

Stems: TypeAlias = NDArray[np.uint64]

_WORDS_AT_ONCE: Final = 2**19
"""How many words of texts are looked at in one go."""


class Implied(NamedTuple):
    """The words that papers imply.

    Attributes:
        entries: an entry for each word of each paper that implies it, in order, without marks.
        by_title: how many things that the paper's title says imply the word.
        by_abstract: the same of its abstract.
    """

    entries: Longs
    by_title: Longs
    by_abstract: Longs


class _Finder:
    """Finds acronyms and their long forms in texts; what each implies is a target, known by its number."""

    def __init__(self, acronyms: Iterable[Acronym], numbers: Mapping[str, int], stems: Stems) -> None:
        targets: dict[tuple[str, ...], int] = {}
        pairs = [
            (numbers[short], targets.setdefault(long, len(targets)), targets.setdefault((short,), len(targets)))
            for short, long in acronyms
        ]
        shorts, longs, names = np.array(pairs, np.int64).reshape(-1, 3).T
        self.targets = rows_of([[numbers[word] for word in target] for target in targets])
        order = np.argsort(shorts, kind="stable")
        begun = bounds_of(np.bincount(shorts, minlength=len(stems) + len(Field)))
        self._shorts = Rows(begun, longs[order].astype(np.int32))
        # Every word of a long form as what it has in common with its inflections; -1 is anything else.
        known = distinct(stems[self.targets.values])
        places = np.searchsorted(known, stems).clip(max=max(len(known) - 1, 0))
        classes = np.where(known[places] == stems, places, -1) if len(known) else np.full(len(stems), -1)
        self._classes = np.concatenate([classes, np.full(len(Field), -1)]).astype(np.int32)
        phrases = Rows(self.targets.bounds, self._classes[self.targets.values])
        self._count = len(known) + 1
        starts = phrases.bounds[longs]
        first, second = phrases.values[starts], phrases.values[starts + 1]
        beginnings = first.astype(np.int64) * self._count + second
        order = np.argsort(beginnings, kind="stable")
        self._beginnings, self._of_beginnings = beginnings[order], names[order]
        longs = longs[order]
        self._phrases = Rows(bounds_of(np.diff(phrases.bounds)[longs]), _taken(phrases, longs))
        # Few words begin anything: one look at each word of a text finds out which.
        is_first, is_second = np.zeros((2, self._count), np.bool_)
        is_first[first] = is_second[second] = True
        self._is_first, self._is_second = is_first[self._classes], is_second[self._classes]
        self._is_short = np.diff(self._shorts.bounds) > 0

    def found(self, words: Ints) -> tuple[Longs, Longs]:
        """Return the places of the words that imply something, and the target of each."""
        at_shorts = np.flatnonzero(self._is_short[words])
        shorts = words[at_shorts]
        at_longs = np.flatnonzero(self._is_first[words[:-1]])
        at_longs = at_longs[self._is_second[words[at_longs + 1]]]
        beginnings = self._classes[words[at_longs]].astype(np.int64) * self._count + self._classes[words[at_longs + 1]]
        second, phrases = _matches(beginnings, self._beginnings)
        places = at_longs[second]
        lengths = np.diff(self._phrases.bounds)[phrases]
        fits = np.ones(len(places), np.bool_)
        for further in range(2, int(lengths.max(initial=0))):
            more = np.flatnonzero(fits & (lengths > further))
            wanted = self._phrases.values[self._phrases.bounds[phrases[more]] + further]
            fits[more] = self._classes[words[np.minimum(places[more] + further, len(words) - 1)]] == wanted
        return (
            np.concatenate([np.repeat(at_shorts, lengths_of(self._shorts.bounds)[shorts]), places[fits]]),
            np.concatenate([_taken(self._shorts, shorts), self._of_beginnings[phrases[fits]]]),
        )


def implied(rows: Rows, acronyms: Sequence[Acronym], numbers: Mapping[str, int], stems: Stems) -> tuple[Implied, Longs]:
    """Return what papers imply in their texts, and the entries of what they imply in their facets.

    Args:
        rows: the words of each paper's texts.
        acronyms: the acronyms.
        numbers: the number of each word.
        stems: what each word has in common with its inflections.
    """
    if not acronyms or not len(rows.values):
        return _summed([]), np.zeros(0, np.int64)
    finder = _Finder(acronyms, numbers, stems)
    texts: list[Longs] = []
    facets: list[Longs] = []
    for first, words in _parts(rows):
        ends = np.flatnonzero(words < 0)
        places, targets = finder.found(words)
        text = np.searchsorted(ends, places)
        said = distinct(text * len(finder.targets.bounds) + targets)
        text, targets = np.divmod(said, len(finder.targets.bounds))
        fields = -words[ends[text]] - 1
        papers = first + np.searchsorted(rows.bounds[first:], ends[text] + rows.bounds[first], side="right") - 1
        lengths = np.diff(finder.targets.bounds)[targets]
        implied_words = _taken(finder.targets, targets)
        entries = packed(implied_words, np.repeat(papers, lengths), np.repeat(fields, lengths))
        fields = np.repeat(fields, lengths)
        texts.append(entries[(fields == Field.TITLE) | (fields == Field.ABSTRACT)])
        facets.append(entries[fields == Field.TOPIC] - Field.TOPIC)
    return _summed(texts), distinct(np.concatenate(facets))


def _parts(rows: Rows) -> Iterator[tuple[int, Ints]]:
    """Yield the words of some papers at a time, with the first paper's place."""
    first, count = 0, len(rows.bounds) - 1
    while first < count:
        end = int(np.searchsorted(rows.bounds, rows.bounds[first] + _WORDS_AT_ONCE, side="right")) - 1
        end = max(end, first + 1)
        yield first, rows.values[rows.bounds[first] : rows.bounds[end]]
        first = end


def _matches(wanted: Longs, among: Longs) -> tuple[Longs, Longs]:
    """Return every pair of places of something wanted and of the same in a sorted array."""
    starts = np.searchsorted(among, wanted, "left")
    lengths = np.searchsorted(among, wanted, "right") - starts
    return np.repeat(np.arange(len(wanted)), lengths), stretches(starts, lengths)


def _taken(rows: Rows, chosen: Longs | Ints) -> Ints:
    """Return the numbers of some rows one after another."""
    starts = rows.bounds[chosen]
    return rows.values[stretches(starts, rows.bounds[chosen + 1] - starts)]


def _summed(parts: Sequence[Longs]) -> Implied:
    """Count entries, each with the field that implies it."""
    every = np.concatenate([*parts, np.zeros(0, np.int64)])
    every.sort()
    places = places_of(every)
    starts = np.flatnonzero(np.diff(places, prepend=-1))
    if not len(starts):
        return Implied(every, every, every)
    by_title = np.add.reduceat((every & 7) == Field.TITLE, starts, dtype=np.int64)
    everywhere = np.diff(starts, append=len(every))
    return Implied(every[starts] & ~7, by_title, everywhere - by_title)
