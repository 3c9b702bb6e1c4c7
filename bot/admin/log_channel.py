"""The record of what organizers and moderators change, copied to a channel where one is configured."""

import logging
from collections import deque
from datetime import tzinfo

from bot.background import BackgroundTasks, OneAtATime
from bot.delivery.channel_messages import ChannelMessages
from bot.store.audit import AuditEntry
from bot.ui.answer import Answer
from bot.ui.card import Card
from bot.ui.limits import EMBED_FIELD_VALUE
from bot.ui.markdown import escaped
from bot.ui.moments import told

_MOST = 100
"""How many entries wait at most while the channel can't be written to."""

log = logging.getLogger(__name__)


class LogChannel:
    """Copies the record to the log channel, one entry after the other.

    The database has all of it, written in the transaction of each change. Nobody waits for a copy.
    """

    def __init__(self, messages: ChannelMessages, background: BackgroundTasks, zone: tzinfo) -> None:
        self._messages = messages
        self._zone = zone
        self._waiting: deque[Answer] = deque(maxlen=_MOST)
        self._writing = OneAtATime(background, self._write, "log channel")

    def show(self, entry: AuditEntry) -> None:
        """Copy what is recorded already."""
        log.info("%s by user %d: %s", entry.action, entry.user_id, entry.about)
        self._waiting.append(entry_answer(entry, self._zone))
        self._writing.ask()

    async def _write(self) -> None:
        while self._waiting:
            await self._messages.post(self._waiting.popleft())


def entry_answer(entry: AuditEntry, zone: tzinfo) -> Answer:
    """Show an entry of the record; its time is also in the zone."""
    card = Card(escaped(entry.action, 200))
    card.description = f"{escaped(' '.join(entry.about.split()), 1_500)}\nby <@{entry.user_id}>, {told(entry.at, zone)}"
    for name, value in (("Before", entry.before), ("After", entry.after)):
        card.add(name, escaped(value or "", EMBED_FIELD_VALUE))
    return Answer(card.embed())
