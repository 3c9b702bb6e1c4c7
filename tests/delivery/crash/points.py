"""Where the bot is killed."""

import random
from collections.abc import Iterable
from dataclasses import dataclass

METHODS = {
    "plan": "bot.delivery.rows:Outbox.plan",
    "miss": "bot.delivery.rows:Outbox.miss",
    "claim": "bot.delivery.rows:Outbox.claim",
    "find": "bot.delivery.sender:Sender.find",
    "send": "bot.delivery.sender:Sender.send",
    "mark": "bot.delivery.rows:Outbox.settle_sent",
    "postpone": "bot.delivery.rows:Outbox.postpone",
    "give up": "bot.delivery.rows:Outbox.settle_missed",
}
_INSIDE = ("received", "received, stored later", "stored", "thread received", "thread stored")
POINTS = (
    *(f"{what}: {when}" for what in ("plan", "miss", "claim", "mark") for when in ("before", "commit", "after")),
    *(f"{what}: {when}" for what in ("find", "send", "postpone") for when in ("before", "after")),
    *(f"discord: {when}" for when in _INSIDE),
)
RARE_POINTS = tuple(f"give up: {when}" for when in ("before", "commit", "after"))
"""Reached only by a batch that was claimed and then no longer helped."""

RANDOM = "a random instant"


@dataclass(frozen=True)
class Fault:
    """Where a life ends.

    Attributes:
        point: one of `POINTS`, `RARE_POINTS`, a point of a part's, or `RANDOM`.
        nth: at which time that it gets there.
    """

    point: str = RANDOM
    nth: int = 1


class Points:
    """Chooses points so that each comes as often as the others."""

    def __init__(self, chance: random.Random, more: Iterable[str] = ()) -> None:
        """Make a choice.

        Args:
            chance: decides.
            more: further methods at which the bot is killed, by what reports call them.
        """
        self._chance = chance
        self._points = (*POINTS, *(f"{what}: {when}" for what in more for when in ("before", "commit", "after")))
        self._left: list[str] = []

    def next(self, *, claimed: bool) -> str:
        """Return a point that can be reached: what is only done for a batch claimed before needs one."""
        for _ in range(2):
            for position, point in enumerate(self._left):
                if claimed or not point.startswith("find"):
                    return self._left.pop(position)
            self._left += self._chance.sample((*self._points, *[RANDOM] * 3), len(self._points) + 3)
        raise AssertionError
