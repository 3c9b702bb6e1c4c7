"""Who gets a digest, and when."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.model import Delivery
from bot.digest.model import DigestWish, day_to_show, how_many_alike, plan_digests
from bot.programme.model import Session

ZONE = ZoneInfo("America/Los_Angeles")
BEFORE = datetime(2026, 5, 1, tzinfo=UTC)


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 5, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def session(key: str, start: datetime | None, end: datetime | None = None) -> Session:
    return Session(key, key, starts_at=start, ends_at=end)


THREE_DAYS = (
    session("monday", local(18, 9), local(18, 18)),
    session("night", local(18, 23), local(19, 1)),
    session("wednesday", local(20, 9), local(20, 10)),
    session("some day", None),
)


def planned(wish: DigestWish, now: datetime = BEFORE) -> list[Delivery]:
    return plan_digests(THREE_DAYS, {7: wish}, {}, 60_000, ZONE, now)


def test_there_is_one_for_each_day_on_which_something_begins_at_the_time_of_the_conferences_own_clock() -> None:
    due = planned(DigestWish(time(8), BEFORE))

    assert [one.subject for one in due] == ["2026-05-18", "2026-05-20"]
    assert [round((one.due_at - local(int(one.subject[-2:]), 8)).total_seconds()) for one in due] == [0, 0]
    assert [one.useful_until for one in due] == [local(18, 11), local(20, 10)]


@pytest.mark.parametrize(
    ("now", "days"),
    [
        (local(18, 7), 2),
        (local(18, 10, 59), 2),
        (local(18, 11), 1),
        (local(20, 9, 59), 1),
        (local(20, 10), 0),
    ],
)
def test_one_that_would_come_too_late_is_not_sent(now: datetime, days: int) -> None:
    assert len(planned(DigestWish(time(8), BEFORE), now)) == days


def test_who_begins_to_wish_in_the_middle_of_a_morning_gets_the_first_one_on_the_next_day() -> None:
    due = planned(DigestWish(time(8), local(18, 8, 30)), local(18, 8, 30))

    assert [one.subject for one in due] == ["2026-05-20"]


def test_who_can_not_be_reached_gets_none() -> None:
    assert planned(DigestWish(time(8), BEFORE, unreachable=True)) == []


def test_another_time_of_day_does_not_make_another_digest() -> None:
    early, late = (planned(DigestWish(at, BEFORE)) for at in (time(7), time(9)))

    assert [(one.key, one.starts_at) for one in early] == [(one.key, one.starts_at) for one in late]


def test_the_day_to_show_is_the_first_one_that_is_not_over() -> None:
    days = [day_to_show(THREE_DAYS, ZONE, now) for now in (BEFORE, local(19, 0, 59), local(19, 1), local(20, 10))]

    assert days == [date(2026, 5, 18), date(2026, 5, 18), date(2026, 5, 20), None]


@given(st.integers(1, 300), st.integers(1, 600))
def test_many_at_one_time_go_out_before_it_and_at_the_pace(people: int, pace: int) -> None:
    wishes = {number: DigestWish(time(8), BEFORE) for number in range(people)}
    due = plan_digests(THREE_DAYS[:1], wishes, how_many_alike(wishes.values()), pace, ZONE, BEFORE)

    assert len(due) == people
    window = timedelta(minutes=people / pace)
    assert all(timedelta(0) <= local(18, 8) - one.due_at <= window for one in due)
