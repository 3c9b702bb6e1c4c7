"""The words a programme uses, and which of them a typed word may mean."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Self

import numpy as np

from bot.remembered import Remembered
from bot.search.flat import Ints
from bot.search.spellings import LONGEST, Spellings, beginning_with
from bot.search.stems import Stems, StemTable
from bot.search.turns import in_order
from bot.search.words import one_number, stem

EXACT = 1.0
SAME = 0.72
INFLECTED = 0.65
PREFIX = 0.4
MISSPELT = 0.7
"""How sure it is that a word is meant by one that was typed.

It is that very word, it in the other number or in the spelling of the other side of the Atlantic, otherwise inflected,
longer, or with one slip.

Of titles that have all the words, one with a word as typed comes before a shorter one with its other number. With
0.9 for the latter, 5 of 500 questions of a topic and a word, and 2 of an author and a word, made from ACL 2022 and ICLR
2020, no longer have a paper first that fits. In the other number and spelling as many do.

In `tests.search.bench_search` on ACL 2022, 0.5 or 0.8 for an inflected word and 0.5 or 0.9 for a misspelt one change
three first places in 1,000 at the most; 0.2 or 0.6 for a longer one change 15, nearly all of them acronyms'.
"""

_WRONG_FIRST_LETTER = 0.8
"""What a correction is still worth that changes the first letter, which people seldom get wrong."""

LIKELY = MISSPELT * _WRONG_FIRST_LETTER
"""How sure the least likely of the words is that differ from the typed one by a single error."""

_SHORTEST = 4
"""How many letters a word needs to be taken for another's misspelling: a shorter one is like too many others."""

_SHORTEST_WITH_TWO_ERRORS = 8
_SHORTEST_BESIDE_OTHERS = 6
"""How many letters a word needs to be taken for another one with two errors, and where other words tell which one."""

_FEW = 64
"""How many words may be meant by one misspelt word at the most; 16 or 256 change nothing in the benchmark."""

_REMEMBERED = 2**11
"""Of how many typed words is remembered what they may mean: people use the same ones. It takes 1 to 2 MB."""


@dataclass(frozen=True, slots=True)
class Meanings:
    """What a typed word may stand for.

    Attributes:
        words: the ids of words, each with how sure that is: 1 is certain.
        longer: the ids of the words that begin with it, when more letters may follow.
        corrected: whether the word is not one of the vocabulary's and was taken for another one's misspelling.
    """

    words: Mapping[int, float]
    longer: range = range(0)
    corrected: bool = False

    def __bool__(self) -> bool:
        return bool(self.words or self.longer)


class Vocabulary:
    """Folded words in alphabetical order, each known by its place, with ways in: by stem, by beginning, by likeness.

    Attributes:
        words: the words in order.
        stems: the words of each stem.
        spellings: the words by length and letters.
    """

    def __init__(self, words: Iterable[str]) -> None:
        """Take some words in any order."""
        in_a_row = in_order(set(words), str)
        self._take(in_a_row, StemTable.of(in_a_row), Spellings.of(in_a_row))

    @classmethod
    def made_of(cls, words: Sequence[str], stems: StemTable, spellings: Spellings) -> Self:
        """Return a vocabulary of which all is known: see the attributes."""
        vocabulary = cls.__new__(cls)
        vocabulary._take(words, stems, spellings)  # noqa: SLF001 - its own
        return vocabulary

    def renewed(self, words: Sequence[str], was: Ints, stems: Stems | None = None) -> "Vocabulary":
        """Return a vocabulary that has much in common with this one.

        Args:
            words: its words in order.
            was: the place of each in this vocabulary, or -1.
            stems: the stem of each, where it is known already.
        """
        if len(was) == len(self) and np.array_equal(was, np.arange(len(was))):
            return self
        table = StemTable.in_order(self.stems.stems_of(words, was) if stems is None else stems)
        return Vocabulary.made_of(words, table, self.spellings.renewed(words, was))

    def _take(self, words: Sequence[str], stems: StemTable, spellings: Spellings) -> None:
        self.words, self.stems, self.spellings = words, stems, spellings
        self._meanings: Remembered[tuple[str, bool], Meanings] = Remembered(_REMEMBERED)
        self._neighbours: Remembered[str, Mapping[int, float]] = Remembered(_REMEMBERED)

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self.id(word) is not None

    def id(self, word: str) -> int | None:
        """Return the id of a word, or None for one that is not in the vocabulary."""
        # No dictionary: it would be made anew at each change and each start, and take more room than the words.
        place = bisect_left(self.words, word)
        return place if place < len(self.words) and self.words[place] == word else None

    def meanings(self, word: str, *, unfinished: bool = False) -> Meanings:
        """Return the words a typed word may stand for.

        A word that exists, in either number and spelling, is never taken for another one's misspelling. One that has
        nothing but a stem with others in common may be: "usae" is no form of "USA".

        Args:
            word: a folded word.
            unfinished: whether more letters may follow.
        """
        return self._meanings.get((word, unfinished), lambda: self._meant(word, unfinished=unfinished))

    def neighbours(self, word: str) -> Mapping[int, float]:
        """Return the other words that an existing word may have been meant to be, had it one error."""
        return self._neighbours.get(word, lambda: self._near(word))

    def _meant(self, word: str, *, unfinished: bool) -> Meanings:
        same = one_number(word)
        found = {
            number: SAME if one_number(self.words[number]) == same else INFLECTED
            for number in self.stems.having(stem(word))
        }
        if (number := self.id(word)) is not None:
            found[number] = EXACT
        longer = beginning_with(self.words, word) if unfinished else range(0)
        if found and not longer and max(found.values()) == INFLECTED and len(word) >= _SHORTEST:
            found = {**self._likely(word, self.spellings.like(word, 1), 1), **found}
        if found or longer:
            return Meanings(found, longer)
        return Meanings(self._misspelt(word, unfinished=unfinished), corrected=True)

    def _near(self, word: str) -> dict[int, float]:
        found = self._likely(word, self.spellings.like(word, 1), 1)
        found.pop(-1 if (number := self.id(word)) is None else number, None)
        return found

    def far(self, word: str, spread: Callable[[int], int], *, several: bool) -> dict[int, float]:
        """Return the words that one may have been meant to be that nobody has, had it two errors.

        A short one has a single error, and is taken for another one beside others only.

        Args:
            word: a folded word.
            spread: tells how many papers have a word; of many, those of most papers that begin likewise are likeliest.
            several: whether there are others that tell which one is meant.
        """
        if several and len(word) < _SHORTEST and not word.isdigit():
            return self._likely(word, self.spellings.like(word, 1), 1)
        if len(word) < (_SHORTEST_BESIDE_OTHERS if several else _SHORTEST_WITH_TWO_ERRORS - 1):
            return {}
        far = self.spellings.like(word, 2)
        if len(far) > _FEW:
            far = nsmallest(_FEW, far, key=lambda number: (self.words[number][0] != word[0], -spread(number)))
        return self._likely(word, far, 2)

    def splits(self, word: str) -> Iterator[tuple[int, int]]:
        """Yield each two words that may have been typed without the space between them."""
        for cut in range(min(len(word), LONGEST) - 3, 2, -1):
            left, right = self.id(word[:cut]), self.id(word[cut:])
            if left is not None and right is not None:
                yield left, right

    def _misspelt(self, word: str, *, unfinished: bool) -> dict[int, float]:
        if len(word) < _SHORTEST or word.isdigit():
            return {}
        if near := self.spellings.like(word, 1):
            return self._likely(word, near, 1)
        if any(True for _ in self.splits(word)):
            return {}  # it is two words without the space between them rather than one that is farther off
        if unfinished and (near := self.spellings.beginning_like(word, _FEW)):
            return {number: sure * PREFIX for number, sure in self._likely(word, near, 1).items()}
        far = self.spellings.like(word, 2)[:_FEW] if len(word) >= _SHORTEST_WITH_TWO_ERRORS else []
        return self._likely(word, far, 2)

    def _likely(self, word: str, numbers: Iterable[int], errors: int) -> dict[int, float]:
        """Return some words with how sure it is that they are meant by one with so many errors."""
        sure = MISSPELT / errors
        return {number: sure if self.words[number][0] == word[0] else sure * _WRONG_FIRST_LETTER for number in numbers}
