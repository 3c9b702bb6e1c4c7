"""Keeps the boards up to date: posted each day, edited whenever something begins or ends, posted anew when lost."""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import discord

from bot.background import BackgroundTasks
from bot.board.messages import BoardWriter, says_the_same
from bot.board.model import Board, Step, has_sessions_on
from bot.board.rows import BoardStore
from bot.clock import Clock
from bot.config import NameOrId
from bot.delivery.channels import Channels
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.model import Entry, State
from bot.delivery.rounds import Rounds
from bot.delivery.standing import Edited, delete, edit
from bot.editions.service import Library
from bot.programme.days import end_of_day
from bot.programme.rooms import next_change

_AGAIN: Final = timedelta(seconds=5)
"""After how long it is looked again where a board is on its way or could not be edited, and by how much later each time
that goes on."""

_LONGEST_PAUSE: Final = timedelta(seconds=60)
"""How long it is waited at most, however often that failed."""

_REPLACED: Final = (Edited.GONE, Edited.WORN)
"""When a board is posted anew."""

log = logging.getLogger(__name__)


class BoardService:
    """Keeps a board in each of some channels, in one task."""

    def __init__(
        self,
        store: BoardStore,
        writer: BoardWriter,
        library: Library,
        channels: Channels,
        dispatcher: Dispatcher,
        background: BackgroundTasks,
        clock: Clock,
        zone: ZoneInfo,
        wanted: Sequence[NameOrId],
    ) -> None:
        """Make the service.

        Args:
            store: the boards in the database.
            writer: writes what they say.
            library: the programme.
            channels: where the channels are found.
            dispatcher: posts them.
            background: where an edit goes on that takes too long.
            clock: tells the time.
            zone: the conference's zone, in which its days are.
            wanted: the names or ids of the channels.
        """
        self._store = store
        self._writer = writer
        self._library = library
        self._channels = channels
        self._dispatcher = dispatcher
        self._background = background
        self._clock = clock
        self._zone = zone
        self._wanted = wanted
        self._shown: dict[int, discord.Embed] = {}
        self._failures = 0
        failed = "the boards could not be brought up to date"
        self._rounds = Rounds(self._update, clock, _AGAIN, name="board", failed=failed)

    def open(self) -> None:
        """Begin to keep the boards; to do so again only looks at them at once, for one may be gone meanwhile."""
        self._shown.clear()
        self._rounds.open()

    def ask(self) -> None:
        """Look at the boards now: the programme or the channels have changed."""
        self._rounds.ask()

    def missing(self, message_ids: Collection[int]) -> None:
        """Look at once whether boards are gone, since messages are."""
        posted = {message_id for message_id in message_ids if self._shown.pop(message_id, None)}
        if posted or self._writer.written:
            self._writer.written.clear()
            self.ask()

    async def close(self) -> None:
        """End the task."""
        await self._rounds.close()

    async def _update(self) -> datetime | None:
        """Bring all boards up to date; return when to look again."""
        now, sessions = self._clock.now(), self._library.edition.programme.sessions
        boards = await self._store.boards()
        wanted = {channel.id for one in self._wanted for channel in self._channels.named(one)}
        # One after the other: they are few, and each waits for Discord.
        done = [await self._keep(boards.get(channel_id, Board(channel_id)), now) for channel_id in sorted(wanted)]
        for channel_id, board in boards.items():
            # A channel that Discord does not show just now may be a wanted one.
            if channel_id not in wanted and self._channels.get(channel_id):
                await self._take_away(board.settled)
        if not self._wanted:
            return None  # what was there from before is taken away
        if not all(done):
            self._failures += 1
            return now + min(_AGAIN * self._failures, _LONGEST_PAUSE)
        self._failures = 0
        return min(filter(None, (next_change(sessions, now), end_of_day(now, self._zone))))

    async def _keep(self, board: Board, now: datetime) -> bool:
        """Bring a channel's board up to date; tell whether it is."""
        today = now.astimezone(self._zone).date()
        busy = has_sessions_on(self._library.edition.programme.sessions, today, self._zone)
        step, latest = board.step(today, has_sessions=busy), board.latest
        if step is Step.EDIT and latest:
            edited = await self._edit(latest)
            await self._take_away([one for one in board.settled if one is not latest])
            if edited not in _REPLACED:
                return edited is not Edited.AGAIN
            step = Step.POST
        if step is Step.POST:
            await self._store.post(board.next_delivery(now, self._zone))
            self._dispatcher.wake()
        return step is Step.LEAVE

    async def _edit(self, posted: Entry) -> Edited:
        """Let a board say what is so now, unless it does."""
        message, embed = self._message(posted), self._writer.embed()
        if message is None:
            return Edited.AGAIN
        shown = self._shown.get(message.id) or self._writer.written.pop(message.channel.id, None)
        if says_the_same(shown, embed):
            self._shown[message.id] = embed
            return Edited.DONE
        edited = await edit(self._background, message, "the board", embeds=[embed])
        if edited is Edited.DONE:
            self._shown[message.id] = embed
        return edited

    async def _take_away(self, posted: Sequence[Entry]) -> None:
        """Delete boards that another one has replaced; what can't be deleted now is tried again at the next look."""
        for one in posted:
            message = self._message(one) if one.state is State.SENT else None
            if message and not await delete(self._background, message, "the old board"):
                continue
            await self._store.forget(one.delivery.key)
            if one.message_id:
                self._shown.pop(one.message_id, None)

    def _message(self, posted: Entry) -> discord.PartialMessage | None:
        channel = self._channels.get(posted.delivery.target_id)
        return channel.get_partial_message(posted.message_id) if channel and posted.message_id else None
