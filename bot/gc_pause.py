"""Building something large in a thread without holding up everything else."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_YOUNG: Final = (1_000, 3, 1_000_000_000)
"""After how many new objects the youngest are collected, after how many times of that the next, and all: never.

A collection holds everything up for as long as it takes to look at so many objects: with 2,000 and 10 up to 12 ms.
"""

_before: list[tuple[int, int, int]] = []
"""How things were before each of the pauses that are under way."""


@contextmanager
def gc_paused() -> Iterator[None]:
    """Build something large and long-lived in a thread while the event loop goes on answering.

    A full collection of garbage looks at every object there is, and everything waits for it; while millions of objects
    are made, one follows another. So none takes place: only young objects are looked at, a few thousand at a time, for
    the reader of LaTeX leaves circles behind with every text. What was made is then set aside, where later collections
    need not look. Objects are still freed when nothing refers to them; only cycles among those set aside are not.

    Pauses may overlap, but are begun and ended on the event loop's thread alone.
    """
    _before.append(gc.get_threshold())
    gc.set_threshold(*_YOUNG)
    try:
        yield
    finally:
        threshold = _before.pop()
        gc.collect(1)
        gc.freeze()
        # Whichever pause ends last finds how things were before the first.
        gc.set_threshold(*threshold)
