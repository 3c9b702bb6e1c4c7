"""Reminders in a channel before a session opens."""

import asyncio
import logging

import discord
from discord.ext import commands

from bot.audience import is_named
from bot.client import ConferenceBot
from bot.delivery.courier import Courier
from bot.delivery.post import DiscordPost
from bot.due import plan

log = logging.getLogger(__name__)


class Reminders(commands.Cog):
    """Keeps the ledger in step with the programme, and owns the courier that empties it."""

    def __init__(self, bot: ConferenceBot) -> None:
        self._bot = bot
        self._courier: Courier | None = None
        self._running: asyncio.Task[None] | None = None
        self._said_no_channel = False

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Plan what is due; Discord says this again after each reconnection, and planning twice changes nothing."""
        if self._courier is None:
            self._courier = Courier(self._bot.ledger, DiscordPost(self._bot), self._bot.clock)
        await self.replan()
        if self._running is None:
            self._running = asyncio.create_task(self._courier.run(), name="courier")

    @commands.Cog.listener()
    async def on_guild_join(self, _guild: discord.Guild) -> None:
        """Plan for the new server too."""
        await self.replan()

    @commands.Cog.listener("on_guild_channel_create")
    @commands.Cog.listener("on_guild_channel_delete")
    async def on_channels_changed(self, _channel: discord.abc.GuildChannel) -> None:
        """Plan for a channel that has come, and not for one that is gone."""
        await self.replan()

    async def replan(self) -> None:
        """Make the ledger hold what the programme and the configuration want."""
        if self._courier is None:
            return
        bot, wanted = self._bot, self._bot.config.reminders
        channels = [
            channel.id
            for guild in bot.guilds
            for channel in guild.text_channels
            if wanted.channel is not None and is_named(channel, channel.name, (wanted.channel,))
        ]
        if wanted.channel is not None and bot.guilds and not channels and not self._said_no_channel:
            log.warning("reminders.channel: no server has a text channel %r, so nobody is reminded", wanted.channel)
            self._said_no_channel = True
        await self._courier.note_missed()
        due = plan(bot.desk.edition.programme, channels, wanted.leads, bot.clock.now())
        await bot.ledger.plan(due, wanted.threshold)
        self._courier.wake()

    async def cog_unload(self) -> None:
        """Stop the courier."""
        if self._running:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)


async def setup(bot: ConferenceBot) -> None:
    """Add the cog; discord.py calls this."""
    await bot.add_cog(Reminders(bot))
