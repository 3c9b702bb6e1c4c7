"""Keeping Discord's own events, which members see in their server's calendar, in step with the programme."""

import asyncio
import logging
from asyncio import Lock
from collections import defaultdict
from collections.abc import Coroutine
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TypedDict

import discord

from bot.clock import Clock
from bot.connection.patience import FAILURES, in_words
from bot.connection.refusals import is_about_permissions, is_gone, is_trouble
from bot.delivery.channels import Channels
from bot.editions.service import Library
from bot.events.model import NativeEvent, session_key_of, steps, that_fit, wanted
from bot.ui.limits import MOST_EVENTS

_TOO_MANY = 30038
"""Discord's code for as many events as a server holds."""

_NOT_OVER = (discord.EventStatus.scheduled, discord.EventStatus.active)
_NAP = 300.0
"""How often it is looked whether there is something to do again, in seconds."""

_AGAIN = timedelta(hours=1)
"""After what time a server for which not all was done is looked at again at the latest."""

log = logging.getLogger(__name__)


class EventService:
    """Makes an event for each session, changes it with the session, and cancels it when the session goes.

    A server holds a limited number; the next sessions have theirs, and the others follow as those are over.
    """

    def __init__(self, library: Library, channels: Channels, clock: Clock, *, enabled: bool) -> None:
        self._library = library
        self._channels = channels
        self._clock = clock
        self._enabled = enabled
        self._said: set[tuple[int, str]] = set()
        self._updating: defaultdict[int, Lock] = defaultdict(Lock)
        self._left_out: dict[int, int] = {}
        self._again_at: dict[int, datetime] = {}
        self._task: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begin to make further events as earlier ones are over; to do so again changes nothing."""
        if self._enabled and self._task is None:
            self._task = asyncio.create_task(self._follow(), name="events")

    async def close(self) -> None:
        """End that."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def left_out(self, guild_id: int) -> int:
        """Return how many sessions to come have no event in a server, since it holds no more."""
        return self._left_out.get(guild_id, 0)

    async def update_all(self) -> None:
        """Bring the events of the conference's servers up to date with the programme."""
        for guild in self._channels.guilds:
            await self.update(guild)

    async def update(self, guild: discord.Guild) -> None:
        """Make a server's events those of the programme; where the bot may not, say so once in the log."""
        if not self._enabled:
            return
        permissions = guild.me.guild_permissions
        if not (permissions.create_events and permissions.manage_events):
            self._say_once(guild, "it lacks the permissions Create Events and Manage Events")
            return
        # Two updates at once would each make the events that are missing.
        async with self._updating[guild.id]:
            self._again_at[guild.id] = self._clock.now() + _AGAIN
            try:
                again_at = await self._update(guild)
            except FAILURES as error:
                if not is_about_permissions(error):
                    log.warning("the events in server %s are not up to date: %s", guild.id, in_words(error))
                    return
                self._say_once(guild, f"Discord refuses: {in_words(error)}")
            else:
                if again_at:
                    self._again_at[guild.id] = min(again_at, self._again_at[guild.id])
                    return
            del self._again_at[guild.id]

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(_NAP)
            for guild in self._channels.everywhere:
                if (at := self._again_at.get(guild.id)) and at <= self._clock.now():
                    try:
                        await self.update(guild)
                    except Exception:
                        log.exception("the events in server %s could not be updated", guild.id)

    async def _update(self, guild: discord.Guild) -> datetime | None:
        """Do what there is to do; return when there will be room for what had none, None where all fits."""
        now = self._clock.now()
        there = [one for one in await guild.fetch_scheduled_events(with_counts=False) if one.status in _NOT_OVER]
        own = {
            key: event
            for event in there
            if event.creator_id in (None, guild.me.id) and event.status is discord.EventStatus.scheduled
            if (key := session_key_of(event.description))
        }
        have = [_as_native(key, event) for key, event in own.items()]
        want = wanted(self._library.edition.programme, now)
        fitting = that_fit(want, have, len(there) - len(own), now)
        todo = steps(fitting, have, now)
        # What makes room comes first.
        for key in todo.cancel:
            await self._try(guild, own[key].cancel(reason="The session is not in the programme, or sooner ones are."))
        for native in todo.edit:
            await self._try(guild, own[native.session_key].edit(**_said(native)))
        without = len(want) - len(fitting) + await self._create(guild, todo.create)
        self._left_out[guild.id] = without
        if not without:
            return None
        self._say_once(guild, f"it holds {MOST_EVENTS} events; the next sessions have theirs, others follow", "not all")
        return min((event.end_time or event.start_time for event in there), default=now + _AGAIN)

    async def _create(self, guild: discord.Guild, events: list[NativeEvent]) -> int:
        """Make events, and return how many there was no room for."""
        for number, native in enumerate(events):
            making = guild.create_scheduled_event(
                **_said(native),
                entity_type=discord.EntityType.external,
                privacy_level=discord.PrivacyLevel.guild_only,
            )
            try:
                await self._try(guild, making)
            except discord.HTTPException as error:
                if error.code != _TOO_MANY:
                    raise
                return len(events) - number
        return 0

    async def _try(self, guild: discord.Guild, change: Coroutine[object, object, object]) -> None:
        """Make a change; that a single event is refused holds up no other."""
        try:
            await change
        except discord.HTTPException as error:
            if is_gone(error):
                log.info("an event in server %s was gone already", guild.id)
                return
            if not _is_about_one(error):
                raise
            self._say_once(guild, f"Discord refuses: {error.text or error.status}", "not all")

    def _say_once(self, guild: discord.Guild, why: str, which: str = "no") -> None:
        if (guild.id, why) not in self._said:
            self._said.add((guild.id, why))
            log.warning("the bot keeps %s events in server %s: %s", which, guild.id, why)


def _is_about_one(error: discord.HTTPException) -> bool:
    """Tell whether Discord refuses a single event, and might take the next one."""
    if is_trouble(error) or is_about_permissions(error) or error.status == HTTPStatus.TOO_MANY_REQUESTS:
        return False
    return error.code not in (0, _TOO_MANY)


class _Said(TypedDict):
    name: str
    description: str
    start_time: datetime
    end_time: datetime
    location: str


def _said(event: NativeEvent) -> _Said:
    return {
        "name": event.name,
        "description": event.description,
        "start_time": event.starts_at,
        "end_time": event.ends_at,
        "location": event.location,
    }


def _as_native(key: str, event: discord.ScheduledEvent) -> NativeEvent:
    return NativeEvent(
        session_key=key,
        name=event.name,
        location=event.location or "",
        description=event.description or "",
        starts_at=event.start_time,
        ends_at=event.end_time or event.start_time,
    )
