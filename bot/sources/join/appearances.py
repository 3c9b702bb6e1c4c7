"""What appears in a session that several sources have: each paper once, unless a source shows it there twice."""

from collections.abc import Sequence
from typing import Final

from bot.programme.source import SourceAppearance

_MOST_LOOKED_AT: Final = 20
"""How many appearances of one paper in one session are looked at; hardly any paper is shown more often."""

Slot = list[tuple[int, SourceAppearance]]
"""One appearance as sources have it, each with the source's place."""


def meet_appearances(sources: Sequence[tuple[int, Sequence[SourceAppearance], bool]]) -> list[Slot]:
    """Return what appears in a session, in order.

    Where a paper is in the session by several sources, they mean the same appearance: first the one of the same
    start, then one without, and else one on whose time they disagree.

    Args:
        sources: for each source its place, what appears by it (papers as places in the whole), and whether it is
            taken for appearances that no other source has.
    """
    slots: list[Slot] = []
    by_paper: dict[int, list[Slot]] = {}
    for source, appearances, wanted in sources:
        left = {paper: found[:_MOST_LOOKED_AT] for paper, found in by_paper.items()}
        new = list(appearances)
        for distance in range(3):
            new = [one for one in new if not _is_met(source, one, left.get(one.paper, []), distance)]
        for appearance in new if wanted else ():
            slots.append([(source, appearance)])
            by_paper.setdefault(appearance.paper, []).append(slots[-1])
    return slots


def _is_met(source: int, appearance: SourceAppearance, left: list[Slot], distance: int) -> bool:
    """Add an appearance to the first slot as near as this, if there is one, and take the slot away."""
    slot = next((slot for slot in left if _distance(slot[0][1], appearance) == distance), None)
    if slot is None:
        return False
    slot.append((source, appearance))
    left[:] = [other for other in left if other is not slot]
    return True


def _distance(one: SourceAppearance, other: SourceAppearance) -> int:
    if one.starts_at == other.starts_at:
        return 0
    return 1 if one.starts_at is None or other.starts_at is None else 2
