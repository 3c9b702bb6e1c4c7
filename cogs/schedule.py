"""What is when: /schedule, /now and /next."""

from discord import app_commands
from discord.ext import commands

from bot.client import ConferenceBot
from bot.services import Services
from bot.ui.interaction import Choice, Interaction
from bot.ui.places import day_name


class ScheduleCommands(commands.Cog):
    """Questions about time."""

    def __init__(self, services: Services) -> None:
        self._lookup = services.lookup
        self._responder = services.responder

    @app_commands.command()
    @app_commands.describe(day="Which day of the conference; leave it out to see all")
    async def schedule(self, interaction: Interaction, day: str | None = None) -> None:
        """Show the sessions of a day, or of all days."""
        await self._responder.send(interaction, self._lookup.schedule(day))

    @app_commands.command()
    async def now(self, interaction: Interaction) -> None:
        """Show what is on right now."""
        await self._responder.send(interaction, self._lookup.now())

    @app_commands.command()
    async def next(self, interaction: Interaction) -> None:
        """Show what opens next."""
        await self._responder.send(interaction, self._lookup.next())

    @schedule.autocomplete("day")
    async def suggest_days(self, interaction: Interaction, typed: str) -> list[Choice]:
        """Suggest the conference's days whose names have what is typed."""
        days = self._lookup.days_like(typed)
        return self._responder.suggest(interaction, ((day_name(day), day.isoformat()) for day in days))


async def setup(bot: ConferenceBot) -> None:
    """Add the commands; discord.py calls this."""
    await bot.add_cog(ScheduleCommands(bot.services))
