"""How the bot gets into a server, with exactly the permissions its configuration needs, and to somebody's account."""

import base64

import discord

from bot.config import Config
from bot.permissions import NEEDED

SCOPES = ("bot", "applications.commands")


def needed_permissions(config: Config) -> discord.Permissions:
    """Return what the bot must be allowed in a server to do what its configuration asks of it."""
    channels = (
        *config.announcements.channels,
        config.reminders.channel,
        *config.board.channels,
        config.discussion.forum,
        config.meetups.channel,
        config.discord.organizers_channel,
        config.discord.moderators_channel,
        config.discord.log_channel,
        config.help_desk.channel,
        config.help_desk.conduct_channel,
    )
    writes = config.discord.welcome or any(channel is not None for channel in channels)
    talks, meets = config.discussion.forum is not None, config.meetups.channel is not None
    helps = config.help_desk.channel is not None
    needed = {
        "view_channel": True,
        "create_events": config.discord.events,
        "manage_events": config.discord.events,
        "send_messages_in_threads": talks or meets or helps,
        "create_public_threads": talks or meets,
        "create_private_threads": helps,
        "manage_threads": meets or helps,
    }
    return discord.Permissions(**dict.fromkeys(NEEDED, writes) | needed)


def invitation(config: Config, application_id: int | None) -> str:
    """Return the link that invites the bot; without its id there is a place to put it."""
    return discord.utils.oauth_url(
        application_id or "YOUR_APPLICATION_ID", permissions=needed_permissions(config), scopes=SCOPES
    )


def personal_invitation(application_id: int | None) -> str:
    """Return the link by which people add the bot to their own account, to use it in any channel."""
    link = discord.utils.oauth_url(application_id or "YOUR_APPLICATION_ID", scopes=SCOPES[1:])
    return f"{link}&integration_type=1"


def application_of(token: str) -> int | None:
    """Return the id of the bot's application, which its token begins with, or None when that is no token.

    A bot's token is its id in base64, a dot, and what is secret (Discord's documentation, Authentication).
    """
    first = token.partition(".")[0]
    try:
        decoded = base64.b64decode(first + "=" * (-len(first) % 4), validate=True).decode("ascii")
        return int(decoded) if decoded.isdecimal() else None
    except ValueError:  # which base64's own error is, too
        return None
