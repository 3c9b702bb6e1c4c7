"""Keeps the outbox in step with the programme, with people's bookmarks and with their wishes."""

import asyncio
import logging
from collections.abc import Collection
from datetime import datetime
from typing import Final

from bot.agenda.agendas import Agendas
from bot.clock import Clock
from bot.config import Reminders
from bot.delivery.channels import Channels
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.expected_channels import ExpectedChannels
from bot.delivery.model import Delivery
from bot.delivery.rows import Outbox
from bot.editions.service import Library
from bot.reminders.model import DIRECT_REMINDER, REMINDER, Pace, audiences, plan, plan_direct

_FEW: Final = 10
"""For how many people at the most the loop plans by itself."""

log = logging.getLogger(__name__)


class ReminderPlanner:
    """Plans reminders, once it is open: before the bot is connected it sees no channels."""

    def __init__(
        self,
        library: Library,
        agendas: Agendas,
        outbox: Outbox,
        dispatcher: Dispatcher,
        channels: Channels,
        expected: ExpectedChannels,
        clock: Clock,
        config: Reminders,
    ) -> None:
        self._library = library
        self._agendas = agendas
        self._outbox = outbox
        self._dispatcher = dispatcher
        self._channels = channels
        self._expected = expected
        self._clock = clock
        self._config = config
        self._pace = Pace(config.direct_per_minute, {})
        self._planning = asyncio.Lock()
        self._open = False
        self._said_no_channel = False

    def open(self) -> None:
        """Let plans be made from now on; to do so again changes nothing."""
        if self._open:
            return
        self._open = True
        for session in self._library.edition.programme.sessions:
            if session.starts_at is None:
                log.info("session %s has no announced time, so nobody is reminded of it", session.key)

    async def replan(self) -> None:
        """Make the outbox hold what the programme and the configuration want; one plan at a time."""
        async with self._planning:
            if not self._open:
                return
            channels = await self._channel_ids()
            programme, now = self._library.edition.programme, self._clock.now()
            due = plan(programme, channels, self._config.leads, now)
            wishes = {user: wish for user, wish in self._agendas.wishes.items() if not wish.unreachable}
            bookmarks = {user: self._agendas.of(user) for user in wishes}
            heard = await asyncio.to_thread(audiences, programme, bookmarks)
            self._pace = Pace(self._config.direct_per_minute, heard)
            due += await asyncio.to_thread(plan_direct, programme, wishes, bookmarks, self._pace, now)
            await self._plan(due, now)
            # After the plan: a session that was made longer while the bot was away is still worth a reminder.
            await self._dispatcher.note_missed()

    async def replan_for(self, user_ids: Collection[int]) -> None:
        """Make the outbox hold what some people want, after their bookmarks or their wishes changed."""
        async with self._planning:
            if not self._open:
                return
            programme, now = self._library.edition.programme, self._clock.now()
            wishes = {user: wish for user in user_ids if (wish := self._agendas.wishes.get(user))}
            bookmarks = {user: self._agendas.of(user) for user in wishes}
            wanted = (programme, wishes, bookmarks, self._pace, now)
            # For a few, to go to a thread takes longer than to plan.
            due = plan_direct(*wanted) if len(wishes) <= _FEW else await asyncio.to_thread(plan_direct, *wanted)
            await self._plan(due, now, user_ids)

    async def _plan(self, due: list[Delivery], now: datetime, targets: Collection[int] | None = None) -> None:
        kinds = (REMINDER, DIRECT_REMINDER)
        first = await self._outbox.plan(due, self._config.threshold, kinds=kinds, targets=targets, now=now)
        if first:
            self._dispatcher.wake(first)

    async def _channel_ids(self) -> list[int]:
        wanted = self._config.channel
        channels = await self._expected.ids()
        seen = self._channels.everywhere and self._channels.complete
        if wanted is not None and seen and not channels and not self._said_no_channel:
            log.warning("reminders.channel: no server has a text channel %r, so nobody is reminded", wanted)
            self._said_no_channel = True
        return channels
