"""For authors: /mypapers."""

from discord import app_commands
from discord.ext import commands

from bot.client import ConferenceBot
from bot.services import Services
from bot.ui.interaction import Interaction


class AuthorCommands(commands.Cog):
    """What authors do with their papers."""

    def __init__(self, services: Services) -> None:
        self._authors = services.authors.service
        self._own = services.authors.own
        self._responder = services.responder

    @app_commands.command()
    @app_commands.describe(code="The code that the organizers mailed to you; leave it out to see your papers")
    async def mypapers(self, interaction: Interaction, code: app_commands.Range[str, 1, 60] | None = None) -> None:
        """Show the papers you are an author of: say something there, and hear of it."""
        reader = interaction.user.id
        answer = await self._authors.by_code(reader, code) if code else self._own.list(reader)
        await self._responder.send(interaction, answer, private=True)


async def setup(bot: ConferenceBot) -> None:
    """Add the command where people can show that they are authors; discord.py calls this."""
    if bot.config.authors.claim_by:
        await bot.add_cog(AuthorCommands(bot.services))
