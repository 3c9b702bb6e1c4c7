"""The text channels the bot writes in, as the configuration names them."""

import discord

from bot.config import NameOrId, is_named
from bot.connection.servers import is_shown
from bot.home.service import HomeServers
from bot.ui.markdown import escaped


class Channels:
    """Finds channels in the conference's own servers."""

    def __init__(self, client: discord.Client, home: HomeServers) -> None:
        self._client = client
        self._home = home

    @property
    def guilds(self) -> list[discord.Guild]:
        """The conference's own servers that the bot is in, as far as Discord shows them."""
        return [guild for guild in self.everywhere if self.is_own(guild)]

    def is_own(self, guild: discord.Guild) -> bool:
        """Tell whether a server is the conference's own, the only ones the bot writes in unasked."""
        return self._home.is_own(guild.id)

    @property
    def everywhere(self) -> list[discord.Guild]:
        """All servers the bot is in, as far as Discord shows them."""
        return [guild for guild in self._client.guilds if is_shown(guild)]

    @property
    def guild_ids(self) -> list[int]:
        """The ids of all servers the bot is in."""
        return [guild.id for guild in self._client.guilds]

    @property
    def complete(self) -> bool:
        """Whether Discord shows all servers the bot is in; where it does not, a channel may be there all the same."""
        return all(is_shown(guild) for guild in self._client.guilds)

    def named(self, wanted: NameOrId | None) -> list[discord.TextChannel]:
        """Return the text channels with a name in the conference's servers, or the one with an id; none for None."""
        if wanted is None:
            return []
        return [
            channel
            for guild in self.guilds
            for channel in guild.text_channels
            if is_named(channel, channel.name, (wanted,))
        ]

    def for_threads(
        self, guild: discord.Guild, wanted: NameOrId | None
    ) -> discord.ForumChannel | discord.TextChannel | None:
        """Return the forum of a name or an id in a server, or else the text channel; None where there is neither."""
        if wanted is None or not is_shown(guild):
            return None
        both: list[discord.ForumChannel | discord.TextChannel] = [*guild.forums, *guild.text_channels]
        return next((channel for channel in both if is_named(channel, channel.name, (wanted,))), None)

    def get(self, channel_id: int) -> discord.TextChannel | None:
        """Return the text channel of an id, if the bot sees it and it is in a server of the conference's."""
        channel = self._client.get_channel(channel_id)
        return channel if isinstance(channel, discord.TextChannel) and self.is_own(channel.guild) else None

    def place(self, channel_id: int) -> discord.TextChannel | discord.Thread | None:
        """Return the text channel or the thread of an id, if the bot sees it and it is in a server of its own."""
        channel = self._client.get_channel(channel_id)
        if isinstance(channel, discord.TextChannel | discord.Thread) and self.is_own(channel.guild):
            return channel
        return None

    def message(self, channel_id: int, message_id: int) -> discord.PartialMessage | None:
        """Return a message in a text channel or a thread of the conference's own, to change it by its id.

        A thread that Discord does not show, such as an archived one, counts as its own: only there the bot writes.
        """
        if self._client.get_channel(channel_id) is None:
            return self._client.get_partial_messageable(channel_id).get_partial_message(message_id)
        place = self.place(channel_id)
        return place.get_partial_message(message_id) if place else None

    def name_of(self, channel_id: int) -> str:
        """Call a channel what people call it, as Markdown: with its server, where the bot is in several."""
        channel = self.get(channel_id)
        if channel is None:
            return "a channel that is gone"
        server = f" in {escaped(channel.guild.name, 60)}" if len(self._client.guilds) > 1 else ""
        return f"{channel.mention}{server}"
