"""Everybody's wish for a digest, in memory for reading and in the database for keeping."""

import asyncio
from collections.abc import Callable, Collection, Coroutine
from dataclasses import replace
from datetime import time
from typing import Any
from weakref import WeakValueDictionary

from bot.agenda.agendas import FOLLOWED_WITHIN
from bot.background import BackgroundTasks, ForMany
from bot.clock import Clock
from bot.digest.model import DigestWish
from bot.digest.rows import DigestStore


class DigestWishes:
    """Who wants digests, by Discord's id of the person.

    Attributes:
        all: the wishes.
        changed: called with the ids of those whose wish changed; those who change theirs while it is at work are in its
            next call.
    """

    def __init__(self, store: DigestStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._changing: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._background = BackgroundTasks()
        self._following = ForMany(self._background, self._follow, "following a change", longest_rest=FOLLOWED_WITHIN)
        self.all: dict[int, DigestWish] = {}
        self.changed: Callable[[Collection[int]], Coroutine[Any, Any, None]] = _ignore

    async def open(self) -> None:
        """Read all wishes."""
        self.all = await self._store.wishes()

    def of(self, user_ids: Collection[int] | None) -> dict[int, DigestWish]:
        """Return the wishes of some people, as far as they have any, or, for None, of all."""
        if user_ids is None:
            return dict(self.all)
        return {user_id: self.all[user_id] for user_id in user_ids if user_id in self.all}

    async def wish(self, user_id: int, at: time | None) -> None:
        """Keep that somebody wants a digest at a time of day, or, for None, that they want none."""
        async with self._changes_of(user_id):
            before = self.all.get(user_id)
            since = before.since if before and not before.unreachable else self._clock.now()
            await self._set(user_id, DigestWish(at, since) if at else None)

    async def set_unreachable(self, user_id: int) -> None:
        """Remember that somebody takes no direct messages, so that none is tried until they wish again."""
        async with self._changes_of(user_id):
            if wish := self.all.get(user_id):
                await self._set(user_id, replace(wish, unreachable=True, told=False))

    async def tell_unreachable(self, user_id: int) -> bool:
        """Tell, once, whether somebody has to hear that their digest does not arrive."""
        if not self._has_to_hear(user_id):
            return False
        async with self._changes_of(user_id):
            if not self._has_to_hear(user_id):
                return False
            self.all[user_id] = told = replace(self.all[user_id], told=True)
            await self._store.set_wish(user_id, told)
            return True

    async def forget(self, user_id: int) -> None:
        """Delete that somebody wants a digest, and what is planned of it."""
        async with self._changes_of(user_id):
            if user_id in self.all:
                await self._store.set_wish(user_id, None)
                del self.all[user_id]
            # Waited for: a plan that was being made may have them in it.
            await self.changed((user_id,))

    async def close(self) -> None:
        """Stop what follows from changes; the next start does it all."""
        await self._background.close()

    async def _set(self, user_id: int, wish: DigestWish | None) -> None:
        await self._store.set_wish(user_id, wish)
        if wish:
            self.all[user_id] = wish
        else:
            self.all.pop(user_id, None)
        self._following.ask(user_id)

    async def _follow(self, user_ids: Collection[int]) -> None:
        """Do what follows from changes, while those who made them get answers."""
        await self.changed(user_ids)

    def _has_to_hear(self, user_id: int) -> bool:
        wish = self.all.get(user_id)
        return wish is not None and wish.unreachable and not wish.told

    def _changes_of(self, user_id: int) -> asyncio.Lock:
        """Return what lets one change of somebody's wait for the other."""
        return self._changing.setdefault(user_id, asyncio.Lock())


async def _ignore(_user_ids: Collection[int]) -> None:
    pass
