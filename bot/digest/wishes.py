"""Everybody's wish for a digest, in memory for reading and in the database for keeping."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import time

from bot.clock import Clock
from bot.digest.model import DigestWish
from bot.digest.rows import DigestStore


class DigestWishes:
    """Who wants digests, by Discord's id of the person.

    Attributes:
        all: the wishes.
    """

    def __init__(self, store: DigestStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._changing = asyncio.Lock()
        self.all: dict[int, DigestWish] = {}
        self._changed: Callable[[int], Awaitable[None]] = _ignore

    def follow(self, changed: Callable[[int], Awaitable[None]]) -> None:
        """Have something done, with somebody's id, after their wish has changed."""
        self._changed = changed

    async def open(self) -> None:
        """Read all wishes."""
        self.all = await self._store.wishes()

    async def wish(self, user_id: int, at: time | None) -> None:
        """Keep that somebody wants a digest at a time of day, or, for None, that they want none."""
        async with self._changing:
            before = self.all.get(user_id)
            since = before.since if before and not before.unreachable else self._clock.now()
            await self._set(user_id, DigestWish(at, since) if at else None)

    async def set_unreachable(self, user_id: int) -> None:
        """Remember that somebody takes no direct messages, so that none is tried until they wish again."""
        async with self._changing:
            if wish := self.all.get(user_id):
                await self._set(user_id, replace(wish, unreachable=True, told=False))

    async def tell_unreachable(self, user_id: int) -> bool:
        """Tell, once, whether somebody has to hear that their digest does not arrive."""
        wish = self.all.get(user_id)
        if wish is None or not wish.unreachable or wish.told:
            return False
        self.all[user_id] = told = replace(wish, told=True)
        await self._store.set_wish(user_id, told)
        return True

    async def _set(self, user_id: int, wish: DigestWish | None) -> None:
        await self._store.set_wish(user_id, wish)
        if wish:
            self.all[user_id] = wish
        else:
            self.all.pop(user_id, None)
        await self._changed(user_id)


async def _ignore(_user_id: int) -> None:
    pass
