"""Keeps the outbox in step with who comes to which meetup, and when."""

import asyncio
from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Final

from bot.background import BackgroundTasks, ForMany
from bot.clock import Clock
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.rows import Outbox
from bot.meetups.meetups import Meetups
from bot.meetups.model import MEETUP_REMINDER, reminders_of

_MOVED: Final = timedelta(minutes=10)
"""By how much a meetup must move for its reminder to be sent again."""


class MeetupPlanner:
    """Plans the reminders of meetups, once it is open."""

    def __init__(
        self,
        meetups: Meetups,
        outbox: Outbox,
        dispatcher: Dispatcher,
        background: BackgroundTasks,
        clock: Clock,
        lead: timedelta,
    ) -> None:
        """Make a planner; `lead` is how long before a meetup begins those who come are reminded."""
        self._meetups = meetups
        self._outbox = outbox
        self._dispatcher = dispatcher
        self._clock = clock
        self._lead = lead
        self._open = False
        self._lock = asyncio.Lock()
        self._planning = ForMany[int | None](background, self._plan_asked, "planning meetups")

    def open(self) -> None:
        """Let plans be made from now on."""
        self._open = True

    def ask(self, user_ids: Iterable[int] | None) -> None:
        """Plan soon for some people, or for everybody."""
        self._planning.ask(*([None] if user_ids is None else user_ids))

    async def replan(self) -> None:
        """Make the outbox hold everybody's reminders."""
        await self._plan(None)

    async def _plan_asked(self, asked: Collection[int | None]) -> None:
        user_ids = {one for one in asked if one is not None}
        await self._plan(None if len(user_ids) < len(asked) else user_ids)

    async def _plan(self, user_ids: Collection[int] | None) -> None:
        async with self._lock:
            if not self._open:
                return
            now = self._clock.now()
            due = reminders_of(self._meetups.all, self._lead, now, user_ids)
            await self._outbox.plan(due, _MOVED, kinds=(MEETUP_REMINDER,), targets=user_ids, now=now)
        self._dispatcher.wake()
