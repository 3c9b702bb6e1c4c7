"""Which words of many are spelt nearly like another one.

Comparing letter by letter is slow, so only words of nearly the same length are looked at, and of these only those that
have nearly the same letters, whatever their order: that is one operation on two numbers.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from bot.search.flat import Ints, Longs, sizes_of

LONGEST: Final = 40
"""The longest word that is compared letter by letter; longer ones are addresses and the like."""

_SHORTEST: Final = 3
_FEW: Final = 64
"""So many words are compared one by one rather than looked through by their next letters."""

_BITS_OF_AN_ERROR: Final = 2
"""How many bits of `_letters` one error changes at the most: a wrong letter takes one away and adds one."""

_AT_ONCE: Final = 2**12
_CLASSES: Final = 32
_AFTER_ALL: Final = "\U0010ffff"

Letters = NDArray[np.uint64]


class Spellings(NamedTuple):
    """Some words in alphabetical order, each known by its place.

    Attributes:
        words: the words.
        by_length: their places, those of the shortest words first.
        letters: the letters that each of these has.
        starts: where the words of each length begin.
    """

    words: Sequence[str]
    by_length: Ints
    letters: Letters
    starts: Longs

    @classmethod
    def of(cls, words: Sequence[str]) -> Self:
        """Take some words in order."""
        return cls._of(words, _letters(words))

    def renewed(self, words: Sequence[str], was: Ints) -> Self:
        """Take other words, of which those are known that were here at a place other than -1."""
        known = was >= 0
        before = np.empty(len(self.words), np.uint64)
        before[self.by_length] = self.letters
        letters = np.empty(len(words), np.uint64)
        letters[known] = before[was[known]]
        letters[~known] = _letters([words[number] for number in np.flatnonzero(~known).tolist()])
        return self._of(words, letters)

    def like(self, word: str, errors: int) -> list[int]:
        """Return the words that differ from another one by so many errors at the most, in order.

        An error is a letter missing, added, wrong, or swapped with its neighbour.
        """
        if not _SHORTEST <= len(word) <= LONGEST:
            return []
        start = int(self.starts[max(len(word) - errors, _SHORTEST)])
        end = int(self.starts[len(word) + errors + 1])
        different = np.bitwise_count(self.letters[start:end] ^ np.uint64(_letters_of(word)))
        numbers = self.by_length[start:end][different <= errors * _BITS_OF_AN_ERROR]
        if not len(numbers):
            return []
        candidates = [self.words[number] for number in numbers.tolist()]
        distances = cdist([word], candidates, scorer=OSA.distance, score_cutoff=errors, dtype=np.uint8)[0]
        return sorted(numbers[distances <= errors].tolist())

    def beginning_like(self, word: str, limit: int) -> list[int]:
        """Return the first few words that begin like another one with one error, the first letter being right."""
        found: set[int] = set()
        for at in range(1, min(len(word), LONGEST)):
            missed = word[:at] + word[at + 1 :]
            swapped = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
            for beginning in (missed, swapped):
                found.update(beginning_with(self.words, beginning)[:limit])
            for rest in (word[at + 1 :], word[at:]):
                found.update(self._with_any_letter(word[:at], rest, limit))
        return sorted(found)[:limit]

    def _with_any_letter(self, before: str, after: str, limit: int) -> Iterator[int]:
        """Yield the words that begin with two texts and any letter between them, the first few for each letter."""
        among = beginning_with(self.words, before)
        place = among.start
        while place < among.stop:
            if among.stop - place <= _FEW:
                yield from (number for number in range(place, among.stop) if self._goes_on(number, before, after))
                return
            if len(self.words[place]) == len(before):
                place += 1
                continue
            begun = before + self.words[place][len(before)]
            yield from beginning_with(self.words, begun + after, place, among.stop)[:limit]
            place = bisect_left(self.words, begun + _AFTER_ALL, place, among.stop)

    def _goes_on(self, number: int, before: str, after: str) -> bool:
        word = self.words[number]
        return len(word) > len(before) and word.startswith(after, len(before) + 1)

    @classmethod
    def _of(cls, words: Sequence[str], letters: Letters) -> Self:
        lengths = np.minimum(sizes_of(words), LONGEST + 3)
        by_length = np.argsort(lengths.astype(np.uint8), kind="stable").astype(np.int32)
        starts = np.searchsorted(lengths[by_length], np.arange(LONGEST + 4))
        return cls(words, by_length, letters[by_length], starts)


def beginning_with(words: Sequence[str], beginning: str, start: int = 0, end: int | None = None) -> range:
    """Return the places of the words that begin with something, among words in order."""
    first = bisect_left(words, beginning, start, end)
    if first == len(words) or not words[first].startswith(beginning):
        return range(first, first)
    return range(first, bisect_left(words, beginning + _AFTER_ALL, first, end))


def _letters_of(word: str) -> int:
    """Return the same as `_letters` for one word, which takes a tenth of the time."""
    once = twice = 0
    for letter in word:
        bit = 1 << ord(letter) % _CLASSES
        twice |= once & bit
        once |= bit
    return once | twice << _CLASSES


def _letters(words: Sequence[str]) -> Letters:
    """Return for each word a bit for each kind of letter that it has once, and one for each that it has twice.

    Letters of which there are more than kinds share them; one that is added or goes changes a single bit at the most.
    """
    parts = [np.zeros(0, np.uint64)]
    for start in range(0, len(words), _AT_ONCE):
        some = words[start : start + _AT_ONCE]
        owners = np.repeat(np.arange(len(some)), sizes_of(some))
        codes = np.frombuffer("".join(some).encode("utf-32-le", "surrogatepass"), np.uint32) % _CLASSES
        counts = np.bincount(owners * _CLASSES + codes, minlength=len(some) * _CLASSES)
        kinds = np.stack([counts > 0, counts > 1]).reshape(2, -1, _CLASSES).transpose(1, 0, 2)
        parts.append(np.packbits(kinds.reshape(len(some), -1), axis=1, bitorder="little").view(np.uint64)[:, 0])
    return np.concatenate(parts)
