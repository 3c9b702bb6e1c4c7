"""Where people are to talk: the channel, what the bot must be allowed there, and what it lacks."""

from collections.abc import Sequence
from typing import Final, TypeAlias

import discord

from bot.config import Discussion
from bot.connection.patience import FAILURES, in_words
from bot.delivery.channels import Channels
from bot.errors import UserError
from bot.permissions import NEEDED, missing_permissions

ThreadChannel: TypeAlias = discord.ForumChannel | discord.TextChannel
"""Where places are."""

_COMMUNITY: Final = "COMMUNITY"
"""The feature of a server that can have forums."""

IN_FORUM = (*NEEDED, "send_messages_in_threads")
IN_TEXT_CHANNEL = (*IN_FORUM, "create_public_threads")


class DiscussionChannels:
    """Finds the channel of each of the conference's servers in which places are made."""

    def __init__(self, config: Discussion, channels: Channels) -> None:
        self._config = config
        self._channels = channels

    def find(self, server_id: int | None = None) -> ThreadChannel | None:
        """Return the channel of a server, or of the first server that has it; None where there is none."""
        guilds = [guild for guild in self._channels.guilds if server_id in (None, guild.id)]
        found = (self._channels.for_threads(guild, self._config.forum) for guild in guilds)
        return next((channel for channel in found if channel), None)

    def usable(self, server_id: int | None = None) -> ThreadChannel:
        """Return the channel if the bot may do there what it must.

        Raises:
            UserError: there is none, or the bot may not.
        """
        if self._config.forum is None:
            raise UserError("This conference has no place for discussions.")
        channel = self.find(server_id)
        if channel is None:
            raise UserError("The channel for discussions is not there at the moment. Tell the organizers.")
        if needed := _lacking(channel):
            what = ", ".join(needed)
            raise UserError(f"I can't open a discussion in {channel.mention}: I lack {what}. Tell the organizers.")
        return channel

    async def usable_or_made(self, guild: discord.Guild) -> ThreadChannel:
        """Return a server's channel; where there is none it is made: a forum where the server can have one.

        Raises:
            UserError: there is none and the bot may not make it, or the bot may not do there what it must.
        """
        name = self._config.forum
        if isinstance(name, str) and self.find(guild.id) is None:
            # Discord would call it something else, and it would not be found afterwards.
            if name != "-".join(name.lower().split()) or not guild.me.guild_permissions.manage_channels:
                raise UserError(f"There is no forum or text channel called “{name}”. Make one, and use this again.")
            make = guild.create_forum if _COMMUNITY in guild.features else guild.create_text_channel
            try:
                await make(name, reason="Discussions are to be opened there")
            except FAILURES as error:
                raise UserError(f"I could not make the channel “{name}”: {in_words(error)}. Try again.") from error
        return self.usable(guild.id)

    def missing(self, guild: discord.Guild) -> Sequence[str]:
        """Return what is missing in a server for people to talk there, a sentence each as Markdown."""
        config = self._config
        channel = self._channels.for_threads(guild, config.forum)
        if channel is None:
            if not isinstance(config.forum, str):  # none is wanted, or one of another server
                return []
            name = discord.utils.escape_markdown(config.forum)
            return [f"`discussion.forum`: this server has no forum or text channel called {name}: make one."]
        sentences = []
        if needed := _lacking(channel):
            sentences.append(f"{channel.mention} (`discussion.forum`): the bot lacks {', '.join(needed)}.")
        may_tag = channel.permissions_for(guild.me).manage_channels
        if config.tags and not may_tag and isinstance(channel, discord.ForumChannel):
            sentences.append(
                f"{channel.mention} (`discussion.tags`): the bot lacks Manage Channels there, so it makes no tags and "
                "uses those of the same names; `tags = false` says that this is meant."
            )
        return sentences


def _lacking(channel: ThreadChannel) -> list[str]:
    return missing_permissions(channel, IN_FORUM if isinstance(channel, discord.ForumChannel) else IN_TEXT_CHANNEL)
