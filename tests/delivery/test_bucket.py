"""The token bucket: never more than the pace allows, whenever it is asked, and never less for long."""

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.bucket import TokenBucket


@given(
    per_minute=st.integers(1, 3000),
    waits=st.lists(st.floats(-5, 40) | st.floats(0, 0.1), min_size=1, max_size=200),
)
def test_no_minute_has_more_than_the_pace_and_what_one_second_brings(per_minute: int, waits: list[float]) -> None:
    bucket = TokenBucket(per_minute)
    latest, taken = 0.0, list[float]()
    for moment in accumulate(waits):
        # A moment before the latest is what a clock says that runs backwards: it brings nothing.
        latest = max(latest, moment)
        while not bucket.wait(moment):
            bucket.take()
            taken.append(latest)

    for start in taken:
        assert sum(start <= moment < start + 60 for moment in taken) <= per_minute + max(1, per_minute / 60) + 1


@given(per_minute=st.integers(1, 3000))
def test_who_waits_as_long_as_told_keeps_the_pace(per_minute: int) -> None:
    bucket, moment, taken = TokenBucket(per_minute), 1_000_000.0, 0
    while moment < 1_000_060:
        if wait := bucket.wait(moment):
            moment += wait
        else:
            bucket.take()
            taken += 1

    assert per_minute <= taken <= per_minute + max(1, per_minute / 60) + 1
