"""What Discord's own events say, by what their sessions are."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.events.model import wanted
from tests.support.programmes import Made, at, programme_of, session

NINE = datetime(2026, 5, 18, 9, tzinfo=UTC)
TIMES = {"starts_at": NINE, "ends_at": NINE + timedelta(hours=1)}


@pytest.mark.parametrize(
    ("made", "about"),
    [
        (session("Posters 1", "A", "B", **TIMES), "2 posters. Ask the bot with /session."),
        (session("Oral Session", at("A", NINE), **TIMES), "1 talk. Ask the bot with /session."),
        (session("Systems", "A", starts_at=NINE), "1 paper. The end is not announced. Ask the bot with /session."),
        (session("Lunch", kind="Break", **TIMES), "Ask the bot with /session."),
    ],
)
def test_an_event_says_what_there_is_in_its_session(made: Made, about: str) -> None:
    (event,) = wanted(programme_of(made), NINE - timedelta(hours=1))

    text, _, mark = event.description.rpartition("\n")
    assert text == about
    assert mark.startswith("Session ")


def test_there_is_one_event_for_a_session_however_many_talks_it_has() -> None:
    programme = programme_of(session("Orals", at("A", NINE), at("B", NINE + timedelta(minutes=15)), **TIMES))

    assert [event.name for event in wanted(programme, NINE)] == ["Orals"]
