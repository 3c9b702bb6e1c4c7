"""When things are: conference days by the conference's own clock, what is on, what opens next, what clashes."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import chain, combinations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.programme.days import (
    OPEN_ENDED,
    Timed,
    by_day,
    clashes,
    day_of,
    in_time_order,
    is_over,
    next_opening,
)
from bot.programme.model import Appearance, Session
from bot.programme.rooms import in_rooms

ZONES = ("America/Los_Angeles", "Europe/Lisbon", "Asia/Kolkata", "Pacific/Auckland", "UTC")
NOON = datetime(2026, 5, 18, 12, tzinfo=UTC)
YEAR = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
INSTANT = timedelta(microseconds=1)


def session(
    key: str = "posters",
    starts_at: datetime | None = NOON,
    ends_at: datetime | None = None,
    room: str | None = "Hall",
) -> Session:
    return Session(key, key.title(), room=room, starts_at=starts_at, ends_at=ends_at)


def keys(sessions: list[Session]) -> list[str]:
    return [session.key for session in sessions]


def running(sessions: list[Session], now: datetime) -> list[Session]:
    """Return what is on in any room."""
    return in_time_order(one.session for room in in_rooms(sessions, now) for one in room.on)


def utc(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


# Sessions that begin around a moment, last for some time or nobody knows how long, in a few rooms.
MOMENTS = st.integers(-6, 6).map(lambda halves: NOON + halves * HOUR / 2)
TIMES = st.tuples(st.none() | MOMENTS, st.none() | st.integers(1, 6), st.sampled_from(["Hall", "Foyer", "Attic"]))
SESSIONS = st.lists(TIMES, max_size=8).map(
    lambda drawn: [
        session(str(number), start, start + halves * HOUR / 2 if start and halves else None, room)
        for number, (start, halves, room) in enumerate(drawn)
    ]
)


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        # The clocks go forward on 8 March and back on 1 November.
        ("America/Los_Angeles", "2026-03-08 07:59", "2026-03-07"),
        ("America/Los_Angeles", "2026-03-08 08:00", "2026-03-08"),
        ("America/Los_Angeles", "2026-03-08 10:00", "2026-03-08"),
        ("America/Los_Angeles", "2026-03-09 06:59", "2026-03-08"),
        ("America/Los_Angeles", "2026-03-09 07:00", "2026-03-09"),
        ("America/Los_Angeles", "2026-11-01 06:59", "2026-10-31"),
        ("America/Los_Angeles", "2026-11-01 07:00", "2026-11-01"),
        ("America/Los_Angeles", "2026-11-01 09:30", "2026-11-01"),
        ("America/Los_Angeles", "2026-11-02 07:59", "2026-11-01"),
        ("America/Los_Angeles", "2026-11-02 08:00", "2026-11-02"),
        # Forward on 29 March, back on 25 October.
        ("Europe/Lisbon", "2026-03-28 23:59", "2026-03-28"),
        ("Europe/Lisbon", "2026-03-29 00:00", "2026-03-29"),
        ("Europe/Lisbon", "2026-03-29 22:59", "2026-03-29"),
        ("Europe/Lisbon", "2026-03-29 23:00", "2026-03-30"),
        ("Europe/Lisbon", "2026-10-24 22:59", "2026-10-24"),
        ("Europe/Lisbon", "2026-10-24 23:00", "2026-10-25"),
        ("Europe/Lisbon", "2026-10-25 23:59", "2026-10-25"),
        ("Europe/Lisbon", "2026-10-26 00:00", "2026-10-26"),
        # Half an hour off, and never changed.
        ("Asia/Kolkata", "2026-03-08 18:29", "2026-03-08"),
        ("Asia/Kolkata", "2026-03-08 18:30", "2026-03-09"),
        ("Asia/Kolkata", "2026-11-01 18:29", "2026-11-01"),
        ("Asia/Kolkata", "2026-11-01 18:30", "2026-11-02"),
        # Most of a day ahead; back on 5 April, forward on 27 September.
        ("Pacific/Auckland", "2026-04-04 10:59", "2026-04-04"),
        ("Pacific/Auckland", "2026-04-04 11:00", "2026-04-05"),
        ("Pacific/Auckland", "2026-04-05 11:59", "2026-04-05"),
        ("Pacific/Auckland", "2026-04-05 12:00", "2026-04-06"),
        ("Pacific/Auckland", "2026-09-26 11:59", "2026-09-26"),
        ("Pacific/Auckland", "2026-09-26 12:00", "2026-09-27"),
        ("Pacific/Auckland", "2026-09-27 10:59", "2026-09-27"),
        ("Pacific/Auckland", "2026-09-27 11:00", "2026-09-28"),
        ("UTC", "2026-05-18 23:59", "2026-05-18"),
        ("UTC", "2026-05-19 00:00", "2026-05-19"),
    ],
)
def test_a_session_is_on_the_day_it_begins_where_the_conference_is(zone: str, moment: str, day: str) -> None:
    assert day_of(session(starts_at=utc(moment)), ZoneInfo(zone)) == date.fromisoformat(day)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[None]:
    """Put the machine itself into another zone."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("elsewhere", ["UTC", "Asia/Tokyo", "America/Los_Angeles"], indirect=True)
@pytest.mark.usefixtures("elsewhere")
def test_days_do_not_depend_on_where_the_server_is() -> None:
    late = session("late", utc("2026-05-19 06:30"))
    early = session("early", utc("2026-05-19 07:30"))

    days = by_day([early, late], ZoneInfo("America/Los_Angeles"))

    assert {day: keys(list(sessions)) for day, sessions in days.items()} == {
        date(2026, 5, 18): ["late"],
        date(2026, 5, 19): ["early"],
    }


def test_a_session_across_midnight_belongs_to_the_day_it_begins_only() -> None:
    across = session("across", utc("2026-05-19 06:30"), utc("2026-05-19 08:30"))

    assert list(by_day([across], ZoneInfo("America/Los_Angeles"))) == [date(2026, 5, 18)]


@pytest.mark.parametrize("zone", ZONES)
@given(
    moments=st.lists(
        st.none() | st.integers(0, 365 * 24 * 60).map(lambda minutes: YEAR + timedelta(minutes=minutes)), max_size=12
    )
)
def test_every_session_is_on_one_day_in_order_and_those_without_a_time_last(
    zone: str, moments: list[datetime | None]
) -> None:
    sessions = [session(str(number), moment) for number, moment in enumerate(moments)]

    days = by_day(sessions, ZoneInfo(zone))

    assert sorted(map(id, chain.from_iterable(days.values()))) == sorted(map(id, sessions))
    timed = [day for day in days if day]
    assert timed == sorted(timed)
    assert None not in list(days)[:-1]
    for day, group in days.items():
        assert group
        for each in group:
            # The wall clock, computed the other way round: midnight there is never after the start.
            assert (each.starts_at is None) == (day is None)
            if each.starts_at and day:
                midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
                following = day + timedelta(days=1)
                end = datetime(following.year, following.month, following.day, tzinfo=ZoneInfo(zone))
                assert midnight.astimezone(UTC) <= each.starts_at < end.astimezone(UTC)


def test_what_begins_together_keeps_the_order_of_the_programme() -> None:
    sessions = [session("b"), session("never", None), session("a"), session("first", NOON - HOUR), session("nor", None)]

    assert keys(in_time_order(sessions)) == ["first", "b", "a", "never", "nor"]


@pytest.mark.parametrize(
    ("since_start", "on"),
    [
        (-INSTANT, False),
        (timedelta(), True),
        (HOUR, True),
        (2 * HOUR - INSTANT, True),
        (2 * HOUR, False),
        (3 * HOUR, False),
    ],
)
def test_a_session_is_on_from_its_start_until_before_its_end(since_start: timedelta, on: bool) -> None:
    posters = session(ends_at=NOON + 2 * HOUR)

    assert running([posters], NOON + since_start) == [posters] * on
    assert is_over(posters, NOON + since_start) == (since_start >= 2 * HOUR)


def test_a_session_without_an_end_is_on_for_a_while_and_not_for_ever() -> None:
    open_ended = session()

    assert running([open_ended], NOON + HOUR) == [open_ended]
    assert running([open_ended], NOON + OPEN_ENDED - INSTANT) == [open_ended]
    assert running([open_ended], NOON + OPEN_ENDED) == []
    assert is_over(open_ended, NOON + OPEN_ENDED)
    assert HOUR <= OPEN_ENDED <= 8 * HOUR


def test_a_session_without_a_time_is_neither_on_nor_next_nor_over() -> None:
    untimed = session(starts_at=None)

    assert running([untimed], NOON) == []
    assert next_opening([untimed], NOON) == []
    assert not is_over(untimed, NOON)


def test_a_session_is_on_through_midnight_and_through_the_clock_change() -> None:
    posters = session(starts_at=utc("2026-11-01 08:30"), ends_at=utc("2026-11-01 09:30"))

    # In Los Angeles from 1:30 until 1:30, an hour later.
    assert running([posters], utc("2026-11-01 09:29")) == [posters]
    assert running([posters], utc("2026-11-01 09:30")) == []


@given(sessions=SESSIONS, now=MOMENTS)
def test_a_session_is_over_or_on_or_to_come(sessions: list[Session], now: datetime) -> None:
    on = running(sessions, now)

    for each in sessions:
        to_come = each.starts_at is None or each.starts_at > now
        assert [is_over(each, now), each in on, to_come].count(True) == 1
    starts = [each.starts_at for each in on if each.starts_at]
    assert starts == sorted(starts)


def test_everything_that_opens_at_the_next_moment_is_next() -> None:
    sessions = [
        session("later", NOON + 2 * HOUR),
        session("one", NOON + HOUR),
        session("on", NOON - HOUR),
        session("never", None),
        session("two", NOON + HOUR),
    ]

    assert keys(next_opening(sessions, NOON)) == ["one", "two"]
    assert keys(next_opening(sessions, NOON + HOUR - INSTANT)) == ["one", "two"]
    assert keys(next_opening(sessions, NOON + HOUR)) == ["later"]
    assert next_opening(sessions, NOON + 2 * HOUR) == []


@given(sessions=SESSIONS, now=MOMENTS)
def test_nothing_opens_before_what_opens_next(sessions: list[Session], now: datetime) -> None:
    found = next_opening(sessions, now)

    coming = [each.starts_at for each in sessions if each.starts_at and each.starts_at > now]
    assert bool(found) == bool(coming)
    assert found == [each for each in sessions if coming and each.starts_at == min(coming)]


@pytest.mark.parametrize(
    ("other", "clash"),
    [
        (session("other", NOON, NOON + HOUR, "Foyer"), True),
        (session("other", NOON, NOON + HOUR, "Hall"), False),
        (session("other", NOON + 2 * HOUR - INSTANT, NOON + 3 * HOUR, "Foyer"), True),
        (session("other", NOON + 2 * HOUR, NOON + 3 * HOUR, "Foyer"), False),
        (session("other", NOON - HOUR, NOON, "Foyer"), False),
        (session("other", NOON - HOUR, NOON + INSTANT, "Foyer"), True),
        (session("other", NOON + HOUR / 2, NOON + HOUR, "Foyer"), True),
        (session("other", NOON - HOUR, NOON + 5 * HOUR, "Foyer"), True),
        (session("other", NOON - HOUR, None, "Foyer"), True),
        (session("other", NOON - OPEN_ENDED, None, "Foyer"), False),
        (session("other", NOON + HOUR, None, "Foyer"), True),
        (session("other", None, None, "Foyer"), False),
        (session("other", NOON + timedelta(days=1), NOON + timedelta(days=1, hours=1), "Foyer"), False),
    ],
    ids=[
        "same start",
        "same room",
        "overlapping by a moment",
        "touching after",
        "touching before",
        "running into it by a moment",
        "within",
        "around",
        "earlier without an end",
        "long ago without an end",
        "later without an end",
        "without a time",
        "the day after",
    ],
)
def test_two_sessions_clash_where_one_cannot_be_in_both(other: Session, clash: bool) -> None:
    posters = session("posters", NOON, NOON + 2 * HOUR)

    for pair in ([posters, other], [other, posters]):
        assert [{one.key, two.key} for one, two in clashes(pair)] == [{"posters", "other"}] * clash


@given(sessions=SESSIONS)
def test_exactly_what_overlaps_in_different_rooms_clashes(sessions: list[Session]) -> None:
    def span(each: Session) -> tuple[datetime, datetime] | None:
        return (each.starts_at, each.ends_at or each.starts_at + OPEN_ENDED) if each.starts_at else None

    expected = set()
    for one, two in combinations(sessions, 2):
        first, second = span(one), span(two)
        if first and second and one.room != two.room and max(first[0], second[0]) < min(first[1], second[1]):
            expected.add(frozenset({one.key, two.key}))

    found = clashes(sessions)

    assert {frozenset({one.key, two.key}) for one, two in found} == expected
    assert len(found) == len(expected)
    assert all(one.starts_at and two.starts_at and one.starts_at <= two.starts_at for one, two in found)


def test_talks_clash_by_their_own_times_and_rooms_not_by_their_sessions() -> None:
    def talk(key: str, minutes: int, room: str) -> Appearance:
        start = NOON + timedelta(minutes=minutes)
        return Appearance(key, "talks", start, start + timedelta(minutes=20), room, has_slot=True)

    one, after, beside = talk("one", 0, "Hall"), talk("after", 20, "Attic"), talk("beside", 10, "Attic")
    assert clashes([after, beside, one]) == [(one, beside)]
    for start, clash in ((NOON, True), (NOON + HOUR, False)):
        shown: list[Timed] = [session("posters", start, start + 2 * HOUR, "Foyer"), one]
        assert bool(clashes(shown)) == clash
