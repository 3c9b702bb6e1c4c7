"""How long people wait for the bot: from an interaction's arrival to its answer being handed to discord.py, and on.

Nothing else of an interaction is kept, and of whom it came from nothing at all.
"""

import logging
import time
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

if TYPE_CHECKING:
    from collections.abc import Callable

BOUNDS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 3_000)
"""The upper bounds of the histograms' bars, in milliseconds; Discord gives up after three seconds."""

UNKNOWN = "unknown"
"""The name of a command or a button that the bot does not have."""

_ARRIVED = "arrived"
_ANSWERED = "answered"

log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """What became of an interaction."""

    ANSWERED = "answered"
    REFUSED = "refused"
    """Answered with what the person can mend."""
    FAILED = "failed"
    """Answered with a reference to the log."""


@dataclass(frozen=True, slots=True)
class Handled:
    """An interaction that has come to its end.

    Attributes:
        kind: what Discord calls its kind, such as "application_command".
        name: which command or button it was, out of those there are; `UNKNOWN` for any other.
        outcome: what became of it.
        seconds: how long it took, from its arrival.
    """

    kind: str
    name: str
    outcome: Outcome
    seconds: float


class Timings:
    """A histogram for each kind of interaction, since the bot was started.

    Attributes:
        bars: how many of a kind were answered within each bound.
        arrivals: how many of a kind have arrived.
        follow: told of each interaction that has come to its end, if somebody wants to know.
    """

    def __init__(self) -> None:
        self.bars: dict[str, Counter[int]] = {}
        self.arrivals: Counter[str] = Counter()
        self.follow: Callable[[Handled], None] | None = None

    def arrived(self, interaction: discord.Interaction[Any]) -> None:
        """Take the time at which an interaction arrives; only the first call for each counts."""
        if _ARRIVED not in interaction.extras:
            interaction.extras[_ARRIVED] = time.perf_counter()
            self.arrivals[interaction.type.name] += 1

    def handed_over(self, interaction: discord.Interaction[Any]) -> None:
        """Count how long an interaction took, now that its first answer is handed to the library."""
        arrived = interaction.extras.get(_ARRIVED)
        if arrived is None or _ANSWERED in interaction.extras:
            return
        interaction.extras[_ANSWERED] = True
        milliseconds = (time.perf_counter() - arrived) * 1000
        kind = interaction.type.name
        self.bars.setdefault(kind, Counter())[bisect_left(BOUNDS, milliseconds)] += 1
        log.debug("%s handled in %.2f ms", kind, milliseconds)

    def ended(self, interaction: discord.Interaction[Any], outcome: Outcome, name: str | None = None) -> None:
        """Hand on how long an interaction took in all; only the first call for each counts.

        Args:
            interaction: the interaction.
            outcome: what became of it.
            name: which button it was; a command knows its name.
        """
        arrived = interaction.extras.get(_ARRIVED)
        if arrived is None:
            return
        interaction.extras[_ARRIVED] = None
        if self.follow:
            seconds = time.perf_counter() - arrived
            self.follow(Handled(interaction.type.name, name or _name_of(interaction), outcome, seconds))

    def within(self, kind: str, share: float) -> float:
        """Return the bound, in milliseconds, within which that share of a kind's answers were handed over.

        Infinity when it is beyond the last bound, 0 when there were none.
        """
        bars = self.bars.get(kind, Counter())
        missing = share * bars.total()
        for bar, bound in enumerate((*BOUNDS, float("inf"))):
            missing -= bars[bar]
            if missing <= 0:
                return bound if bars else 0.0
        return float("inf")


def _name_of(interaction: discord.Interaction[Any]) -> str:
    command = interaction.command
    return command.qualified_name if isinstance(command, app_commands.Command | app_commands.ContextMenu) else UNKNOWN
