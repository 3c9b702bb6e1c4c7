"""Builds the welcome in a server."""

import discord

from bot.help.rows import IntroductionStore
from bot.help.service import Introduction
from bot.services.part import Part
from bot.services.shared import Shared


class HelpPart(Part):
    """The welcome."""

    def __init__(self, shared: Shared) -> None:
        self._introduction = Introduction(
            IntroductionStore(shared.database),
            shared.library,
            shared.commands,
            shared.clock,
            shared.config.conference,
            enabled=shared.config.discord.welcome,
        )

    async def furnish(self, guild: discord.Guild, *, joined: bool) -> None:
        """Introduce the bot."""
        await self._introduction.introduce(guild, again=joined)
