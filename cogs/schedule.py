"""What is when and where: /schedule, /now, /next and /where."""

from discord import app_commands
from discord.ext import commands

from bot.client import ConferenceBot
from bot.services import Services
from bot.ui.interaction import Choice, Interaction
from bot.ui.limits import CHOICE_NAME, clip
from bot.ui.places import day_name
from bot.ui.rooms import room_key


class ScheduleCommands(commands.Cog):
    """Questions about times and rooms."""

    def __init__(self, services: Services) -> None:
        self._lookup = services.lookup.service
        self._responder = services.responder

    @app_commands.command()
    @app_commands.describe(day="Which day of the conference; leave it out to see all")
    async def schedule(self, interaction: Interaction, day: str | None = None) -> None:
        """Show the sessions of a day, or of all days."""
        await self._responder.send(interaction, self._lookup.schedule(day))

    @app_commands.command()
    async def now(self, interaction: Interaction) -> None:
        """Show what is on in each room right now, and what comes next there."""
        await self._responder.send(interaction, self._lookup.now())

    @app_commands.command()
    async def next(self, interaction: Interaction) -> None:
        """Show what opens next."""
        await self._responder.send(interaction, self._lookup.next())

    @app_commands.command()
    @app_commands.describe(room="Which room; leave it out to see all")
    async def where(self, interaction: Interaction, room: str | None = None) -> None:
        """Show where a room is, what is on there now and what comes next."""
        await self._responder.send(interaction, await self._lookup.where(room))

    @where.autocomplete("room")
    async def suggest_rooms(self, interaction: Interaction, typed: str) -> list[Choice]:
        """Suggest the rooms whose names have what is typed."""
        found = self._lookup.rooms_like(typed)
        return self._responder.suggest(interaction, ((clip(name, CHOICE_NAME), room_key(name)) for name in found))

    @schedule.autocomplete("day")
    async def suggest_days(self, interaction: Interaction, typed: str) -> list[Choice]:
        """Suggest the conference's days whose names have what is typed."""
        days = self._lookup.days_like(typed)
        return self._responder.suggest(interaction, ((day_name(day), day.isoformat()) for day in days))


async def setup(bot: ConferenceBot) -> None:
    """Add the commands; discord.py calls this."""
    await bot.add_cog(ScheduleCommands(bot.services))
