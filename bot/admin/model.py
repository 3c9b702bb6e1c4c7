"""What there is to know of the bot's state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.admin.condition import Condition
from bot.delivery.model import Entry
from bot.editions.model import VersionNote
from bot.programme.model import Programme
from bot.programme.source import Problem
from bot.sources.watch_state import WatchState


@dataclass(frozen=True, slots=True)
class Health:
    """What the machine and Discord say.

    Attributes:
        condition: whether the bot gets anything done.
        latency: how long Discord's gateway last took to answer, in seconds.
        memory: what the process has in memory, in bytes.
        database: how large the database is on disk, in bytes.
        answered: for each kind of interaction, how many were answered, and within how many milliseconds half of them
            and 99 in a hundred were.
    """

    condition: Condition
    latency: float
    memory: int
    database: int
    answered: Mapping[str, tuple[int, float, float]]


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """How the deliveries are.

    Attributes:
        next: the first ones that are planned or being tried.
        waiting: how many there are of these in all.
        failed: the last ones that failed, or were missed.
        unreachable: how many people wished for direct messages and take none.
    """

    next: Sequence[Entry]
    waiting: int
    failed: Sequence[Entry]
    unreachable: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What questions are answered from.

    Attributes:
        programme: the programme in use.
        version: where it comes from.
        problems: what is wrong in its source.
        fixes: how many fields were fixed by hand.
    """

    programme: Programme
    version: VersionNote | None
    problems: Sequence[Problem]
    fixes: int


@dataclass(frozen=True, slots=True)
class SourceReport:
    """How the sources are.

    Attributes:
        watched: those that are looked at again and again.
        waiting_since: since when a change waits for the moderators, in UTC; None when none does.
    """

    watched: Sequence[WatchState] = ()
    waiting_since: datetime | None = None
