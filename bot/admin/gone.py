"""What the configuration names by an id that nothing has any more."""

from collections.abc import Iterator, Sequence

import discord

from bot.config import Config, NameOrId
from bot.connection.servers import is_shown


def gone(config: Config, guilds: Sequence[discord.Guild]) -> Iterator[str]:
    """Yield a sentence, as Markdown, for each channel and role that no server has.

    An id belongs to one server; what is in a server that Discord does not show at this moment is not gone.
    """
    if not guilds or not all(map(is_shown, guilds)):
        return
    for key, channel in _ids(_channels(config)):
        if not any(guild.get_channel(channel) for guild in guilds):
            yield f"`{key}`: there is no channel of the id {channel} any more, so nothing is sent there."
    for key, role in _ids(_roles(config)):
        if not any(guild.get_role(role) for guild in guilds):
            yield f"`{key}`: there is no role of the id {role} any more."


def _ids(wanted: Iterator[tuple[str, NameOrId | None]]) -> Iterator[tuple[str, int]]:
    for key, name in dict.fromkeys(wanted):
        if isinstance(name, int):
            yield key, name


def _channels(config: Config) -> Iterator[tuple[str, NameOrId | None]]:
    yield from (("announcements.channels", name) for name in config.announcements.channels)
    yield "reminders.channel", config.reminders.channel
    yield from (("board.channels", name) for name in config.board.channels)
    yield "discussion.forum", config.discussion.forum
    yield "meetups.channel", config.meetups.channel
    yield "discord.organizers_channel", config.discord.organizers_channel
    yield "discord.moderators_channel", config.discord.moderators_channel
    yield "discord.log_channel", config.discord.log_channel
    yield "help_desk.channel", config.help_desk.channel
    yield "help_desk.conduct_channel", config.help_desk.conduct_channel


def _roles(config: Config) -> Iterator[tuple[str, NameOrId | None]]:
    yield from (("announcements.roles", name) for name in config.announcements.roles)
    yield "reminders.ping", config.reminders.ping
    yield from (("discord.organizers", name) for name in config.discord.organizers)
    yield from (("discord.moderators", name) for name in config.discord.moderators)
    yield from (("help_desk.helpers", name) for name in config.help_desk.helpers)
    yield from (("help_desk.conduct", name) for name in config.help_desk.conduct)
