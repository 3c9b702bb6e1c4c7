"""Builds the places where people talk about papers and sessions."""

from collections.abc import Iterable

import discord

from bot.discussion.presses import DiscussionPresses
from bot.discussion.rows import PlaceStore
from bot.discussion.service import Places
from bot.services.part import Part
from bot.services.shared import Shared


class DiscussionPart(Part):
    """Places. Other parts add to what their first messages show."""

    def __init__(self, shared: Shared) -> None:
        config, clock = shared.config.discussion, shared.clock
        self.places = Places(
            PlaceStore(shared.database),
            shared.library,
            shared.channels,
            shared.background,
            clock,
            config,
            shared.discord_time.now,
        )
        self.places.recorded = shared.log_channel.show
        presses = DiscussionPresses(self.places, shared.channels, shared.responder, clock, config.opened_per_hour)
        presses.register(shared.presses)

    async def open(self) -> None:
        """Read which places there are."""
        await self.places.load()

    def begin(self) -> None:
        """Keep the places."""
        self.places.begin()

    def programme_changed(self) -> None:
        """Bring the places into step."""
        self.places.programme_changed()

    def channels_changed(self) -> None:
        """Take up channels that have come, and forget the places of those that are gone."""
        self.places.channels_changed()

    def missing(self, guild: discord.Guild) -> Iterable[str]:
        """Return what is missing for people to talk."""
        return self.places.missing(guild)

    async def stop(self) -> None:
        """Keep the places no more."""
        await self.places.close()
