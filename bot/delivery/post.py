"""Bringing a batch to Discord: one message, found again by its mark, pinging the configured role alone."""

from datetime import timedelta
from typing import TYPE_CHECKING

import discord

from bot.audience import is_named
from bot.buttons import mark_of, reminder_view
from bot.delivery.courier import Refused
from bot.programme.model import Session
from bot.questions import Question
from bot.store.ledger import Batch
from bot.ui.reminders import browse_labels, direct_embed, reminder_embed

if TYPE_CHECKING:
    from bot.client import ConferenceBot

_MARGIN = timedelta(minutes=5)
"""How far the clocks of this machine and of Discord may be apart when a message is looked for."""

_LOOKED_THROUGH = 5_000
_EMBEDS = 3
_GONE = "the session is no longer in the programme"


class DiscordPost:
    """Sends reminders through the bot's own connection."""

    def __init__(self, bot: "ConferenceBot") -> None:
        self._bot = bot

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
        programme = self._bot.desk.edition.programme
        keys = dict.fromkeys(delivery.session_key for delivery in batch.deliveries)
        sessions = [session for key in keys if (session := programme.session(key))]
        if not sessions:
            raise Refused(_GONE)
        role = self._role(place.guild) if isinstance(place, discord.TextChannel) else None
        questions = [(label, Question(about, session.key)) for label, about, session in browse_labels(sessions)]
        try:
            message = await place.send(
                role.mention if role else None,
                embeds=self._embeds(batch, sessions),
                view=reminder_view(batch.token, questions, stops=batch.direct),
                nonce=batch.token,
                allowed_mentions=discord.AllowedMentions(everyone=False, users=False, roles=[role] if role else False),
            )
        except (discord.Forbidden, discord.NotFound) as error:
            if batch.direct:
                await self._bot.agendas.set_unreachable(batch.target_id)
            raise Refused(f"Discord refuses: {error.text or error.status}") from None
        return message.id

    def outdated(self, batch: Batch) -> list[str]:
        """Return the keys of those deliveries whose session has moved, has lost its time or is gone."""
        programme, threshold = self._bot.desk.edition.programme, self._bot.config.reminders.threshold
        return [
            delivery.key
            for delivery in batch.deliveries
            if not (session := programme.session(delivery.session_key))
            or session.starts_at is None
            or abs(session.starts_at - delivery.starts_at) > threshold
        ]

    async def report(self, batch: Batch, reason: str) -> None:
        """Tell the organizers, where they have a channel, that a channel can't be reached."""
        wanted = self._bot.config.discord.organizers_channel
        if wanted is None or batch.direct:
            return
        for guild in self._bot.guilds:
            for channel in guild.text_channels:
                if is_named(channel, channel.name, (wanted,)):
                    await channel.send(f"I can't send reminders to <#{batch.target_id}>: {reason}.")

    def _embeds(self, batch: Batch, sessions: list[Session]) -> list[discord.Embed]:
        now = self._bot.clock.now()
        if not batch.direct:
            return [reminder_embed(sessions, now)]
        marked = set(self._bot.agendas.of(batch.target_id))
        return [
            direct_embed(session, [paper for paper in session.papers if paper.key in marked], now)
            for session in sessions[:_EMBEDS]
        ]

    async def _place(self, batch: Batch) -> discord.TextChannel | discord.DMChannel:
        try:
            if batch.direct:
                user = self._bot.get_user(batch.target_id) or await self._bot.fetch_user(batch.target_id)
                return user.dm_channel or await user.create_dm()
            channel = self._bot.get_channel(batch.target_id) or await self._bot.fetch_channel(batch.target_id)
        except (discord.NotFound, discord.Forbidden) as error:
            raise Refused(f"it is gone or hidden: {error.text or error.status}") from None
        if not isinstance(channel, discord.TextChannel):
            raise Refused("this is no text channel")
        return channel

    def _role(self, guild: discord.Guild) -> discord.Role | None:
        wanted = self._bot.config.reminders.ping
        if wanted is None:
            return None
        return next((role for role in guild.roles if is_named(role, role.name, (wanted,))), None)


def _bears(message: discord.Message, mark: str) -> bool:
    """Tell whether one of a message's buttons has a custom id that begins with the mark."""
    return any(
        isinstance(button, discord.Button) and (button.custom_id or "").startswith(mark)
        for row in message.components
        if isinstance(row, discord.ActionRow)
        for button in row.children
    )
