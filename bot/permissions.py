"""Who may do what, asked at every command, button and form; and what the bot itself may do."""

import logging
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, ClassVar

import discord
from discord import app_commands
from discord.ext import commands

from bot.config import Discord, NameOrId, is_named
from bot.connection.contexts import is_elsewhere
from bot.errors import UserError
from bot.home.service import HomeServers

NEEDED = ("view_channel", "send_messages", "embed_links", "read_message_history")
"""What the bot needs in a channel to send there, and to find again what it has sent."""

FOR_THREADS = ("create_private_threads", "send_messages_in_threads", "manage_threads")
"""What the bot needs besides to open private threads, and to close them for good."""

_IN_THREADS = {"send_messages": "send_messages_in_threads"}

log = logging.getLogger(__name__)


class Audience(StrEnum):
    """The three kinds of people the bot serves."""

    ATTENDEE = "attendee"
    ORGANIZER = "organizer"
    MODERATOR = "moderator"


def role_named(guild: discord.Guild, wanted: NameOrId | None) -> discord.Role | None:
    """Return the role of a server that the configuration names; None where it names none, or there is none."""
    if wanted is None:
        return None
    return next((role for role in guild.roles if is_named(role, role.name, (wanted,))), None)


class Permissions:
    """Tells who somebody is to the bot, by the roles that the configuration names."""

    def __init__(self, config: Discord, home: HomeServers) -> None:
        self._config = config
        self._home = home
        self._roles: Mapping[Audience, tuple[NameOrId, ...]] = {
            Audience.ORGANIZER: config.organizers,
            Audience.MODERATOR: config.moderators,
        }

    def audiences_of(self, user: discord.User | discord.Member) -> frozenset[Audience]:
        """Return what somebody is. Everybody is an attendee; in direct messages and in others' servers nobody is more.

        Whoever may manage the server is everything, so that nobody is locked out before the roles are there. Under
        `strict_roles` that is so only where the configuration names no roles.
        """
        found = {Audience.ATTENDEE}
        if isinstance(user, discord.Member) and self._home.is_own(user.guild.id):
            manages = user.guild_permissions.manage_guild
            for audience, wanted in self._roles.items():
                admitted = manages and not (wanted and self._config.strict_roles)
                if admitted or any(is_named(role, role.name, wanted) for role in user.roles):
                    found.add(audience)
        return frozenset(found)

    def audiences_in(self, interaction: discord.Interaction[Any]) -> frozenset[Audience]:
        """Return what somebody is where they use the bot: where nobody has invited it, an attendee alone."""
        if is_elsewhere(interaction):
            return frozenset({Audience.ATTENDEE})
        return self.audiences_of(interaction.user)

    def allows(self, interaction: discord.Interaction[Any], audiences: Iterable[Audience]) -> bool:
        """Tell whether whoever uses something belongs to any of these audiences now."""
        return not self.audiences_in(interaction).isdisjoint(audiences)

    def check(self, interaction: discord.Interaction[Any], audiences: Iterable[Audience]) -> None:
        """Let only these audiences through.

        Raises:
            UserError: they belong to none of them now, whatever they were when the message was made.
        """
        audiences = tuple(audiences)
        if self.allows(interaction, audiences):
            return
        command = interaction.command.qualified_name if interaction.command else "a button or a form"
        log.warning("refused: user %d may not use %s", interaction.user.id, command)
        if interaction.guild is None or is_elsewhere(interaction):
            raise UserError("This works in the conference's server only, where I can see your roles.")
        if not self._home.is_own(server := interaction.guild.id):
            raise UserError(f"This works in the conference's own server only. {self._home.why_not(server)}")
        who = " and ".join(f"{audience}s" for audience in audiences)
        raise UserError(f"This is for {who} only. {self._who_counts(interaction.guild, audiences)}")

    def missing_roles(self, guild: discord.Guild) -> list[tuple[Audience, NameOrId]]:
        """Return the roles the configuration names that a server does not have.

        A role's id belongs to one server; it is missing in a server only if no server has it, which is not told here.
        """
        return [
            (audience, wanted)
            for audience, roles in self._roles.items()
            for wanted in roles
            if isinstance(wanted, str) and not any(role.name == wanted for role in guild.roles)
        ]

    def _who_counts(self, guild: discord.Guild, audiences: Iterable[Audience]) -> str:
        """Say which roles would do, and which of those the server does not have."""
        wanted = list(dict.fromkeys(role for audience in audiences for role in self._roles[audience]))
        missing = [role for audience, role in self.missing_roles(guild) if audience in audiences]
        if not wanted:
            return "Whoever may manage this server is one."
        names = ", ".join(_role_name(guild, role) for role in wanted)
        text = f"It takes one of these roles: {names}. Ask whoever manages this server to give you one."
        if missing:
            text += f" This server has no role called {', '.join(_role_name(guild, role) for role in missing)}."
        return text


class GuardedCog(commands.Cog):
    """A cog whose commands are for some audiences only.

    Attributes:
        audiences: whom its commands and their suggestions are for.
    """

    audiences: ClassVar[tuple[Audience, ...]] = ()

    def __init__(self, permissions: Permissions) -> None:
        self._permissions = permissions

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Let only the cog's audiences use its commands."""
        try:
            self._permissions.check(interaction, self.audiences)
        except UserError as error:
            # discord.py hands on to the error handler only what is an error of its own.
            raise app_commands.CheckFailure from error
        return True

    def may_suggest(self, interaction: discord.Interaction[Any]) -> bool:
        """Tell whether whoever types may see the commands' suggestions."""
        return self._permissions.allows(interaction, self.audiences)


def audiences_of(command: app_commands.Command[Any, ..., Any] | app_commands.ContextMenu) -> tuple[Audience, ...]:
    """Return whom a command is for: what it says itself, or else its cog; everybody, where neither says anything."""
    cog = getattr(command, "binding", None)
    meant = cog.audiences if isinstance(cog, GuardedCog) else (Audience.ATTENDEE,)
    return tuple(command.extras.get("audiences", meant))


def missing_permissions(
    channel: discord.abc.GuildChannel | discord.Thread, needed: Iterable[str] = NEEDED
) -> list[str]:
    """Return the permissions the bot needs in a channel and lacks there, as Discord calls them.

    Args:
        channel: the channel, or a thread, in which another permission lets it send.
        needed: what it needs, as discord.py calls it; what it takes to send there, unless given.
    """
    permissions = channel.permissions_for(channel.guild.me)
    if isinstance(channel, discord.Thread):
        needed = [_IN_THREADS.get(name, name) for name in needed]
    return [name.replace("_", " ").title() for name in needed if not getattr(permissions, name)]


def _role_name(guild: discord.Guild, wanted: NameOrId) -> str:
    role = guild.get_role(wanted) if isinstance(wanted, int) else None
    return f"“{discord.utils.escape_markdown(role.name if role else str(wanted))}”"
