"""Everybody's bookmarks, in memory for reading and in the database for keeping."""

from collections.abc import Mapping

from bot.clock import Clock
from bot.errors import Trouble
from bot.store import Store

LIMIT = 200
"""The most papers one person may bookmark; nobody sees more posters."""


class Agendas:
    """What each person wants to see, by Discord's id of the person and the key of the paper, oldest first."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._bookmarks: dict[int, dict[str, None]] = {}

    async def open(self) -> None:
        """Read all bookmarks."""
        for user_id, key in await self._store.bookmarks():
            self._bookmarks.setdefault(user_id, {})[key] = None

    def of(self, user_id: int) -> tuple[str, ...]:
        """Return the keys of the papers somebody bookmarked, also of those that are not in the programme now."""
        return tuple(self._bookmarks.get(user_id, _NONE))

    def has(self, user_id: int, key: str) -> bool:
        """Tell whether somebody bookmarked a paper."""
        return key in self._bookmarks.get(user_id, _NONE)

    async def toggle(self, user_id: int, key: str) -> bool:
        """Bookmark a paper, or take the bookmark away; tell whether it is bookmarked now.

        Raises:
            Trouble: there are as many bookmarks as somebody may have.
        """
        if self.has(user_id, key):
            await self._store.remove_bookmark(user_id, key)
            self._bookmarks[user_id].pop(key, None)
            return False
        if len(self.of(user_id)) >= LIMIT:
            raise Trouble(f"You have {LIMIT} bookmarks, which is as many as I keep. Remove one with /agenda first.")
        await self._store.add_bookmark(user_id, key, self._clock.now())
        self._bookmarks.setdefault(user_id, {})[key] = None
        return True

    async def forget(self, user_id: int) -> None:
        """Delete everything that is kept about somebody."""
        await self._store.forget(user_id)
        self._bookmarks.pop(user_id, None)


_NONE: Mapping[str, None] = {}
