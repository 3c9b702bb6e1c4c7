"""Giving memory back without holding up everything else.

Freeing many things at once takes some tens of milliseconds, in which CPython runs nothing else, in any thread.
"""

import asyncio
import ctypes
import sys
import threading
import time
import weakref
from collections.abc import Callable, Sequence
from functools import cache

_AT_ONCE = 200
"""How many things are freed without letting others go on in between."""

_UNTIL_IT_HAS_GONE = 0.1
"""How long to wait, in seconds, for what takes far less than a millisecond once it is its turn."""


def let_go(parts: list[object], at_once: int = _AT_ONCE) -> None:
    """Free what nobody else uses of some things; it takes a while, and others have a turn in between."""
    while parts:
        del parts[-at_once:]
        time.sleep(0)  # whoever waits for a turn gets it now


def let_go_later(thing: object, parts: list[object], large: Sequence[object] = ()) -> None:
    """See to it that something is freed piece by piece once nobody uses it any more.

    Args:
        thing: what nobody may use any more some day.
        parts: what it consists of.
        large: what of it takes so long that it is freed by itself.
    """
    if len(parts) > _AT_ONCE or large:
        weakref.finalize(thing, _let_go_in_thread, parts, list(large)).atexit = False


async def give_back_memory() -> None:
    """Return what was freed to the operating system, where the C library keeps it; this takes a while, in a thread."""
    trim = _malloc_trim()
    if trim:
        await asyncio.to_thread(trim, 0)


@cache
def _malloc_trim() -> Callable[[int], int] | None:
    """Return glibc's malloc_trim(3), or None elsewhere."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        trim: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):  # another C library, such as musl
        return None
    return trim


def _let_go_in_thread(parts: list[object], large: list[object]) -> None:
    def both() -> None:
        # This is called while the thing is going: until it has gone, it holds its parts, and would free them itself.
        time.sleep(_UNTIL_IT_HAS_GONE)
        let_go(large, 1)
        let_go(parts)
        if trim := _malloc_trim():
            trim(0)

    # Whoever used it last may be the event loop, which must not wait.
    threading.Thread(target=both, name="letting go", daemon=True).start()
