"""Sorting that lets others have a turn.

A list is sorted in one go, and in CPython nothing else runs meanwhile, in any thread: for the words of a large
programme that is long enough to hold up every command. Sorting heap by heap takes as long and can be interrupted.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")

_PREFIX = 2


def in_order(items: Iterable[T], text: Callable[[T], str]) -> list[T]:
    """Return items in the order of their texts; those with the same text keep the order they came in."""
    heaps: dict[str, list[T]] = {}
    for item in items:
        heaps.setdefault(text(item)[:_PREFIX], []).append(item)
    return [item for prefix in sorted(heaps) for item in sorted(heaps[prefix], key=text)]
