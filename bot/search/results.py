"""What a search found."""

import math
from collections.abc import Callable, Sequence
from enum import Enum, auto
from functools import cached_property
from typing import Final, overload

import numpy as np
from numpy.typing import NDArray

from bot.programme.model import Paper
from bot.search.hits import Hit
from bot.search.postings import Worths
from bot.search.ranking import Ranked
from bot.search.vocabulary import Meanings

_CLEAR_MARGIN: Final = 1.8
"""How many times any other's worth of words a paper's must be for it to be what was meant without asking.

Of the attendees' questions in `tests/search`, 89 of 100 are clear with it; three of those mean another paper. With 1.4
there is a fourth, and one of 1,307 in `tests.search.bench_search` instead of none; with 3, 82 of 100 are clear.
"""


class Certainty(Enum):
    """How sure it is which paper free text means."""

    NAMED = auto()
    """It is the paper's key, its title or its board."""

    MEANT = auto()
    """The paper has all its words, and no other paper comes near."""

    UNCLEAR = auto()
    """There are several that may be meant."""

    NOTHING = auto()
    """Nothing is like it."""


class Results(Sequence[Hit]):
    """All papers that answer a query, the best first; what nobody looks at is neither sorted nor made.

    Attributes:
        meanings: what each word that was asked for may stand for.
        corrected: the query with its misspelt words put right, or None when all words were known.
    """

    def __init__(
        self,
        papers: Sequence[Paper],
        first: Sequence[Ranked],
        rest: Worths,
        hits: Callable[[Sequence[tuple[int, float]]], Sequence[Hit]],
        meanings: Sequence[Meanings] = (),
        corrected: str | None = None,
    ) -> None:
        """Take what was found.

        Args:
            papers: all papers of the programme, in its order.
            first: the best papers, in order.
            rest: the scores of all other papers, 0 for what was not found.
            hits: makes the hits of papers, given their places and scores.
            meanings: see the attribute.
            corrected: see the attribute.
        """
        self._papers = papers
        self._first = first
        self._rest = rest
        self._hits = hits
        self._length = len(first) + int(np.count_nonzero(rest))
        self.meanings = meanings
        self.corrected = corrected

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, place: int) -> Hit: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Hit]: ...

    def __getitem__(self, place: int | slice) -> Hit | Sequence[Hit]:
        if isinstance(place, slice):
            return self._hits([self._at(number) for number in range(*place.indices(self._length))])
        return self._hits([self._at(range(self._length)[place])])[0]

    @property
    def first(self) -> int:
        """The place of the first paper in the programme.

        Raises:
            IndexError: nothing was found.
        """
        return self._at(range(self._length)[0])[0]

    @property
    def clear(self) -> bool:
        """Whether by the words alone no other paper comes near the first one."""
        if not self._first:
            return False
        others = max((entry.by_words for entry in self._first[1:]), default=0.0)
        return others < math.inf and self._first[0].by_words >= _CLEAR_MARGIN * others

    def papers(self, limit: int) -> list[Paper]:
        """Return the first papers alone, which takes less than their hits."""
        return [self._papers[self._at(place)[0]] for place in range(min(limit, self._length))]

    def _at(self, place: int) -> tuple[int, float]:
        if place < len(self._first):
            return self._first[place].paper, self._first[place].score
        paper = int(self._others[place - len(self._first)])
        return paper, float(self._rest[paper])

    @cached_property
    def _others(self) -> NDArray[np.int64]:
        found = np.flatnonzero(self._rest)
        return found[np.argsort(-self._rest[found], kind="stable")]
