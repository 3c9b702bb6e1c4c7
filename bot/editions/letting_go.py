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

from bot.editions.model import Edition

_AT_ONCE = 200
"""How many things are freed without letting others go on in between."""


def let_go_later(edition: Edition) -> None:
    """See to it that an edition is freed piece by piece once nobody uses it any more."""
    programme = edition.programme
    parts: list[object] = [*programme.papers.values(), *programme.people.values(), *programme.sessions]
    parts += edition.memory.words.held()
    if origin := edition.origin.value:
        parts += (*origin.source.papers, *origin.corrected.papers, *origin.source.sessions, *origin.corrected.sessions)
    weakref.finalize(edition, _let_go_in_thread, parts).atexit = False


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
    threading.Thread(target=_let_go, args=(parts,), name="letting go", daemon=True).start()


def _let_go(parts: list[object]) -> None:
    while parts:
        del parts[-_AT_ONCE:]
