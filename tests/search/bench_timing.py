"""How long something takes in a thread, and how long the event loop waits meanwhile."""

import asyncio
import gc
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bot.gc_pause import gc_paused

T = TypeVar("T")

TIMED = "| what | CPU s | wall s | event loop held, ms | memory, MiB more |\n| --- | ---: | ---: | ---: | ---: |"
"""The head of the table of which `timed` prints the rows."""

_TICK = 0.001
"""How often the event loop wants a turn, in seconds."""


async def timed(what: str, do: Callable[[], T]) -> T:
    """Do something in a thread, and print how long it took and how long the event loop waited meanwhile."""
    waits = [0.0]
    done = asyncio.Event()

    async def tick() -> None:
        while not done.is_set():
            start, worked = time.perf_counter(), time.process_time()
            await asyncio.sleep(_TICK)
            # On a busy machine a process also waits for others: then its own work alone counts.
            waits.append(min(time.perf_counter() - start - _TICK, time.process_time() - worked) * 1000)

    gc.collect()
    before, ticking = _resident(), asyncio.create_task(tick())
    wall, cpu = time.perf_counter(), time.process_time()
    with gc_paused():
        made = await asyncio.to_thread(do)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    done.set()
    await ticking
    more = (_resident() - before) / 1024
    print(f"| {what} | {cpu:.3f} | {wall:.3f} | {max(waits):.1f} | {more:.1f} |")
    return made


def _resident() -> float:
    """Return the process's resident memory in KiB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024
