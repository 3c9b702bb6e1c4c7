"""Dates and times are read in the ways people write them, and never guessed."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.reading.when import Cell, DayOrder, When, when

DAY = date(2023, 12, 8)


def at(hours: int, minutes: int = 0) -> timedelta:
    return timedelta(hours=hours, minutes=minutes)


@pytest.mark.parametrize(
    "text",
    [
        *("2023-12-08", "2023/12/8", "20231208", "8.12.2023", "08.12.23", "8 December 2023", "Dec 8, 2023"),
        *("Friday, December 8, 2023", "Fri 8 Dec 2023", "8th of December 2023", "December 8th, 2023", "8-Dec-2023"),
        *("8. Dezember 2023", "8 décembre 2023", "8 de diciembre de 2023", "8 dicembre 2023", "2023年12月8日", "45268"),
    ],
)
def test_a_date(text: str) -> None:
    assert when(text) == When(DAY)


@pytest.mark.parametrize(
    ("text", "passed"),
    [
        ("9:00 AM", at(9)),
        ("9 am", at(9)),
        ("09:00", at(9)),
        ("09:00:00", at(9)),
        ("9.30", at(9, 30)),
        ("9h30", at(9, 30)),
        ("9:30 Uhr", at(9, 30)),
        ("9:30 p.m.", at(21, 30)),
        ("12:30 am", at(0, 30)),
        ("12 pm", at(12)),
        ("noon", at(12)),
        ("12:00 noon", at(12)),
        ("13:00 PM", at(13)),
        ("24:00", at(24)),
        ("0.375", at(9)),
    ],
)
def test_a_time_of_day(text: str, passed: timedelta) -> None:
    assert when(text) == When(start=passed)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("11:00-11:15", at(11), at(11, 15)),
        ("11:00 – 11:15", at(11), at(11, 15)),
        ("9:00 AM to 10:00 AM", at(9), at(10)),
        ("9:00-10:30 AM", at(9), at(10, 30)),
        ("9:00-10:30 PM", at(21), at(22, 30)),
        ("11-1 PM", at(11), at(13)),
        ("8am-9am", at(8), at(9)),
        ("9.00-9.30 Uhr", at(9), at(9, 30)),
        ("23:30-00:30", at(23, 30), at(0, 30)),
    ],
)
def test_a_time_from_to(text: str, start: timedelta, end: timedelta) -> None:
    assert when(text) == When(start=start, end=end)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2023-12-08 09:00", When(DAY, start=at(9))),
        ("2023-12-08T09:00", When(DAY, start=at(9))),
        ("2023-12-08T00:00", When(DAY, start=at(0))),
        ("2023-12-08_09:00:00", When(DAY, start=at(9))),
        ("2023-12-08T09:00:00-07:00", When(DAY, start=at(9), zone="-0700")),
        ("2023-12-08T09:00Z", When(DAY, start=at(9), zone="+0000")),
        ("2023-12-08 09:00-10:00", When(DAY, start=at(9), end=at(10))),
        ("Fri, 08 Dec 2023 09:00:00 GMT", When(DAY, start=at(9), zone="gmt")),
        ("Friday, Dec 8, 2023 9:00 AM - 10:00 AM", When(DAY, start=at(9), end=at(10))),
        ("8.12.2023, 9:00 Uhr", When(DAY, start=at(9))),
        ("13/8/2023 9:00 AM", When(date(2023, 8, 13), day_first=True, start=at(9))),
        ("8/13/2023", When(date(2023, 8, 13), day_first=False)),
        ("5/5/2025", When(date(2025, 5, 5))),
        ("Friday 2023-12-08 8am-9am CET", When(DAY, start=at(8), end=at(9), zone="cet")),
        ("9:00 UTC+2", When(start=at(9), zone="utc+2")),
        ("45268.375", When(DAY, start=at(9))),
        ("Monday", When()),
        ("", When()),
    ],
)
def test_dates_and_times_together(text: str, read: When) -> None:
    assert when(text) == read


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        (datetime(2023, 12, 8, 9, 30), When(DAY, start=at(9, 30))),  # noqa: DTZ001
        (datetime(2023, 12, 8), When(DAY)),  # noqa: DTZ001
        (DAY, When(DAY)),
        (time(9, 30), When(start=at(9, 30))),
        (timedelta(hours=9), When(start=at(9))),
        (timedelta(days=2), None),
        (None, When()),
    ],
)
def test_what_a_workbook_knows_to_be_a_time(cell: Cell, read: When | None) -> None:
    assert when(cell) == read


@pytest.mark.parametrize(
    "text",
    [
        *("soon", "TBA", "9", "2023", "Day 1", "25:00", "9:75", "32/13/2023", "2023-02-30", "July 6", "Dec 8 9:00"),
        *("9:00, 10:00", "2023-12-08 to 2023-12-10", "9:00 in the hall", "1" * 200),
    ],
)
def test_what_is_no_time_or_leaves_something_open(text: str) -> None:
    assert when(text) is None


def dates(*texts: str) -> tuple[DayOrder, list[date | None]]:
    read = [one for text in texts if (one := when(text))]
    order = DayOrder(read)
    return order, [order.day(one) for one in read]


def test_another_date_tells_the_order_of_day_and_month() -> None:
    assert dates("12/8/2023", "13/8/2023")[1] == [date(2023, 8, 12), date(2023, 8, 13)]
    assert dates("12/8/2023", "12/13/2023")[1] == [date(2023, 12, 8), date(2023, 12, 13)]


def test_days_that_lie_together_tell_the_order_of_day_and_month() -> None:
    order, found = dates("12/8/2023", "12/9/2023", "12/10/2023")
    assert found == [date(2023, 12, 8), date(2023, 12, 9), date(2023, 12, 10)]
    assert order.inferred
    order, found = dates("8/12/2023", "9/12/2023")
    assert found == [date(2023, 12, 8), date(2023, 12, 9)]


@pytest.mark.parametrize("texts", [("12/8/2023",), ("12/8/2023", "12/8/2023"), ("1/2/2024", "13/1/2024", "1/13/2024")])
def test_nobody_guesses_what_a_date_means(texts: tuple[str, ...]) -> None:
    order, found = dates(*texts)
    assert order.day_first is None
    assert found[0] is None


@given(st.text(max_size=90) | st.lists(st.sampled_from("0123456789:/.- apmzAPMdecjanTZ"), max_size=85).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    read = when(text)
    assert read is None or all(part is None or timedelta() <= part <= at(24) for part in (read.start, read.end))
