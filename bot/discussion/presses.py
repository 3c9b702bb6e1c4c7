"""What the button does that leads people to where they can talk."""

from math import ceil
from typing import Final

import discord

from bot.clock import Clock
from bot.connection.contexts import in_direct_messages, is_elsewhere
from bot.connection.refusals import PassingOver, is_no_member
from bot.delivery.channels import Channels
from bot.discussion.answers import DISCUSS, place_answer
from bot.discussion.model import Subject
from bot.discussion.service import Places
from bot.errors import UserError
from bot.limiting import Buckets
from bot.ui.interaction import Interaction
from bot.ui.presses import Presses
from bot.ui.responder import Responder
from bot.ui.wording import plural

_HOUR: Final = 3600


class DiscussionPresses:
    """Answers the press of Discuss."""

    def __init__(
        self, places: Places, channels: Channels, responder: Responder, clock: Clock, opened_per_hour: int
    ) -> None:
        """Make it.

        Args:
            places: the places.
            channels: tells which servers are the conference's own.
            responder: answers.
            clock: tells how much time has passed.
            opened_per_hour: how many places one person may have made at once, and again in each hour.
        """
        self._places = places
        self._channels = channels
        self._responder = responder
        self._opened_per_hour = opened_per_hour
        self._opened = Buckets(clock, opened_per_hour, opened_per_hour / _HOUR)

    def register(self, presses: Presses) -> None:
        """Answer this press."""
        presses.on(DISCUSS, self._discuss)

    async def _discuss(self, interaction: Interaction, code: str) -> None:
        subject = Subject.from_code(code)
        own = interaction.guild is not None and self._channels.is_own(interaction.guild)
        server_id = interaction.guild_id if own and not is_elsewhere(interaction) else None
        place = self._places.of(subject, server_id)
        self._places.note_led(subject, interaction.user.id)
        if place and self._places.is_awake(place):
            await self._responder.send(interaction, place_answer(place), private=True)
            return
        await self._responder.defer(interaction)
        if place is None:
            await self._check(interaction, server_id)
        place = await self._places.open(subject, server_id)
        await self._responder.follow_up(interaction, place_answer(place))

    async def _check(self, interaction: Interaction, server_id: int | None) -> None:
        """Let only those have a place made who could write there, and not too often.

        Raises:
            UserError: they can't, or have to wait.
        """
        channel = self._places.home.usable(server_id)
        member = await _member_of(interaction, channel.guild)
        allowed = channel.permissions_for(member)
        if not (allowed.view_channel and allowed.send_messages_in_threads) or member.is_timed_out():
            raise UserError("You can't write in this conference's discussions, so I open none for you.")
        if not self._opened.take(interaction.user.id):
            minutes = max(ceil(self._opened.wait(interaction.user.id) / 60), 1)
            raise UserError(
                f"You have begun {plural(self._opened_per_hour, 'discussion')} within an hour. Press again in "
                f"{plural(minutes, 'minute')}; where others have begun one, you can join it at once."
            )


async def _member_of(interaction: Interaction, guild: discord.Guild) -> discord.Member:
    """Return who pressed as a member of the conference's server.

    Raises:
        UserError: they are none.
    """
    if isinstance(interaction.user, discord.Member) and interaction.user.guild.id == guild.id:
        return interaction.user
    if in_direct_messages(interaction):
        with PassingOver(is_no_member):
            return guild.get_member(interaction.user.id) or await guild.fetch_member(interaction.user.id)
    raise UserError("Nobody has talked about this yet. Press Discuss in the conference's server to begin.")
