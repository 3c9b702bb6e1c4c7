"""What a digest says to somebody."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import date, datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

import discord

from bot.agenda.agendas import Agendas
from bot.agenda.model import items_of
from bot.clock import Clock
from bot.delivery.message import OutgoingMessage
from bot.delivery.model import Batch, Refused
from bot.digest.answers import STOP, VERB, Part, changes_part, digest_embed, digest_questions
from bot.digest.model import items_on
from bot.digest.rows import DigestStore
from bot.digest.wishes import DigestWishes
from bot.editions.service import Library
from bot.programme.days import by_day, ends_at
from bot.programme.news import Bulletin
from bot.ui.answer import ActionButton

ToldChanges: TypeAlias = Callable[[Sequence[Bulletin], Collection[str], datetime], Sequence[str]]
"""Tells, a line for each, what changes mean for somebody with these bookmarks at a moment."""

MakePart: TypeAlias = Callable[[int, datetime], Awaitable[Part]]
"""Makes a part of somebody's digest, given Discord's id of them, and since when it is to tell what is new."""


class DigestWriter:
    """Writes digests from the programme in use and from people's bookmarks."""

    def __init__(
        self,
        library: Library,
        agendas: Agendas,
        wishes: DigestWishes,
        store: DigestStore,
        told_changes: ToldChanges,
        parts: Sequence[MakePart],
        clock: Clock,
        zone: ZoneInfo,
    ) -> None:
        """Make a writer.

        Args:
            library: the programme.
            agendas: people's bookmarks.
            wishes: who wants digests.
            store: the digests of before, and what has changed since.
            told_changes: puts changes into words.
            parts: make what else is in a digest, in this order.
            clock: tells the time.
            zone: the conference's zone.
        """
        self._library = library
        self._agendas = agendas
        self._wishes = wishes
        self._store = store
        self._told_changes = told_changes
        self._parts = parts
        self._clock = clock
        self._zone = zone

    async def write(self, batch: Batch) -> OutgoingMessage:
        """Tell somebody of a day as it is planned now.

        Raises:
            Refused: they want no digest any more.
        """
        if batch.target_id not in self._wishes.all:
            raise Refused("they want no digest any more")
        day = date.fromisoformat(batch.deliveries[-1].subject)
        return OutgoingMessage(
            [await self.embed(batch.target_id, day)],
            digest_questions(day),
            [ActionButton("Stop the digest", STOP, verb=VERB)],
        )

    async def outdated(self, batch: Batch) -> list[str]:
        """Return the keys of those digests that nobody wants any more, or on whose day nothing begins any more."""
        wish = self._wishes.all.get(batch.target_id)
        if wish is None or wish.unreachable:
            return [one.key for one in batch.deliveries]
        days = by_day(self._library.edition.programme.sessions, self._zone)
        return [one.key for one in batch.deliveries if date.fromisoformat(one.subject) not in days]

    async def embed(self, user_id: int, day: date) -> discord.Embed:
        """Return somebody's digest of a day."""
        programme, now, marked = self._library.edition.programme, self._clock.now(), self._agendas.of(user_id)
        papers = [programme.papers[key] for key in marked if key in programme.papers]
        sessions = by_day(programme.sessions, self._zone).get(day, ())
        left = [one for one in sessions if one.starts_at is None or ends_at(one, one.starts_at) > now]
        items = items_on(items_of(programme, papers), day, self._zone)
        last, wish = await self._store.last_written(user_id), self._wishes.all.get(user_id)
        since = last or (wish.since if wish else None)
        parts = []
        if since:
            bulletins = await self._store.bulletins_since(since)
            parts.append(changes_part(self._told_changes(bulletins, marked, now), first=last is None))
        parts += [await make(user_id, since or now) for make in self._parts]
        return digest_embed(day, left, items, parts, begun=len(left) < len(sessions))
