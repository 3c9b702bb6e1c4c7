"""Everybody's notes, in memory for reading and in the database for keeping."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from weakref import WeakValueDictionary

from bot.clock import Clock
from bot.errors import UserError
from bot.notes.model import LIMIT, Note, Reading
from bot.notes.rows import NoteStore


class Notes:
    """What each person keeps about papers, by Discord's id of the person."""

    def __init__(self, store: NoteStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._notes: dict[int, dict[str, Note]] = {}
        self._seen: Counter[str] = Counter()
        self._changing: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def open(self) -> None:
        """Read all notes."""
        for user_id, key, note in await self._store.all():
            self._put(user_id, key, note)

    def of(self, user_id: int) -> Mapping[str, Note]:
        """Return somebody's notes by the papers' keys, the last changed at the end; also of papers that are gone."""
        return MappingProxyType(self._notes.get(user_id, {}))

    def on(self, user_id: int, key: str) -> Note | None:
        """Return what somebody keeps about a paper, if anything."""
        return self._notes.get(user_id, {}).get(key)

    def seen_by(self, key: str) -> int:
        """Return how many people have seen a paper."""
        return self._seen[key]

    async def write(self, user_id: int, key: str, text: str) -> None:
        """Keep a text about a paper in place of the one there was; an empty one deletes it.

        Raises:
            UserError: there are as many notes as somebody may have.
        """
        async with self._changes_of(user_id):
            before = self.on(user_id, key)
            await self._keep(user_id, key, Note(text.strip(), before.reading if before else None, self._clock.now()))

    async def toggle(self, user_id: int, key: str, reading: Reading) -> None:
        """Keep how far somebody is with a paper, or no longer, where that is kept already.

        Raises:
            UserError: there are as many notes as somebody may have.
        """
        async with self._changes_of(user_id):
            before = self.on(user_id, key)
            now = None if before and before.reading is reading else reading
            await self._keep(user_id, key, Note(before.text if before else "", now, self._clock.now()))

    async def forget(self, user_id: int) -> None:
        """Delete everything of somebody's."""
        async with self._changes_of(user_id):
            await self._store.forget(user_id)
            own = self._notes.pop(user_id, {})
            self._seen.subtract([key for key, note in own.items() if note.reading is Reading.SEEN])

    async def _keep(self, user_id: int, key: str, note: Note) -> None:
        own = self._notes.get(user_id, {})
        if note and key not in own and len(own) >= LIMIT:
            raise UserError(f"You have notes on {LIMIT} papers, which is as many as I keep. `/notes` shows them.")
        await self._store.keep(user_id, key, note)
        self._put(user_id, key, note)

    def _put(self, user_id: int, key: str, note: Note) -> None:
        own = self._notes.setdefault(user_id, {})
        before = own.pop(key, None)
        self._seen[key] += (note.reading is Reading.SEEN) - bool(before and before.reading is Reading.SEEN)
        if note:
            own[key] = note

    def _changes_of(self, user_id: int) -> asyncio.Lock:
        """Return what lets one change of somebody's wait for the other."""
        return self._changing.setdefault(user_id, asyncio.Lock())
