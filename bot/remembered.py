"""Answers that many people ask for, remembered."""

from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """So many answers at the most, by what was asked; those go first that nobody has asked for since many others.

    It belongs to what answers never change, and is freed with that.
    """

    def __init__(self, most: int) -> None:
        """Remember at most so many."""
        self._half = max(most // 2, 1)
        self._latest: dict[K, V] = {}
        self._before: dict[K, V] = {}

    def get(self, asked: K, answer: Callable[[], V]) -> V:
        """Return the answer to what is asked, made now if it is not known."""
        known = self._latest.get(asked)
        if known is None:
            known = self._before.get(asked)
            if known is None:
                known = answer()
            if len(self._latest) >= self._half:
                self._before, self._latest = self._latest, {}
            self._latest[asked] = known
        return known
