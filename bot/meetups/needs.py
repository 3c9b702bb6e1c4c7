"""What meetups need in a server, and lack there."""

from collections.abc import Iterable
from typing import Final

import discord

from bot.config import NameOrId
from bot.delivery.channels import Channels
from bot.meetups.model import Meetup
from bot.permissions import NEEDED, missing_permissions
from bot.ui.wording import plural

IN_CHANNEL: Final = (*NEEDED, "create_public_threads", "send_messages_in_threads", "manage_threads")
"""What the bot must be allowed in the channel for meetups, as discord.py calls it."""


def missing(guild: discord.Guild, wanted: NameOrId | None, channels: Channels, to_come: Iterable[Meetup]) -> list[str]:
    """Return what is missing in a server for people to meet, a sentence each as Markdown.

    Args:
        guild: the server.
        wanted: the channel's name or id; None for no meetups.
        channels: where the channel is found.
        to_come: the meetups to come.
    """
    if wanted is None:
        return []
    here = [channel for channel in channels.named(wanted) if channel.guild == guild]
    if not here:
        if isinstance(wanted, int):  # which belongs to one server
            return []
        name = discord.utils.escape_markdown(wanted)
        return [f"`meetups.channel`: this server has no text channel called {name}, so that nobody can open a meetup."]
    sentences = [
        f"{channel.mention} (`meetups.channel`): the bot lacks {', '.join(lacking)}."
        for channel in here
        if (lacking := missing_permissions(channel, IN_CHANNEL))
    ]
    own = [meetup for meetup in to_come if meetup.server_id == guild.id]
    if nowhere := sum(meetup.message_id is None for meetup in own):
        sentences.append(
            f"{plural(nowhere, 'meetup has', 'meetups have')} no message in {here[0].mention}; whoever opened one can "
            "post it again from `/meetup list`."
        )
    if without := sum(meetup.message_id is not None and not meetup.thread_id for meetup in own):
        sentences.append(f"{plural(without, 'meetup has', 'meetups have')} no thread.")
    return sentences
