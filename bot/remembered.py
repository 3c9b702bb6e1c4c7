"""Answers that many people ask for, remembered."""

from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """So many answers at the most, by what was asked; when there are as many, all are forgotten.

    It belongs to what answers never change, and is freed with that.
    """

    def __init__(self, most: int) -> None:
        """Remember at most so many."""
        self._most = most
        self._known: dict[K, V] = {}

    def get(self, asked: K, answer: Callable[[], V]) -> V:
        """Return the answer to what is asked, made now if it is not known."""
        known = self._known.get(asked)
        if known is None:
            known = answer()
            if len(self._known) >= self._most:
                self._known.clear()
            self._known[asked] = known
        return known
