"""What is somebody's own: /agenda, /foryou, /notes and /mydata."""

from discord import app_commands
from discord.ext import commands

from bot.client import ConferenceBot
from bot.services import Services
from bot.ui.interaction import Interaction


class AgendaCommands(commands.Cog):
    """Bookmarks, and everything else that is kept about somebody."""

    def __init__(self, services: Services) -> None:
        self._agenda = services.agenda.service
        self._notes = services.notes.service
        self._responder = services.responder

    @app_commands.command()
    async def agenda(self, interaction: Interaction) -> None:
        """Show your bookmarks: when and where they are, what clashes, your calendar file."""
        await self._responder.send(interaction, self._agenda.show(interaction.user.id), private=True)

    @app_commands.command()
    async def foryou(self, interaction: Interaction) -> None:
        """Suggest papers near your bookmarks that fit into your agenda."""
        await self._responder.send(interaction, await self._agenda.for_you(interaction.user.id), private=True)

    @app_commands.command()
    async def notes(self, interaction: Interaction) -> None:
        """Show your own notes, and what you have seen or want to read."""
        await self._responder.send(interaction, self._notes.show(interaction.user.id), private=True)

    @app_commands.command()
    async def mydata(self, interaction: Interaction) -> None:
        """Show, download or delete what I keep about you."""
        await self._responder.send(interaction, self._agenda.my_data(interaction.user.id), private=True)


async def setup(bot: ConferenceBot) -> None:
    """Add the commands; discord.py calls this."""
    await bot.add_cog(AgendaCommands(bot.services))
