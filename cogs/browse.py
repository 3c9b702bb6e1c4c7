"""Looking around: /browse."""

from discord import app_commands
from discord.ext import commands

from bot.browsing.model import Facet
from bot.client import ConferenceBot
from bot.services import Services
from bot.ui.interaction import Interaction


class BrowseCommands(commands.Cog):
    """The programme, one menu deeper at a time."""

    def __init__(self, services: Services) -> None:
        self._browsing = services.browsing.service
        self._responder = services.responder

    @app_commands.command()
    @app_commands.describe(by="By what; leave it out to see what there is")
    @app_commands.choices(by=[app_commands.Choice(name=facet.plural, value=facet.value) for facet in Facet])
    async def browse(self, interaction: Interaction, by: str | None = None) -> None:
        """Look around by topic, track, kind, day or room."""
        reader = self._responder.reader_of(interaction)
        await self._responder.send(interaction, await self._browsing.browse(Facet(by) if by else None, reader))


async def setup(bot: ConferenceBot) -> None:
    """Add the command; discord.py calls this."""
    await bot.add_cog(BrowseCommands(bot.services))
