"""The messages by which an announcement was sent: where they are, whether they were published, and correcting them."""

import asyncio
from collections.abc import Collection
from enum import Enum, auto

import discord

from bot.announcing.answers import announcement_embed
from bot.announcing.model import Announcement
from bot.background import BackgroundTasks
from bot.connection.patience import FAILURES, in_words
from bot.connection.refusals import is_about_permissions, is_final, is_gone
from bot.delivery.channels import Channels
from bot.delivery.model import Entry, State
from bot.ui.markdown import escaped

PATIENCE = 10.0
"""How long Discord may take for one message, in seconds."""

_PUBLISHED_ALREADY = 40033
"""Discord's code for a message that was published before."""


class Outcome(Enum):
    """What became of a correction in one channel."""

    DONE = auto()
    """The message says it, or never will."""

    REFUSED = auto()
    """The bot lacks a permission."""

    AGAIN = auto()
    """It is worth another try."""


class SentMessages:
    """Looks after the messages of announcements in their channels."""

    def __init__(self, channels: Channels, background: BackgroundTasks) -> None:
        self._channels = channels
        self._background = background

    async def describe(self, announcement: Announcement) -> dict[int, str]:
        """Tell by the channels' ids where the messages are, and whether announcement channels passed them on."""
        sent = announcement.in_state(State.SENT)
        notes = await asyncio.gather(*map(self._described, sent))
        return {entry.delivery.target_id: note for entry, note in zip(sent, notes, strict=True)}

    async def rewrite(
        self, announcement: Announcement, without: Collection[int] = ()
    ) -> dict[Entry, tuple[str, Outcome]]:
        """Make the messages say what the announcement says now; return how that went, in words and in short.

        Args:
            announcement: the announcement.
            without: the ids of messages that say it already.
        """
        sent = [entry for entry in announcement.in_state(State.SENT) if entry.message_id not in without]
        embed = announcement_embed(announcement)
        outcomes = await asyncio.gather(*(self._rewritten(entry, embed) for entry in sent))
        return dict(zip(sent, outcomes, strict=True))

    async def _described(self, entry: Entry) -> str:
        message = self._message(entry)
        if message is None:
            return ""
        link = f"[the message](<{message.jump_url}>)"
        news = isinstance(message.channel, discord.TextChannel) and message.channel.is_news()
        return f"{link}, {await self._published(message)}" if news else link

    async def _rewritten(self, entry: Entry, embed: discord.Embed) -> tuple[str, Outcome]:
        message = self._message(entry)
        if message is None:
            return "not corrected: the channel is gone", Outcome.DONE
        try:
            edit = message.edit(embeds=[embed], allowed_mentions=discord.AllowedMentions.none())
            await self._background.within(PATIENCE, edit, "correcting an announcement")
        except TimeoutError:
            return "not corrected yet: Discord makes me wait; look there in a few minutes", Outcome.AGAIN
        except FAILURES as error:
            if is_gone(error):
                return "not corrected: the message was deleted there", Outcome.DONE
            if isinstance(error, discord.HTTPException) and is_final(error):
                outcome = Outcome.REFUSED if is_about_permissions(error) else Outcome.DONE
                return f"not corrected: Discord refuses: {escaped(error.text or str(error.status), 200)}", outcome
            return f"not corrected yet: {escaped(in_words(error), 200)}; I keep trying", Outcome.AGAIN
        return f"corrected: [the message](<{message.jump_url}>)", Outcome.DONE

    def _message(self, entry: Entry) -> discord.PartialMessage | None:
        channel = self._channels.get(entry.delivery.target_id)
        return channel.get_partial_message(entry.message_id) if channel and entry.message_id is not None else None

    async def _published(self, message: discord.PartialMessage) -> str:
        """Tell whether a message was passed on; where it was not, try once more and learn why."""
        published = "published to the servers that follow this channel"
        failed = "but not passed on to the servers that follow this channel"
        try:
            await self._background.within(PATIENCE, _publish(message), "publishing an announcement")
        except discord.HTTPException as error:
            if error.code == _PUBLISHED_ALREADY:
                return published
            return f"{failed}: {escaped(error.text or str(error.status), 200)}"
        except TimeoutError:
            return f"{failed} yet: Discord makes me wait"
        except FAILURES as error:
            return f"{failed}: {escaped(in_words(error), 200)}"
        return published


async def _publish(message: discord.PartialMessage) -> None:
    if not (await message.fetch()).flags.crossposted:
        await message.publish()
