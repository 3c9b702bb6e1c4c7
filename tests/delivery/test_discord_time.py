"""Discord's own time: read off its answers, whatever this machine's clock shows."""

import logging
from datetime import timedelta
from email.utils import format_datetime

import pytest

from bot.delivery.discord_time import DiscordTime
from tests.support.dispatching import HandClock
from tests.support.outbox import HOUR, MINUTE, NOON


def test_it_goes_on_from_the_last_answer_whatever_the_clock_is_set_to() -> None:
    clock = HandClock(NOON)
    time = DiscordTime(clock)
    assert time.now() is None

    time.note(format_datetime(NOON - HOUR, usegmt=True))
    clock.moment += MINUTE
    clock.leap(5 * HOUR)

    assert time.now() == NOON - HOUR + MINUTE


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 May 2026 12:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 -2359"])
def test_what_is_no_date_tells_nothing(date: str) -> None:
    time = DiscordTime(HandClock(NOON))
    time.note(date)
    assert time.now() is None


@pytest.mark.parametrize(("off", "said"), [(HOUR, "1:00:00 ahead of"), (-2 * MINUTE, "0:02:00 behind")])
def test_a_wrong_clock_is_named_in_the_log_once(off: timedelta, said: str, caplog: pytest.LogCaptureFixture) -> None:
    time = DiscordTime(HandClock(NOON))
    with caplog.at_level(logging.WARNING):
        time.note(format_datetime(NOON - timedelta(seconds=30), usegmt=True))
        assert caplog.messages == []
        for _ in range(3):
            time.note(format_datetime(NOON - off, usegmt=True))
    assert len(caplog.messages) == 1
    assert said in caplog.messages[0]
