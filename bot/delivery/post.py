"""Bringing a batch to Discord: one message, found again by its mark, pinging nobody but the letter's role."""

import asyncio
import contextlib
import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

import discord

from bot.audience import is_named
from bot.buttons import mark_of, reminder_view
from bot.config import NameOrId
from bot.delivery.courier import Refused
from bot.delivery.letter import Writer
from bot.due import Kind
from bot.store.ledger import Batch

if TYPE_CHECKING:
    from bot.client import ConferenceBot

_MARGIN = timedelta(minutes=5)
"""How far the clocks of this machine and of Discord may be apart when a message is looked for."""

_LOOKED_THROUGH = 5_000
_PUBLISH_TIMEOUT = 5
"""How long passing a message on may take, in seconds."""

_FINAL = (HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)
"""What Discord answers when trying again would change nothing."""

log = logging.getLogger(__name__)


class DiscordPost:
    """Sends letters through the bot's own connection."""

    def __init__(self, bot: "ConferenceBot", writers: Mapping[Kind, Writer]) -> None:
        self._bot = bot
        self._writers = writers

    async def find(self, batch: Batch) -> int | None:
        """Return the id of the batch's message if it is there already.

        Raises:
            Refused: the bot may not read the history, so that it can't know.
        """
        place = await self._place(batch)
        mark = mark_of(batch.token)
        try:
            async for message in place.history(limit=_LOOKED_THROUGH, after=batch.claimed_at - _MARGIN):
                if _bears(message, mark):
                    if batch.kind is Kind.ANNOUNCEMENT:
                        await _publish(message)
                    return message.id
        except discord.Forbidden:
            raise Refused("the bot may not read the message history there") from None
        return None

    async def send(self, batch: Batch) -> int:
        """Send the batch as one message and return its id.

        Raises:
            Refused: the channel is gone, the bot may not write there, or there is nothing to say any more.
        """
        place = await self._place(batch)
        letter = await self._writers[batch.kind].write(batch)
        role = _role(place.guild, letter.ping) if isinstance(place, discord.TextChannel) else None
        try:
            message = await place.send(
                role.mention if role else None,
                embeds=letter.embeds,
                view=reminder_view(batch.token, letter.questions, stops=letter.stops),
                nonce=batch.token,
                allowed_mentions=discord.AllowedMentions(everyone=False, users=False, roles=[role] if role else False),
            )
        except discord.HTTPException as error:
            if error.status not in _FINAL:
                raise
            if batch.kind.to_person and error.status != HTTPStatus.BAD_REQUEST:
                await self._bot.agendas.set_unreachable(batch.target_id)
            raise Refused(f"Discord refuses: {error.text or error.status}") from None
        if batch.kind is Kind.ANNOUNCEMENT:
            await _publish(message)
        return message.id

    async def outdated(self, batch: Batch) -> Sequence[str]:
        """Return the keys of those deliveries that are no longer to be sent as they were planned."""
        return await self._writers[batch.kind].outdated(batch)

    async def report(self, batch: Batch, reason: str) -> None:
        """Tell the organizers, where they have a channel, that a channel can't be reached."""
        wanted = self._bot.config.discord.organizers_channel
        if wanted is None or batch.kind.to_person:
            return
        for channel in self._bot.office.channels(wanted):
            with contextlib.suppress(discord.HTTPException):  # the other servers still want to know
                await channel.send(f"I can't send {_WHAT[batch.kind]} to <#{batch.target_id}>: {reason}.")

    async def _place(self, batch: Batch) -> discord.TextChannel | discord.DMChannel:
        try:
            if batch.kind.to_person:
                user = self._bot.get_user(batch.target_id) or await self._bot.fetch_user(batch.target_id)
                return user.dm_channel or await user.create_dm()
            channel = self._bot.get_channel(batch.target_id) or await self._bot.fetch_channel(batch.target_id)
        except (discord.NotFound, discord.Forbidden) as error:
            raise Refused(f"it is gone or hidden: {error.text or error.status}") from None
        if not isinstance(channel, discord.TextChannel):
            raise Refused("this is no text channel")
        return channel


_WHAT = {
    Kind.REMINDER: "reminders",
    Kind.ANNOUNCEMENT: "the announcement",
    Kind.NEWS: "what has changed in the programme",
}


def _role(guild: discord.Guild, wanted: NameOrId | None) -> discord.Role | None:
    if wanted is None:
        return None
    return next((role for role in guild.roles if is_named(role, role.name, (wanted,))), None)


async def _publish(message: discord.Message) -> None:
    """Pass a message on to the servers that follow its channel; what can't be passed on is there all the same."""
    if not isinstance(message.channel, discord.TextChannel) or not message.channel.is_news():
        return
    if message.flags.crossposted:
        return
    try:
        # Past some ten in an hour Discord makes wait for long; the message is there, and that is what was to be sent.
        async with asyncio.timeout(_PUBLISH_TIMEOUT):
            await message.publish()
    except (discord.HTTPException, TimeoutError) as error:
        log.warning("message %s could not be published: %s", message.id, error)


def _bears(message: discord.Message, mark: str) -> bool:
    """Tell whether one of a message's buttons has a custom id that begins with the mark."""
    return any(
        isinstance(button, discord.Button) and (button.custom_id or "").startswith(mark)
        for row in message.components
        if isinstance(row, discord.ActionRow)
        for button in row.children
    )
