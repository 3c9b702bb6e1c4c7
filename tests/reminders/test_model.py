"""The plan of reminders: what is due, when, for whom."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.agenda.model import Wish
from bot.config import SessionTime
from bot.delivery.model import Delivery
from bot.programme.days import OPEN_ENDED, day_of
from bot.programme.model import Programme, Session
from bot.reminders.model import Pace, audiences, plan, plan_direct
from tests.support.programmes import programme_of
from tests.support.programmes import session as made

NOON = datetime(2026, 5, 18, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
LEADS = (60 * MINUTE, 10 * MINUTE, 0 * MINUTE)


def session(key: str, starts_at: datetime | None, ends_at: datetime | None = None) -> Session:
    return Session(key, key.title(), room="Hall", starts_at=starts_at, ends_at=ends_at)


def planned(*sessions: Session, now: datetime = NOON - 12 * HOUR, channels: Iterable[int] = (7,)) -> list[Delivery]:
    return plan(Programme(sessions), channels, LEADS, now)


def test_every_timed_session_has_a_delivery_for_each_channel_and_each_lead() -> None:
    one, other = session("one", NOON, NOON + HOUR), session("other", NOON + 2 * HOUR, NOON + 3 * HOUR)

    deliveries = planned(one, session("untimed", None), other, channels=(7, 8))

    assert {(d.subject, d.target_id, d.starts_at - d.due_at) for d in deliveries} == {
        (key, channel, lead) for key in ("one", "other") for channel in (7, 8) for lead in LEADS
    }
    assert len({delivery.key for delivery in deliveries}) == len(deliveries) == 12
    for delivery in deliveries:
        about = one if delivery.subject == "one" else other
        assert (delivery.starts_at, delivery.useful_until) == (about.starts_at, about.ends_at)


def test_nothing_is_planned_without_sessions_channels_or_leads() -> None:
    programme = Programme((session("one", NOON),))
    assert plan(Programme(), (7,), LEADS, NOON) == []
    assert plan(programme, (), LEADS, NOON) == []
    assert plan(programme, (7,), (), NOON) == []


def test_what_should_have_been_sent_already_is_planned_until_the_session_is_over() -> None:
    lasting = session("lasting", NOON, NOON + HOUR)

    assert planned(lasting, now=NOON + HOUR - timedelta(microseconds=1)) == planned(lasting)
    assert planned(lasting, now=NOON + HOUR) == []


def test_a_session_without_an_end_is_worth_a_reminder_for_some_hours() -> None:
    open_ended = session("open", NOON)

    assert planned(open_ended, now=NOON + OPEN_ENDED - MINUTE)
    assert planned(open_ended, now=NOON + OPEN_ENDED) == []
    assert {delivery.useful_until for delivery in planned(open_ended)} == {NOON + OPEN_ENDED}


@pytest.mark.parametrize(
    ("zone", "local_start", "minutes", "moment", "local_due"),
    [
        # Los Angeles: 02:00 becomes 03:00 on 8 March, and 02:00 becomes 01:00 again on 1 November.
        ("America/Los_Angeles", "2026-03-08T03:15:00", 60, "2026-03-08T09:15Z", "2026-03-08T01:15-08:00"),
        ("America/Los_Angeles", "2026-03-08T09:00:00", 480, "2026-03-08T08:00Z", "2026-03-08T00:00-08:00"),
        ("America/Los_Angeles", "2026-03-08T01:50:00", 0, "2026-03-08T09:50Z", "2026-03-08T01:50-08:00"),
        ("America/Los_Angeles", "2026-11-01T02:15:00", 60, "2026-11-01T09:15Z", "2026-11-01T01:15-08:00"),
        ("America/Los_Angeles", "2026-11-01T02:15:00", 120, "2026-11-01T08:15Z", "2026-11-01T01:15-07:00"),
        ("America/Los_Angeles", "2026-11-01T01:30:00-07:00", 10, "2026-11-01T08:20Z", "2026-11-01T01:20-07:00"),
        ("America/Los_Angeles", "2026-11-01T01:30:00-08:00", 10, "2026-11-01T09:20Z", "2026-11-01T01:20-08:00"),
        # Lisbon: 01:00 becomes 02:00 on 29 March, and 02:00 becomes 01:00 again on 25 October.
        ("Europe/Lisbon", "2026-03-29T02:30:00", 60, "2026-03-29T00:30Z", "2026-03-29T00:30+00:00"),
        ("Europe/Lisbon", "2026-10-25T02:30:00", 60, "2026-10-25T01:30Z", "2026-10-25T01:30+00:00"),
        ("Europe/Lisbon", "2026-10-25T02:30:00", 120, "2026-10-25T00:30Z", "2026-10-25T01:30+01:00"),
        # Kolkata: half an hour off, and the clocks never change.
        ("Asia/Kolkata", "2026-03-08T09:30:00", 60, "2026-03-08T03:00Z", "2026-03-08T08:30+05:30"),
        ("Asia/Kolkata", "2026-11-01T00:10:00", 60, "2026-10-31T17:40Z", "2026-10-31T23:10+05:30"),
        # Auckland: 03:00 becomes 02:00 on 5 April, and 02:00 becomes 03:00 on 27 September; UTC is a day behind.
        ("Pacific/Auckland", "2026-04-05T03:30:00", 60, "2026-04-04T14:30Z", "2026-04-05T02:30+12:00"),
        ("Pacific/Auckland", "2026-04-05T03:30:00", 120, "2026-04-04T13:30Z", "2026-04-05T02:30+13:00"),
        ("Pacific/Auckland", "2026-09-27T03:30:00", 60, "2026-09-26T13:30Z", "2026-09-27T01:30+12:00"),
    ],
)
def test_a_reminder_is_due_exactly_so_long_before_the_real_moment(
    zone: str, local_start: str, minutes: int, moment: str, local_due: str
) -> None:
    times = SessionTime.model_validate({"start": local_start}).times(zone)
    programme = Programme((session("one", times.starts_at),))

    (delivery,) = plan(programme, (7,), (minutes * MINUTE,), times.starts_at - 24 * HOUR)

    assert delivery.due_at == datetime.fromisoformat(moment)
    assert delivery.due_at.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes") == local_due
    assert delivery.starts_at - delivery.due_at == minutes * MINUTE


def test_a_session_across_midnight_is_reminded_of_on_the_day_before_and_while_it_lasts() -> None:
    zone = ZoneInfo("America/Los_Angeles")
    late = session(
        "late", datetime(2026, 5, 19, 0, 15, tzinfo=zone).astimezone(UTC), datetime(2026, 5, 19, 1, tzinfo=zone)
    )
    across = session(
        "across", datetime(2026, 5, 18, 23, 30, tzinfo=zone).astimezone(UTC), datetime(2026, 5, 19, 0, 45, tzinfo=zone)
    )
    midnight = datetime(2026, 5, 19, tzinfo=zone)

    first = planned(late)[0]
    assert first.due_at.astimezone(zone) == datetime(2026, 5, 18, 23, 15, tzinfo=zone)
    assert (day_of(late, zone), day_of(across, zone)) == (midnight.date(), midnight.date() - timedelta(days=1))
    assert len(planned(across, now=midnight + 44 * MINUTE)) == len(LEADS)
    assert planned(across, now=midnight + 45 * MINUTE) == []


@given(
    starts_at=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    length=st.one_of(st.none(), st.timedeltas(MINUTE, 48 * HOUR)),
    leads=st.sets(st.integers(0, 7 * 24 * 60)),
    channels=st.sets(st.integers(1, 2**63)),
    back=st.timedeltas(-96 * HOUR, 96 * HOUR),
)
def test_any_plan_has_each_delivery_once_and_none_that_is_too_late(
    starts_at: datetime, length: timedelta | None, leads: set[int], channels: set[int], back: timedelta
) -> None:
    one, now = session("one", starts_at, starts_at + length if length else None), starts_at - back

    deliveries = plan(Programme((one,)), channels, [lead * MINUTE for lead in leads], now)

    over = starts_at + (length or OPEN_ENDED) <= now
    assert len(deliveries) == (0 if over else len(leads) * len(channels))
    assert len({delivery.key for delivery in deliveries}) == len(deliveries)
    assert all(delivery.due_at <= starts_at < delivery.useful_until > now for delivery in deliveries)


@given(st.integers(1, 2_000), st.integers(1, 600), st.sampled_from([5, 15, 30, 60]))
def test_they_are_spread_so_that_the_last_is_out_as_long_before_as_wished(
    people: int, per_minute: int, minutes: int
) -> None:
    starts_at = datetime(2026, 5, 18, 18, tzinfo=UTC)
    programme = programme_of(made("S", "P", starts_at=starts_at))
    wishes = {user: Wish(minutes) for user in range(people)}
    bookmarks = dict.fromkeys(wishes, tuple(programme.papers))
    pace = Pace(per_minute, audiences(programme, bookmarks))

    due = plan_direct(programme, wishes, bookmarks, pace, starts_at - timedelta(days=1))

    assert len({delivery.key for delivery in due}) == people
    last = starts_at - timedelta(minutes=minutes)
    first = last - timedelta(minutes=people / per_minute)
    assert all(first <= delivery.due_at <= last for delivery in due)
