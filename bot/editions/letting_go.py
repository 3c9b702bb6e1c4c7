"""Giving memory back when a programme was replaced, without holding up everything else.

Freeing a large programme at once takes some tens of milliseconds, in which CPython runs nothing else, in any thread.
"""

import asyncio
import ctypes
import sys
import threading
import weakref
from collections.abc import Callable
from functools import cache

from bot.editions.model import Edition, Origin

_AT_ONCE = 200
"""How many things are freed without letting others go on in between."""


def let_go_later(edition: Edition) -> None:
    """See to it that an edition is freed piece by piece once nobody uses it any more."""
    programme = edition.programme
    parts: list[object] = [*programme.papers.values(), *programme.people.values(), *programme.sessions]
    parts += edition.memory.words.held()
    if origin := edition.origin.value:
        parts += parts_of(origin)
    weakref.finalize(edition, _let_go_in_thread, parts).atexit = False


def parts_of(origin: Origin) -> list[object]:
    """Return what an origin consists of."""
    source, corrected = origin.source, origin.corrected
    return [*source.papers, *corrected.papers, *source.sessions, *corrected.sessions]


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


def _let_go_in_thread(parts: list[object]) -> None:
    # Whoever used it last may be the event loop, which must not wait.
    threading.Thread(target=let_go, args=(parts,), name="letting go", daemon=True).start()


def let_go(parts: list[object]) -> None:
    """Free what nobody else uses of some things; it takes a while, and others have a turn in between."""
    while parts:
        del parts[-_AT_ONCE:]
