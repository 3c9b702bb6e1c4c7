"""Looking at a draft before it is sent: where it goes, whom it reaches, and everything that can go wrong with it."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import discord

from bot.announcing.answers import delivery_line
from bot.announcing.model import SAME_WITHIN, Draft, Purpose, Review, Status
from bot.announcing.roles import role_in
from bot.announcing.rows import AnnouncementStore
from bot.background import BackgroundTasks
from bot.clock import Clock
from bot.config import Announcements
from bot.connection.patience import FAILURES, in_words
from bot.delivery.channels import Channels
from bot.delivery.model import State
from bot.errors import UserError
from bot.permissions import missing_permissions
from bot.ui.markdown import escaped
from bot.ui.when import parse_when_in_thread, write_when

_COUNTING = 3.0
"""How long counting the people of the roles may take, in seconds."""

_NOWHERE = (
    "Say in which channel: none is configured, or no server has one of that name (`channels` under `[announcements]`)."
)

log = logging.getLogger(__name__)


class Reviewer:
    """Finds out what an organizer should know of a draft."""

    def __init__(
        self,
        store: AnnouncementStore,
        channels: Channels,
        background: BackgroundTasks,
        clock: Clock,
        zone: ZoneInfo,
        config: Announcements,
    ) -> None:
        self._background = background
        self._store = store
        self._channels = channels
        self._clock = clock
        self._zone = zone
        self._config = config

    async def review(self, draft: Draft) -> Review:
        """Look at a draft whose form was filled in; the review's draft has the time that the form names."""
        faults = draft.faults
        if draft.purpose is not Purpose.CORRECT:
            draft = replace(draft, channels=self._meant(draft))
            if not draft.channels:
                faults.append(_NOWHERE)
            try:
                draft = replace(draft, due_at=await self._due_at(draft))
            except UserError as error:
                faults.append(str(error))
        if faults:
            return Review(draft, faults)
        roles = self._roles(draft)
        return Review(
            draft,
            warnings=await self._warnings(draft),
            places=await self._places(draft),
            ping=next((role.mention for role in roles), ""),
            reach=await self._reach(roles),
        )

    def _meant(self, draft: Draft) -> tuple[int, ...]:
        """Return the channels that are meant: those picked, or else the configured ones of every server."""
        found = dict.fromkeys((*draft.picked, *draft.elsewhere))
        if draft.everywhere or not found:
            found |= {channel.id: None for name in self._config.channels for channel in self._channels.named(name)}
        return tuple(found)

    async def _due_at(self, draft: Draft) -> datetime | None:
        """Return the time a form names; one that was left as it stood means the very moment it stood for."""
        before = draft.about.due_at if draft.about else None
        if before and draft.when == write_when(before, self._zone):
            return before
        return await parse_when_in_thread(draft.when, self._clock.now(), self._zone)

    async def _warnings(self, draft: Draft) -> list[str]:
        if draft.purpose is Purpose.CORRECT:
            return []
        warnings = [warning for channel in draft.channels for warning in self._obstacles(channel, draft.role)]
        if draft.everywhere or not (draft.picked or draft.elsewhere):
            served = {channel.guild for channel in self._text_channels(draft)}
            warnings += [
                f"{escaped(guild.name, 60)} hears nothing: it has no channel that is configured for announcements."
                for guild in self._channels.guilds
                if guild not in served
            ]
        return warnings + await self._said_before(draft)

    def _obstacles(self, channel_id: int, role_name: str | None) -> list[str]:
        channel = self._channels.get(channel_id)
        if channel is None:
            return ["One of the channels is gone, or I can't see it any more."]
        name = self._channels.name_of(channel_id)
        missing = missing_permissions(channel)
        found = [f"I can't post in {name}: I lack {', '.join(missing)}."] if missing else []
        role = role_in(channel.guild, role_name, self._config.roles)
        if role and not (role.mentionable or channel.permissions_for(channel.guild.me).mention_everyone):
            found.append(
                f"I can't ping {role.mention} in {name}: allow everybody to mention this role, or give me the "
                "permission Mention Everyone. The message would be there without the ping."
            )
        if role_name and not role:
            found.append(f"In {name} there is no role {escaped(role_name, 100)} that I may ping.")
        return found

    async def _said_before(self, draft: Draft) -> list[str]:
        now = self._clock.now()
        new = draft.announcement(now)
        for other in await self._store.latest():
            if other.status not in (Status.SCHEDULED, Status.UNDERWAY, Status.SENT):
                continue
            if other.id != new.id and other.due_at >= now - SAME_WITHIN and other.says_the_same(new):
                verb = "is scheduled for" if other.status is Status.SCHEDULED else "went out"
                return [f"The same text {verb} {discord.utils.format_dt(other.due_at, 'R')}."]
        return []

    async def _places(self, draft: Draft) -> list[str]:
        name_of = self._channels.name_of
        if draft.purpose is Purpose.CORRECT and draft.about:
            corrected = await self._store.get(draft.about.id) or draft.about
            entries = corrected.in_state(State.PLANNED, State.CLAIMED, State.SENT)
            return [delivery_line(entry, name_of, self._zone) for entry in entries]
        news = {channel.id for channel in self._text_channels(draft) if channel.is_news()}
        published = ", and published to the servers that follow it"
        return [f"- {name_of(channel)}{published if channel in news else ''}" for channel in draft.channels]

    def _text_channels(self, draft: Draft) -> list[discord.TextChannel]:
        return [channel for channel_id in draft.channels if (channel := self._channels.get(channel_id))]

    def _roles(self, draft: Draft) -> list[discord.Role]:
        """Return the role that is pinged in each server, that of the first channel first."""
        guilds = dict.fromkeys(channel.guild for channel in self._text_channels(draft))
        return [role for guild in guilds if (role := role_in(guild, draft.role, self._config.roles))]

    async def _reach(self, roles: Iterable[discord.Role]) -> int | None:
        """Return how many people have these roles, None where Discord does not say in time."""
        try:
            return await self._background.within(_COUNTING, _counted(roles), "counting the members of a role")
        except FAILURES as error:
            log.warning("the members of a role could not be counted: %s", in_words(error))
        except Exception:
            # A mere number must keep nobody from announcing.
            log.exception("the members of a role could not be counted")
        return None


async def _counted(roles: Iterable[discord.Role]) -> int:
    reach = 0
    for role in roles:
        counts = await role.guild.role_member_counts()
        reach += {counted.id: count for counted, count in counts.items()}.get(role.id, 0)
    return reach
