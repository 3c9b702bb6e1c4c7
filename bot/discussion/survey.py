"""Looking through the threads there are: what was deleted, made or written while the bot was away, or made late."""

import logging
from collections.abc import Callable
from typing import Final

import discord

from bot.connection.patience import FAILURES, in_words
from bot.connection.refusals import is_trouble
from bot.connection.servers import is_shown
from bot.discussion.channels import ThreadChannel
from bot.discussion.known import KnownPlaces
from bot.discussion.making import PlaceMaker
from bot.discussion.model import Place, Subject
from bot.discussion.rows import PlaceStore

_MISSED: Final = 200
"""How many messages of a place are counted that were written while the bot was away."""

PERSONAL: Final = (discord.MessageType.default, discord.MessageType.reply)
"""The kinds of messages that people write."""

log = logging.getLogger(__name__)


class Survey:
    """Compares the places with what there is in Discord."""

    def __init__(
        self,
        known: KnownPlaces,
        store: PlaceStore,
        maker: PlaceMaker,
        wrote: Callable[[Place, list[discord.Message]], None],
        found: Callable[[Subject], None],
    ) -> None:
        """Make it.

        Args:
            known: the places.
            store: takes up those that are found.
            maker: knows places by their first messages.
            wrote: is told what people wrote in a place meanwhile, the oldest message first.
            found: is told what a place is about that was taken up.
        """
        self._known = known
        self._store = store
        self._maker = maker
        self._wrote = wrote
        self._found = found

    async def look_through(self, channel: ThreadChannel) -> None:
        """Forget what is gone from a channel, take up what is there, and count what was written.

        Raises:
            discord.HTTPException: Discord, or the line to it, is in trouble; or what `FAILURES` has besides.
        """
        before = [place for place in self._known if place.server_id == channel.guild.id]
        try:
            threads = {thread.id: thread for thread in channel.threads if not thread.archived}
            threads |= {thread.id: thread async for thread in channel.archived_threads(limit=None)}
            channels = {one.id for one in channel.guild.channels}
            for place in before:
                here = place.channel_id == channel.id and place.thread_id not in threads
                if here or place.channel_id not in channels:
                    await self._forget(channel.guild, place)
            for thread in threads.values():
                if not self._known.has(thread.id):
                    await self._adopt(channel, thread)
            for place in before:
                if awake := self._known.thread_of(place):
                    await self._catch_up(place, awake)
        except FAILURES as error:
            if is_trouble(error):
                raise
            log.warning("could not look through the threads of channel %d: %s", channel.id, in_words(error))

    async def take_up(self, channel: ThreadChannel, thread: discord.Thread) -> None:
        """Take up a thread that Discord has made so late that whoever asked for it has given it up.

        Raises:
            discord.HTTPException: Discord does not say what it is; or what `FAILURES` has besides.
        """
        if thread.parent_id == channel.id and not self._known.has(thread.id):
            await self._adopt(channel, thread)

    async def _forget(self, guild: discord.Guild, place: Place) -> None:
        # What was made or woken while the archived ones were listed is in neither list.
        if guild.get_thread(place.thread_id) is None and is_shown(guild):
            log.info("the discussion of %s is gone", place.subject.code)
            await self._known.forget(lambda one: one.thread_id == place.thread_id)

    async def _adopt(self, channel: ThreadChannel, thread: discord.Thread) -> None:
        """Take up a place that the database does not know, such as an older copy of it."""
        found = await self._maker.place_of(channel, thread)
        if found is None:
            return
        place, code = self._known.remember(await self._store.adopt(found)), found.subject.code
        if place.thread_id == thread.id:
            log.info("thread %d is the discussion of %s", thread.id, code)
            self._found(place.subject)
            await self._catch_up(place, thread)
        elif found.is_post and not thread.message_count and (thread.last_message_id or thread.id) == thread.id:
            log.warning("thread %d is a second discussion of %s, and empty; it is taken away", thread.id, code)
            await self._maker.remove(channel, thread.id)

    async def _catch_up(self, place: Place, thread: discord.Thread) -> None:
        last = place.last_message_id or place.thread_id
        if (thread.last_message_id or 0) <= last:
            return
        after = discord.Object(last)
        messages = [one async for one in thread.history(limit=_MISSED, after=after, oldest_first=True)]
        self._wrote(place, [one for one in messages if not one.author.bot and one.type in PERSONAL])
