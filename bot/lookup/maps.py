"""The organizers' pictures that show where the rooms are."""

import asyncio
import logging
from dataclasses import dataclass
from pathlib import Path

from bot.config import Maps
from bot.programme.names import fold

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Map:
    """A picture as an answer shows it.

    Attributes:
        address: where the picture is, for Discord: on the web, or among the files that are handed out with it.
        files: the files that are handed out with it.
    """

    address: str
    files: tuple[tuple[str, bytes], ...] = ()


class RoomMaps:
    """Finds the picture that shows where a room is."""

    def __init__(self, config: Maps) -> None:
        self._all = config.all
        self._own = {fold(room): picture for room, picture in config.rooms.items()}

    async def of(self, room: str) -> Map | None:
        """Return the room's own picture, or the one for every room; None where there is none, or it can't be read."""
        picture = self._own.get(fold(room), self._all)
        if not isinstance(picture, Path):
            return Map(picture) if picture else None
        try:
            data = await asyncio.to_thread(picture.read_bytes)
        except OSError as error:
            log.warning("the map %s can't be read: %s", picture, error)
            return None
        name = f"map{picture.suffix.lower()}"
        return Map(f"attachment://{name}", ((name, data),))
