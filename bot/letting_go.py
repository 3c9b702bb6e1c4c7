"""Giving memory back without holding up everything else.

Freeing many things at once takes some tens of milliseconds, in which CPython runs nothing else, in any thread.
"""

import asyncio
import ctypes
import logging
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from queue import SimpleQueue
from typing import Any

log = logging.getLogger(__name__)

_AT_ONCE = 200
"""How many things are freed without letting others go on in between."""

_UNTIL_IT_HAS_GONE = 0.1
"""How long to wait, in seconds, for what takes far less than a millisecond once it is its turn."""

TakenApart = Callable[[], Iterable[object]]
"""Returns what something consists of, and holds all of it until it is called."""


def let_go(parts: list[Any], at_once: int = _AT_ONCE) -> None:
    """Free what nobody else uses of some things; it takes a while, and others have a turn in between."""
    while parts:
        del parts[-at_once:]
        time.sleep(0)  # whoever waits for a turn gets it now


def empty(*held: dict[Any, Any] | set[Any]) -> None:
    """Free what dictionaries and sets hold, so that others have a turn in between."""
    for one in held:
        take = one.popitem if isinstance(one, dict) else one.pop
        while one:
            take()


def let_go_later(thing: object, taken_apart: TakenApart, large: Sequence[object] = ()) -> None:
    """See to it that something is freed piece by piece, by another thread, once nobody uses it any more.

    Args:
        thing: what nobody may use any more some day.
        taken_apart: returns its many small parts. It must not hold the thing itself. That other thread calls it, for
            whoever uses the thing last may be the event loop.
        large: what of it takes so long that it is freed by itself.
    """
    weakref.finalize(thing, _letting_go().put, [taken_apart, *large]).atexit = False


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


@cache
def _letting_go() -> "SimpleQueue[list[Any]]":
    """Return what the thread takes up that lets things go.

    There is one for good: whoever starts a thread waits until it runs, behind all those that are at work.
    """
    gone: SimpleQueue[list[Any]] = SimpleQueue()

    def run() -> None:
        while True:
            try:
                _let_go_of(gone.get())  # no name is given to it, which would hold it until the next one
            except Exception:
                log.exception("something was freed all at once")

    threading.Thread(target=run, name="letting go", daemon=True).start()
    return gone


def _let_go_of(held: list[Any]) -> None:
    # This was called while the thing is going: until it has gone, it holds its parts, and would free them itself.
    time.sleep(_UNTIL_IT_HAS_GONE)
    take_apart: TakenApart = held.pop(0)
    let_go(held, 1)  # the large ones first, for a load may be waiting for their room
    parts = list(take_apart())
    del take_apart
    let_go(parts)
    if trim := _malloc_trim():
        trim(0)
