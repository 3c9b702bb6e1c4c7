"""Which roles an announcement may ping: those that the configuration names, and never everyone."""

from collections.abc import Collection

import discord

from bot.config import NameOrId, is_named


def may_ping(role: discord.Role, allowed: Collection[NameOrId]) -> bool:
    """Tell whether announcements may ping a role, given the roles that the configuration allows."""
    return not role.is_default() and is_named(role, role.name, allowed)


def role_in(guild: discord.Guild, name: str | None, allowed: Collection[NameOrId]) -> discord.Role | None:
    """Return the role of that name in a server, if announcements may ping it there."""
    return next((role for role in guild.roles if role.name == name and may_ping(role, allowed)), None)
