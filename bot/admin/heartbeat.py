"""The file by which a running bot shows that it is alive, and how it is."""

import asyncio
import logging
import threading
from pathlib import Path

import msgspec

from bot.admin.alarm import Alarm
from bot.admin.condition import Condition, ConditionReader
from bot.background import BackgroundTasks

INTERVAL = 30
"""How often the bot shows that it is alive, in seconds."""

log = logging.getLogger(__name__)


class Heartbeat:
    """Writes the bot's condition into a file, and has the organizers told of it."""

    def __init__(self, reader: ConditionReader, alarm: Alarm, background: BackgroundTasks, file: Path) -> None:
        self._reader = reader
        self._alarm = alarm
        self._background = background
        self._file = file
        self._turn = asyncio.Lock()
        # A thread goes on when the task that waits for it is cancelled.
        self._writing = threading.Lock()
        self._stopped = False

    async def beat(self) -> None:
        """Write down how the bot is now. What can't be written is logged; whoever reads the file sees its age."""
        # One after the other: a heartbeat is due twice at once when the bot gets connected.
        async with self._turn:
            condition = await self._reader.read(often=True)
            if self._alarm.concerns(condition):
                self._background.start(self._alarm.follow(condition), "alarm")
            try:
                await asyncio.to_thread(self._write, msgspec.json.encode(condition))
            except OSError as error:
                log.warning("%s can't be written: %s", self._file, error.strerror or error)

    async def stop(self) -> None:
        """Take the file away: the bot runs no more."""
        await asyncio.to_thread(self._remove)

    def _write(self, data: bytes) -> None:
        with self._writing:
            if self._stopped:
                return
            # Whoever reads it meanwhile finds the whole of one or of the other.
            whole = self._file.with_name(f"{self._file.name}.new")
            whole.write_bytes(data)
            whole.replace(self._file)

    def _remove(self) -> None:
        with self._writing:
            self._stopped = True
            self._file.unlink(missing_ok=True)


def heartbeat_file(database: Path) -> Path:
    """Return where the file is, beside the database."""
    return database.with_suffix(".heartbeat")


def read_heartbeat(file: Path) -> Condition | None:
    """Return how the bot was when it last showed that it is alive; None where it does not run.

    Raises:
        ValueError: the file is not one of this version's.
    """
    try:
        return msgspec.json.decode(file.read_bytes(), type=Condition)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as error:
        raise ValueError(f"{file}: {error}") from None
