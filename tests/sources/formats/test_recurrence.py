"""When recurring events take place, compared with dateutil's answer to the same rules."""

import time
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.sources.formats.calendar.recurrence import MOST_DAYS, UnknownRuleError, occurrences

START = datetime(2031, 7, 4, 9, 30)  # noqa: DTZ001 - a Friday
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


def rule(text: str) -> dict[str, list[Any]]:
    """The parts of a rule as the calendar library gives them."""
    parts = (part.partition("=") for part in text.split(";"))
    return {name: value.split(",") for name, _, value in parts}


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("FREQ=DAILY;COUNT=3", [4, 5, 6]),
        ("FREQ=DAILY;INTERVAL=2;COUNT=3", [4, 6, 8]),
        ("FREQ=DAILY;COUNT=3;BYDAY=FR,MO", [4, 7, 11]),
        ("FREQ=WEEKLY;COUNT=2", [4, 11]),
        ("FREQ=WEEKLY;COUNT=4;BYDAY=FR,SA", [4, 5, 11, 12]),
        ("FREQ=MONTHLY;COUNT=1;BYDAY=1FR", [4]),
        ("FREQ=MONTHLY;COUNT=3;BYDAY=FR,2MO", [4, 11, 14]),
    ],
)
def test_the_days_of_a_rule(text: str, days: list[int]) -> None:
    found, goes_on = occurrences(rule(text), START)
    assert found == [START.replace(day=day) for day in days]
    assert not goes_on


def test_a_rule_without_an_end_is_followed_for_a_year() -> None:
    found, goes_on = occurrences(rule("FREQ=DAILY"), START)
    assert len(found) == MOST_DAYS
    assert goes_on


def test_the_last_day_of_a_rule_is_part_of_it_however_it_is_written() -> None:
    zone = ZoneInfo("Europe/Vienna")
    parts: dict[str, list[Any]] = {"FREQ": ["DAILY"]}
    for until in (date(2031, 7, 6), datetime(2031, 7, 6, 7, 30, tzinfo=UTC), datetime(2031, 7, 6, 9, 30)):  # noqa: DTZ001
        found, _ = occurrences({**parts, "UNTIL": [until]}, START.replace(tzinfo=zone))
        assert [moment.day for moment in found] == [4, 5, 6]


def test_an_event_stays_at_its_local_time_when_the_clocks_change() -> None:
    start = datetime(2031, 10, 25, 9, 30, tzinfo=ZoneInfo("Europe/Vienna"))
    found, _ = occurrences(rule("FREQ=DAILY;COUNT=2"), start)
    hours = [moment.astimezone(UTC).hour for moment in found if isinstance(moment, datetime)]
    assert hours == [7, 8]


def test_whole_days_recur_as_days() -> None:
    assert occurrences(rule("FREQ=DAILY;COUNT=2"), date(2031, 7, 4))[0] == [date(2031, 7, 4), date(2031, 7, 5)]


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=HOURLY",
        "FREQ=SECONDLY;COUNT=5",
        "FREQ=DAILY;BYHOUR=9,10",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-1",
        "FREQ=YEARLY;BYDAY=20MO",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=DAILY;BYDAY=XX",
        "FREQ=DAILY;COUNT=x",
        "COUNT=3",
    ],
)
def test_a_rule_that_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(UnknownRuleError):
        occurrences(rule(text), START)


def test_a_rule_that_never_matches_takes_no_time() -> None:
    before = time.process_time()
    assert occurrences(rule("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"), START) == ([START], True)
    assert time.process_time() - before < 0.5


def test_the_end_of_all_time_is_no_reason_to_fail() -> None:
    found, _ = occurrences(rule("FREQ=DAILY"), date(9999, 12, 30))
    assert found == [date(9999, 12, 30), date(9999, 12, 31)]


@st.composite
def rules(draw: st.DrawFn) -> str:
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}"]
    if draw(st.booleans()):
        parts.append(f"INTERVAL={draw(st.integers(1, 4))}")
    if draw(st.booleans()):
        parts.append(f"COUNT={draw(st.integers(1, 30))}")
    else:
        parts.append(f"UNTIL={START + timedelta(days=draw(st.integers(0, 300))):%Y%m%dT%H%M%S}")
    if draw(st.booleans()):
        parts.append(f"WKST={draw(st.sampled_from(WEEKDAYS))}")
    if draw(st.booleans()):
        months = draw(st.lists(st.integers(1, 12), min_size=1, max_size=4, unique=True))
        parts.append("BYMONTH=" + ",".join(map(str, months)))
    if frequency != "YEARLY" and draw(st.booleans()):
        # Not "MO,2MO": that is every Monday by the standard, and only the second one to dateutil.
        ordinals = draw(st.sampled_from([[""], ["1", "2", "-1", "-2"]])) if frequency == "MONTHLY" else [""]
        days = st.tuples(st.sampled_from(ordinals), st.sampled_from(WEEKDAYS)).map("".join)
        parts.append("BYDAY=" + ",".join(draw(st.lists(days, min_size=1, max_size=4, unique=True))))
    if frequency != "WEEKLY" and draw(st.booleans()):
        days_of_month = st.integers(-31, 31).filter(bool)
        parts.append(
            "BYMONTHDAY=" + ",".join(map(str, draw(st.lists(days_of_month, min_size=1, max_size=4, unique=True))))
        )
    return ";".join(parts)


@given(rules(), st.integers(0, 40))
def test_rules_mean_what_they_mean_to_dateutil(text: str, days: int) -> None:
    start = START + timedelta(days=days)
    horizon = start + timedelta(days=MOST_DAYS)
    expected = list(takewhile(lambda moment: moment < horizon, rrulestr(text, dtstart=start)))
    # dateutil leaves out a start that its own rule does not name; people who enter one mean it.
    assume(expected[:1] == [start])
    parts = rule(text)
    if "UNTIL" in parts:
        parts["UNTIL"] = [datetime.strptime(parts["UNTIL"][0], "%Y%m%dT%H%M%S")]  # noqa: DTZ007
    assert occurrences(parts, start)[0] == expected
