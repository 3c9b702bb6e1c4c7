"""What is on in each room and what comes next there."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.programme.model import Programme
from bot.programme.rooms import in_rooms, next_change, room_names, sessions_in
from tests.support.programmes import at, programme_of, session

NINE = datetime(2026, 5, 18, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def told(programme: Programme, now: datetime, until: datetime | None = None) -> dict[str | None, tuple[str, str]]:
    """Return what is on and what comes next, by room."""
    return {
        room.name: (
            ", ".join("/".join((one.session.name, *(talk.paper.label for talk in one.talks))) for one in room.on),
            ", ".join(one.talk.paper.label if one.talk else one.session.name for one in room.coming),
        )
        for room in in_rooms(programme.sessions, now, until)
    }


DAY = programme_of(
    session("Nowhere", starts_at=NINE, ends_at=NINE + HOUR),
    session("Banquet", starts_at=NINE + 5 * HOUR, ends_at=NINE + 6 * HOUR, room="Hall 10"),
    session(
        "Talks",
        at("First", NINE, NINE + HOUR / 2),
        at("Second", NINE + HOUR, NINE + 2 * HOUR),
        at("Elsewhere", NINE + HOUR / 2, NINE + HOUR, room="hall-2"),
        starts_at=NINE,
        ends_at=NINE + 2 * HOUR,
        room="Hall 10",
    ),
    session("Posters", "Poster", starts_at=NINE + HOUR, ends_at=NINE + 2 * HOUR, room="Hall 2"),
    session("Some Day", room="Attic"),
)


def test_each_room_has_its_present_and_its_next_in_the_order_of_the_rooms() -> None:
    assert told(DAY, NINE - HOUR) == {
        "hall-2": ("", "Talks"),
        "Hall 10": ("", "Talks"),
        None: ("", "Nowhere"),
    }
    assert told(DAY, NINE) == {
        "hall-2": ("", "Elsewhere"),
        "Hall 10": ("Talks/First", "Second"),
        None: ("Nowhere", ""),
    }
    assert list(told(DAY, NINE)) == ["hall-2", "Hall 10", None]
    assert told(DAY, NINE + HOUR / 2) == {
        "hall-2": ("Talks/Elsewhere", "Posters"),
        "Hall 10": ("Talks", "Second"),
        None: ("Nowhere", ""),
    }
    assert told(DAY, NINE + HOUR) == {"Hall 2": ("Posters", ""), "Hall 10": ("Talks/Second", "Banquet")}


def test_what_begins_too_late_is_left_out() -> None:
    assert told(DAY, NINE + HOUR, NINE + 5 * HOUR) == {"Hall 2": ("Posters", ""), "Hall 10": ("Talks/Second", "")}
    assert told(DAY, NINE + 2 * HOUR, NINE + 5 * HOUR) == {}


def test_a_talk_in_another_room_is_among_what_is_in_that_room() -> None:
    assert room_names(DAY.sessions) == ["Attic", "hall-2", "Hall 10"]
    assert [one.name for one in sessions_in(DAY.sessions, "HALL 2")] == ["Talks", "Posters"]
    assert [one.name for one in sessions_in(DAY.sessions, "Hall 10")] == ["Talks", "Banquet"]


def test_every_beginning_and_every_end_is_a_change() -> None:
    changes, now = [], NINE - HOUR
    while change := next_change(DAY.sessions, now):
        changes.append((change - NINE) / HOUR)
        now = change

    assert changes == [0, 0.5, 1, 2, 5, 6]


TalkTimes = tuple[int, int | None, str | None]
TALKS = st.lists(
    st.tuples(st.integers(0, 6), st.none() | st.integers(1, 4), st.sampled_from([None, "Hall", "Foyer"])), max_size=4
)
SESSIONS = st.lists(
    st.tuples(st.none() | st.integers(0, 6), st.none() | st.integers(1, 6), st.sampled_from([None, "Hall"]), TALKS),
    max_size=4,
)


@given(SESSIONS, st.integers(-1, 12))
def test_nothing_changes_between_two_changes(
    drawn: list[tuple[int | None, int | None, str | None, list[TalkTimes]]], at_: int
) -> None:
    programme = programme_of(
        *(
            session(
                f"Session {number}",
                *(
                    at(
                        f"Talk {number} {place}",
                        NINE + begin * HOUR,
                        NINE + (begin + lasts) * HOUR if lasts else None,
                        room=where,
                    )
                    for place, (begin, lasts, where) in enumerate(talks)
                ),
                starts_at=None if start is None else NINE + start * HOUR,
                ends_at=None if start is None or lasts is None else NINE + (start + lasts) * HOUR,
                room=room,
            )
            for number, (start, lasts, room, talks) in enumerate(drawn)
        )
    )
    now = NINE + at_ * HOUR
    change = next_change(programme.sessions, now)
    later = (change or now + 100 * HOUR) - timedelta(microseconds=1)

    assert told(programme, now) == told(programme, later)
