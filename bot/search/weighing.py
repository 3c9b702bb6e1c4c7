"""How much each stem tells of each paper, as a matrix with few entries."""

from collections.abc import Sequence
from itertools import pairwise
from operator import itemgetter
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.search.contents import Contents
from bot.search.flat import Ints, Longs, Rows, bounds_of, owners, spread
from bot.search.query import is_filler
from bot.search.reading import Field
from bot.search.stems import StemTable
from bot.search.turns import in_order
from bot.search.words import stems

Floats: TypeAlias = NDArray[np.float32]

_TITLE_COUNTS: Final = 3.0
"""How often a word of a title counts next to one of an abstract."""

_RAREST: Final = 3
_COMMONEST: Final = 0.2
"""How many papers a word is in at least, and which share of all at most, for it to tell a topic."""

_COMMON_AMONG_FEW: Final = 7
"""In how many papers a word may be where there are few: one topic may be a third of them."""

_AT_ONCE: Final = 2**11
"""How many words are stemmed before others have a turn."""


class Matrix(NamedTuple):
    """How much each stem tells of each paper, in rows of which the squares come to one.

    Attributes:
        stems: the stems that tell something.
        rows: the places of the stems of each paper.
        values: how much each tells.
    """

    stems: Sequence[str]
    rows: Rows
    values: Floats

    def times(self, dense: Floats) -> Floats:
        """Return the product with a matrix that has a row for each stem."""
        bounds: list[int] = self.rows.bounds.tolist()
        made = np.zeros((len(bounds) - 1, dense.shape[1]), np.float32)
        # A row at a time, for what is worked on stays in the processor's cache, and others have a turn in between:
        # numpy's `reduceat` of all rows at once takes four times as long, and lets nothing else run meanwhile.
        for row, (first, last) in enumerate(pairwise(bounds)):
            np.dot(self.values[first:last], dense.take(self.rows.values[first:last], axis=0), out=made[row])
        return made

    def transposed(self) -> "Matrix":
        """Return the papers of each stem, in rows."""
        order = np.argsort(self.rows.values, kind="stable")
        lengths = np.bincount(self.rows.values, minlength=len(self.stems))
        papers = owners(self.rows.bounds).astype(np.int32)[order]
        return Matrix(self.stems, Rows(bounds_of(lengths), papers), self.values[order])

    def sums(self, groups: NDArray[np.integer], count: int) -> Floats:
        """Return what each stem tells of each of so many groups of papers, given the group of each paper."""
        size = len(self.stems)
        places = groups.astype(np.int64)[owners(self.rows.bounds)] * size + self.rows.values
        return np.bincount(places, self.values, count * size).astype(np.float32).reshape(count, size)


class Printed(NamedTuple):
    """The words of all titles and abstracts one after another, and something that is no word after each text.

    Attributes:
        words: the words; a negative number is none.
        papers: the paper of each.
        in_titles: whether each stands in a title.
    """

    words: Ints
    papers: Longs
    in_titles: NDArray[np.bool_]


def printed(rows: Rows) -> Printed:
    """Return the titles and abstracts among texts as an index has them."""
    ends = np.flatnonzero(rows.values < 0)
    fields = spread(np.append(0, ends + 1), -rows.values[ends].astype(np.int64) - 1)
    chosen = (fields == Field.TITLE) | (fields == Field.ABSTRACT)
    return Printed(rows.values[chosen], owners(rows.bounds)[chosen], fields[chosen] == Field.TITLE)


def may_tell(word: str) -> bool:
    """Tell whether a word or stem may say what a paper is about."""
    return len(word) > 2 and word.isalpha() and not is_filler(word)


def tallied(values: Longs) -> tuple[Longs, Longs]:
    """Return the different numbers of an array in order, and how often each is there."""
    ordered = np.sort(values)
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    return ordered[starts], np.diff(starts, append=len(ordered))


def matrix_of(contents: Contents) -> Matrix:
    """Weigh the stems of titles and abstracts: what is frequent in a paper and rare elsewhere tells most."""
    count = len(contents.rows.bounds) - 1
    of_words, examples = _numbered_stems(contents.vocabulary.stems)
    papers, columns, often = _occurrences(printed(contents.rows), of_words, len(examples))
    spread_over = np.bincount(columns, minlength=len(examples))
    most = max(count * _COMMONEST, min(_COMMON_AMONG_FEW, count * 2 * _COMMONEST))
    of_use = np.flatnonzero((spread_over >= min(_RAREST, max(2, count // 20))) & (spread_over <= most))
    words = [contents.vocabulary.words[word] for word in examples[of_use].tolist()]
    names = [name for start in range(0, len(words), _AT_ONCE) for name in stems(words[start : start + _AT_ONCE])]
    named = zip(names, of_use.tolist(), strict=True)
    telling = in_order((one for one in named if may_tell(one[0])), itemgetter(0))
    numbers = np.array([number for _, number in telling], np.int64)
    places = np.full(len(examples), -1, np.int64)
    places[numbers] = np.arange(len(telling))
    columns = places[columns]
    kept = columns >= 0
    papers, columns, often = papers[kept], columns[kept], often[kept]
    values = (1 + np.log(often)) * np.log(count / spread_over[numbers])[columns]
    norms = np.sqrt(np.bincount(papers, values**2, minlength=count))
    values /= np.maximum(norms[papers], 1e-9)
    rows = Rows(bounds_of(np.bincount(papers, minlength=count)), columns.astype(np.int32))
    return Matrix([name for name, _ in telling], rows, values.astype(np.float32))


def _numbered_stems(table: StemTable) -> tuple[Longs, Longs]:
    """Return the number of each word's stem, and for each stem a word that has it."""
    begins = np.ones(len(table.stems), np.bool_)
    begins[1:] = table.stems[1:] != table.stems[:-1]
    of_words = np.empty(len(table.stems), np.int64)
    of_words[table.owners] = np.cumsum(begins) - 1
    return of_words, table.owners[begins].astype(np.int64)


def _occurrences(texts: Printed, of_words: Longs, count: int) -> tuple[Longs, Longs, Longs]:
    """Return each paper with each of its stems, and how often it has it."""
    said = texts.words >= 0
    places = texts.papers[said] * count + of_words[texts.words[said]]
    occurrences, often = tallied(places * 2 + texts.in_titles[said])
    often = np.where(occurrences % 2, often * _TITLE_COUNTS, often)
    ends = np.flatnonzero(np.diff(occurrences // 2, append=-1))
    papers, its_stems = np.divmod(occurrences[ends] // 2, max(count, 1))
    return papers, its_stems, np.diff(np.cumsum(often)[ends], prepend=0)
