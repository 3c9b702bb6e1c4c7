"""What the bot is: /help, and the welcome when it joins a server."""

import logging
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.audience import Audience, audiences_of
from bot.buttons import view_of
from bot.client import ConferenceBot
from bot.replies import reply
from bot.ui.help import CommandHelp, help_answer, welcome_answer

Interaction = discord.Interaction[ConferenceBot]

FIRST_COMMANDS = ("paper", "search", "help")

log = logging.getLogger(__name__)


class About(commands.Cog):
    """The bot about itself."""

    def __init__(self, bot: ConferenceBot) -> None:
        self._bot = bot

    @app_commands.command()
    async def help(self, interaction: Interaction) -> None:
        """Show what I can do for you."""
        bot = self._bot
        audiences = audiences_of(interaction.user, bot.config.discord)
        entries = [
            CommandHelp(bot.mention(command.qualified_name), command.description, own[0])
            for command in bot.tree.walk_commands()
            if isinstance(command, app_commands.Command)
            and (own := [audience for audience in audiences_for(command) if audience in audiences])
        ]
        edition = bot.desk.edition
        conference = bot.config.conference
        await reply(interaction, help_answer(conference.name, conference.notice, entries, edition.programme))

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Introduce the bot in the server's system channel, or the first channel it may write in."""
        if not self._bot.config.discord.welcome:
            return
        channel = next((place for place in (guild.system_channel, *guild.text_channels) if _may_write(place)), None)
        if channel is None:
            log.info("joined server %s, but may write in none of its channels", guild.id)
            return
        conference = self._bot.config.conference
        mentions = [self._bot.mention(name) for name in FIRST_COMMANDS]
        programme = self._bot.desk.edition.programme
        answer = welcome_answer(conference.name, conference.notice, mentions, programme)
        await channel.send(embed=answer.embed, view=view_of(answer, shareable=False))


def audiences_for(command: app_commands.Command[Any, ..., Any]) -> tuple[Audience, ...]:
    """Return whom a command is for: its `audience` extra, or that of the group it is in; everybody without one."""
    place: app_commands.Command[Any, ..., Any] | app_commands.Group | None = command
    while place is not None:
        if "audience" in place.extras:
            wanted = place.extras["audience"]
            return wanted if isinstance(wanted, tuple) else (Audience(wanted),)
        place = place.parent
    return (Audience.ATTENDEE,)


def _may_write(channel: discord.TextChannel | None) -> bool:
    if channel is None:
        return False
    permissions = channel.permissions_for(channel.guild.me)
    return permissions.view_channel and permissions.send_messages and permissions.embed_links


async def setup(bot: ConferenceBot) -> None:
    """Add the cog; discord.py calls this."""
    await bot.add_cog(About(bot))
