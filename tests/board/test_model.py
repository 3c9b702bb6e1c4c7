"""When a board is posted anew."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.board.model import Board, Step, boards_of
from bot.delivery.model import Entry, State

NOON = datetime(2026, 5, 18, 12, tzinfo=UTC)
ZONE = ZoneInfo("Pacific/Auckland")
TODAY, TOMORROW = date(2026, 5, 19), date(2026, 5, 20)
"""There the day begins exactly at noon, UTC."""


def entry(state: State, *before: Entry) -> Entry:
    return Entry(Board(7, before).next_delivery(NOON, ZONE), state, None, None, None)


@pytest.mark.parametrize(
    ("state", "step", "tomorrow"),
    [
        (State.SENT, Step.EDIT, Step.EDIT),
        (State.PLANNED, Step.WAIT, Step.WAIT),
        (State.CLAIMED, Step.WAIT, Step.WAIT),
        (State.FAILED, Step.LEAVE, Step.LEAVE),
        (State.MISSED, Step.POST, Step.POST),
    ],
)
def test_what_is_done_depends_on_how_far_the_latest_is(state: State, step: Step, tomorrow: Step) -> None:
    board = Board(7, (entry(state),))

    assert Board(7).step(TODAY, has_sessions=False) is Step.POST
    assert board.step(TODAY, has_sessions=True) is step
    assert board.step(TOMORROW, has_sessions=False) is tomorrow
    assert board.step(TOMORROW, has_sessions=True) is Step.POST


def test_each_has_a_number_of_its_own_and_the_highest_is_the_latest() -> None:
    entries: list[Entry] = []
    for _ in range(12):
        entries.append(entry(State.SENT, *entries))
    shuffled = sorted(entries, key=lambda one: one.delivery.key)
    elsewhere = replace(entries[0], delivery=replace(entries[0].delivery, target_id=8))

    boards = boards_of([*shuffled, elsewhere])

    assert [board.channel_id for board in boards.values()] == [7, 8]
    assert boards[7].entries == tuple(entries)
    assert len({one.delivery.key for one in entries}) == 12


def test_it_helps_until_the_conferences_own_day_ends() -> None:
    delivery = Board(7).next_delivery(NOON, ZONE)

    assert delivery.subject == "2026-05-19"
    assert delivery.useful_until == datetime(2026, 5, 19, 12, tzinfo=UTC)
