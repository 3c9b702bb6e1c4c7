"""Keeps the outbox in step with the days of the programme and with people's wishes for digests."""

import asyncio
from collections.abc import Collection
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.rows import Outbox
from bot.digest.model import DIGEST, how_many_alike, plan_digests
from bot.digest.wishes import DigestWishes
from bot.editions.service import Library

_NEVER_ANEW: Final = timedelta(days=1)
"""By how much the beginning of a day would have to move for its digest to be sent again."""


class DigestPlanner:
    """Plans digests, once it is open."""

    def __init__(
        self,
        library: Library,
        wishes: DigestWishes,
        outbox: Outbox,
        dispatcher: Dispatcher,
        clock: Clock,
        zone: ZoneInfo,
        pace: int,
    ) -> None:
        """Make a planner; `pace` is how many direct messages go out in a minute."""
        self._library = library
        self._wishes = wishes
        self._outbox = outbox
        self._dispatcher = dispatcher
        self._clock = clock
        self._zone = zone
        self._pace = pace
        self._planning = asyncio.Lock()
        self._open = False
        self._planned = True

    def open(self) -> None:
        """Let plans be made from now on."""
        self._open = True

    async def replan(self) -> None:
        """Make the outbox hold everybody's digests; one plan at a time."""
        await self._plan(None)

    async def replan_for(self, user_ids: Collection[int]) -> None:
        """Make the outbox hold some people's digests, after their wishes have changed."""
        await self._plan(user_ids)

    async def _plan(self, targets: Collection[int] | None) -> None:
        async with self._planning:
            if not self._open:
                return
            # As they are now, not as they were before somebody else's plan was made.
            wishes = self._wishes.of(targets)
            if not wishes and not self._planned:
                return  # nobody wants any, and none is left from before: most changes of the programme cost nothing
            now, sessions = self._clock.now(), self._library.edition.programme.sessions
            alike = how_many_alike(self._wishes.all.values())
            due = await asyncio.to_thread(plan_digests, sessions, wishes, alike, self._pace, self._zone, now)
            first = await self._outbox.plan(due, _NEVER_ANEW, kinds=(DIGEST,), targets=targets, now=now)
            # After a plan for some there may be others who have ended theirs, and of whom something is still planned.
            self._planned = bool(wishes) or (targets is not None and self._planned)
        if first:
            self._dispatcher.wake(first)
