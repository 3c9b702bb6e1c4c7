"""Who is on duty and where, who else could see the conduct team's channel, and what is missing for both."""

from collections.abc import Iterator, Sequence

import discord

from bot.config import Config, NameOrId, is_named
from bot.connection.contexts import is_elsewhere
from bot.connection.refusals import PassingOver, is_no_member
from bot.delivery.channels import Channels
from bot.helpdesk.model import About
from bot.permissions import FOR_THREADS, NEEDED, missing_permissions, role_named
from bot.ui.fitting import joined
from bot.ui.interaction import Interaction
from bot.ui.markdown import escaped

"""Discord's code for somebody who is not in the server (its documentation, JSON Error Codes)."""


class Duty:
    """Knows the roles and channels that the configuration names.

    Attributes:
        about: what people can turn here with; nothing where nothing is set up.
    """

    def __init__(self, config: Config, channels: Channels, client: discord.Client) -> None:
        self._config = config.help_desk
        self._discord = config.discord
        self._channels = channels
        self._client = client
        self.about = tuple(
            about
            for about, channel in (
                (About.HELP, self._config.channel),
                (About.CONDUCT, self._config.conduct_channel),
            )
            if channel is not None
        )

    @property
    def contact(self) -> str:
        """Whom to turn to in person, in Markdown."""
        if self._config.contact:
            return escaped(self._config.contact, 400)
        if self._discord.organizers:
            return f"the organizers ({_roles_text(self._discord.organizers)})"
        return "the organizers"

    @property
    def team(self) -> str:
        """The conduct team's roles by their names, in Markdown."""
        return _roles_text(self._config.conduct)

    def helper_roles(self, guild: discord.Guild) -> list[discord.Role]:
        """Return the roles of those on duty that a server has."""
        return _roles(guild, self._config.helpers)

    def conduct_roles(self, guild: discord.Guild) -> list[discord.Role]:
        """Return the roles of the conduct team that a server has."""
        return _roles(guild, self._config.conduct)

    @property
    def conduct_names(self) -> tuple[NameOrId, ...]:
        """The roles of the conduct team as they are configured."""
        return self._config.conduct

    def is_helper(self, interaction: Interaction) -> bool:
        """Tell whether somebody is on duty at this moment."""
        return self._has(interaction, self._config.helpers)

    def is_of_team(self, interaction: Interaction) -> bool:
        """Tell whether somebody belongs to the conduct team at this moment."""
        return self._has(interaction, self._config.conduct)

    def member_is_of_team(self, member: discord.Member) -> bool:
        """Tell whether a member belongs to the conduct team."""
        return any(is_named(role, role.name, self._config.conduct) for role in member.roles)

    def channel(self, about: About, guild: discord.Guild) -> discord.TextChannel | None:
        """Return the channel of a server for something."""
        wanted = self._config.channel if about is About.HELP else self._config.conduct_channel
        return next((one for one in self._channels.named(wanted) if one.guild == guild), None)

    def conduct_channel(self, guild: discord.Guild) -> discord.TextChannel | None:
        """Return the conduct team's channel in a server."""
        return self.channel(About.CONDUCT, guild)

    async def home_of(self, interaction: Interaction) -> tuple[discord.Guild, discord.Member] | None:
        """Return the conference's server of somebody, and them as a member; None where they are in none.

        Discord says who is asked about by name, which takes no privileged intent.
        """
        guild, user = interaction.guild, interaction.user
        if guild is not None and not is_elsewhere(interaction):
            own = isinstance(user, discord.Member) and self._channels.is_own(guild)
            return (guild, user) if own and isinstance(user, discord.Member) else None
        for own_guild in self._channels.guilds:
            if member := await self.member(own_guild, user.id):
                return own_guild, member
        return None

    async def member(self, guild: discord.Guild, user_id: int) -> discord.Member | None:
        """Return somebody as a member of a server, None where they are none."""
        with PassingOver(is_no_member):
            return await guild.fetch_member(user_id)
        return None

    def help_trouble(self, guild: discord.Guild) -> str:
        """Return why no thread can be opened in a server, in Markdown; nothing where all is well."""
        channel = self.channel(About.HELP, guild)
        if channel is None:
            return "there is no such channel"
        if lacking := missing_permissions(channel, (*NEEDED, *FOR_THREADS)):
            return f"I lack {', '.join(lacking)} there"
        if not self.helper_roles(guild):
            return "there is no role of those on duty"
        return ""

    def conduct_trouble(self, guild: discord.Guild) -> str:
        """Return why no report may be sent in a server, in Markdown; nothing where all is well."""
        channel = self.channel(About.CONDUCT, guild)
        return "there is no such channel" if channel is None else self.trouble_with(channel)

    def trouble_with(self, channel: discord.TextChannel) -> str:
        """Return why no report may be sent to a channel, in Markdown; nothing where its team alone can read it."""
        team = self.conduct_roles(channel.guild)
        if not team:
            return "there is no role of the conduct team"
        if channel.is_news():
            return "it is an announcement channel, which other servers can follow"
        if others := self.others_who_see(channel):
            return f"others can see it too: {joined(others, 600)}"
        if not any(channel.permissions_for(role).read_message_history for role in team if _sees(channel, role)):
            return "its own team can't read it"
        return f"I lack {', '.join(lacking)} there" if (lacking := missing_permissions(channel)) else ""

    def others_who_see(self, channel: discord.TextChannel) -> list[str]:
        """Return who can see a channel besides the conduct team and the bot itself, in Markdown.

        What permissions a role has counts, and what is allowed in the channel to a role or a person. The server's owner
        sees everything and is not told here, for nobody can change that.
        """
        guild, me = channel.guild, channel.guild.me
        team = frozenset(self.conduct_roles(guild))
        found = ["everyone"] if _sees(channel, guild.default_role) else []
        for role in guild.roles:
            # The role that came with the bot is the bot; one that others could have as well is not.
            if role.is_default() or role in team or (role in me.roles and role.managed):
                continue
            if _sees(channel, role):
                why = " (Administrator)" if role.permissions.administrator else ""
                found.append(f"the role {role.mention}{why}")
        found += [
            f"<@{target.id}>"
            for target, overwrite in channel.overwrites.items()
            if not isinstance(target, discord.Role) and target.id != me.id and overwrite.view_channel
        ]
        # Where everyone can, each role can; naming them all helps nobody.
        return found[:1] if found[:1] == ["everyone"] else found

    def missing(self, guild: discord.Guild) -> Iterator[str]:
        """Yield what is wrong in a server, a sentence each as Markdown, for those who look after it."""
        if self._config.channel is not None:
            yield from _missing_roles(guild, "helpers", self._config.helpers)
            yield from self._missing_for_help(guild)
        if self._config.conduct_channel is not None:
            yield from _missing_roles(guild, "conduct", self._config.conduct)
            channel = self.channel(About.CONDUCT, guild)
            if channel and (trouble := self.trouble_with(channel)):
                yield f"{channel.mention} (`help_desk.conduct_channel`) gets no reports: {trouble}."
            if channel:
                yield from _unpingable(guild, self.conduct_roles(guild), channel)

    def _missing_for_help(self, guild: discord.Guild) -> Iterator[str]:
        channel = self.channel(About.HELP, guild)
        if channel is None:
            return
        where = f"{channel.mention} (`help_desk.channel`)"
        if lacking := missing_permissions(channel, FOR_THREADS):
            yield f"{where}: the bot lacks {', '.join(lacking)}."
        if not _sees(channel, guild.default_role):
            yield f"{where}: not everybody sees it, and who does not can't read the thread they ask for."
        helpers = self.helper_roles(guild)
        for role in helpers:
            if not _sees(channel, role):
                yield f"{where}: {role.mention}, who are on duty, don't see it."
        yield from _unpingable(guild, helpers, channel)

    def _has(self, interaction: Interaction, wanted: Sequence[NameOrId]) -> bool:
        user, guild = interaction.user, interaction.guild
        if guild is None or is_elsewhere(interaction) or not self._channels.is_own(guild):
            return False
        return isinstance(user, discord.Member) and any(is_named(role, role.name, wanted) for role in user.roles)


def _sees(channel: discord.TextChannel, role: discord.Role) -> bool:
    return channel.permissions_for(role).view_channel


def _roles(guild: discord.Guild, wanted: Sequence[NameOrId]) -> list[discord.Role]:
    """Return the roles that are named; @everyone is nobody's."""
    found = (role_named(guild, one) for one in wanted)
    return list(dict.fromkeys(role for role in found if role and not role.is_default()))


def _roles_text(wanted: Sequence[NameOrId]) -> str:
    return ", ".join(f"<@&{one}>" if isinstance(one, int) else f"“{escaped(one, 60)}”" for one in wanted)


def _missing_roles(guild: discord.Guild, key: str, wanted: Sequence[NameOrId]) -> Iterator[str]:
    for one in wanted:
        if isinstance(one, str) and role_named(guild, one) is None:
            yield f"`help_desk.{key}`: this server has no role called {escaped(one, 100)}."


def _unpingable(guild: discord.Guild, roles: Sequence[discord.Role], channel: discord.TextChannel) -> Iterator[str]:
    if channel.permissions_for(guild.me).mention_everyone:
        return
    for role in roles:
        if not role.mentionable:
            yield f"{role.mention} can't be called for the help desk: make it mentionable."
