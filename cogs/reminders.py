"""Reminders before a session opens: in a channel, and by direct message for those who wish."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ConferenceBot
from bot.replies import reply
from bot.ui.reminders import wish_answer

Interaction = discord.Interaction[ConferenceBot]

_MINUTES = (5, 15, 30, 60, 0)


def _choice(minutes: int) -> str:
    return f"{minutes} minutes before" if minutes else "Not at all"


class Reminders(commands.Cog):
    """Opens the post office, and takes people's wishes for direct messages."""

    def __init__(self, bot: ConferenceBot) -> None:
        self._bot = bot

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Plan what is due; Discord says this again after each reconnection."""
        await self._bot.office.open()

    @commands.Cog.listener("on_guild_join")
    @commands.Cog.listener("on_guild_available")
    @commands.Cog.listener("on_guild_channel_create")
    @commands.Cog.listener("on_guild_channel_delete")
    @commands.Cog.listener("on_guild_channel_update")
    async def on_channels_changed(self, *_changed: discord.Guild | discord.abc.GuildChannel) -> None:
        """Plan for what has come or has got the right name, and not for what is gone."""
        await self._bot.office.replan()
        await self._bot.office.spread_news()

    @commands.Cog.listener()
    async def on_programme_changed(self) -> None:
        """Plan for the programme as it is now, and tell what has changed."""
        await self._bot.office.replan()
        await self._bot.office.spread_news()

    @app_commands.command()
    @app_commands.describe(before="How long before a session that holds your bookmarks")
    @app_commands.choices(before=[app_commands.Choice(name=_choice(minutes), value=minutes) for minutes in _MINUTES])
    async def remindme(self, interaction: Interaction, before: int = 15) -> None:
        """Get a direct message before the sessions that hold your bookmarks."""
        await self._bot.agendas.wish(interaction.user.id, before or None)
        bookmarks = len(self._bot.agendas.of(interaction.user.id))
        await reply(interaction, wish_answer(before or None, bookmarks), always_private=True)

    async def cog_unload(self) -> None:
        """Close the post office."""
        await self._bot.office.close()


async def setup(bot: ConferenceBot) -> None:
    """Add the cog; discord.py calls this."""
    await bot.add_cog(Reminders(bot))
