"""Keeps the outbox in step with the days of the programme and with people's wishes for digests."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.rows import Outbox
from bot.digest.model import DIGEST, DigestWish, how_many_alike, plan_digests
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
        await self._plan(dict(self._wishes.all))

    async def replan_for(self, user_id: int) -> None:
        """Make the outbox hold one person's digests, after their wish has changed."""
        wish = self._wishes.all.get(user_id)
        await self._plan({user_id: wish} if wish else {}, user_id)

    async def _plan(self, wishes: Mapping[int, DigestWish], target_id: int | None = None) -> None:
        async with self._planning:
            if not self._open:
                return
            if not wishes and not self._planned:
                return  # nobody wants any, and none is left from before: most changes of the programme cost nothing
            now, sessions = self._clock.now(), self._library.edition.programme.sessions
            alike = how_many_alike(self._wishes.all.values())
            due = await asyncio.to_thread(plan_digests, sessions, wishes, alike, self._pace, self._zone, now)
            await self._outbox.plan(due, _NEVER_ANEW, kinds=(DIGEST,), target_id=target_id, now=now)
            self._planned = bool(self._wishes.all)
        self._dispatcher.wake()
