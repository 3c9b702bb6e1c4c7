"""The places as they are known: in memory, and behind that in the database."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

import discord

from bot.background import BackgroundTasks, OneAtATime
from bot.delivery.channels import Channels
from bot.discussion.model import Place, Subject
from bot.discussion.rows import PlaceStore


class KnownPlaces:
    """What is made, by server and subject and by thread."""

    def __init__(self, store: PlaceStore, channels: Channels, background: BackgroundTasks) -> None:
        self._store = store
        self._channels = channels
        self._places: dict[tuple[int, Subject], Place] = {}
        self._by_thread: dict[int, Place] = {}
        self._uncounted: set[int] = set()
        self._counting = OneAtATime(background, self._write_counts, "counting messages")

    async def load(self) -> None:
        """Take the places from the database."""
        for place in await self._store.all():
            self.remember(place)

    def __iter__(self) -> Iterator[Place]:
        return iter(tuple(self._by_thread.values()))

    def has(self, thread_id: int) -> bool:
        """Tell whether a thread is a place."""
        return thread_id in self._by_thread

    def at(self, thread_id: int) -> Place | None:
        """Return the place that a thread is."""
        return self._by_thread.get(thread_id)

    def of(self, subject: Subject, server_id: int | None = None) -> Place | None:
        """Return the place of a subject, in a server or in any of the conference's own."""
        servers = [server_id] if server_id is not None else [guild.id for guild in self._channels.guilds]
        return next((place for one in servers if (place := self._places.get((one, subject)))), None)

    def all_of(self, subject: Subject) -> list[Place]:
        """Return the places of a subject in all servers."""
        return [place for place in self._by_thread.values() if place.subject == subject]

    def thread_of(self, place: Place) -> discord.Thread | None:
        """Return a place's thread where it is awake, as far as Discord has told."""
        guild = next((guild for guild in self._channels.guilds if guild.id == place.server_id), None)
        thread = guild.get_thread(place.thread_id) if guild else None
        return None if thread is None or thread.archived else thread

    def remember(self, place: Place) -> Place:
        """Take a place up, in place of what was known of it."""
        before = self._places.get((place.server_id, place.subject))
        if before:
            self._by_thread.pop(before.thread_id, None)
        self._places[place.server_id, place.subject] = place
        self._by_thread[place.thread_id] = place
        return place

    async def forget(self, gone: Callable[[Place], bool]) -> int:
        """Forget places that are gone, and return how many these are."""
        found = [place for place in self._by_thread.values() if gone(place)]
        for place in found:
            self._by_thread.pop(place.thread_id, None)
            self._places.pop((place.server_id, place.subject), None)
            self._uncounted.discard(place.thread_id)
        if found:
            await self._store.forget([place.thread_id for place in found])
        return len(found)

    async def note_shown(self, place: Place, shown: str) -> None:
        """Note what a place shows now."""
        known = self._by_thread.get(place.thread_id)
        if known:
            await self._store.note_shown(self.remember(replace(known, shown=shown)))

    def note_written(self, thread_id: int, messages: Collection[int]) -> None:
        """Count messages of people in a place by their ids; those that are older than the last one were counted."""
        place = self._by_thread.get(thread_id)
        new = [one for one in messages if place and one > (place.last_message_id or 0)]
        if place and new:
            self.remember(replace(place, messages=place.messages + len(new), last_message_id=max(new)))
            self._uncounted.add(thread_id)
            self._counting.ask()

    async def _write_counts(self) -> None:
        changed = [place for one in self._uncounted if (place := self._by_thread.get(one))]
        self._uncounted.clear()
        await self._store.note_written(changed)
