"""What a part of the harness is, and what it has to work with."""

import asyncio
import random
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from bot.store.engine import Database
from tests.delivery.crash.clock import SharedClock
from tests.delivery.crash.evidence import Evidence, Findings, query
from tests.delivery.crash.report import Row
from tests.delivery.crash.timetable import Timetable
from tests.support.stand_in import Exchange, Guild, Person, StandIn

PATIENCE = 10.0
"""How long somebody who uses the bot waits for its answers, in seconds."""

GONE = (TimeoutError, KeyError, StopIteration, RuntimeError)
"""What using the bot fails with when it is gone, or not quite there."""


@dataclass
class Scene:
    """A run, as far as its parts have to do with it.

    Attributes:
        path: the database.
        guild: the server, with a channel for reminders, its first, and one more.
        clock: the programme's time, the same for the bot.
        olga: an organizer.
        people: five others.
        chance: decides for the parts; each life has its own.
        table: the programme as it is now.
        life: the number of the bot's life.
        has_copy: whether a second bot works on the same database.
    """

    path: Path
    guild: Guild
    clock: SharedClock
    olga: Person
    people: Sequence[Person]
    chance: random.Random
    table: Timetable
    has_copy: bool
    life: int = 0
    _stand_in: list[StandIn] = field(default_factory=list)

    def query(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Ask the database, beside the bot."""
        return query(self.path, statement, *parameters)

    @property
    def stand_in(self) -> StandIn:
        """Discord, by which people use the bot; there once the run has begun."""
        return self._stand_in[-1]

    def begin(self, stand_in: StandIn) -> None:
        """Let people use the bot there."""
        self._stand_in.append(stand_in)


class Part:
    """Something the bot does for people. Each method may be left as it is, and then does nothing.

    Attributes:
        points: the methods at which the bot is killed, as "module:Class.method", by what reports call them.
    """

    points: ClassVar[Mapping[str, str]] = {}

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    def configuration(self) -> Mapping[str, Mapping[str, Any]]:
        """Return what is in the configuration: by a table's name, what is in it."""
        return {}

    async def prepare(self, database: Database) -> None:
        """Fill the database, before the bot's first life."""

    async def meanwhile(self, database: Database) -> None:
        """Change the database while the bot is down, as a life before could have left it."""

    def act(self, rows: Sequence[Row]) -> Coroutine[Any, Any, None] | None:
        """Return what somebody does with the bot now, which is connected; None for nothing.

        Args:
            rows: what is in the outbox.
        """

    @property
    def is_done(self) -> bool:
        """Whether the bot that is left in peace has nothing more to do for it than what the outbox shows."""
        return True

    def judge(self, evidence: Evidence, findings: Findings) -> None:
        """Look whether all is as it must be, once the bot has been left in peace."""


async def until(exchange: Exchange, so: Callable[[Exchange], object]) -> Exchange:
    """Wait until something is so of what somebody was answered."""
    while not so(exchange):
        exchange.changed.clear()
        await exchange.changed.wait()
    return exchange


async def use(act: Coroutine[Any, Any, None]) -> None:
    """Let somebody use the bot, which may be gone before the end."""
    try:
        async with asyncio.timeout(PATIENCE):
            await act
    except GONE:
        return
