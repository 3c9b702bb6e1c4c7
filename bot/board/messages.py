"""What a board says at a moment."""

from zoneinfo import ZoneInfo

import discord

from bot.board.answers import BUTTONS, board_embed
from bot.clock import Clock
from bot.delivery.message import OutgoingMessage
from bot.delivery.model import Batch
from bot.editions.service import Library
from bot.programme.days import end_of_day, next_opening
from bot.programme.rooms import in_rooms


class BoardWriter:
    """Writes boards from the programme in use.

    Attributes:
        written: what was written last for each channel, by its id.
    """

    def __init__(self, library: Library, clock: Clock, zone: ZoneInfo) -> None:
        self._library = library
        self._clock = clock
        self._zone = zone
        self.written: dict[int, discord.Embed] = {}

    def embed(self) -> discord.Embed:
        """Return what a board says now."""
        now, sessions = self._clock.now(), self._library.edition.programme.sessions
        today_ends = end_of_day(now, self._zone)
        return board_embed(in_rooms(sessions, now, today_ends), next_opening(sessions, now), now, today_ends)

    async def write(self, batch: Batch) -> OutgoingMessage:
        """Write a board as things are now. Nobody's device makes a sound of it."""
        embed = self.embed()
        self.written[batch.target_id] = embed
        return OutgoingMessage([embed], BUTTONS, silent=True)

    async def outdated(self, _batch: Batch) -> list[str]:
        """Return nothing: a board says what is so when it is written."""
        return []


def says_the_same(one: discord.Embed | None, other: discord.Embed) -> bool:
    """Tell whether two boards say the same, whenever they were written."""
    return one is not None and _undated(one) == _undated(other)


def _undated(embed: discord.Embed) -> dict[str, object]:
    return {name: value for name, value in embed.to_dict().items() if name != "timestamp"}
