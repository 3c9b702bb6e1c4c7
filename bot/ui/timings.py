"""How long people wait for the bot: from an interaction's arrival to its answer being handed to discord.py."""

import logging
import time
from bisect import bisect_left
from collections import Counter
from typing import Any

import discord

BOUNDS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 3_000)
"""The upper bounds of the histograms' bars, in milliseconds; Discord gives up after three seconds."""

_ARRIVED = "arrived"

log = logging.getLogger(__name__)


class Timings:
    """A histogram for each kind of interaction, since the bot was started."""

    def __init__(self) -> None:
        self.bars: dict[str, Counter[int]] = {}

    def arrived(self, interaction: discord.Interaction[Any]) -> None:
        """Take the time at which an interaction arrives; only the first call for each counts."""
        interaction.extras.setdefault(_ARRIVED, time.perf_counter())

    def handed_over(self, interaction: discord.Interaction[Any]) -> None:
        """Count how long an interaction took, now that its answer is handed to the library."""
        arrived = interaction.extras.pop(_ARRIVED, None)
        if arrived is None:
            return
        milliseconds = (time.perf_counter() - arrived) * 1000
        kind = interaction.type.name
        self.bars.setdefault(kind, Counter())[bisect_left(BOUNDS, milliseconds)] += 1
        log.debug("%s handled in %.2f ms", kind, milliseconds)

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
