"""What else goes wrong in a run, besides that the bot is killed."""

import asyncio
import contextlib
import os
import random
import resource
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from enum import StrEnum
from itertools import cycle
from pathlib import Path

from tests.support.stand_in import StandIn, faults


class Trouble(StrEnum):
    """What else goes wrong."""

    NONE = "nothing else"
    SLOW = "a slow Discord"
    COPIES = "two copies on one database"
    STOPPED = "stopped for longer than a lease"
    STOPPED_COPY = "stopped for longer than a lease beside a copy"
    CLOCK = "a clock an hour off"
    FULL = "a full disk"
    LOCKED = "a locked database"
    TRUNCATED = "a truncated database"

    @property
    def has_copy(self) -> bool:
        """Whether a second bot works on the same database."""
        return self in (Trouble.COPIES, Trouble.STOPPED_COPY)

    @property
    def ends_bots(self) -> bool:
        """Whether a bot may end by itself, with a line that says why."""
        return self in (Trouble.FULL, Trouble.LOCKED, Trouble.TRUNCATED)


def in_turn(only: Trouble | None) -> Iterator[Trouble]:
    """Return the troubles of the runs of a campaign: each third one has none but kills."""
    if only:
        return cycle([only])
    others = [trouble for trouble in Trouble if trouble is not Trouble.NONE]
    return cycle(
        trouble for start in range(0, len(others), 2) for trouble in (Trouble.NONE, *others[start : start + 2])
    )


SLOWEST = 1.0
"""The longest that a slow Discord takes for a message, in seconds of the machine's."""


def make_slow(stand_in: StandIn, chance: random.Random) -> None:
    """Let Discord take its time, and sometimes answer that it failed when it did what was asked for."""
    stand_in.fail(
        faults.MESSAGES, faults.done(faults.delayed(faults.html(502), 0.3)), times=1, skip=chance.randrange(6)
    )
    stand_in.fail(faults.MESSAGES, faults.slow(chance.uniform(0.1, SLOWEST)), times=4)
    stand_in.fail(faults.HISTORY, faults.slow(chance.uniform(0.1, 1.0)), times=2)
    stand_in.fail(faults.THREADS, faults.done(faults.delayed(faults.html(502), 0.3)), times=1)
    stand_in.fail(faults.THREADS, faults.slow(chance.uniform(0.1, SLOWEST)), times=2)
    # discord.py does not repeat these, so that it is the bot that has to.
    lost = chance.choice((faults.unavailable(503), faults.done(faults.unavailable(503))))
    stand_in.fail(faults.EDITS, lost, times=chance.randint(0, 3))


async def fill_disk(pid: int, database: Path, seconds: float) -> None:
    """Let no file of a process grow for a while."""
    wal = database.with_name(f"{database.name}-wal")
    size = max(wal.stat().st_size if wal.exists() else 0, 4096)
    with contextlib.suppress(ProcessLookupError):
        soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))
        await asyncio.sleep(seconds)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))


async def lock(database: Path, seconds: float) -> None:
    """Let nobody write into a database for a while, unless the bot writes at this very moment."""
    connection = sqlite3.connect(database, timeout=0, isolation_level=None)
    with closing(connection), contextlib.suppress(sqlite3.OperationalError):
        connection.execute("BEGIN IMMEDIATE")
        try:
            await asyncio.sleep(seconds)
        finally:
            connection.execute("ROLLBACK")


async def stop(pid: int, seconds: float) -> None:
    """Stop a process for a while."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            os.kill(pid, signal.SIGCONT)


def truncate(database: Path, chance: random.Random) -> Path:
    """Cut a database off, wherever, as a broken disk does; return a copy of what it was."""
    kept = database.with_name("kept.sqlite3")
    kept.unlink(missing_ok=True)
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(kept)) as target:
        source.backup(target)
    for name in (f"{database.name}-wal", f"{database.name}-shm"):
        database.with_name(name).unlink(missing_ok=True)
    size = chance.choice((0, 0, chance.randrange(kept.stat().st_size)))
    shutil.copy(kept, database)
    os.truncate(database, size)
    return kept


def restore(kept: Path, database: Path) -> None:
    """Put back what a database was."""
    for name in (f"{database.name}-wal", f"{database.name}-shm"):
        database.with_name(name).unlink(missing_ok=True)
    shutil.move(kept, database)
