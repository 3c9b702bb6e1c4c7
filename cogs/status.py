"""How the bot is, for organizers and moderators: /status."""

import discord
from discord import app_commands
from discord.ext import commands

from bot import status
from bot.audience import Audience
from bot.buttons import view_of
from bot.client import ConferenceBot
from bot.gate import check_allowed
from bot.ui.status import Contents, status_answer

Interaction = discord.Interaction[ConferenceBot]


class Status(commands.Cog):
    """Shows whether everything works."""

    def __init__(self, bot: ConferenceBot) -> None:
        self._bot = bot
        self._started_at = bot.clock.now()

    @app_commands.command(name="status", extras={"audience": (Audience.ORGANIZER, Audience.MODERATOR)})
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.default_permissions(manage_guild=True)
    async def status(self, interaction: Interaction) -> None:
        """Show programme, deliveries, missing permissions, speed."""
        check_allowed(interaction, Audience.ORGANIZER, Audience.MODERATOR)
        bot, edition = self._bot, self._bot.library.edition
        version = edition.version
        problems = version.source.problems if version else ()
        answer = status_answer(
            Contents(edition.programme, version.note if version else None, problems, len(edition.corrections)),
            await status.post(bot),
            await status.health(bot, self._started_at),
            status.missing(bot, interaction.guild) if interaction.guild else [],
        )
        bot.timings.handed_over(interaction)
        await interaction.response.send_message(
            embed=answer.embed, view=view_of(answer, shareable=False), ephemeral=True
        )


async def setup(bot: ConferenceBot) -> None:
    """Add the cog; discord.py calls this."""
    await bot.add_cog(Status(bot))
