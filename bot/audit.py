"""The record of what organizers and moderators change: in the database, and in a channel where one is configured."""

import logging
from typing import TYPE_CHECKING

import discord

from bot.store import AuditEntry
from bot.ui.answer import Card
from bot.ui.limits import EMBED_FIELD_VALUE, clip
from bot.ui.markdown import escaped

if TYPE_CHECKING:
    from bot.client import ConferenceBot

log = logging.getLogger(__name__)


class Audit:
    """Writes the record. What is in the log channel is a copy; the database has all of it."""

    def __init__(self, bot: "ConferenceBot") -> None:
        self._bot = bot

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
        entry = AuditEntry(self._bot.clock.now(), user_id, action, about, before, after)
        await self._bot.store.record(entry)
        await self.show(entry)

    async def show(self, entry: AuditEntry) -> None:
        """Copy to the log channel what is recorded already."""
        log.info("%s by user %d: %s", entry.action, entry.user_id, entry.about)
        for channel in self._bot.office.channels(self._bot.config.discord.log_channel):
            try:
                await channel.send(embed=_embed(entry))
            except discord.HTTPException as error:
                log.warning("could not write to the log channel %d: %s", channel.id, error)


def _embed(entry: AuditEntry) -> discord.Embed:
    card = Card(escaped(entry.action, 200))
    moment = discord.utils.format_dt(entry.at, "F")
    card.description = f"{escaped(entry.about, 1_500)}\nby <@{entry.user_id}>, {moment}"
    for name, value in (("Before", entry.before), ("After", entry.after)):
        if value:
            card.add(name, clip(escaped(value, EMBED_FIELD_VALUE), EMBED_FIELD_VALUE))
    return card.embed()
