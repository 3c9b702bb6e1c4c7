"""The words a programme uses, and which of them a typed word may mean."""

from bisect import bisect_left
from collections.abc import Iterable

from rapidfuzz.distance import OSA

from bot.search.words import stem

EXACT = 1.0
INFLECTED = 0.9
PREFIX = 0.8
MISSPELT = 0.7

_PREFIX_LIMIT = 200


class Vocabulary:
    """A set of folded words with ways into it: by stem, by beginning, by likeness."""

    def __init__(self, words: Iterable[str]) -> None:
        self._sorted = sorted(set(words))
        self._words = frozenset(self._sorted)
        self._by_stem: dict[str, list[str]] = {}
        self._by_length: dict[int, list[str]] = {}
        for word in self._sorted:
            self._by_stem.setdefault(stem(word), []).append(word)
            self._by_length.setdefault(len(word), []).append(word)

    def __contains__(self, word: object) -> bool:
        return word in self._words

    def meanings(self, word: str, *, unfinished: bool = False) -> dict[str, float]:
        """Return the words a typed word may stand for, each with how sure that is (1 is certain).

        A word that exists, in any inflection, is never taken for another one's misspelling.

        Args:
            word: a folded word.
            unfinished: whether more letters may follow.
        """
        found = dict.fromkeys(self._by_stem.get(stem(word), ()), INFLECTED)
        if word in self._words:
            found[word] = EXACT
        if unfinished:
            for longer in self._beginning_with(word):
                found.setdefault(longer, PREFIX * (0.5 + 0.5 * len(word) / len(longer)))
        return found or self._misspelt(word, unfinished=unfinished)

    def split(self, word: str) -> tuple[str, str] | None:
        """Return the two words that were typed without the space between them, or None."""
        for cut in range(len(word) - 2, 1, -1):
            left, right = word[:cut], word[cut:]
            if len(left) >= 2 and len(right) >= 2 and left in self._words and right in self._words:
                return left, right
        return None

    def _beginning_with(self, word: str) -> list[str]:
        start = bisect_left(self._sorted, word)
        found = []
        for longer in self._sorted[start : start + _PREFIX_LIMIT]:
            if not longer.startswith(word):
                break
            found.append(longer)
        return found

    def _misspelt(self, word: str, *, unfinished: bool) -> dict[str, float]:
        """Return the words within one or two typing errors, the nearest only."""
        allowed = _errors_allowed(word)
        if not allowed:
            return {}
        nearest: dict[str, int] = {}
        reach = 6 if unfinished else allowed
        for length in range(len(word) - allowed, len(word) + reach + 1):
            for candidate in self._by_length.get(length, ()):
                compared = candidate[: len(word)] if length > len(word) + allowed else candidate
                distance = OSA.distance(word, compared, score_cutoff=allowed)
                if distance <= allowed:
                    nearest[candidate] = distance
        best = min(nearest.values(), default=0)
        return {
            candidate: MISSPELT / distance * (0.8 + 0.2 * (candidate[0] == word[0]))
            for candidate, distance in nearest.items()
            if distance == best
        }


def _errors_allowed(word: str) -> int:
    if len(word) < 4 or word.isdigit():
        return 0
    return 1 if len(word) < 8 else 2
