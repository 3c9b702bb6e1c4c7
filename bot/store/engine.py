"""Opening the SQLite file: its settings, its transactions, its migrations."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import wraps
from pathlib import Path
from typing import Any, Final, ParamSpec, Self, TypeVar

from alembic.util.exc import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.orm import configure_mappers

from bot.errors import UserError
from bot.store.backup import back_up_before_migration
from bot.store.files import check_not_lost, make_if_missing, make_private, mark, was_made
from bot.store.migrations import migrate

P = ParamSpec("P")
R = TypeVar("R")

BUSY_TIMEOUT = 30_000
"""How long a statement waits for the lock of another program that has the file open, in milliseconds."""

_LAST_READERS = 10
"""How long closing waits for those who still read, in seconds."""

_READERS = 8
"""How many may read at once; the next waits for one of them, never for a writer."""

_PATIENCE_FOR_READERS = 200
"""How long emptying the log waits for those who read, in milliseconds; nobody else can write meanwhile."""

_RESTORE = "Restore a copy of it: python -m bot restore FILE."

_migrating: Final = threading.Lock()

DURABILITY = "FULL"
"""How surely a transaction is kept once it is made: SQLite's `synchronous`.

What is claimed must be on the disk before its message is sent. NORMAL, which many take with a write-ahead log, loses
the last transactions when the power fails: a message that was sent would be planned still, under no mark to find it by,
and be sent again. FULL waits for the disk at each transaction, some milliseconds, and only the one writer does.
"""


class Database:
    """The SQLite file. Open it with `Database.open`, and close it.

    Those who want to write take turns in the order in which they came: SQLite lets one write at a time, does not queue
    the others, and would turn away whoever was unlucky for as long as `BUSY_TIMEOUT`. Those who read have connections
    of their own, so that they wait for nobody who writes.
    """

    def __init__(self, writing: AsyncEngine, in_one_go: Engine, reading: AsyncEngine) -> None:
        self._writing = writing
        self._in_one_go = in_one_go
        self._thread = ThreadPoolExecutor(1, "database")
        self._reading = reading
        self._turn = asyncio.Lock()
        self._readers = 0
        self._unread = asyncio.Event()
        self._unread.set()
        self._closed = False

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Open the file, make it when it is not there, and bring its tables up to date.

        Only its owner can read the file afterwards. Before its tables are changed it is copied.

        Raises:
            UserError: the path can't be opened, is no SQLite database, was made by a newer version of the bot, or is
                empty where there was a database.
        """
        await asyncio.to_thread(_prepare, path)
        url = URL.create("sqlite+aiosqlite", database=str(path))
        in_one_go = create_engine(url.set(drivername="sqlite"), pool_size=1, max_overflow=0, hide_parameters=True)
        # A transaction that reads first and writes later would fail, not wait, when another wrote in between.
        _configure(in_one_go, begin="BEGIN IMMEDIATE")
        try:
            await asyncio.to_thread(_migrate, in_one_go)
        except DatabaseError as error:
            what_to_do = _RESTORE if was_made(path) else "See database.path."
            if "locked" in str(error.orig):
                what_to_do = "Another program writes into it."
            raise UserError(f"{path}: can't open the database: {error.orig}. {what_to_do}") from None
        except CommandError as error:
            raise UserError(f"{path}: the database was made by another version of the bot: {error}.") from None
        try:
            await asyncio.to_thread(mark, path)
            await asyncio.to_thread(make_private, path)
        except OSError as error:
            raise UserError(f"{path}: can't write beside it: {error.strerror or error}.") from None
        # What an error says is logged, and what people wrote is not to be.
        writing = create_async_engine(url, pool_size=1, max_overflow=0, hide_parameters=True)
        _configure(writing.sync_engine, begin="BEGIN IMMEDIATE")
        reading = create_async_engine(url, pool_size=_READERS, max_overflow=0, hide_parameters=True)
        _configure(reading.sync_engine, "query_only = ON", begin="BEGIN")
        return cls(writing, in_one_go, reading)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Begin a transaction that only reads: it sees the database as it is now, and holds up nobody."""
        if self._closed:
            raise RuntimeError("the database is closed")
        self._readers += 1
        self._unread.clear()
        try:
            async with self._reading.begin() as connection:
                yield connection
        finally:
            self._readers -= 1
            if not self._readers:
                self._unread.set()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Begin a transaction that writes: all or nothing, one at a time, first come, first served."""
        async with self._turn, self._writing.begin() as connection:
            yield connection

    async def write_in_one_go(self, work: Callable[[Connection], R]) -> R:
        """Do a short transaction that writes within one step in a thread, and return what comes of it.

        `write` goes to the driver's thread and back for each statement, and three times more to begin and to end: where
        many write little, that takes more of the processor than all that they write.

        Args:
            work: what is done within the transaction, in the thread.
        """
        async with self._turn:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._do, work)

    def _do(self, work: Callable[[Connection], R]) -> R:
        with self._in_one_go.begin() as connection:
            return work(connection)

    @asynccontextmanager
    async def erase(self) -> AsyncIterator[AsyncConnection]:
        """Begin a transaction that writes, after which what it deletes or replaces stands nowhere in the files.

        SQLite writes zeros in its place, and the log is folded into the file and emptied. Somebody who reads at that
        moment puts the latter off until the next time.
        """
        async with self._turn:
            async with self._writing.begin() as connection:
                before = (await connection.exec_driver_sql("PRAGMA secure_delete")).scalar_one()
                await connection.exec_driver_sql("PRAGMA secure_delete = ON")
                try:
                    yield connection
                finally:
                    await connection.exec_driver_sql(f"PRAGMA secure_delete = {int(before)}")
            await self._empty_log()

    async def _empty_log(self) -> None:
        async with self._writing.connect() as connection:
            # Past SQLAlchemy, which would begin a transaction, in which the log can't be emptied.
            driver: Any = (await connection.get_raw_connection()).driver_connection
            for pragma in (
                f"busy_timeout = {_PATIENCE_FOR_READERS}",
                "wal_checkpoint(TRUNCATE)",
                f"busy_timeout = {BUSY_TIMEOUT}",
            ):
                async with driver.execute(f"PRAGMA {pragma}") as cursor:
                    await cursor.fetchall()

    async def close(self) -> None:
        """Close all connections, after those who still read."""
        self._closed = True
        # Discord's library lets what it has begun for an event go on when it is closed.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LAST_READERS):
                await self._unread.wait()
        # The last one to close folds the log into the file, which takes one that may write.
        await self._reading.dispose()
        await asyncio.to_thread(self._thread.shutdown)
        self._in_one_go.dispose()
        await self._writing.dispose()


def _prepare(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{path}: can't make its folder: {error.strerror or error}.") from None
    check_not_lost(path)
    back_up_before_migration(path)
    try:
        make_if_missing(path)
    except OSError as error:
        raise UserError(f"{path}: can't open the database: {(error.strerror or str(error)).lower()}.") from None


def _migrate(engine: Engine) -> None:
    try:
        # By itself SQLAlchemy does so at the first query, on the event loop, which takes 20 milliseconds.
        configure_mappers()
        # Alembic knows of one migration at a time.
        with _migrating, engine.begin() as connection:
            migrate(connection)
    finally:
        engine.dispose()


def _configure(engine: Engine, *pragmas: str, begin: str) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own, untyped
        # The driver would begin transactions when it pleases and leave table changes outside of them.
        connection.isolation_level = None
        cursor = connection.cursor()
        settings = (
            f"busy_timeout = {BUSY_TIMEOUT}",
            "journal_mode = WAL",
            f"synchronous = {DURABILITY}",
            "foreign_keys = ON",
        )
        for pragma in (*settings, *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


def undisturbed(method: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
    """Let a method that talks to the database come to its end even when whoever awaits it is cancelled.

    A transaction that is broken off between two of the driver's steps may keep its lock, and nobody else could write.
    """

    @wraps(method)
    async def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        task = asyncio.create_task(method(*args, **kwargs), name=method.__qualname__)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            while not task.done():
                with contextlib.suppress(asyncio.CancelledError):  # told again, which changes nothing
                    await asyncio.wait((task,))
            raise

    return wrapper
