"""The messages that bring announcements to their channels."""

from bot.announcing.answers import SCHEDULE, announcement_embed
from bot.announcing.model import Announcement
from bot.announcing.roles import role_in
from bot.announcing.rows import AnnouncementStore
from bot.config import Announcements
from bot.delivery.channels import Channels
from bot.delivery.message import OutgoingMessage
from bot.delivery.model import Batch, Refused


class AnnouncementWriter:
    """Writes announcements as they are when they are sent, so that what was edited meanwhile counts."""

    def __init__(self, store: AnnouncementStore, channels: Channels, config: Announcements) -> None:
        self._store = store
        self._channels = channels
        self._config = config

    async def write(self, batch: Batch) -> OutgoingMessage:
        """Say what the organizers say.

        Raises:
            Refused: there is no such announcement.
        """
        announcement = await self._announcement(batch)
        if announcement is None:
            raise Refused("the announcement is gone")
        channel = self._channels.get(batch.target_id)
        role = role_in(channel.guild, announcement.role, self._config.roles) if channel else None
        return OutgoingMessage([announcement_embed(announcement)], [SCHEDULE], ping=role.id if role else None)

    async def outdated(self, batch: Batch) -> list[str]:
        """Return the keys of those deliveries whose announcement was cancelled."""
        announcement = await self._announcement(batch)
        cancelled = announcement is not None and announcement.cancelled
        return [delivery.key for delivery in batch.deliveries] if cancelled else []

    async def _announcement(self, batch: Batch) -> Announcement | None:
        return await self._store.get(int(batch.deliveries[0].subject))
