"""Keeping Discord's own events, which members see in their server's calendar, in step with the programme."""

import logging
from asyncio import Lock
from collections import defaultdict

import discord

from bot.clock import Clock
from bot.delivery.channels import Channels
from bot.editions.service import Library
from bot.events.model import NativeEvent, session_key_of, steps, wanted

log = logging.getLogger(__name__)


class EventService:
    """Makes an event for each session, changes it with the session, and cancels it when the session goes."""

    def __init__(self, library: Library, channels: Channels, clock: Clock, *, enabled: bool) -> None:
        self._library = library
        self._channels = channels
        self._clock = clock
        self._enabled = enabled
        self._said: set[int] = set()
        self._updating: defaultdict[int, Lock] = defaultdict(Lock)

    async def update_all(self) -> None:
        """Bring every server's events up to date with the programme."""
        for guild in self._channels.everywhere:
            await self.update(guild)

    async def update(self, guild: discord.Guild) -> None:
        """Make a server's events those of the programme; where the bot may not, say so once in the log."""
        if not self._enabled:
            return
        permissions = guild.me.guild_permissions
        if not (permissions.create_events and permissions.manage_events):
            self._say_once(guild, "it lacks the permissions Create Events and Manage Events")
            return
        try:
            # Two updates at once would each make the events that are missing.
            async with self._updating[guild.id]:
                await self._update(guild)
        except discord.HTTPException as error:
            self._say_once(guild, f"Discord refuses: {error.text or error.status}")

    async def _update(self, guild: discord.Guild) -> None:
        now = self._clock.now()
        own = {
            key: event
            for event in await guild.fetch_scheduled_events(with_counts=False)
            if event.creator_id in (None, guild.me.id) and event.status is discord.EventStatus.scheduled
            if (key := session_key_of(event.description))
        }
        have = [_as_native(key, event) for key, event in own.items()]
        todo = steps(wanted(self._library.edition.programme, now), have, now)
        for native in todo.create:
            await guild.create_scheduled_event(
                name=native.name,
                description=native.description,
                start_time=native.starts_at,
                end_time=native.ends_at,
                location=native.location,
                entity_type=discord.EntityType.external,
                privacy_level=discord.PrivacyLevel.guild_only,
            )
        for native in todo.edit:
            await own[native.session_key].edit(
                name=native.name,
                description=native.description,
                start_time=native.starts_at,
                end_time=native.ends_at,
                location=native.location,
            )
        for key in todo.cancel:
            await own[key].cancel(reason="The session is no longer in the programme.")

    def _say_once(self, guild: discord.Guild, why: str) -> None:
        if guild.id not in self._said:
            self._said.add(guild.id)
            log.warning("the bot keeps no events in server %s: %s", guild.id, why)


def _as_native(key: str, event: discord.ScheduledEvent) -> NativeEvent:
    return NativeEvent(
        session_key=key,
        name=event.name,
        location=event.location or "",
        description=event.description or "",
        starts_at=event.start_time,
        ends_at=event.end_time or event.start_time,
    )
