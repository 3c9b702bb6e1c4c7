"""Planning one's day: /schedule, /now, /next, /agenda and /mydata."""

from datetime import date

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ConferenceBot
from bot.errors import Trouble
from bot.programme.names import fold
from bot.replies import reply, suggest
from bot.ui.schedule import day_name

Interaction = discord.Interaction[ConferenceBot]


class Plan(commands.Cog):
    """What is when, and what is mine."""

    @app_commands.command()
    @app_commands.describe(day="Which day of the conference; leave it out to see all")
    async def schedule(self, interaction: Interaction, day: str | None = None) -> None:
        """Show the sessions of a day, or of all days."""
        desk = interaction.client.desk
        await reply(interaction, desk.schedule(_day(day, desk.days()) if day else None))

    @app_commands.command()
    async def now(self, interaction: Interaction) -> None:
        """Show what is on right now."""
        await reply(interaction, interaction.client.desk.now())

    @app_commands.command()
    async def next(self, interaction: Interaction) -> None:
        """Show what opens next."""
        await reply(interaction, interaction.client.desk.next())

    @app_commands.command()
    async def agenda(self, interaction: Interaction) -> None:
        """Show your bookmarks: when and where they are, your route, your calendar file."""
        await reply(interaction, interaction.client.desk.agenda(interaction.user.id), always_private=True)

    @app_commands.command()
    async def mydata(self, interaction: Interaction) -> None:
        """Show or delete what I keep about you."""
        await reply(interaction, interaction.client.desk.my_data(interaction.user.id), always_private=True)

    @schedule.autocomplete("day")
    async def suggest_days(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Suggest the conference's days whose names have what is typed."""
        days = _days_like(typed, interaction.client.desk.days())
        return suggest(interaction, ((day_name(day), day.isoformat()) for day in days))


def _days_like(typed: str, days: list[date]) -> list[date]:
    wish = fold(typed)
    return [day for day in days if wish in fold(day_name(day)) or wish in fold(day.isoformat())]


def _day(typed: str, days: list[date]) -> date:
    """Return the day that is meant.

    Raises:
        Trouble: the conference has no such day.
    """
    wish = set(fold(typed).replace(",", " ").split())
    found = [day for day in days if typed.strip() == day.isoformat() or wish <= _words(day)]
    found = found or [day for day in days if (weekday := fold(typed)) and fold(f"{day:%A}").startswith(weekday)]
    if not found:
        known = ", ".join(map(day_name, days)) or "none has been announced"
        raise Trouble(f"The conference has no such day. Its days: {known}.")
    return found[0]


def _words(day: date) -> set[str]:
    return set(fold(day_name(day)).replace(",", " ").split())


async def setup(bot: ConferenceBot) -> None:
    """Add the cog; discord.py calls this."""
    await bot.add_cog(Plan())
