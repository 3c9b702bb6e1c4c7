"""How the bot is, for organizers and moderators: /status."""

from discord import app_commands

from bot.client import ConferenceBot
from bot.permissions import Audience, GuardedCog
from bot.services import Services
from bot.ui.interaction import Interaction


class StatusCommands(GuardedCog):
    """Shows whether everything works."""

    audiences = (Audience.ORGANIZER, Audience.MODERATOR)

    def __init__(self, services: Services) -> None:
        super().__init__(services.permissions)
        self._status = services.status.service
        self._responder = services.responder

    @app_commands.command()
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.default_permissions(manage_guild=True)
    async def status(self, interaction: Interaction) -> None:
        """Show programme, deliveries, missing permissions, speed."""
        await self._responder.send(interaction, await self._status.show(interaction.guild), private=True)


async def setup(bot: ConferenceBot) -> None:
    """Add the command; discord.py calls this."""
    await bot.add_cog(StatusCommands(bot.services))
