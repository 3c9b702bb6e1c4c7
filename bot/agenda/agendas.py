"""Everybody's bookmarks and wishes, in memory for reading and in the database for keeping."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from weakref import WeakValueDictionary

from bot.agenda.model import Wish
from bot.agenda.rows import AgendaStore
from bot.background import BackgroundTasks, ForMany
from bot.clock import Clock
from bot.errors import UserError

LIMIT = 200
"""The most papers one person may bookmark; nobody sees more."""

FOLLOWED_WITHIN = 1.0
"""How much later at most, in seconds, what follows from a change is done together with what follows from others'."""


class Agendas:
    """What each person wants to see and to be told, by Discord's id of the person.

    Attributes:
        wishes: who wants direct messages before what they bookmarked.
        changed: called with the ids of those whose wish changed, or, where they have one, their bookmarks; those who
            change something while it is at work are in its next call.
    """

    def __init__(self, store: AgendaStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._bookmarks: dict[int, dict[str, None]] = {}
        self._counts: Counter[str] = Counter()
        self._changing: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._background = BackgroundTasks()
        self._following = ForMany(self._background, self._follow, "following a change", longest_rest=FOLLOWED_WITHIN)
        self.wishes: dict[int, Wish] = {}
        self.changed: Callable[[Collection[int]], Coroutine[Any, Any, None]] = _ignore

    async def open(self) -> None:
        """Read all bookmarks and wishes."""
        self.wishes = await self._store.wishes()
        for user_id, key in await self._store.bookmarks():
            self._bookmarks.setdefault(user_id, {})[key] = None
            self._counts[key] += 1

    def of(self, user_id: int) -> tuple[str, ...]:
        """Return the keys of the papers somebody bookmarked, also of those that are not in the programme now."""
        return tuple(self._bookmarks.get(user_id, _NONE))

    async def dated(self, user_id: int) -> dict[str, datetime]:
        """Return the keys of the papers somebody bookmarked, with when that was."""
        return await self._store.bookmarks_of(user_id)

    def count_with(self, keys: Collection[str]) -> int:
        """Return how many people have bookmarked any of these papers."""
        return sum(not own.keys().isdisjoint(keys) for own in self._bookmarks.values())

    def bookmarks_of(self, key: str) -> int:
        """Return how many people have bookmarked a paper."""
        return self._counts[key]

    def has(self, user_id: int, key: str) -> bool:
        """Tell whether somebody bookmarked a paper."""
        return key in self._bookmarks.get(user_id, _NONE)

    async def toggle(self, user_id: int, key: str) -> bool:
        """Bookmark a paper, or take the bookmark away; tell whether it is bookmarked now.

        Raises:
            UserError: there are as many bookmarks as somebody may have.
        """
        async with self._changes_of(user_id):
            marked = not self.has(user_id, key)
            await self._change(user_id, (key,) if marked else (), () if marked else (key,))
            return marked

    async def change(self, user_id: int, add: Iterable[str], remove: Iterable[str]) -> None:
        """Bookmark some papers and take the bookmarks of others away, all or none; what is so already stays so.

        Raises:
            UserError: there would be more bookmarks than somebody may have.
        """
        async with self._changes_of(user_id):
            new = tuple(key for key in dict.fromkeys(add) if not self.has(user_id, key))
            old = tuple(key for key in dict.fromkeys(remove) if self.has(user_id, key))
            await self._change(user_id, new, old)

    async def _change(self, user_id: int, add: Sequence[str], remove: Sequence[str]) -> None:
        count = len(self.of(user_id))
        if add and count - len(remove) + len(add) > LIMIT:
            kept = f"{count} bookmark{'' if count == 1 else 's'}"
            picked = f" and picked {len(add)} more" if len(add) > 1 else ""
            raise UserError(
                f"You have {kept}{picked}, and {LIMIT} is as many as I keep. Remove some with /agenda first."
            )
        if not add and not remove:
            return
        await self._store.change_bookmarks(user_id, add, remove, self._clock.now())
        own = self._bookmarks.setdefault(user_id, {})
        own.update(dict.fromkeys(add))
        for key in remove:
            own.pop(key, None)
        self._counts.update(add)
        self._counts.subtract(remove)
        if user_id in self.wishes:
            self._following.ask(user_id)

    async def wish(self, user_id: int, minutes: int | None) -> None:
        """Keep that somebody wants direct messages so many minutes before, or, for None, that they want none."""
        async with self._changes_of(user_id):
            wish = None if minutes is None else Wish(minutes)
            await self._store.set_wish(user_id, wish)
            if wish is None:
                self.wishes.pop(user_id, None)
            else:
                self.wishes[user_id] = wish
            self._following.ask(user_id)

    async def set_unreachable(self, user_id: int) -> None:
        """Remember that somebody takes no direct messages, so that none is tried until they wish again."""
        async with self._changes_of(user_id):
            if wish := self.wishes.get(user_id):
                await self._rewrite(user_id, replace(wish, unreachable=True, told=False))
                self._following.ask(user_id)

    async def tell_unreachable(self, user_id: int) -> bool:
        """Tell, once, whether somebody has to hear that their direct messages don't arrive."""
        if not self._has_to_hear(user_id):
            return False
        async with self._changes_of(user_id):
            if not self._has_to_hear(user_id):
                return False
            await self._rewrite(user_id, replace(self.wishes[user_id], told=True))
            return True

    def _changes_of(self, user_id: int) -> asyncio.Lock:
        """Return what lets one change of somebody's wait for the other."""
        return self._changing.setdefault(user_id, asyncio.Lock())

    def _has_to_hear(self, user_id: int) -> bool:
        wish = self.wishes.get(user_id)
        return wish is not None and wish.unreachable and not wish.told

    async def _rewrite(self, user_id: int, wish: Wish) -> None:
        self.wishes[user_id] = wish
        await self._store.set_wish(user_id, wish)

    async def forget(self, user_id: int) -> None:
        """Delete everything that is kept about somebody."""
        async with self._changes_of(user_id):
            self._counts.subtract(tuple(self._bookmarks.pop(user_id, _NONE)))
            self.wishes.pop(user_id, None)
            # Waited for: a plan that was being made may have them in it.
            await self.changed((user_id,))
            await self._store.forget(user_id)

    async def close(self) -> None:
        """Stop what follows from changes; the next start does it all."""
        await self._background.close()

    async def _follow(self, user_ids: Collection[int]) -> None:
        """Do what follows from changes, while those who made them get answers."""
        await self.changed(user_ids)


async def _ignore(_user_ids: Collection[int]) -> None:
    pass


_NONE: Mapping[str, None] = {}
