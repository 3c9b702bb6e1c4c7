"""What is done with the message about a meetup and with its thread, in Discord.

A thread that begins with a message has the message's own id, so that a message has one at most, however often it is
asked for (Discord's documentation, Start Thread from Message).
"""

import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from enum import Enum, auto
from typing import Any, Final

import discord

from bot.background import BackgroundTasks
from bot.connection.patience import FAILURES, in_words
from bot.connection.refusals import HAS_A_THREAD, IS_ARCHIVED, code_of, is_final, is_gone, is_no_member
from bot.delivery.channels import Channels
from bot.meetups.answers import details_question
from bot.meetups.model import Meetup
from bot.ui.controls import message_view

PATIENCE: Final = 20.0
"""How long Discord may take for a step, in seconds; then it goes on by itself, and the next one's turn comes."""

_WEEK: Final = 10080
"""After how many minutes of quiet Discord archives a thread by itself."""

_NOBODY = discord.AllowedMentions.none()

log = logging.getLogger(__name__)


def with_its_thread(meetup: Meetup) -> Meetup:
    """Return a meetup with the id of its thread, also where that is not written down and may never have been made.

    Whoever asked for it may not have heard that it is there: the answer was lost, or the bot ended before.
    """
    return meetup if meetup.thread_id is not None else replace(meetup, thread_id=meetup.message_id)


class Done(Enum):
    """What has become of a step."""

    YES = auto()
    AGAIN = auto()
    """It failed, and may succeed later."""

    GONE = auto()
    """What it was about is not there any more."""

    REFUSED = auto()
    """Discord refuses it, and would again until something has changed."""


class MeetupThreads:
    """Changes messages, and makes, fills and archives threads."""

    def __init__(self, channels: Channels, background: BackgroundTasks) -> None:
        self._channels = channels
        self._background = background
        self._unanswered: list[int] = []

    async def edit(self, meetup: Meetup, embed: discord.Embed, token: str | None) -> Done:
        """Let the message about a meetup say something else; when all is over, nobody can join there any more.

        Args:
            meetup: the meetup.
            embed: what it is to say.
            token: names the message, which is known again by it.
        """
        channel = self._channels.get(meetup.channel_id)
        if channel is None or meetup.message_id is None:
            return Done.REFUSED
        message = channel.get_partial_message(meetup.message_id)
        options: dict[str, Any] = {}
        if not meetup.is_open:
            options = {"view": message_view(token, [details_question(meetup)]) if token else None}
        return await self._try(
            meetup, "editing a meetup", lambda: message.edit(embeds=[embed], allowed_mentions=_NOBODY, **options)
        )

    async def start(self, meetup: Meetup, name: str) -> Done:
        """Make the thread of a meetup, if there is none yet."""
        channel = self._channels.get(meetup.channel_id)
        if channel is None or meetup.message_id is None:
            return Done.REFUSED
        message = channel.get_partial_message(meetup.message_id)
        return await self._try(
            meetup,
            "making a meetup's thread",
            lambda: message.create_thread(name=name, auto_archive_duration=_WEEK),
            well=(HAS_A_THREAD,),
        )

    async def add(self, meetup: Meetup, user_id: int) -> Done:
        """Add somebody to the thread of a meetup; one that was quiet for long is woken."""

        async def add(thread: discord.Thread) -> None:
            person = discord.Object(user_id)
            try:
                await thread.add_user(person)
            except discord.HTTPException as error:
                if is_no_member(error):  # they have left the server, and are no fault of the thread's
                    return
                if error.code != IS_ARCHIVED:
                    raise
                await thread.edit(archived=False)
                await thread.add_user(person)

        return await self._in_thread(meetup, "adding to a meetup's thread", add)

    async def remove(self, meetup: Meetup, user_id: int) -> Done:
        """Take somebody out of the thread of a meetup."""
        return await self._in_thread(
            meetup, "taking out of a meetup's thread", lambda thread: thread.remove_user(discord.Object(user_id))
        )

    async def rename(self, meetup: Meetup, name: str) -> Done:
        """Give the thread of a meetup its name, unless it has it, as far as Discord shows that."""
        thread = self._shown(meetup)
        if thread is None or thread.name == name:
            return Done.YES
        return await self._try(meetup, "renaming a meetup's thread", lambda: thread.edit(name=name))

    async def archive(self, meetup: Meetup, name: str, *, locked: bool) -> Done:
        """Archive the thread of a meetup; one that is locked can't be woken by those who write there."""
        if meetup.id in self._unanswered:
            return Done.AGAIN  # a step that took too long may still make the thread, or wake it

        async def archive(thread: discord.Thread) -> None:
            options: dict[str, Any] = {"locked": True} if locked else {}
            if thread.name != name:
                if thread.archived:  # it takes nothing else
                    await thread.edit(archived=False)
                options["name"] = name
            if options or not thread.archived:
                await thread.edit(archived=True, **options)

        return await self._in_thread(meetup, "archiving a meetup's thread", archive)

    def is_left(self, meetup: Meetup) -> bool:
        """Tell whether Discord shows a thread of the bot's own that it did not know of when the meetup ended."""
        if meetup.is_open or meetup.thread_id is not None:
            return False
        thread = self._shown(with_its_thread(meetup))
        return thread is not None and not thread.archived and thread.owner_id == thread.guild.me.id

    def _shown(self, meetup: Meetup) -> discord.Thread | None:
        channel = self._channels.get(meetup.channel_id)
        return channel.guild.get_thread(meetup.thread_id) if channel and meetup.thread_id else None

    async def _in_thread(
        self, meetup: Meetup, what: str, work: Callable[[discord.Thread], Coroutine[Any, Any, None]]
    ) -> Done:
        channel = self._channels.get(meetup.channel_id)
        if channel is None or not meetup.thread_id:
            return Done.REFUSED
        thread_id = meetup.thread_id

        async def find_and_work() -> None:
            thread = channel.guild.get_thread(thread_id) or await channel.guild.fetch_channel(thread_id)
            if isinstance(thread, discord.Thread):
                await work(thread)

        return await self._try(meetup, what, find_and_work)

    async def _try(
        self, meetup: Meetup, what: str, work: Callable[[], Awaitable[object]], *, well: tuple[int, ...] = ()
    ) -> Done:
        async def run() -> None:
            self._unanswered.append(meetup.id)
            try:
                await work()
            finally:
                self._unanswered.remove(meetup.id)

        try:
            await self._background.within(PATIENCE, run(), what)
        except FAILURES as error:
            if is_gone(error):
                log.info("%s: %s", what, in_words(error))
                return Done.GONE
            if code_of(error) in well:
                return Done.YES
            log.warning("%s failed: %s", what, in_words(error))
            return Done.REFUSED if is_final(error) else Done.AGAIN
        return Done.YES
