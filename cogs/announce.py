"""/announce: organizers write to everybody, now or later, and put right what they wrote."""

from collections.abc import Iterable

import discord
from discord import app_commands

from bot.announcing.answers import choice_name, list_answer
from bot.announcing.model import Announcement, Draft, Purpose, Status
from bot.client import ConferenceBot
from bot.permissions import Audience, GuardedCog
from bot.services import Services
from bot.ui.interaction import Choice, Interaction


class AnnounceCommands(GuardedCog):
    """The organizers' announcements."""

    audiences = (Audience.ORGANIZER,)
    announce = app_commands.Group(
        name="announce",
        description="Announcements to everybody",
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        default_permissions=discord.Permissions(manage_guild=True),
    )

    def __init__(self, services: Services) -> None:
        super().__init__(services.permissions)
        self._announcements = services.announcing.service
        self._presses = services.announcing.presses
        self._responder = services.responder

    @announce.command()
    @app_commands.describe(
        channel="Where; the form asks too. By default the configured channels of every server",
        everywhere="Whether it goes to the configured channels of every server besides",
        role="The role that it pings; the form asks too. By default nobody",
        when="now, or a time such as 14:30, tomorrow 9:00, in 20 minutes",
    )
    async def post(
        self,
        interaction: Interaction,
        channel: discord.TextChannel | None = None,
        everywhere: bool = False,
        role: discord.Role | None = None,
        when: str = "now",
    ) -> None:
        """Write an announcement. You see it before anybody else does."""
        picked = (channel.id,) if channel else ()
        draft = Draft(
            Purpose.POST,
            interaction.user.id,
            picked,
            when=when,
            role=self._announcements.role(role),
            everywhere=everywhere,
            picked=picked,
        )
        await self._announcements.moment(when)
        await self._presses.open_form(interaction, draft)

    @announce.command(name="list")
    async def show_all(self, interaction: Interaction) -> None:
        """Show what is scheduled, what was sent, and what never went out."""
        announcements = await self._announcements.latest(*Status)
        answer = list_answer(announcements, self._announcements.name_of, self._announcements.zone)
        await self._responder.send(interaction, answer, private=True)

    @announce.command()
    @app_commands.describe(announcement="One that has not gone out yet", when="A new time, such as tomorrow 9:00")
    async def edit(self, interaction: Interaction, announcement: str, when: str = "") -> None:
        """Change an announcement that has not gone out yet."""
        found = await self._announcements.scheduled(announcement)
        await self._announcements.moment(when)
        draft = self._announcements.draft_of(found, Purpose.EDIT, interaction.user.id, interaction.guild, when)
        await self._presses.open_form(interaction, draft)

    @announce.command()
    @app_commands.describe(announcement="One that has not gone out yet")
    async def cancel(self, interaction: Interaction, announcement: str) -> None:
        """Cancel an announcement that has not gone out yet."""
        await self._presses.ask_to_cancel(interaction, await self._announcements.cancellable(announcement))

    @announce.command()
    @app_commands.describe(announcement="One that was sent")
    async def correct(self, interaction: Interaction, announcement: str) -> None:
        """Correct an announcement that was sent, everywhere it went."""
        found = await self._announcements.correctable(announcement)
        draft = self._announcements.draft_of(found, Purpose.CORRECT, interaction.user.id, interaction.guild)
        await self._presses.open_form(interaction, draft)

    @edit.autocomplete("announcement")
    async def _suggest_scheduled(self, interaction: Interaction, typed: str) -> list[Choice]:
        return self._suggestions(interaction, typed, await self._announcements.latest(Status.SCHEDULED))

    @cancel.autocomplete("announcement")
    async def _suggest_unsent(self, interaction: Interaction, typed: str) -> list[Choice]:
        return self._suggestions(interaction, typed, await self._announcements.unsent())

    @correct.autocomplete("announcement")
    async def _suggest_sent(self, interaction: Interaction, typed: str) -> list[Choice]:
        sent = await self._announcements.latest(Status.SENT, Status.UNDERWAY)
        return self._suggestions(interaction, typed, sent)

    def _suggestions(self, interaction: Interaction, typed: str, announcements: Iterable[Announcement]) -> list[Choice]:
        """Suggest those of some announcements that what was typed may mean."""
        wanted = typed.casefold()
        return self._responder.suggest(
            interaction,
            (
                (choice_name(found, self._announcements.zone), str(found.id))
                for found in announcements
                if wanted in found.title.casefold() or wanted == str(found.id)
            ),
        )


async def setup(bot: ConferenceBot) -> None:
    """Add the cog; discord.py calls this."""
    await bot.add_cog(AnnounceCommands(bot.services))
