"""Who hears besides the channel: people with bookmarks who want direct messages."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from bot.agenda.model import Wish
from bot.agenda.rows import AgendaStore
from bot.store.engine import Database
from tests.delivery.crash.clock import BEGIN
from tests.delivery.crash.timetable import Timetable, paper_key
from tests.support.stand_in import Person


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


def listeners(people: Sequence[Person], table: Timetable, chance: random.Random) -> list[Listener]:
    """Let some people want to hear of some sessions."""
    return [
        Listener(
            person,
            chance.choice((0, 5, 15, 45)),
            frozenset(chance.sample(sorted(table), chance.randint(1, len(table)))),
        )
        for person in people[: chance.randint(1, 3)]
    ]


async def bookmark(database: Database, hearing: Sequence[Listener]) -> None:
    """Keep what people bookmarked and wished."""
    store = AgendaStore(database)
    for one in hearing:
        await store.set_wish(int(one.person.id), Wish(one.minutes))
        papers = [paper_key(subject) for subject in sorted(one.subjects)]
        await store.change_bookmarks(int(one.person.id), papers, [], BEGIN)
