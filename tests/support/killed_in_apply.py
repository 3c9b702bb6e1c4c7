"""Applies a correction and another version to copies of a database, and dies by SIGKILL at every step in turn.

    python -m tests.support.killed_in_apply DATABASE DATA FOLDER

Each copy in the folder is called as the step it was killed before; standard output has the names in their order, the
last of which was not killed.
"""

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bot.clock import SystemClock
from bot.editions.model import KeptCorrection
from bot.editions.rows import EditionStore
from bot.editions.service import Library
from bot.programme.corrections import Correction
from bot.store.engine import Database
from tests.support.loading import loaded

FIX = Correction("paper", "banana", "board", "77")


async def apply(database: Path, data: bytes, step: Callable[[str], None]) -> None:
    """Change the programme, and tell each step before it is done."""
    opened = await Database.open(database)
    library = Library(EditionStore(opened), SystemClock(), {})
    await library.open()
    proposal = await library.propose(loaded(data, "next.json"), 1)
    proposal = replace(proposal, keep=(KeptCorrection(FIX, 1, SystemClock().now()),))

    engine = opened._writing.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *arguments: step(str(arguments[2]).split("\n", 1)[0][:60]))
    event.listen(engine, "commit", lambda _: step("COMMIT"))
    revise = library._versions.revise

    async def written(*arguments: Any) -> int | None:
        number = await revise(*arguments)
        step("the swap")
        return number

    setattr(library._versions, "revise", written)  # noqa: B010 - a method
    library.changed = lambda: step("after the swap")
    await library.apply(proposal)


def killer(at: int) -> Callable[[str], None]:
    """Make something to be told each step, which kills the process before one of them."""
    numbers = count()

    def step(name: str) -> None:
        if next(numbers) == at:
            os.write(1, f"{at}\t{name}\n".encode())
            os.kill(os.getpid(), signal.SIGKILL)

    return step


def main(database: Path, data: bytes, folder: Path) -> None:
    """Kill a child at each step, until one comes to its end."""
    for at in count():
        copy = Path(shutil.copy(database, folder / f"{at}.sqlite3"))
        child = os.fork()
        if not child:
            asyncio.run(apply(copy, data, killer(at)))
            os.write(1, f"{at}\tthe end\n".encode())
            os._exit(0)
        if not os.waitpid(child, 0)[1]:
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]).read_bytes(), Path(sys.argv[3]))
