"""Screens: a message with a session's first questions in large letters, where a chair wants it.

Each is a delivery of the outbox, so that it comes once whatever is killed, and is known after a restart.
"""

from datetime import timedelta
from typing import Final

from bot.background import BackgroundTasks
from bot.clock import Clock
from bot.delivery.channels import Channels
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.model import Delivery, Entry, State
from bot.delivery.rows import Outbox
from bot.delivery.standing import delete, next_key
from bot.session_questions import answers
from bot.session_questions.model import SCREEN
from bot.ui.answer import Answer

_USEFUL: Final = timedelta(minutes=10)
"""How long after it was asked for a screen may still come."""


class Screens:
    """Puts screens up and takes them down: one in a channel at a time."""

    def __init__(
        self, outbox: Outbox, channels: Channels, dispatcher: Dispatcher, background: BackgroundTasks, clock: Clock
    ) -> None:
        self._outbox = outbox
        self._channels = channels
        self._dispatcher = dispatcher
        self._background = background
        self._clock = clock

    async def put(self, channel_id: int, session_key: str, session: str) -> Answer:
        """Put a screen of a session up, in place of the one that is in this channel."""
        there = await self._in(channel_id)
        await self.post(channel_id, session_key, there[-1] if there else None)
        for one in there:
            await self._remove(one)
        return answers.screen_answer(session)

    async def take_down(self, channel_id: int) -> Answer:
        """Delete the screens that are in a channel."""
        there = await self._in(channel_id)
        for one in there:
            await self._remove(one)
        return answers.screen_gone_answer(there=bool(there))

    async def post(self, channel_id: int, session_key: str, latest: Entry | None) -> None:
        """Have a screen posted after the latest one in its channel."""
        now = self._clock.now()
        key = next_key(SCREEN, channel_id, latest)
        await self._outbox.put(Delivery(key, channel_id, session_key, now, now, now + _USEFUL, SCREEN))
        self._dispatcher.wake()

    async def _in(self, channel_id: int) -> list[Entry]:
        return [one for one in await self._outbox.of_kind(SCREEN) if one.delivery.target_id == channel_id]

    async def _remove(self, screen: Entry) -> None:
        if screen.message_id and screen.state is State.SENT:
            message = self._channels.message(screen.delivery.target_id, screen.message_id)
            if message and not await delete(self._background, message, "a screen of questions"):
                return
        await self._outbox.forget(screen.delivery.key)
