"""How often somebody may do something."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.limiting import Buckets
from tests.support.dispatching import HandClock

HOUR = timedelta(hours=1)
JUST_AFTER = timedelta(milliseconds=1)


@given(most=st.integers(1, 5), pauses=st.lists(st.timedeltas(timedelta(0), HOUR), max_size=40))
def test_whoever_is_refused_did_it_that_often_within_the_hour_and_may_again_when_it_is_said(
    most: int, pauses: list[timedelta]
) -> None:
    clock = HandClock(datetime(2026, 1, 1, tzinfo=UTC))
    buckets, done = Buckets(clock, most, most / HOUR.total_seconds()), list[datetime]()
    for pause in pauses:
        clock.moment += pause
        if not buckets.take("ann"):
            assert sum(moment > clock.moment - HOUR - JUST_AFTER for moment in done) >= most
            assert 0 < buckets.wait("ann") <= HOUR.total_seconds() / most
            assert buckets.wait("bob") == 0
            clock.moment += timedelta(seconds=buckets.wait("ann")) + JUST_AFTER
            assert buckets.take("ann")
        done.append(clock.moment)
