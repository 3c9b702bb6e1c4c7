"""The morning digest: /digest."""

from discord import app_commands
from discord.ext import commands

from bot.client import ConferenceBot
from bot.digest.service import DigestService
from bot.ui.interaction import Choice, Interaction
from bot.ui.responder import Responder


class DigestCommands(commands.Cog):
    """Shows digests, and takes people's wishes for them."""

    def __init__(self, digests: DigestService, responder: Responder) -> None:
        self._digests = digests
        self._responder = responder

    @app_commands.command()
    @app_commands.describe(
        at="When to send it each day of the conference, by its own clock; leave it out to see it now"
    )
    async def digest(self, interaction: Interaction, at: str | None = None) -> None:
        """Show your day at a glance, and get it as a direct message each morning."""
        reader = interaction.user.id
        answer = await (self._digests.wish(reader, at) if at else self._digests.show(reader))
        await self._responder.send(interaction, answer, private=True)

    @digest.autocomplete("at")
    async def suggest_times(self, interaction: Interaction, typed: str) -> list[Choice]:
        """Suggest the times of a morning that have what is typed."""
        return self._responder.suggest(interaction, self._digests.times_like(typed))


async def setup(bot: ConferenceBot) -> None:
    """Add the cog; discord.py calls this."""
    await bot.add_cog(DigestCommands(bot.services.digest.service, bot.services.responder))
