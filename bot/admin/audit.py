"""The record of what organizers and moderators change: in the database, and in a channel where one is configured."""

import logging

import discord

from bot.admin.rows import AuditStore
from bot.clock import Clock
from bot.config import NameOrId
from bot.delivery.channels import Channels
from bot.store.audit import AuditEntry
from bot.ui.card import Card
from bot.ui.limits import EMBED_FIELD_VALUE
from bot.ui.markdown import escaped

log = logging.getLogger(__name__)


class Audit:
    """Writes the record. What is in the log channel is a copy; the database has all of it."""

    def __init__(self, store: AuditStore, channels: Channels, clock: Clock, log_channel: NameOrId | None) -> None:
        self._store = store
        self._channels = channels
        self._clock = clock
        self._log_channel = log_channel

    async def record(
        self, user_id: int, action: str, about: str, *, before: str | None = None, after: str | None = None
    ) -> None:
        """Record that somebody changed something, and copy it to the log channel.

        Args:
            user_id: Discord's id of who did it.
            action: what was done, such as "programme reload" or "announcement sent".
            about: what it was done to, as plain text.
            before: what was there before, as plain text.
            after: what is there now, as plain text.
        """
        entry = AuditEntry(self._clock.now(), user_id, action, about, before, after)
        await self._store.add(entry)
        await self.show(entry)

    async def show(self, entry: AuditEntry) -> None:
        """Copy to the log channel what is recorded already."""
        log.info("%s by user %d: %s", entry.action, entry.user_id, entry.about)
        card = Card(escaped(entry.action, 200))
        moment = discord.utils.format_dt(entry.at, "F")
        card.description = f"{escaped(entry.about, 1_500)}\nby <@{entry.user_id}>, {moment}"
        for name, value in (("Before", entry.before), ("After", entry.after)):
            card.add(name, escaped(value or "", EMBED_FIELD_VALUE))
        for channel in self._channels.named(self._log_channel):
            try:
                await channel.send(embed=card.embed())
            except discord.HTTPException as error:
                log.warning("could not write to the log channel %d: %s", channel.id, error)
