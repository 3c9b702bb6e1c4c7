"""Room for one more thread: a server has so many active ones, and the oldest quiet place is put to sleep first."""

import logging
from collections.abc import Callable, Iterable
from typing import Final

import discord

from bot.connection.patience import FAILURES, in_words

MOST_ACTIVE: Final = 1000
"""How many active threads a server has at most, whoever opened them (Discord's documentation, Threads)."""

_SPARE: Final = 10
"""How many are left to people, who open threads as well."""

TOO_MANY: Final = (160006, 160007)
"""Discord's codes for as many active threads as a server holds."""

log = logging.getLogger(__name__)


class Room:
    """Makes room among a server's active threads."""

    def __init__(self, is_place: Callable[[int], bool]) -> None:
        """Make it.

        Args:
            is_place: tells whether the thread of an id is a place, which the bot may put to sleep.
        """
        self._is_place = is_place
        self._asleep: set[int] = set()

    async def make(self, guild: discord.Guild, *, surely: bool = False) -> bool:
        """Put the oldest quiet places to sleep until there is room for one more thread.

        Args:
            guild: the server.
            surely: whether Discord has said that there is none, however many threads the bot sees.

        Returns:
            Whether there is room, as far as the bot can tell.
        """
        active = [thread for thread in guild.threads if not thread.archived and thread.id not in self._asleep]
        self._asleep.intersection_update(thread.id for thread in guild.threads)
        too_many = max(len(active) + 1 - (MOST_ACTIVE - _SPARE), int(surely))
        for thread in self._quietest(active):
            if too_many <= 0:
                break
            try:
                await thread.edit(archived=True, reason="Room for another discussion")
            except FAILURES as error:
                log.warning("could not archive thread %d: %s", thread.id, in_words(error))
                continue
            self._asleep.add(thread.id)  # which Discord tells a little later
            log.info("thread %d is archived: the server has %d active threads", thread.id, len(active))
            too_many -= 1
        return too_many <= 0 or (not surely and len(active) < MOST_ACTIVE)

    def awake(self, thread_id: int) -> None:
        """Note that a thread was woken."""
        self._asleep.discard(thread_id)

    def _quietest(self, threads: Iterable[discord.Thread]) -> list[discord.Thread]:
        own = (thread for thread in threads if self._is_place(thread.id) and not thread.flags.pinned)
        return sorted(own, key=lambda thread: thread.last_message_id or thread.id)
