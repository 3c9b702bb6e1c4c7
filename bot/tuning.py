"""How Python and the C library treat this process, whose programme is loaded in threads while people are answered."""

import asyncio
import ctypes
import gc
import sys
import threading
from typing import Final

_SWITCH: Final = 0.0005
"""How long a thread may run before another one gets its turn, in seconds: a tenth of CPython's default.

Whatever is worked out in a thread, the event loop waits for so long each time it wakes.
"""

_SELDOM: Final = (1_000, 5, 400)
"""After how many new objects the youngest are looked at for garbage, after how many times of that the next, and all.

That is all after two million; by CPython's own rule it is after 70,000, as soon as they are a quarter of what is not
set aside. Then with 2,000 people in a minute it was every other second, and each time everybody waited for 0.17 s.
"""

_MMAP_THRESHOLD: Final = 2**20
"""What is larger, in bytes, has memory of its own, which goes back to the system the moment it is freed.

By itself glibc raises its threshold to the largest array that was ever freed, and keeps the holes that such arrays
leave. After five reloads of 20,000 papers that was 40 MB; the time stayed the same.
"""

_THREADS: Final = 4
"""How many threads there are from the beginning for what is slow: asyncio has five of them at least."""

# From glibc's malloc.h.
_M_MMAP_THRESHOLD: Final = -3
_M_ARENA_MAX: Final = -8


async def start_threads() -> None:
    """Start the threads in which this event loop has slow things done.

    By itself it starts one when all are at work, and waits, behind all of these, until that has had its first turn.
    """
    all_there = threading.Barrier(_THREADS)
    await asyncio.gather(*(asyncio.to_thread(all_there.wait) for _ in range(_THREADS)))


def tune() -> None:
    """Tune this process; to do so again changes nothing. Call it before there are threads."""
    sys.setswitchinterval(min(sys.getswitchinterval(), _SWITCH))
    gc.set_threshold(*_SELDOM)
    if not sys.platform.startswith("linux"):
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library, such as musl
        return
    mallopt(_M_MMAP_THRESHOLD, _MMAP_THRESHOLD)
    # What one thread has freed, another one can use: only one of them runs Python at a time.
    mallopt(_M_ARENA_MAX, 1)
