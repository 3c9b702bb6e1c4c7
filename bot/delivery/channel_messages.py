"""Messages that the bot writes of its own accord to those who look after it, and changes later."""

import logging
from collections.abc import Iterable, MutableMapping

import discord

from bot.config import NameOrId
from bot.connection.patience import FAILURES
from bot.delivery.channels import Channels
from bot.ui.answer import Answer
from bot.ui.controls import view_of

_NOBODY = discord.AllowedMentions.none()

log = logging.getLogger(__name__)


class ChannelMessages:
    """Writes into one channel of each of the conference's servers; a failure is logged.

    Attributes:
        wanted: the channel's name or id; None for nowhere.
    """

    def __init__(self, channels: Channels, wanted: NameOrId | None) -> None:
        """Make a writer.

        Args:
            channels: where the channels are found.
            wanted: the channel's name or id; None for nowhere.
        """
        self._channels = channels
        self.wanted = wanted

    async def post(
        self, answer: Answer, posted: MutableMapping[int, discord.Message] | None = None
    ) -> MutableMapping[int, discord.Message]:
        """Post a message in each channel where it is not yet.

        Args:
            answer: what it says.
            posted: the messages that are there, by the channel's id; the new ones are added.

        Returns:
            All the messages that are there now, by the channel's id.
        """
        posted = {} if posted is None else posted
        for channel in self._channels.named(self.wanted):
            if channel.id in posted:
                continue
            try:
                posted[channel.id] = await channel.send(
                    answer.content or None,
                    embeds=answer.embeds,
                    view=view_of(answer, shareable=False),
                    allowed_mentions=_NOBODY,
                )
            except FAILURES as error:
                log.warning("could not write to channel %d: %s", channel.id, error)
        return posted

    async def tell(self, answer: Answer) -> bool:
        """Post a message in each channel; tell whether those who read there know, as far as they can."""
        return bool(await self.post(answer)) or not self.wanted

    async def edit(self, messages: Iterable[discord.Message], answer: Answer) -> None:
        """Change what messages say."""
        for message in messages:
            try:
                await message.edit(
                    content=answer.content or None,
                    embeds=answer.embeds,
                    view=view_of(answer, shareable=False),
                    allowed_mentions=_NOBODY,
                )
            except FAILURES as error:
                log.warning("could not change message %d: %s", message.id, error)
