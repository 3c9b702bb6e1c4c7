"""The moment that somebody means: what is understood, and what is asked back."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.ui.when import FARTHEST, parse_when, parse_when_in_thread, read_when, write_when

ZONE = ZoneInfo("America/Los_Angeles")
NOW = datetime(2026, 5, 18, 19, 0, tzinfo=UTC)
"""A Monday, noon in the conference's zone."""


def local(text: str) -> datetime:
    """A moment by the conference's clocks."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("14:30", "2026-05-18 14:30"),
        ("at 14:30", "2026-05-18 14:30"),
        ("  today   14:30 ", "2026-05-18 14:30"),
        ("2:30 pm", "2026-05-18 14:30"),
        ("9pm", "2026-05-18 21:00"),
        ("9 p.m.", "2026-05-18 21:00"),
        ("tomorrow 9:00", "2026-05-19 09:00"),
        ("Tomorrow at 9:00", "2026-05-19 09:00"),
        ("9:00 tomorrow", "2026-05-19 09:00"),
        ("tomorrow at noon", "2026-05-19 12:00"),
        ("in 20 minutes", "2026-05-18 12:20"),
        ("20 min", "2026-05-18 12:20"),
        ("in 1h 30m", "2026-05-18 13:30"),
        ("in an hour", "2026-05-18 13:00"),
        ("in half an hour", "2026-05-18 12:30"),
        ("in 3 days at 9:00", "2026-05-21 09:00"),
        ("friday 10:00", "2026-05-22 10:00"),
        ("monday 15:00", "2026-05-18 15:00"),
        ("sunday 9:00", "2026-05-24 09:00"),
        ("20 May 18:00", "2026-05-20 18:00"),
        ("May 20 6pm", "2026-05-20 18:00"),
        ("2026-05-20 18:00", "2026-05-20 18:00"),
        ("20.05.2026 18:00", "2026-05-20 18:00"),
        ("05/20/2026 18:00", "2026-05-20 18:00"),
        ("1 March 10:00", "2027-03-01 10:00"),
        ("15:30 UTC tomorrow", "2026-05-19 08:30"),
        ("2026-05-19 18:00 +02:00", "2026-05-19 09:00"),
        ("2026-05-19T09:00:00-07:00", "2026-05-19 09:00"),
    ],
)
def test_a_time_is_understood_in_the_conferences_zone(words: str, expected: str) -> None:
    assert parse_when(words, NOW, ZONE) == local(expected)


@pytest.mark.parametrize("words", ["", "  ", "now", "Now", " NOW "])
def test_now_is_no_time(words: str) -> None:
    assert parse_when(words, NOW, ZONE) is None


NO_TIMES = (
    "banana|tomorrow|tomorrow morning|monday|May|2027|9|20 May|next week|in 3 days|25:00|1779152400|😀|0000-00-00 14:30"
    "|in 99999999999 hours|9999-12-31 23:59 -12:00|\0|@everyone"
).split("|")


@pytest.mark.parametrize("words", [*NO_TIMES, "14:30 " + "x" * 200])
def test_what_means_no_time_is_asked_back(words: str) -> None:
    with pytest.raises(UserError, match=r"I don't understand .*“14:30”, “tomorrow 9:00”"):
        parse_when(words, NOW, ZONE)


def test_what_was_written_is_shown_as_it_is() -> None:
    with pytest.raises(UserError, match=r"“\\\*soon\\\* \\@everyone”"):
        parse_when("*soon* @everyone", NOW, ZONE)


def test_a_time_of_today_that_is_past_is_not_moved_to_tomorrow_in_silence() -> None:
    with pytest.raises(UserError, match="“11:30” is past: it was Mon 18 May, 11:30 PDT ") as told:
        parse_when("11:30", NOW, ZONE)
    assert "Did you mean “tomorrow 11:30”?" in str(told.value)


@pytest.mark.parametrize("words", ["11:30", "today 9:00"])
def test_nor_at_the_end_of_the_year(words: str) -> None:
    with pytest.raises(UserError, match="is past"):
        parse_when(words, datetime(2025, 12, 31, 20, 0, tzinfo=UTC), ZONE)


@pytest.mark.parametrize(
    "words", ["monday 9:00", "yesterday 9:00", "2 hours ago", "17 May 2026 9:00", "2025-05-20 18:00"]
)
def test_what_is_past_is_refused(words: str) -> None:
    with pytest.raises(UserError, match="is past"):
        parse_when(words, NOW, ZONE)


def test_the_present_moment_itself_is_past() -> None:
    with pytest.raises(UserError, match="is past"):
        parse_when("12:00", NOW, ZONE)


def test_more_than_a_year_ahead_is_refused() -> None:
    with pytest.raises(UserError, match="more than a year ahead"):
        parse_when("18 May 2028 9:00", NOW, ZONE)


@pytest.mark.parametrize("words", ["01/06/2026 10:00", "1/6 10:00", "01.06.2026 10:00", "06-01-2026 10:00"])
def test_a_date_that_could_be_two_is_asked_back(words: str) -> None:
    with pytest.raises(UserError, match="can't tell the day from the month"):
        parse_when(words, NOW, ZONE)


def test_a_time_that_the_clocks_jump_over_is_asked_back() -> None:
    with pytest.raises(UserError, match="02:30 does not exist on 8 March 2026"):
        parse_when("2026-03-08 02:30", datetime(2026, 3, 7, tzinfo=UTC), ZONE)


def test_a_time_that_comes_twice_is_asked_back_and_the_offer_is_understood() -> None:
    before = datetime(2026, 10, 31, 12, tzinfo=UTC)
    with pytest.raises(UserError, match="01:30 comes twice on 1 November 2026") as told:
        parse_when("tomorrow 1:30", before, ZONE)
    offered = str(told.value).rpartition("“")[2].removesuffix("”.")
    assert parse_when(offered, before, ZONE) == datetime(2026, 11, 1, 9, 30, tzinfo=UTC)


def test_a_span_of_hours_is_as_long_as_it_says_when_the_clocks_change() -> None:
    before = datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
    assert parse_when("in 3 hours", before, ZONE) == before + timedelta(hours=3)
    assert parse_when("in 30 minutes", before, ZONE) == before + timedelta(minutes=30)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu", "Pacific/Apia", "Europe/Berlin"])
def test_other_zones(zone: str) -> None:
    there = ZoneInfo(zone)
    tomorrow = NOW.astimezone(there).date() + timedelta(days=1)
    expected = datetime(tomorrow.year, tomorrow.month, tomorrow.day, 9, tzinfo=there).astimezone(UTC)
    assert parse_when("tomorrow 9:00", NOW, there) == expected


@given(st.integers(1, 364 * 24 * 60))
def test_what_is_written_is_read_back(minutes: int) -> None:
    moment = NOW + timedelta(minutes=minutes)
    assert parse_when(write_when(moment, ZONE), NOW, ZONE) == moment


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("11:30", "2026-05-20 11:30"),
        ("9pm", "2026-05-20 21:00"),
        ("at noon", "2026-05-20 12:00"),
        ("yesterday 9:00", "2026-05-17 09:00"),
        ("tomorrow 9:00", "2026-05-19 09:00"),
        ("in 20 minutes", "2026-05-18 12:20"),
        ("2026-05-18T9:00", "2026-05-18 09:00"),
        ("2026-05-18 18:00:30 +0200", "2026-05-18 09:00:30"),
        ("2026-05-18T18:00z", "2026-05-18 11:00"),
        ("2026-11-01 01:30-08:00", "2026-11-01 01:30-08:00"),
    ],
)
def test_a_time_of_day_alone_is_on_the_day_that_is_spoken_of_and_may_be_past(words: str, expected: str) -> None:
    moment = datetime.fromisoformat(expected)
    assert read_when(words, NOW, ZONE, date(2026, 5, 20)) == (moment if moment.tzinfo else local(expected))


async def test_it_is_understood_without_holding_up_the_loop() -> None:
    assert await parse_when_in_thread("tomorrow 9:00", NOW, ZONE) == local("2026-05-19 09:00")


WORDS = (
    "14:30 24:00 9 31 99 0 2026 tomorrow today yesterday now in at next ago 20 minutes hours days weeks monday may feb "
    "noon midnight am pm UTC PST +14:00 -99:99 T Z . / - : é ٣ \0"
).split()
WILD = st.text(max_size=40) | st.lists(st.sampled_from(WORDS), max_size=7).map(" ".join)


@given(WILD, st.sampled_from(["UTC", "America/Los_Angeles", "Pacific/Apia"]))
def test_whatever_is_written_means_a_coming_moment_or_is_refused_in_plain_words(words: str, zone: str) -> None:
    try:
        moment = parse_when(words, NOW, ZoneInfo(zone))
    except UserError as error:
        said = str(error)
        moment = None
    else:
        said = "."
    assert said.endswith((".", "?"))
    assert len(said) < 1_000
    assert moment is None or (moment.tzinfo is UTC and NOW < moment <= NOW + FARTHEST)
