"""The letters that bring the organizers' announcements to a channel."""

from typing import TYPE_CHECKING

import discord

from bot.audience import is_named
from bot.delivery.courier import Refused
from bot.delivery.letter import Letter
from bot.store.announcements import Issue
from bot.store.ledger import Batch
from bot.ui.announcements import SCHEDULE, announcement_embed

if TYPE_CHECKING:
    from bot.client import ConferenceBot
    from bot.config import Config


class AnnouncementWriter:
    """Writes announcements as they are when they are sent, so that what was edited meanwhile counts."""

    def __init__(self, bot: "ConferenceBot") -> None:
        self._bot = bot

    async def write(self, batch: Batch) -> Letter:
        """Say what the organizers say.

        Raises:
            Refused: there is no such announcement.
        """
        issue = await self._issue(batch)
        if issue is None:
            raise Refused("the announcement is gone")
        announcement = issue.announcement
        channel = self._bot.get_channel(batch.target_id)
        guild = channel.guild if isinstance(channel, discord.TextChannel) else None
        role = role_in(guild, announcement.role, self._bot.config) if guild else None
        embed = announcement_embed(announcement.wording, announcement.corrected_at)
        return Letter([embed], [SCHEDULE], ping=role.id if role else None)

    async def outdated(self, batch: Batch) -> list[str]:
        """Return the keys of those deliveries whose announcement was cancelled."""
        issue = await self._issue(batch)
        cancelled = issue is not None and issue.announcement.cancelled
        return [delivery.key for delivery in batch.deliveries] if cancelled else []

    async def _issue(self, batch: Batch) -> Issue | None:
        return await self._bot.store.announcements.get(int(batch.deliveries[0].subject))


def role_in(guild: discord.Guild, name: str | None, config: "Config") -> discord.Role | None:
    """Return the role of that name in a server, if announcements may ping it there."""
    if name is None:
        return None
    allowed = config.announcements.roles
    roles = (role for role in guild.roles if role.name == name and not role.is_default())
    return next((role for role in roles if is_named(role, role.name, allowed)), None)
