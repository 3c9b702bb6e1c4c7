"""Who hears besides the channel: people with bookmarks, and what the organizers announce and correct."""

import asyncio
import random
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.agenda.model import Wish
from bot.agenda.rows import AgendaStore
from bot.announcing.model import ANNOUNCEMENT, Announcement
from bot.announcing.rows import AnnouncementStore
from bot.delivery.rows import Outbox
from bot.store.audit import AuditEntry
from bot.store.engine import Database
from tests.delivery.crash.clock import BEGIN
from tests.delivery.crash.timetable import MINUTE, Timetable, paper_key
from tests.support.stand_in import Exchange, Guild, Person, StandIn

_PATIENCE = 10.0
"""How long an organizer waits for an answer, in seconds."""


@dataclass(frozen=True)
class Listener:
    """Somebody who wants direct messages.

    Attributes:
        person: who it is.
        minutes: how long before.
        subjects: the sessions that hold their bookmarks.
    """

    person: Person
    minutes: int
    subjects: frozenset[str]


_opening = asyncio.Lock()
"""Migrations run one at a time in a process."""


@asynccontextmanager
async def _opened(path: Path) -> AsyncIterator[Database]:
    async with _opening:
        database = await Database.open(path)
    try:
        yield database
    finally:
        await database.close()


def listeners(guild: Guild, table: Timetable, chance: random.Random) -> list[Listener]:
    """Let some people want to hear of some sessions."""
    return [
        Listener(
            guild.person(name),
            chance.choice((0, 5, 15, 45)),
            frozenset(chance.sample(sorted(table), chance.randint(1, len(table)))),
        )
        for name in ("ann", "bob", "cyd")[: chance.randint(1, 3)]
    ]


async def prepare(path: Path, hearing: Sequence[Listener]) -> None:
    """Make the database, with what people bookmarked and wished."""
    async with _opened(path) as database:
        store = AgendaStore(database)
        for one in hearing:
            await store.set_wish(int(one.person.id), Wish(one.minutes))
            for subject in sorted(one.subjects):
                await store.change_bookmarks(int(one.person.id), [paper_key(subject)], [], BEGIN)


async def announce(path: Path, number: int, guild: Guild, due_at: datetime, now: datetime) -> None:
    """Let an organizer have scheduled an announcement for all channels."""
    async with _opened(path) as database:
        store = AnnouncementStore(database, Outbox(database, (ANNOUNCEMENT,)))
        said = Announcement(0, f"Announcement {number}", "As it was.", None, None, None, due_at, 1, now)
        record = AuditEntry(now, 1, "announcement scheduled", said.title)
        await store.add(said, [int(channel) for channel in guild.channels], record)


def announced(path: Path) -> dict[int, str]:
    """Return what each announcement says, as it is kept."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return dict(database.execute("SELECT id, text FROM announcement"))


async def correct(stand_in: StandIn, olga: Person, number: int, text: str, watch: float) -> None:
    """Correct an announcement as an organizer does, who then watches for some seconds; the bot may die meanwhile."""

    async def answered(exchange: Exchange, so: Callable[[], object]) -> None:
        while not so():
            exchange.changed.clear()
            await exchange.changed.wait()

    try:
        async with asyncio.timeout(_PATIENCE):
            opened = await stand_in.command(olga, "announce correct", announcement=str(number))
            await answered(opened, lambda: opened.acknowledged)
            if opened.form is None:
                return
            preview = await stand_in.submit(olga, opened, text=text)
            await answered(preview, lambda: preview.shown)
            pressed = await stand_in.press(olga, preview, "Send correction")
            await answered(pressed, lambda: pressed.acknowledged)
            await asyncio.sleep(watch)
    except (TimeoutError, KeyError, StopIteration, RuntimeError):  # the bot is gone, or not quite there
        return


def news_ahead(chance: random.Random, now: datetime) -> datetime:
    """Return when an announcement is to go out."""
    return now + MINUTE * chance.uniform(-1, 30)
