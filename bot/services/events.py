"""Builds Discord's own events, one for each session."""

import discord

from bot.events.service import EventService
from bot.services.part import Part
from bot.services.shared import Shared


class EventPart(Part):
    """Events."""

    def __init__(self, shared: Shared) -> None:
        self._background = shared.background
        self.service = EventService(shared.library, shared.channels, shared.clock, enabled=shared.config.discord.events)

    def begin(self) -> None:
        """Make further events as earlier ones are over."""
        self.service.open()

    def programme_changed(self) -> None:
        """Bring the events up to date."""
        self._background.start(self.service.update_all(), "events")

    async def furnish(self, guild: discord.Guild, *, joined: bool) -> None:  # noqa: ARG002 - the same either way
        """Bring a server's events up to date."""
        await self.service.update(guild)

    async def stop(self) -> None:
        """Make no further events."""
        await self.service.close()
