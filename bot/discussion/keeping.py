"""Keeping the places in step: their names, tags and first messages say what is so now."""

import logging
from collections.abc import Callable, Iterable
from typing import Final

import discord

from bot.background import BackgroundTasks
from bot.connection.patience import FAILURES, in_words
from bot.connection.refusals import IS_ARCHIVED, code_of, is_final, is_gone
from bot.discussion.answers import Starter
from bot.discussion.forum_tags import ForumTags
from bot.discussion.known import KnownPlaces
from bot.discussion.making import starter_view
from bot.discussion.model import Place
from bot.discussion.tags import MOST_ON_POST

_WITHIN: Final = 20.0
"""How long an edit may take, in seconds, before the next one begins: names may be changed only rarely, and discord.py
waits until that is so."""

_NOBODY = discord.AllowedMentions.none()

log = logging.getLogger(__name__)


class Keeper:
    """Brings places up to date, one after the other. What sleeps is brought up to date when it is woken."""

    def __init__(
        self,
        known: KnownPlaces,
        tags: ForumTags,
        background: BackgroundTasks,
        look: Callable[[Place], Starter | None],
    ) -> None:
        """Make it.

        Args:
            known: the places.
            tags: the forums' tags.
            background: where an edit goes on that takes too long.
            look: tells how a place should look; None for as it does.
        """
        self._known = known
        self._tags = tags
        self._background = background
        self._look = look
        self._dirty: dict[int, None] = {}

    def ask(self, places: Iterable[Place]) -> None:
        """Note that places may say what is no longer so."""
        self._dirty |= dict.fromkeys(place.thread_id for place in places)

    async def update_all(self) -> bool:
        """Bring what was asked for up to date; tell whether all of it is."""
        failed = []
        while self._dirty:
            thread_id = next(iter(self._dirty))
            del self._dirty[thread_id]
            place = self._known.at(thread_id)
            if place and not await self._update(place):
                failed.append(place)
        self.ask(failed)
        return not failed

    async def _update(self, place: Place) -> bool:
        starter, thread = self._look(place), self._known.thread_of(place)
        if starter is None or thread is None:
            return True
        forum = thread.parent if isinstance(thread.parent, discord.ForumChannel) else None
        try:
            tags = await self._tags.of(forum, place.subject) if forum else []
            shown = starter.fingerprints(tag.name for tag in tags)
            if shown == place.shown:
                return True
            edits = self._edit(place, thread, starter, tags, shown)
            await self._background.within(_WITHIN, edits, "editing a discussion")
        except TimeoutError:
            log.info("Discord makes the discussion in thread %d wait", thread.id)
        except FAILURES as error:
            log.warning("the discussion in thread %d is not up to date: %s", thread.id, in_words(error))
            return is_final(error) or code_of(error) == IS_ARCHIVED
        return True

    async def _edit(
        self, place: Place, thread: discord.Thread, starter: Starter, tags: list[discord.ForumTag], shown: str
    ) -> None:
        """Change what has changed since it was shown last; what moderators called a thread stays else."""
        before, after = ((*fingerprints.split(":"), "", "")[:3] for fingerprints in (place.shown, shown))
        if before[2] != after[2]:
            await self._edit_message(place, thread, starter)
        if place.is_post and before[1] != after[1]:
            await self._edit_tags(place, thread, tags)
        if before[0] != after[0] and thread.name != starter.name:
            await thread.edit(name=starter.name)
        await self._known.note_shown(place, shown)

    async def _edit_tags(self, place: Place, thread: discord.Thread, tags: list[discord.ForumTag]) -> None:
        """Put tags on a post in place of the bot's own that it has; what moderators have put there stays."""
        theirs = [tag for tag in thread.applied_tags if not self._tags.is_own(place.channel_id, tag)]
        kept = list({tag.id: tag for tag in (*theirs, *tags)}.values())[:MOST_ON_POST]
        if {tag.id for tag in kept} != {tag.id for tag in thread.applied_tags}:
            await thread.edit(applied_tags=kept)

    async def _edit_message(self, place: Place, thread: discord.Thread, starter: Starter) -> None:
        home = thread if place.is_post else thread.parent
        if home is None or (isinstance(home, discord.ForumChannel) and not place.is_post):
            return
        if isinstance(home, discord.Thread | discord.TextChannel):
            view = starter_view(place.subject, starter)
            message = home.get_partial_message(place.starter_id)
            try:
                await message.edit(embeds=[starter.embed], view=view, allowed_mentions=_NOBODY)
            except discord.HTTPException as error:
                if not is_gone(error):
                    raise
                log.info("the first message of thread %d is gone", thread.id)
