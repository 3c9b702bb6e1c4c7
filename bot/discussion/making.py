"""Making a place in Discord, and finding one that was made by somebody who could not write it down."""

import hashlib
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import discord

from bot.config import Discussion
from bot.connection.patience import FAILURES, in_words
from bot.connection.refusals import HAS_A_THREAD, PassingOver, is_about_permissions, is_gone, is_trouble
from bot.discussion.answers import Starter
from bot.discussion.channels import ThreadChannel
from bot.discussion.forum_tags import ForumTags
from bot.discussion.model import Place, Subject
from bot.discussion.room import TOO_MANY, Room
from bot.discussion.rows import Claim
from bot.errors import UserError
from bot.ui.controls import buttons_of, message_view
from bot.ui.questions import Question

_AUTO_ARCHIVE: Final = 10_080
"""After how many quiet minutes Discord puts a thread to sleep: a week, the most there is."""

_MARGIN: Final = timedelta(minutes=5)
"""How much earlier than it was claimed a place's message is looked for: clocks may be apart."""

_LOOKED_THROUGH: Final = 5_000
_ARCHIVED_LOOKED_THROUGH: Final = 200
_FIRST_BUTTON: Final = "due:"

_NOBODY = discord.AllowedMentions.none()

log = logging.getLogger(__name__)


class Unsure(Exception):
    """It is not known whether the place was made; the text says why."""


def subject_of(message: discord.Message) -> Subject | None:
    """Return what a place is about whose first message this is; None where it is no such message."""
    for button in buttons_of(message)[:1]:
        custom_id = button.custom_id or ""
        if custom_id.startswith(_FIRST_BUTTON):
            return Subject.of_question(Question.read(custom_id.removeprefix(_FIRST_BUTTON).partition(":")[2]))
    return None


def starter_view(subject: Subject, starter: Starter) -> discord.ui.View:
    """Make the buttons of a place's first message."""
    token = hashlib.sha256(subject.code.encode()).hexdigest()[:16]
    return message_view(token, [(f"Show the {subject.kind}", subject.question)], starter.buttons)


class PlaceMaker:
    """Makes places."""

    def __init__(
        self,
        config: Discussion,
        tags: ForumTags,
        room: Room,
        is_known: Callable[[int], bool],
    ) -> None:
        """Make it.

        Args:
            config: how the places are.
            tags: the forums' tags.
            room: room for one more thread.
            is_known: tells whether the thread of an id is known, be it as a place or as something else.
        """
        self._config = config
        self._tags = tags
        self._room = room
        self._is_known = is_known
        self._strange: set[int] = set()

    async def find(self, channel: ThreadChannel, claim: Claim) -> Place | None:
        """Return the place that an earlier try has made, None where there is none.

        At the first try it is looked among what Discord has told: the database may be an older copy.

        Raises:
            Unsure: Discord can't be asked now.
        """
        try:
            threads = [thread for thread in channel.threads if not thread.archived]
            if claim.attempts > 1:
                threads = [one for one in await channel.guild.active_threads() if one.parent_id == channel.id]
                threads += [one async for one in channel.archived_threads(limit=_ARCHIVED_LOOKED_THROUGH)]
            found = await self._among(channel, threads, claim.subject)
            if found is None and claim.attempts > 1 and isinstance(channel, discord.TextChannel):
                found = await self._finish(channel, claim)
        except FAILURES as error:
            raise Unsure(in_words(error)) from error
        return found

    async def place_of(self, channel: ThreadChannel, thread: discord.Thread) -> Place | None:
        """Return the place that a thread of the bot's own is, by its first message; None where it is none.

        Raises:
            discord.HTTPException: Discord does not say.
        """
        if thread.owner_id != channel.guild.me.id or thread.id in self._strange:
            return None
        found: list[discord.Message] = []
        with PassingOver(is_gone):
            if isinstance(channel, discord.ForumChannel):
                found = [one async for one in thread.history(limit=1, oldest_first=True)]
            else:
                found = [await channel.fetch_message(thread.id)]
        for message in found:
            subject = subject_of(message) if message.author == channel.guild.me else None
            if subject:
                is_post = isinstance(channel, discord.ForumChannel)
                return Place(subject, channel.guild.id, channel.id, thread.id, message.id, is_post)
        self._strange.add(thread.id)
        return None

    async def make(
        self, channel: ThreadChannel, claim: Claim, starter: Starter, still_mine: Callable[[], bool]
    ) -> Place:
        """Make a place.

        Args:
            channel: where.
            claim: the right to make it.
            starter: how it should look.
            still_mine: tells whether that right is still held.

        Raises:
            Unsure: it may be there all the same.
            UserError: Discord refuses it.
        """
        tags = await self._tags.of(channel, claim.subject) if isinstance(channel, discord.ForumChannel) else []
        if not await self._room.make(channel.guild):
            raise UserError(_NO_ROOM)
        for last in (False, True):
            if not still_mine():
                raise Unsure("it took too long")
            try:
                place = await self._create(channel, claim, starter, tags)
            except discord.HTTPException as error:
                if error.code in TOO_MANY and not last and await self._room.make(channel.guild, surely=True):
                    continue
                raise _judged(error, channel) from error
            except FAILURES as error:
                raise _judged(error, channel) from error
            return replace(place, shown=starter.fingerprints(tag.name for tag in tags))
        raise UserError(_NO_ROOM)

    async def wake(self, guild: discord.Guild, thread_id: int) -> None:
        """Wake a place that sleeps, unless a moderator has locked it.

        Raises:
            discord.HTTPException: it is gone, or Discord does not let it be woken.
        """
        thread = await guild.fetch_channel(thread_id)
        if not isinstance(thread, discord.Thread) or not thread.archived or thread.locked:
            return
        await self._room.make(guild)
        try:
            await thread.edit(archived=False)
        except discord.HTTPException as error:
            if error.code not in TOO_MANY or not await self._room.make(guild, surely=True):
                raise
            await thread.edit(archived=False)
        self._room.awake(thread.id)

    async def remove(self, channel: ThreadChannel, thread_id: int) -> None:
        """Take away what was made although somebody else had made it meanwhile."""
        thread = channel.guild.get_thread(thread_id) or await channel.guild.fetch_channel(thread_id)
        if isinstance(thread, discord.Thread):
            await thread.delete()

    async def _create(
        self, channel: ThreadChannel, claim: Claim, starter: Starter, tags: Sequence[discord.ForumTag]
    ) -> Place:
        subject, server_id = claim.subject, channel.guild.id
        view, slow = starter_view(subject, starter), self._config.slow_mode_seconds
        if isinstance(channel, discord.ForumChannel):
            made = await channel.create_thread(
                name=starter.name,
                embed=starter.embed,
                view=view,
                applied_tags=tags,
                auto_archive_duration=_AUTO_ARCHIVE,
                slowmode_delay=slow,
                allowed_mentions=_NOBODY,
            )
            return Place(subject, server_id, channel.id, made.thread.id, made.message.id, is_post=True)
        nonce = hashlib.sha256(f"{subject.code}\n{claim.claimed_at.isoformat()}".encode()).hexdigest()[:16]
        message = await channel.send(embed=starter.embed, view=view, nonce=nonce, allowed_mentions=_NOBODY)
        await self._begin_thread(message, starter.name)
        return Place(subject, server_id, channel.id, message.id, message.id, is_post=False)

    async def _begin_thread(self, message: discord.Message, name: str) -> None:
        """Begin the thread of a message; that there is one already is as good."""
        slow = self._config.slow_mode_seconds
        try:
            await message.create_thread(name=name, auto_archive_duration=_AUTO_ARCHIVE, slowmode_delay=slow)
        except discord.HTTPException as error:
            if error.code != HAS_A_THREAD:
                raise

    async def _among(self, channel: ThreadChannel, threads: Iterable[discord.Thread], subject: Subject) -> Place | None:
        for thread in threads:
            place = None if self._is_known(thread.id) else await self.place_of(channel, thread)
            if place and place.subject == subject:
                return place
        return None

    async def _finish(self, channel: discord.TextChannel, claim: Claim) -> Place | None:
        """Begin the thread of a first message that was posted without one."""
        since: datetime = claim.claimed_at - _MARGIN
        async for message in channel.history(limit=_LOOKED_THROUGH, after=since):
            mine = message.author == channel.guild.me and subject_of(message) == claim.subject
            if mine and not self._is_known(message.id):
                await self._begin_thread(message, message.embeds[0].title or "Discussion")
                return Place(claim.subject, channel.guild.id, channel.id, message.id, message.id, is_post=False)
        return None


_NO_ROOM = (
    "This server has 1,000 active threads, as many as Discord allows, and none of them is a discussion that I could "
    "archive. Ask the organizers to close some."
)


def _judged(error: BaseException, channel: ThreadChannel) -> Exception:
    """Return what a failure to make a place means: whether it is sure that nothing was made."""
    if is_trouble(error):
        return Unsure(in_words(error))
    if isinstance(error, discord.HTTPException):
        if error.code in TOO_MANY:
            return UserError(_NO_ROOM)
        if is_about_permissions(error):
            return UserError(f"I may not open a discussion in <#{channel.id}>; `/status` tells the organizers why.")
        return UserError(f"Discord does not let me open a discussion: {error.text or error.status}.")
    return UserError("Discord makes me wait. Press again in a minute.")
