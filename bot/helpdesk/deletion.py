"""Deleting reports of conduct from Discord: by what the database knows of them, and by the date that they bear."""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Final

import discord

from bot.connection.patience import FAILURES, in_words
from bot.connection.refusals import PassingOver, is_about_permissions, is_gone, takes_no_messages
from bot.delivery.channels import Channels
from bot.delivery.model import Entry
from bot.helpdesk.answers import CONDUCT
from bot.ui.controls import ACTS, MARKED, buttons_of

_LOOKED_THROUGH: Final = 5_000
"""How many of a channel's last messages are looked through for what is past its date."""

log = logging.getLogger(__name__)


class Deletion:
    """Deletes messages of the bot's own."""

    def __init__(self, client: discord.Client, channels: Channels) -> None:
        self._client = client
        self._channels = channels

    async def delete(self, entries: Iterable[Entry]) -> bool:
        """Delete the messages of a report's deliveries, and threads below them; tell whether none is left."""
        done = [await self._delete_one(entry) for entry in entries if entry.message_id]
        return all(done)

    async def sweep(self, channel: discord.TextChannel, now: datetime) -> None:
        """Delete from a channel what bears a date that is past, whether or not the database knows of it."""
        try:
            async for message in channel.history(limit=_LOOKED_THROUGH):
                if message.author == channel.guild.me and (date := _date_of(message)) and date <= now.timestamp():
                    await self._delete_with_thread(channel.get_partial_message(message.id))
        except FAILURES as error:
            log.warning("could not look for old conduct reports: %s", in_words(error))

    async def _delete_one(self, entry: Entry) -> bool:
        try:
            message = await self._message(entry)
            await self._delete_with_thread(message)
        except FAILURES as error:
            if is_gone(error) or takes_no_messages(error):
                return True
            log.warning("a conduct report could not be deleted: %s", in_words(error))
            return False
        return True

    async def _message(self, entry: Entry) -> discord.PartialMessage:
        target, message_id = entry.delivery.target_id, entry.message_id or 0
        if entry.delivery.kind.to_person:
            user = self._client.get_user(target) or await self._client.fetch_user(target)
            return (user.dm_channel or await user.create_dm()).get_partial_message(message_id)
        channel = self._client.get_channel(target) or await self._client.fetch_channel(target)
        if not isinstance(channel, discord.TextChannel):
            raise TypeError(f"channel {target} is no text channel")
        return channel.get_partial_message(message_id)

    async def _delete_with_thread(self, message: discord.PartialMessage) -> None:
        """Delete a message; a thread that was made below it has the message's own id, and would stay."""
        if message.guild is not None:
            try:
                with PassingOver(is_gone):
                    thread = message.guild.get_thread(message.id) or await message.guild.fetch_channel(message.id)
                    if isinstance(thread, discord.Thread):
                        await thread.delete()
            except discord.HTTPException as error:
                if not is_about_permissions(error):
                    raise
                log.warning("the thread below a conduct report could not be deleted: the bot lacks Manage Threads")
        with PassingOver(is_gone):
            await message.delete()


def _date_of(message: discord.Message) -> int | None:
    """Return when a message is to be deleted, in seconds since 1970; None for one that is no part of a report."""
    for button in buttons_of(message):
        custom_id = button.custom_id or ""
        if custom_id.startswith(f"{MARKED}:"):
            custom_id = custom_id.partition(ACTS)[2]
        parts = custom_id.split(":")
        if parts[0] == CONDUCT and len(parts) > 3 and parts[3].isascii() and parts[3].isdecimal():
            return int(parts[3])
    return None
