"""What planning again changes in the outbox."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.model import Delivery, State
from bot.delivery.reconcile import Changes, reconcile
from tests.support.outbox import HOUR, MINUTE, NOON, REMINDER, THRESHOLD

LEADS = (60 * MINUTE, 10 * MINUTE, 0 * MINUTE)
SETTLED = (State.CLAIMED, State.SENT, State.FAILED, State.MISSED)

Known = dict[str, tuple[State, Delivery]]


def about(key: str, starts_at: datetime, lasting: timedelta = HOUR) -> list[Delivery]:
    """What is to be sent about a session."""
    return [
        Delivery(f"reminder:7:{key}:{lead}", 7, key, starts_at, starts_at - lead, starts_at + lasting, REMINDER)
        for lead in LEADS
    ]


def applied(changes: Changes, known: Mapping[str, tuple[State, Delivery]]) -> Known:
    """What the outbox holds afterwards."""
    cancelled = {key: (State.CANCELLED, known[key][1]) for key in changes.cancel}
    extended = {
        one.key: (known[one.key][0], replace(known[one.key][1], useful_until=one.useful_until))
        for one in changes.extend
    }
    return {**known, **cancelled, **extended, **{delivery.key: (State.PLANNED, delivery) for delivery in changes.write}}


def replanned(known: Known, *sessions: list[Delivery]) -> tuple[Changes, Known]:
    """Plan, and check that planning the same once more changes nothing."""
    wanted = [delivery for session in sessions for delivery in session]
    changes = reconcile(wanted, known, THRESHOLD)
    after = applied(changes, known)
    assert reconcile(wanted, after, THRESHOLD) == Changes([], [])
    return changes, after


def settled(known: Known, state: State) -> Known:
    return {key: (state if before is State.PLANNED else before, delivery) for key, (before, delivery) in known.items()}


def test_a_first_plan_writes_everything_and_the_second_nothing() -> None:
    one = about("one", NOON)
    changes, _ = replanned({}, one)
    assert changes == Changes(one, [])


@pytest.mark.parametrize("by", [MINUTE, -MINUTE, 5 * HOUR, -5 * HOUR])
def test_a_moved_session_moves_what_was_not_sent_under_the_same_keys(by: timedelta) -> None:
    _, known = replanned({}, about("one", NOON))

    changes, after = replanned(known, about("one", NOON + by))

    assert changes == Changes(about("one", NOON + by), [])
    assert after.keys() == known.keys()


def test_a_session_whose_end_moved_is_useful_for_longer() -> None:
    _, known = replanned({}, about("one", NOON, HOUR))
    changes, _ = replanned(known, about("one", NOON, 2 * HOUR))
    assert [delivery.useful_until for delivery in changes.write] == [NOON + 2 * HOUR] * len(LEADS)


def test_a_session_that_goes_or_loses_its_time_is_cancelled_and_comes_back() -> None:
    _, known = replanned({}, about("one", NOON), about("other", NOON))

    changes, known = replanned(known, about("other", NOON))
    assert changes.write == []
    assert sorted(changes.cancel) == sorted(delivery.key for delivery in about("one", NOON))

    changes, known = replanned(known, about("one", NOON + HOUR), about("other", NOON))
    assert changes == Changes(about("one", NOON + HOUR), [])
    assert {state for state, _ in known.values()} == {State.PLANNED}


def test_what_stays_cancelled_is_left_alone() -> None:
    _, known = replanned({}, about("one", NOON))
    _, known = replanned(known)
    changes, _ = replanned(known)
    assert changes == Changes([], [])


@pytest.mark.parametrize("state", SETTLED)
def test_what_was_dealt_with_is_not_planned_again_when_the_start_moves_a_little(state: State) -> None:
    _, known = replanned({}, about("one", NOON))
    known = settled(known, state)

    for by in (timedelta(), MINUTE, -MINUTE, THRESHOLD, -THRESHOLD):
        changes, _ = replanned(known, about("one", NOON + by))
        assert (changes.write, changes.cancel) == ([], [])
        # What may still be sent helps for as long as the session lasts now.
        assert {one.key for one in changes.extend} == (set(known) if by and state is State.CLAIMED else set())


@pytest.mark.parametrize("state", SETTLED)
@pytest.mark.parametrize("by", [THRESHOLD + timedelta(seconds=1), -THRESHOLD - timedelta(seconds=1), 5 * HOUR])
def test_what_was_dealt_with_is_planned_once_more_under_a_key_of_its_own_when_the_start_moves_far(
    state: State, by: timedelta
) -> None:
    _, known = replanned({}, about("one", NOON))
    known = settled(known, state)
    moved = about("one", NOON + by)

    changes, known = replanned(known, moved)
    assert changes.cancel == []
    assert [replace(d, key="") for d in changes.write] == [replace(d, key="") for d in moved]
    assert len({*known}) == 2 * len(LEADS)

    changes, _ = replanned(settled(known, State.SENT), moved)
    assert changes == Changes([], [])


def test_what_was_not_sent_for_the_new_time_moves_on_with_the_session() -> None:
    _, known = replanned({}, about("one", NOON))
    _, known = replanned(settled(known, State.SENT), about("one", NOON + HOUR))

    _, known = replanned(known, about("one", NOON + 2 * HOUR))

    assert [delivery.starts_at for state, delivery in known.values() if state is State.PLANNED] == [
        NOON + 2 * HOUR
    ] * len(LEADS)


def test_a_session_that_moves_back_before_the_new_time_was_told_is_not_told_again() -> None:
    _, known = replanned({}, about("one", NOON))
    _, known = replanned(settled(known, State.SENT), about("one", NOON + HOUR))

    _, known = replanned(known, about("one", NOON))

    assert sorted(state for state, _ in known.values()) == [State.CANCELLED] * 3 + [State.SENT] * 3


def test_what_was_told_for_the_new_time_is_not_told_again_when_that_moves_a_little() -> None:
    _, known = replanned({}, about("one", NOON))
    _, known = replanned(settled(known, State.SENT), about("one", NOON + HOUR))
    known = settled(known, State.SENT)

    changes, _ = replanned(known, about("one", NOON + HOUR + MINUTE))

    assert changes == Changes([], [])


_STEPS = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(-30, 30)),
        st.sampled_from((State.PLANNED, State.CLAIMED, State.SENT, State.FAILED, State.MISSED)),
    ),
    max_size=8,
)


@given(_STEPS)
def test_planning_twice_changes_nothing_whatever_happened_before(steps: list[tuple[int | None, State]]) -> None:
    known: Known = {}
    for moved, state in steps:
        sessions = () if moved is None else (about("one", NOON + moved * MINUTE),)
        _, known = replanned(known, *sessions)
        wanted = {delivery.starts_at for session in sessions for delivery in session}
        assert {delivery.starts_at for before, delivery in known.values() if before is State.PLANNED} <= wanted
        known = settled(known, state)


@given(st.lists(st.integers(-30, 30), max_size=8))
def test_nothing_is_told_again_unless_the_start_moved_by_more_than_the_threshold(moves: list[int]) -> None:
    known: Known = {}
    told: datetime | None = None
    for moved in moves:
        changes, known = replanned(known, about("one", NOON + moved * MINUTE))
        known = settled(known, State.SENT)
        assert len(changes.write) in (0, len(LEADS))
        if changes.write:
            assert told is None or abs(changes.write[0].starts_at - told) > THRESHOLD
            told = changes.write[0].starts_at
