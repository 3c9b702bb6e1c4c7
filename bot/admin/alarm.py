"""Tells the organizers when the bot gets something not done, once, and when it does again."""

import asyncio
import logging
from collections import defaultdict
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from bot.admin.condition import Condition, Trouble
from bot.admin.condition_answers import over_answer, trouble_answer
from bot.delivery.channel_messages import ChannelMessages
from bot.store.notices import Notice, Notices
from bot.ui.answer import Answer

TOLD: Final = (Trouble.STUCK, Trouble.UNWATCHED)
"""The troubles that organizers hear of. That the bot is not connected everybody sees, and it could not tell."""

_PAUSE = timedelta(minutes=5)
"""How long after nobody could be told it is tried again."""

log = logging.getLogger(__name__)


class Alarm:
    """Follows the bot's condition. What the organizers know outlives a restart, so that they are not told again."""

    def __init__(self, notices: Notices, organizers: ChannelMessages, zone: tzinfo) -> None:
        self._zone = zone
        self._notices = notices
        self._organizers = organizers
        self._known: dict[Trouble, Notice] | None = None
        self._not_before = defaultdict[Trouble, datetime](lambda: datetime.min.replace(tzinfo=UTC))
        self._following = asyncio.Lock()

    def concerns(self, condition: Condition) -> bool:
        """Tell whether there may be something to tell of the condition; while something is being told, later."""
        return not self._following.locked() and (self._known != {} or any(one in TOLD for one in condition.troubles))

    async def follow(self, condition: Condition) -> None:
        """Tell what there is to tell of the condition."""
        async with self._following:
            if self._known is None:
                found = {trouble: await self._notices.get(_about(trouble)) for trouble in TOLD}
                self._known = {trouble: notice for trouble, notice in found.items() if notice}
            for trouble in TOLD:
                notice = self._known.get(trouble)
                if trouble in condition.troubles:
                    if notice is None or (not notice.told and condition.at >= self._not_before[trouble]):
                        self._known[trouble] = await self._begun(trouble, condition)
                elif notice and condition.is_over(trouble, notice.since):
                    await self._notices.forget(_about(trouble))
                    del self._known[trouble]
                    await self._tell(over_answer(trouble, notice, condition, self._zone))

    async def _begun(self, trouble: Trouble, condition: Condition) -> Notice:
        about = _about(trouble)
        if await self._notices.claim(about, condition.at) and not await self._tell(trouble_answer(trouble, condition)):
            self._not_before[trouble] = condition.at + _PAUSE
            await self._notices.release(about)
        return await self._notices.get(about) or Notice(condition.at, told=True)

    async def _tell(self, answer: Answer) -> bool:
        """Write to the organizers; tell whether they know, as far as they can."""
        log.warning("%s", answer.content)
        return await self._organizers.tell(answer)


def _about(trouble: Trouble) -> str:
    return f"condition:{trouble}"
