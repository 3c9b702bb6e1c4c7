"""Reminders by direct message: /remindme."""

from discord import app_commands
from discord.ext import commands

from bot.agenda.service import AgendaService
from bot.client import ConferenceBot
from bot.ui.interaction import Interaction
from bot.ui.responder import Responder

_MINUTES = (5, 15, 30, 60, 0)


class ReminderCommands(commands.Cog):
    """Takes people's wishes for direct messages."""

    def __init__(self, agenda: AgendaService, responder: Responder) -> None:
        self._agenda = agenda
        self._responder = responder

    @app_commands.command()
    @app_commands.describe(before="How long before a session that holds your bookmarks, or before a talk")
    @app_commands.choices(
        before=[
            app_commands.Choice(name=f"{minutes} minutes before" if minutes else "Not at all", value=minutes)
            for minutes in _MINUTES
        ]
    )
    async def remindme(self, interaction: Interaction, before: int = 15) -> None:
        """Get a direct message before what you bookmarked."""
        answer = await self._agenda.remind(interaction.user.id, before or None)
        await self._responder.send(interaction, answer, private=True)


async def setup(bot: ConferenceBot) -> None:
    """Add the cog; discord.py calls this."""
    await bot.add_cog(ReminderCommands(bot.services.agenda.service, bot.services.responder))
