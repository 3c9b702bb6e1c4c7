"""What talks, breaks and days have in common in the systems that give each talk a time and a room."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from bot.programme.source import Credit
from bot.sources.reading.talks import conference_day, is_break, paragraphs

TOKYO = ZoneInfo("Asia/Tokyo")
LOCAL = datetime(2031, 7, 5, 1, 30)  # noqa: DTZ001 - as the file has it


@pytest.mark.parametrize(
    ("starts", "night_ends", "day"),
    [
        (LOCAL, time(4), 4),
        (LOCAL.replace(hour=4), time(4), 5),
        (LOCAL.replace(hour=8), time(9), 4),
        (LOCAL.replace(hour=0), time(0), 5),
        # An offset is that of the place, but for UTC's, in which systems write times of anywhere.
        (LOCAL.replace(tzinfo=timezone(timedelta(hours=-7))), time(4), 4),
        (datetime(2031, 7, 4, 16, 30, tzinfo=UTC), time(4), 4),
        (datetime(2031, 7, 4, 23, 30, tzinfo=UTC), time(4), 5),
    ],
)
def test_after_midnight_it_is_still_the_day_before(starts: datetime, night_ends: time, day: int) -> None:
    assert conference_day(starts, TOKYO, night_ends) == date(2031, 7, day)


def test_the_first_day_of_all_has_none_before_it() -> None:
    assert conference_day(datetime.min, TOKYO) == date.min  # noqa: DTZ901


@pytest.mark.parametrize(
    ("title", "kind", "authors", "expected"),
    [
        ("Lunch", "", (), True),
        ("Registration opens", "other", (), True),
        ("Garden party", "social event", (), True),
        ("Lunch with bees", "", (Credit("Ada Bee"),), False),
        ("Lunch", "Keynote", (), False),
        ("Bees", "", (), False),
    ],
)
def test_a_break_has_no_speakers_and_is_called_like_one(
    title: str, kind: str, authors: tuple[Credit, ...], expected: bool
) -> None:
    assert is_break(title, kind, authors) is expected


def test_texts_are_put_together_without_repetition() -> None:
    assert paragraphs("<p>They hum.</p>", None, "They hum.", "  ", "Loudly.") == "They hum.\n\nLoudly."
    assert paragraphs("", None) is None
