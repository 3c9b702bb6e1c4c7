"""Writing what many people change at the same moment in one transaction."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from sqlalchemy import Connection

from bot.store.engine import Database, undisturbed

T = TypeVar("T")


@dataclass(slots=True)
class _Waiting(Generic[T]):
    """A change to be written; `written` is why it could not be."""

    change: T
    written: BaseException | Literal[True] | None = None


class Together(Generic[T]):
    """Writes changes so that whoever made one goes on only when it is on the disk, and nobody waits for all the others.

    Hundreds press at the same moment, and each transaction waits for the disk. While one is on its way, all that comes
    meanwhile waits together for the next: however many there are, each waits for two transactions at the most.
    """

    def __init__(self, database: Database, keep: Callable[[Connection, Sequence[T]], None]) -> None:
        """Make a writer.

        Args:
            database: where it is written.
            keep: writes some changes within a transaction, in a thread. Their order means nothing: nobody may have two
                on their way that are about the same.
        """
        self._database = database
        self._keep = keep
        self._turn = asyncio.Lock()
        self._waiting: list[_Waiting[T]] = []

    @undisturbed
    async def write(self, change: T) -> None:
        """Return when a change is kept, whatever happens to this process afterwards; raise what kept it from that."""
        mine = _Waiting(change)
        self._waiting.append(mine)
        async with self._turn:
            if mine.written is None:
                all_of_them, self._waiting = self._waiting, []
                changes = [one.change for one in all_of_them]
                try:
                    await self._database.write_in_one_go(lambda connection: self._keep(connection, changes))
                except BaseException as error:
                    for one in all_of_them:
                        one.written = error
                    raise
                for one in all_of_them:
                    one.written = True
        if isinstance(mine.written, BaseException):
            raise mine.written
