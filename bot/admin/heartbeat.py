"""The file by which a running bot shows that it is alive, and how it is."""

import asyncio
import logging
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

    async def beat(self) -> None:
        """Write down how the bot is now. What can't be written is logged; whoever reads the file sees its age."""
        condition = await self._reader.read(often=True)
        if self._alarm.concerns(condition):
            self._background.start(self._alarm.follow(condition), "alarm")
        try:
            await asyncio.to_thread(_write, self._file, msgspec.json.encode(condition))
        except OSError as error:
            log.warning("%s can't be written: %s", self._file, error.strerror or error)

    async def stop(self) -> None:
        """Take the file away: the bot runs no more."""
        await asyncio.to_thread(self._file.unlink, missing_ok=True)


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


def _write(file: Path, data: bytes) -> None:
    # Whoever reads it meanwhile finds the whole of one or of the other.
    whole = file.with_name(f"{file.name}.new")
    whole.write_bytes(data)
    whole.replace(file)
