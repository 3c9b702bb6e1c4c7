"""What waits for a press is bounded, and its owner's alone."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.ui.pending import Pending

ADA, BO = 1, 2


class Clock:
    def __init__(self) -> None:
        self.moment = datetime(2026, 5, 18, 18, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def steady(self) -> float:
        return self.moment.timestamp()


async def test_one_more_takes_the_place_of_the_owner_s_last_and_of_nobody_else_s() -> None:
    pending: Pending[str] = Pending(Clock())
    first, others, second = pending.keep(ADA, "first"), pending.keep(BO, "others"), pending.keep(ADA, "second")
    with pytest.raises(UserError, match="made way for a newer one"):
        pending.get(ADA, first)
    assert pending.get(ADA, second) == "second"
    assert pending.take(BO, others) == "others"


@given(st.lists(st.integers(0, 7), max_size=60), st.integers(1, 4), st.integers(1, 6))
async def test_there_are_never_more_than_allowed_and_the_newest_stay(owners: list[int], each: int, most: int) -> None:
    pending: Pending[int] = Pending(Clock(), each=each, most=most)
    kept = [(owner, number, pending.keep(owner, number)) for number, owner in enumerate(owners)]

    def waits(owner: int, token: str) -> bool:
        try:
            pending.get(owner, token)
        except UserError:
            return False
        return True

    there = [(owner, number) for owner, number, token in kept if waits(owner, token)]
    assert len(there) <= most
    for owner in set(owners):
        own = [number for one, number, _ in kept if one == owner]
        left = [number for one, number in there if one == owner]
        assert len(left) <= each
        assert left == own[len(own) - len(left) :], "the newest stay"
    if owners:
        assert there[-1] == (owners[-1], len(owners) - 1)
