"""What has a time of its own within its session, and what is shown as long as it lasts."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.programme.build import Times, build
from bot.programme.corrections.model import Correction
from bot.programme.corrections.overlay import lay_over
from bot.programme.identity import assign_keys
from bot.programme.model import Session
from tests.support.programmes import Made, at, programme_of, session, source_of

NINE = datetime(2026, 5, 18, 9, tzinfo=UTC)
QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
TIMES = {"starts_at": NINE, "ends_at": NINE + HOUR}


def slots(made: Made) -> list[bool]:
    (built,) = programme_of(made).sessions
    return [shown.has_slot for paper in built.papers for shown in paper.appearances_in(built.key)]


def session_of(made: Made) -> Session:
    (built,) = programme_of(made).sessions
    return built


@pytest.mark.parametrize(
    ("made", "has_slot"),
    [
        (session("Talks", at("A", NINE, NINE + QUARTER), at("B", NINE + QUARTER, NINE + HOUR), **TIMES), [True, True]),
        (session("Talks", at("A", NINE), at("B", NINE + QUARTER), **TIMES), [True, True]),
        (session("Posters", at("A", NINE, NINE + HOUR), at("B", NINE, NINE + HOUR), **TIMES), [False, False]),
        (session("Models", at("A", NINE, NINE + HOUR), at("B", NINE), "C", **TIMES), [False, False, False]),
        (session("Posters", at("A", NINE, NINE + HOUR), **TIMES), [False]),
        (session("Keynote", at("A", NINE, NINE + HOUR), **TIMES), [True]),
        (session("Models", "A", "B", **TIMES), [False, False]),
    ],
)
def test_a_time_that_only_repeats_the_sessions_is_no_slot(made: Made, has_slot: list[bool]) -> None:
    assert slots(made) == has_slot


def test_what_lasts_throughout_has_the_sessions_time_all_the_same() -> None:
    posters = session_of(session("Posters", at("A", NINE, NINE + HOUR, board="7"), **TIMES))

    (shown,) = posters.papers[0].appearances
    assert (shown.starts_at, shown.ends_at, shown.board) == (NINE, NINE + HOUR, "7")


def moved_by_an_hour(made: Made) -> list[tuple[datetime | None, datetime | None, bool]]:
    source = assign_keys(source_of(made))
    (moved,) = build(source, {source.sessions[0].key: Times(NINE + HOUR, NINE + 2 * HOUR)}).sessions
    return [(shown.starts_at, shown.ends_at, shown.has_slot) for paper in moved.papers for shown in paper.appearances]


def test_posters_and_talks_move_with_their_session() -> None:
    ten, eleven = NINE + HOUR, NINE + 2 * HOUR
    posters = session("Posters", at("A", NINE, NINE + HOUR), at("B", NINE, NINE + HOUR), **TIMES)
    assert moved_by_an_hour(posters) == [(ten, eleven, False)] * 2
    keynote = session("Keynote", at("A", NINE, NINE + HOUR), **TIMES)
    assert moved_by_an_hour(keynote) == [(ten, eleven, True)]
    assert moved_by_an_hour(session("Closing", "A")) == [(ten, eleven, False)]
    talks = session("Talks", at("A", NINE, NINE + QUARTER), at("B", NINE + QUARTER), **TIMES)
    assert moved_by_an_hour(talks) == [(ten, ten + QUARTER, True), (ten + QUARTER, None, True)]


def test_what_is_in_the_sessions_room_follows_it() -> None:
    made = session("Talks", at("A", room="Hall"), at("B", room="Attic"), room="Hall")
    source = assign_keys(source_of(made))
    moved = build(lay_over(source, [Correction("session", source.sessions[0].key, "room", "Annex")]))
    assert [one.room for paper in moved.sessions[0].papers for one in paper.appearances] == ["Annex", "Attic"]
