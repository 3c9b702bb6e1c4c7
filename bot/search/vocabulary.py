"""The words a programme uses, and which of them a typed word may mean."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract_iter

from bot.search.order import in_order
from bot.search.words import stem

EXACT = 1.0
INFLECTED = 0.65
PREFIX = 0.4
MISSPELT = 0.7
"""How sure it is that a word is meant by one that was typed: the same, inflected, longer, or with one slip.

In `tests.search.bench_search` on ACL 2022, 0.5 or 0.8 for an inflected word and 0.5 or 0.9 for a misspelt one change
three first places in 1,000 at the most; 0.2 or 0.6 for a longer one change 15, nearly all of them acronyms'.
"""

_WRONG_FIRST_LETTER = 0.8
"""What a correction is still worth that changes the first letter, which people seldom get wrong."""

_SHORTEST = 4
"""How many letters a word needs to be taken for another's misspelling: a shorter one is like too many others."""

_SHORTEST_WITH_TWO_ERRORS = 8

_LONGEST = 40
"""The longest word that is compared letter by letter; longer ones are addresses and the like."""

_FEW = 64
"""How many words may be meant by one misspelt word at the most; 16 or 256 change nothing in the benchmark."""


@dataclass(frozen=True, slots=True)
class Meanings:
    """What a typed word may stand for.

    Attributes:
        words: the ids of words, each with how sure that is: 1 is certain.
        longer: the ids of the words that begin with it, when more letters may follow.
        corrected: whether the word is not one of the vocabulary's and was taken for another one's misspelling.
    """

    words: dict[int, float]
    longer: range = range(0)
    corrected: bool = False

    def __bool__(self) -> bool:
        return bool(self.words or self.longer)


class Vocabulary:
    """Folded words in alphabetical order, each known by its place, with ways in: by stem, by beginning, by likeness.

    A misspelling is found by what is left when a letter goes: a word and its misspelling have such a remainder in
    common, whichever of the two has a letter too many, too few, wrong or swapped. (The idea is Garbe's "symmetric
    delete" of SymSpell, for one error.) The remainders' hashes are kept sorted in an array, which takes twelve bytes
    for each where a dictionary would take a hundred.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self.words = in_order(set(words), str)
        self._ids = {word: number for number, word in enumerate(self.words)}
        self._stems: dict[str, list[int]] = {}
        for number, word in enumerate(self.words):
            self._stems.setdefault(stem(word), []).append(number)
        self._remainders, self._owners = _remainders(self.words)

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        return word in self._ids

    def id(self, word: str) -> int | None:
        """Return the id of a word, or None for one that is not in the vocabulary."""
        return self._ids.get(word)

    def meanings(self, word: str, *, unfinished: bool = False) -> Meanings:
        """Return the words a typed word may stand for.

        A word that exists, in any inflection, is never taken for another one's misspelling.

        Args:
            word: a folded word.
            unfinished: whether more letters may follow.
        """
        found = dict.fromkeys(self._stems.get(stem(word), ()), INFLECTED)
        if (number := self._ids.get(word)) is not None:
            found[number] = EXACT
        longer = self._beginning_with(word) if unfinished else range(0)
        if found or longer:
            return Meanings(found, longer)
        return Meanings(self._misspelt(word, unfinished=unfinished), corrected=True)

    def neighbours(self, word: str) -> dict[int, float]:
        """Return the other words that an existing word may have been meant to be, had it one error."""
        if not 3 <= len(word) <= _LONGEST:
            return {}
        found = self._one_error(word)
        found.pop(self._ids.get(word, -1), None)
        return found

    def split(self, word: str) -> tuple[int, int] | None:
        """Return the two words that were typed without the space between them, or None."""
        for cut in range(min(len(word), _LONGEST) - 3, 2, -1):
            left, right = self._ids.get(word[:cut]), self._ids.get(word[cut:])
            if left is not None and right is not None:
                return left, right
        return None

    def _beginning_with(self, word: str) -> range:
        start = bisect_left(self.words, word)
        return range(start, bisect_left(self.words, word + "\U0010ffff", lo=start))

    def _misspelt(self, word: str, *, unfinished: bool) -> dict[int, float]:
        if len(word) < _SHORTEST or len(word) > _LONGEST or word.isdigit():
            return {}
        return (
            self._one_error(word) or (self._one_error_before_more(word) if unfinished else {}) or self._two_errors(word)
        )

    def _one_error(self, word: str) -> dict[int, float]:
        hashes = np.fromiter((hash(part) for part in _shortened(word)), np.int64)
        starts = np.searchsorted(self._remainders, hashes, "left")
        ends = np.searchsorted(self._remainders, hashes, "right")
        owners = {int(owner) for start, end in zip(starts, ends, strict=True) for owner in self._owners[start:end]}
        near = (owner for owner in owners if OSA.distance(word, self.words[owner], score_cutoff=1) <= 1)
        return {number: self._likeness(word, number, 1) for number in near}

    def _one_error_before_more(self, word: str) -> dict[int, float]:
        """Return the words whose beginning the unfinished word is with one error, the first letter being right."""
        found: dict[int, float] = {}
        for number in self._beginning_with(word[:1]):
            candidate = self.words[number]
            if any(
                OSA.distance(word, candidate[:length], score_cutoff=1) <= 1
                for length in (len(word) - 1, len(word), len(word) + 1)
            ):
                found[number] = self._likeness(word, number, 1) * PREFIX
                if len(found) == _FEW:
                    break
        return found

    def _two_errors(self, word: str) -> dict[int, float]:
        if len(word) < _SHORTEST_WITH_TWO_ERRORS:
            return {}
        found: dict[int, float] = {}
        for _, _, number in extract_iter(word, self.words, scorer=OSA.distance, score_cutoff=2):
            found[number] = self._likeness(word, number, 2)
            if len(found) == _FEW:
                break
        return found

    def _likeness(self, word: str, number: int, errors: int) -> float:
        """Return how sure a correction is."""
        return MISSPELT / errors * (1.0 if self.words[number][0] == word[0] else _WRONG_FIRST_LETTER)


def _remainders(words: list[str]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the sorted hashes of all words' remainders, and the word that each belongs to."""
    counts = [len(word) + 1 if 3 <= len(word) <= _LONGEST else 0 for word in words]
    hashes = np.fromiter(
        (hash(part) for word, count in zip(words, counts, strict=True) if count for part in _shortened(word)),
        np.int64,
        count=sum(counts),
    )
    owners = np.repeat(np.arange(len(words), dtype=np.int32), counts)
    order = np.argsort(hashes, kind="stable")
    return hashes[order], owners[order]


def _shortened(word: str) -> Iterator[str]:
    """Yield a word whole and without each of its letters in turn."""
    yield word
    for position in range(len(word)):
        yield word[:position] + word[position + 1 :]
