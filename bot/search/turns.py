"""What takes long for the words of a large programme, done so that others have a turn in between.

A list is sorted, and a dictionary is filled, in one go, and in CPython nothing else runs meanwhile, in any thread: long
enough to hold up every command. Doing it part by part takes as long and can be interrupted.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TypeVar

import numpy as np

from bot.search.flat import Ints

T = TypeVar("T")

_PREFIX: Final = 2
_AT_ONCE: Final = 2**12


def in_order(items: Iterable[T], text: Callable[[T], str]) -> list[T]:
    """Return items in the order of their texts; those with the same text keep the order they came in."""
    heaps: dict[str, list[T]] = {}
    for item in items:
        heaps.setdefault(text(item)[:_PREFIX], []).append(item)
    return [item for prefix in sorted(heaps) for item in sorted(heaps.pop(prefix), key=text)]


def each_in_order(texts: Iterable[str]) -> list[str]:
    """Return texts in order, each once."""
    heaps: dict[str, set[str]] = {}
    for text in texts:
        heaps.setdefault(text[:_PREFIX], set()).add(text)
    return [text for prefix in sorted(heaps) for text in sorted(heaps.pop(prefix))]


def numbered(words: Sequence[str], numbers: Sequence[int]) -> dict[str, int]:
    """Return the number of each word."""
    found: dict[str, int] = {}
    for start in range(0, len(words), _AT_ONCE):
        found.update(zip(words[start : start + _AT_ONCE], numbers[start : start + _AT_ONCE], strict=True))
    return found


def numbers_of(words: Sequence[str], numbers: Mapping[str, int]) -> Ints:
    """Return the numbers of words one after another."""
    found = np.empty(len(words), np.int32)
    for start in range(0, len(words), _AT_ONCE):
        part = words[start : start + _AT_ONCE]
        found[start : start + len(part)] = [numbers[word] for word in part]
    return found
