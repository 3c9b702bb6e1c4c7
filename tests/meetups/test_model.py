"""The rules of meetups: who comes and who waits, what is told to whom, who is reminded, who may open how many."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.meetups.model import (
    ABOUT,
    Draft,
    End,
    Limits,
    Meetup,
    News,
    NewsSubject,
    check_changes,
    news_of,
    reminders_of,
)

NOW = datetime(2026, 5, 18, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LEAD = 15 * MINUTE
OPENER = 1

MEETUP = Meetup(
    id=7,
    server_id=2,
    channel_id=3,
    opener_id=OPENER,
    topic="Coffee",
    about="",
    place="Foyer",
    starts_at=NOW + 2 * HOUR,
    ends_at=NOW + 4 * HOUR,
    people=3,
    made_at=NOW,
).joined(OPENER, NOW)

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("join"), st.integers(2, 9)),
        st.tuples(st.just("leave"), st.integers(2, 9)),
        st.tuples(st.just("people"), st.integers(2, 9)),
    ),
    max_size=40,
)


@given(steps=STEPS)
def test_places_are_taken_in_turn_and_nobody_waits_beside_a_free_one(steps: list[tuple[str, int]]) -> None:
    meetup, now, told = MEETUP, NOW, []
    for what, number in steps:
        before, now = meetup, now + MINUTE
        if what == "join":
            meetup = meetup.joined(number, now)
            assert meetup.guest(number) is not None
        elif what == "leave":
            meetup = meetup.left(number, now)
            assert meetup.guest(number) is None
        elif number >= len(meetup.coming):
            draft = Draft("Coffee", place="Foyer", people=str(number))
            meetup = meetup.changed(draft, meetup.starts_at, now)
        told += [one.key for one in news_of(before, meetup, now)]

        ids = [one.user_id for one in meetup.guests]
        assert len(ids) == len(set(ids))
        assert [one.position for one in meetup.guests] == sorted(one.position for one in meetup.guests)
        assert len(meetup.coming) <= meetup.people
        assert not meetup.waiting or len(meetup.coming) == meetup.people
        # Whoever came before somebody who waits comes, or waits before them.
        assert [one.waits for one in meetup.guests] == sorted(one.waits for one in meetup.guests)
        stayed = {one.user_id for one in before.coming} - {number if what == "leave" else 0}
        assert stayed <= {one.user_id for one in meetup.coming}
    assert len(told) == len(set(told))


def test_who_moves_up_twice_hears_it_twice_and_each_time_once() -> None:
    meetup, told = MEETUP, []
    for user in (2, 3, 4):
        meetup = meetup.joined(user, NOW)
    for minute in (1, 3):
        before, meetup = meetup, meetup.left(2 if minute == 1 else 3, NOW + minute * MINUTE)
        told += news_of(before, meetup, NOW)
        meetup = meetup.left(4, NOW + minute * MINUTE).joined(9, NOW).joined(4, NOW)
    assert [(one.target_id, NewsSubject.parse(one.subject).news) for one in told] == [(4, News.UP), (4, News.UP)]
    assert len({one.key for one in told}) == 2


@pytest.mark.parametrize(
    ("end", "heard"), [(End.OVER, set()), (End.CANCELLED, {2, 4}), (End.CLOSED, {OPENER, 2, 4}), (End.GONE, {2, 4})]
)
def test_everybody_but_whoever_ended_it_hears_of_the_end(end: End, heard: set[int]) -> None:
    meetup = replace(MEETUP, people=2).joined(2, NOW).joined(4, NOW)
    ended = meetup.ended(end, NOW)

    assert {one.target_id for one in news_of(meetup, ended, NOW)} == heard
    assert news_of(ended, ended.without_words(), NOW) == []


def test_who_comes_is_reminded_before_it_begins_unless_that_is_past_when_they_join() -> None:
    meetup = replace(MEETUP, people=3).joined(2, NOW).joined(3, NOW + 106 * MINUTE).joined(4, NOW)

    due = reminders_of([meetup], LEAD, NOW)

    assert [(one.target_id, one.due_at) for one in due] == [
        (OPENER, meetup.starts_at - LEAD),
        (2, meetup.starts_at - LEAD),
    ]
    assert [one.target_id for one in reminders_of([meetup], LEAD, NOW, {2})] == [2]
    assert len(reminders_of([meetup], LEAD, meetup.starts_at)) == 2
    assert reminders_of([meetup], LEAD, meetup.starts_at + 30 * MINUTE) == []
    assert reminders_of([meetup.ended(End.CANCELLED, NOW)], LEAD, NOW) == []


def test_who_hears_of_a_new_time_within_the_time_of_the_reminder_gets_no_reminder_besides() -> None:
    draft = Draft("Coffee", place="Foyer", people="3")
    moved = MEETUP.changed(draft, NOW + 20 * MINUTE, NOW + 10 * MINUTE)
    later = moved.changed(draft, NOW + 9 * HOUR, NOW + 15 * MINUTE)

    assert reminders_of([moved], LEAD, NOW + 10 * MINUTE) == []
    assert [one.due_at for one in reminders_of([later], LEAD, NOW + 15 * MINUTE)] == [NOW + 9 * HOUR - LEAD]
    assert (later.ends_at - later.starts_at, later.changes[0].starts_at) == (2 * HOUR, MEETUP.starts_at)


def test_so_many_may_be_open_at_a_time_and_be_opened_in_a_day() -> None:
    limits = Limits(at_once=2, per_day=3)
    over = [MEETUP.ended(End.CANCELLED, NOW)] * 2
    limits.check([MEETUP, *over[:1]], NOW)
    with pytest.raises(UserError, match="2 meetups open"):
        limits.check([MEETUP, MEETUP], NOW)
    with pytest.raises(UserError, match=f"3 meetups within a day.*<t:{int((NOW + DAY).timestamp())}:R>"):
        limits.check([MEETUP, *over], NOW + 23 * HOUR)
    limits.check([MEETUP, *over], NOW + DAY)


def test_a_meetup_can_be_changed_so_often_in_an_hour() -> None:
    meetup = MEETUP
    for minute in range(5):
        check_changes(meetup, NOW + minute * MINUTE)
        draft = Draft(f"Topic {minute}", place="Foyer", people="3")
        meetup = meetup.changed(draft, meetup.starts_at, NOW + minute * MINUTE)
    with pytest.raises(UserError, match=f"5 times within an hour.*<t:{int((NOW + HOUR).timestamp())}:R>"):
        check_changes(meetup, NOW + 59 * MINUTE)
    check_changes(meetup, NOW + HOUR)


@given(
    topic=st.text(max_size=200), place=st.text(max_size=200), about=st.text(max_size=900), people=st.text(max_size=9)
)
def test_whatever_is_typed_becomes_a_draft_that_says_what_is_wrong(
    topic: str, place: str, about: str, people: str
) -> None:
    draft = Draft(topic, "14:00", place, people, about).tidied()

    faults = draft.faults(50)

    assert draft == draft.tidied()
    assert "\n" not in draft.topic + draft.place
    assert all(one.isprintable() or one in "\n\t\u200d" for one in draft.topic + draft.about)
    if not faults:
        assert draft.topic
        assert draft.place
        assert len(draft.about) <= ABOUT
        assert 2 <= draft.number_of_people(50) <= 50
