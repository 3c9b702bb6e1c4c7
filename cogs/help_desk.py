"""Turning to people: /help-desk, and "Report this message" in the menu of a message."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ConferenceBot
from bot.ui.interaction import Interaction

REPORT = "Report this message"


class HelpDeskCommands(commands.Cog):
    """Leads to those on duty, and to the conduct team."""

    def __init__(self, bot: ConferenceBot) -> None:
        self._tree = bot.tree
        self._presses = bot.services.help_desk.presses
        self._menu = app_commands.ContextMenu(name=REPORT, callback=self.report)

    async def cog_load(self) -> None:
        """Add the menu, which discord.py does not find in a cog by itself."""
        self._tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Take the menu away again."""
        self._tree.remove_command(self._menu.name, type=self._menu.type)

    @app_commands.command(name="help-desk")
    async def ask(self, interaction: Interaction) -> None:
        """Ask those on duty for help, or report how somebody behaves."""
        await self._presses.ask(interaction)

    async def report(self, interaction: Interaction, message: discord.Message) -> None:
        """Report a message to those on duty, or to the conduct team."""
        await self._presses.report(interaction, message)


async def setup(bot: ConferenceBot) -> None:
    """Add the command and the menu; discord.py calls this."""
    await bot.add_cog(HelpDeskCommands(bot))
