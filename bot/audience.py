"""Who somebody is to the bot: attendee, organizer or moderator."""

from collections.abc import Iterable
from enum import StrEnum

import discord

from bot.config import Discord, NameOrId


class Audience(StrEnum):
    """The three kinds of people the bot serves."""

    ATTENDEE = "attendee"
    ORGANIZER = "organizer"
    MODERATOR = "moderator"


def audiences_of(user: discord.User | discord.Member, config: Discord) -> frozenset[Audience]:
    """Return what somebody is. Everybody is an attendee; in direct messages and in others' servers nobody is more.

    Where the configuration names no roles for a kind, whoever may manage the server is of that kind.
    """
    found = {Audience.ATTENDEE}
    if isinstance(user, discord.Member) and config.trusts(user.guild.id):
        for audience, wanted in (
            (Audience.ORGANIZER, config.organizers),
            (Audience.MODERATOR, config.moderators),
        ):
            holds = _holds(user.roles, wanted) if wanted else user.guild_permissions.manage_guild
            if holds:
                found.add(audience)
    return frozenset(found)


def is_named(item: discord.abc.Snowflake, name: str, wanted: Iterable[NameOrId]) -> bool:
    """Tell whether a role or a channel is one of those the configuration names, by id or by name."""
    return any(item.id == entry if isinstance(entry, int) else name == entry for entry in wanted)


def _holds(roles: Iterable[discord.Role], wanted: tuple[NameOrId, ...]) -> bool:
    return any(is_named(role, role.name, wanted) for role in roles)
