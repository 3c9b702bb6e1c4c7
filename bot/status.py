"""What there is to know of the bot's state, gathered for /status."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import discord
import psutil

from bot.audience import is_named
from bot.due import State
from bot.ui.status import Health, Post

if TYPE_CHECKING:
    from bot.client import ConferenceBot

_SHOWN = 5
_NEEDED = ("view_channel", "send_messages", "embed_links", "read_message_history")


async def health(bot: "ConferenceBot", started_at: datetime) -> Health:
    """Return what the machine and Discord say."""
    memory, database = await asyncio.to_thread(_sizes, bot.config.database.path)
    answered = {
        kind: (bars.total(), bot.timings.within(kind, 0.5), bot.timings.within(kind, 0.99))
        for kind, bars in bot.timings.bars.items()
    }
    return Health(started_at, bot.latency, memory, database, answered)


async def post(bot: "ConferenceBot") -> Post:
    """Return how the deliveries are."""
    waiting = await bot.ledger.entries(states=(State.PLANNED, State.CLAIMED), limit=_SHOWN)
    failed = await bot.ledger.entries(states=(State.FAILED, State.MISSED), limit=_SHOWN, latest_first=True)
    count = await bot.ledger.count((State.PLANNED, State.CLAIMED))
    unreachable = sum(wish.unreachable for wish in bot.agendas.wishes.values())
    return Post(waiting, count, failed, unreachable)


def missing(bot: "ConferenceBot", guild: discord.Guild) -> list[str]:
    """Return what the bot may not do in a server, a sentence each as Markdown."""
    return [*_missing_in_channels(bot, guild), *_missing_in_server(bot, guild)]


def lacking(channel: discord.TextChannel) -> list[str]:
    """Return the permissions the bot needs to send in a channel and lacks there, as Discord calls them."""
    permissions = channel.permissions_for(channel.guild.me)
    return [name.replace("_", " ").title() for name in _NEEDED if not getattr(permissions, name)]


def _missing_in_channels(bot: "ConferenceBot", guild: discord.Guild) -> Iterator[str]:
    config = bot.config
    wanted = (
        *(("announcements.channels", name) for name in config.announcements.channels),
        ("reminders.channel", config.reminders.channel),
        ("discord.organizers_channel", config.discord.organizers_channel),
        ("discord.log_channel", config.discord.log_channel),
    )
    for key, name in wanted:
        if name is None:
            continue
        found = [channel for channel in guild.text_channels if is_named(channel, channel.name, (name,))]
        if not found and isinstance(name, str):
            yield f"`{key}`: this server has no text channel of that name."
        for channel in found:
            if needed := lacking(channel):
                yield f"{channel.mention} (`{key}`): the bot lacks {', '.join(needed)}."


def _missing_in_server(bot: "ConferenceBot", guild: discord.Guild) -> Iterator[str]:
    permissions = guild.me.guild_permissions
    if bot.config.discord.events and not (permissions.create_events and permissions.manage_events):
        yield "The bot keeps no events here: it lacks Create Events and Manage Events."
    pinged = (*bot.config.announcements.roles, bot.config.reminders.ping)
    for wanted in dict.fromkeys(name for name in pinged if name is not None):
        role = next((role for role in guild.roles if is_named(role, role.name, (wanted,))), None)
        if role is None and isinstance(wanted, str):
            yield f"A role that is to be pinged is not in this server: {discord.utils.escape_markdown(wanted)}."
        elif role and not role.mentionable and not permissions.mention_everyone:
            yield f"{role.mention} can't be pinged: make it mentionable, or give the bot Mention Everyone."


def _sizes(database: Path) -> tuple[int, int]:
    files = (database, database.with_name(database.name + "-wal"))
    return psutil.Process().memory_info().rss, sum(file.stat().st_size for file in files if file.exists())
