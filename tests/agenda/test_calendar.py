"""The calendar file, read as calendars read it: by its own definition of the zone, and by nothing of ours."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, repeat
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.agenda.calendar import calendar_of
from bot.config import Config
from bot.programme.kinds import Kind
from bot.programme.model import Appearance, Paper, Programme, Session
from tests.support.calendar import moment, transitions_of
from tests.support.calendar import read as read_twice

LOS_ANGELES = "America/Los_Angeles"
ZONES = (LOS_ANGELES, "Europe/Lisbon", "Asia/Kolkata", "Pacific/Auckland")
START = datetime(2026, 5, 19, 1, tzinfo=UTC)
END = START + timedelta(hours=2)
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def paper(key: str, *shown: Appearance, label: str | None = None) -> Paper:
    return Paper(key, None, label or f"About {key}", appearances=shown)


def session(
    key: str = "posters",
    starts_at: datetime | None = START,
    ends_at: datetime | None = None,
    *,
    papers: Iterable[str] = ("matrix",),
    name: str = "Posters",
    room: str | None = "Hall",
    label: str | None = None,
    boards: Iterable[str | None] = repeat(None),
) -> Session:
    """Make a session of posters; each begins, ends and is where the session does."""
    shown = [
        paper(each, Appearance(each, key, starts_at, ends_at, room, board), label=label)
        for each, board in zip(papers, boards, strict=False)
    ]
    return Session(key, name, Kind.POSTER, room=room, starts_at=starts_at, ends_at=ends_at, papers=tuple(shown))


def written(
    *sessions: Session,
    keys: Iterable[str] | None = None,
    zone: str = LOS_ANGELES,
    conference: str = "MLSys 2026",
    revision: int = 1,
    now: datetime = NOW,
) -> bytes | None:
    """Write the file; without keys, all papers are bookmarked."""
    programme = Programme(sessions)
    return calendar_of(
        programme,
        programme.papers if keys is None else keys,
        conference=conference,
        zone=ZoneInfo(zone),
        revision=revision,
        now=now,
    )


def read(data: bytes | None) -> Calendar:
    assert data is not None
    return read_twice(data)


def events_of(data: bytes | None) -> list[Any]:
    return list(read(data).walk("VEVENT"))


def event_of(data: bytes | None) -> Any:
    return only_event(read(data))


def only_event(calendar: Calendar) -> Any:
    (event,) = calendar.walk("VEVENT")
    return event


def test_the_times_are_written_in_the_conference_zone_which_the_file_defines() -> None:
    calendar = read(written(session(ends_at=END)))

    event = only_event(calendar)
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == [LOS_ANGELES]
    assert event["DTSTART"].to_ical() == b"20260518T180000"
    assert event["DTSTART"].params["TZID"] == LOS_ANGELES
    assert event["DTEND"].to_ical() == b"20260518T200000"
    assert event["DTEND"].params["TZID"] == LOS_ANGELES
    assert (moment(calendar, event["DTSTART"]), moment(calendar, event["DTEND"])) == (START, END)


@pytest.mark.parametrize(
    ("zone", "starts_at", "local"),
    [
        (LOS_ANGELES, "2026-03-08 08:30", "20260308T003000"),
        (LOS_ANGELES, "2026-03-08 17:00", "20260308T100000"),
        (LOS_ANGELES, "2026-03-08 01:00", "20260307T170000"),
        (LOS_ANGELES, "2026-11-01 07:30", "20261101T003000"),
        (LOS_ANGELES, "2026-11-01 18:00", "20261101T100000"),
        ("Europe/Lisbon", "2026-03-29 09:00", "20260329T100000"),
        ("Europe/Lisbon", "2026-10-25 10:00", "20261025T100000"),
        ("Asia/Kolkata", "2026-05-18 04:30", "20260518T100000"),
        ("Asia/Kolkata", "2026-05-18 18:30", "20260519T000000"),
        ("Pacific/Auckland", "2026-01-01 00:00", "20260101T130000"),
        ("Pacific/Auckland", "2026-04-04 21:00", "20260405T090000"),
        ("Pacific/Auckland", "2026-05-18 21:00", "20260519T090000"),
        ("Pacific/Auckland", "2026-09-26 20:00", "20260927T090000"),
        ("Pacific/Auckland", "2026-12-31 11:00", "20270101T000000"),
    ],
)
def test_the_local_time_and_the_moment_are_right_on_days_like_these(zone: str, starts_at: str, local: str) -> None:
    start = datetime.fromisoformat(starts_at).replace(tzinfo=UTC)

    calendar = read(written(session(starts_at=start), zone=zone))

    event = only_event(calendar)
    assert event["DTSTART"].to_ical().decode() == local
    assert moment(calendar, event["DTSTART"]) == start


def real_changes(zone: str, first: datetime, last: datetime) -> list[tuple[datetime, timedelta | None]]:
    """Return when the clocks of a zone change, in UTC, with the offset from then on."""
    half_hours = int((last - first) / timedelta(minutes=30))
    moments = [first + step * timedelta(minutes=30) for step in range(half_hours)]
    offsets = [(moment, moment.astimezone(ZoneInfo(zone)).utcoffset()) for moment in moments]
    return [later for earlier, later in pairwise(offsets) if earlier[1] != later[1]]


@pytest.mark.parametrize("zone", [*ZONES, "Africa/Casablanca"])
def test_the_zone_in_the_file_changes_its_clocks_when_the_zone_does(zone: str) -> None:
    first, last = datetime(2025, 12, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)

    calendar = read(written(session(starts_at=datetime(2026, 6, 1, 9, tzinfo=UTC)), zone=zone))

    changes = [(when, after) for when, before, after in transitions_of(calendar, zone) if before != after]
    assert [each for each in changes if first < each[0] < last] == real_changes(zone, first, last)


CHANGES = {
    (LOS_ANGELES, "forward"): datetime(2026, 3, 8, 10, tzinfo=UTC),
    (LOS_ANGELES, "back"): datetime(2026, 11, 1, 9, tzinfo=UTC),
    ("Europe/Lisbon", "forward"): datetime(2026, 3, 29, 1, tzinfo=UTC),
    ("Europe/Lisbon", "back"): datetime(2026, 10, 25, 1, tzinfo=UTC),
    ("Pacific/Auckland", "forward"): datetime(2026, 9, 26, 14, tzinfo=UTC),
    ("Pacific/Auckland", "back"): datetime(2026, 4, 4, 14, tzinfo=UTC),
}


@pytest.mark.parametrize("minutes", [-90, -60, -30, 0, 30, 60, 90])
@pytest.mark.parametrize(("zone", "way"), CHANGES)
def test_the_moment_is_right_within_minutes_of_the_clock_change(zone: str, way: str, minutes: int) -> None:
    start = CHANGES[zone, way] + timedelta(minutes=minutes)
    end = start + timedelta(minutes=20)

    calendar = read(written(session(starts_at=start, ends_at=end), zone=zone))

    event = only_event(calendar)
    assert moment(calendar, event["DTSTART"]) == start
    assert moment(calendar, event["DTEND"]) == end


@given(
    zone=st.sampled_from([*ZONES, "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca", "Europe/Dublin"]),
    start=st.integers(0, 6 * 365 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes)),
    lasts=st.none() | st.integers(1, 72 * 60).map(lambda minutes: timedelta(minutes=minutes)),
)
@example(zone="Africa/Casablanca", start=datetime(2027, 3, 1, 9, tzinfo=UTC), lasts=None)
def test_every_moment_of_these_years_is_read_back_as_it_was(
    zone: str, start: datetime, lasts: timedelta | None
) -> None:
    end = start + lasts if lasts else None
    for each in filter(None, (start, end)):
        # What happens within hours of a change of the clocks has tests of its own.
        offsets = {(each + timedelta(hours=hours)).astimezone(ZoneInfo(zone)).utcoffset() for hours in range(-3, 4)}
        assume(len(offsets) == 1)

    calendar = read(written(session(starts_at=start, ends_at=end), zone=zone))

    event = only_event(calendar)
    assert moment(calendar, event["DTSTART"]) == start
    assert ("DTEND" in event) == (end is not None)
    if end:
        assert moment(calendar, event["DTEND"]) == end


def test_the_zone_is_defined_for_all_sessions_however_far_apart() -> None:
    starts = [datetime(year, month, 15, 17, tzinfo=UTC) for year in (2024, 2026, 2029) for month in (1, 7)]
    sessions = [session(str(at), start, papers=[f"p{at}"]) for at, start in enumerate(starts)]

    calendar = read(written(*sessions))

    assert [moment(calendar, event["DTSTART"]) for event in calendar.walk("VEVENT")] == starts
    assert len(calendar.walk("VTIMEZONE")) == 1


def test_a_conference_in_utc_needs_no_definition() -> None:
    event = event_of(written(session(), zone="UTC"))

    assert event["DTSTART"].to_ical() == b"20260519T010000Z"


def test_there_is_one_event_for_each_session_with_a_bookmark() -> None:
    sessions = [
        session("late", START + timedelta(hours=5), papers=["a", "b", "c"], name="Late"),
        session("not-mine", START, papers=["d"], name="Not mine"),
        session("early", START, papers=["e", "f"], name="Early"),
    ]

    events = events_of(written(*sessions, keys=["c", "e", "a", "gone"]))

    assert [str(event["SUMMARY"]) for event in events] == ["Early", "Late"]
    assert str(events[0]["DESCRIPTION"]) == "About e"
    assert str(events[1]["DESCRIPTION"]).splitlines() == ["About a", "About c"]


def test_a_poster_is_named_with_its_board_if_it_has_one() -> None:
    hung = session(papers=["a", "b", "c"], boards=["P-7", None, "9"])

    assert str(event_of(written(hung))["DESCRIPTION"]).splitlines() == ["#P-7 About a", "About b", "#9 About c"]


def test_the_room_and_the_end_are_there_only_when_they_are_known() -> None:
    known, unknown = (
        event_of(written(session(ends_at=END))),
        event_of(written(session(room=None))),
    )

    assert str(known["LOCATION"]) == "Hall"
    assert "DTEND" in known
    assert "LOCATION" not in unknown
    assert "DTEND" not in unknown
    assert "DURATION" not in unknown


def test_a_session_without_a_time_is_left_out() -> None:
    untimed = session("untimed", None, papers=["a"], name="Some day")

    (event,) = events_of(written(untimed, session()))

    assert str(event["SUMMARY"]) == "Posters"


@pytest.mark.parametrize(
    ("sessions", "keys"),
    [
        ([session(starts_at=None)], ["matrix"]),
        ([session()], []),
        ([session()], ["gone"]),
        ([], ["matrix"]),
        ([session(starts_at=None), session("other", papers=["tidar"])], ["matrix"]),
    ],
    ids=["no time", "nothing bookmarked", "all gone", "no programme", "the timed one is not mine"],
)
def test_there_is_no_file_about_nothing(sessions: list[Session], keys: list[str]) -> None:
    assert written(*sessions, keys=keys) is None


def test_it_is_a_calendar_by_the_letter() -> None:
    data = written(session(ends_at=END))

    calendar = read(data)
    assert str(calendar["VERSION"]) == "2.0"
    assert str(calendar["PRODID"])
    assert str(calendar["X-WR-CALNAME"]) == "MLSys 2026: my agenda"
    event = event_of(data)
    assert event["DTSTAMP"].to_ical() == b"20260101T000000Z"
    assert data is not None
    assert data.startswith(b"BEGIN:VCALENDAR\r\n")
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")


def test_an_event_keeps_its_uid_whatever_changes_about_its_session() -> None:
    before = event_of(written(session(ends_at=END)))
    changed = session(
        "posters",
        START + timedelta(days=1),
        END + timedelta(days=1),
        papers=["tidar", "matrix"],
        room="Foyer",
        label="Another title",
    )
    after = event_of(written(changed, keys=["matrix", "tidar"], revision=2, now=NOW + timedelta(days=1)))

    assert str(after["UID"]) == str(before["UID"])
    assert str(after["LOCATION"]) == "Foyer"
    assert "Another title" in str(after["DESCRIPTION"])


def test_an_event_keeps_its_uid_whatever_else_is_bookmarked() -> None:
    sessions = [session(str(at), START + timedelta(hours=at), papers=[f"p{at}"], name=f"Name {at}") for at in range(5)]

    alone = event_of(written(*sessions, keys=["p3"]))
    among_others = {str(event["SUMMARY"]): str(event["UID"]) for event in events_of(written(*sessions))}

    assert among_others["Name 3"] == str(alone["UID"])
    assert len(set(among_others.values())) == 5


def test_the_sequence_grows_with_the_version() -> None:
    sequences = [int(event_of(written(session(), revision=revision))["SEQUENCE"]) for revision in (0, 1, 2, 17)]

    assert sequences == sorted(set(sequences))
    assert sequences[0] >= 0


def test_next_years_session_of_the_same_name_is_another_event() -> None:
    uids = {
        str(event_of(written(session(), conference=conference))["UID"])
        for conference in ("MLSys 2026", "MLSys 2027", "会议")
    }

    assert len(uids) == 3
    assert all("@" in uid and uid.isascii() for uid in uids)


TEXTS = {
    "commas": "Caching, batching, and more",
    "semicolons": "One; two;three",
    "backslashes": r"C:\new \, \; \n \\",
    "newlines": "One\nTwo\n\nThree",
    "colons and quotes": 'A: "B" and: C="D"',
    "an end": "END:VEVENT\nEND:VCALENDAR\nBEGIN:VEVENT",
    "chinese": "海报会议：大模型的高效推理" * 20,
    "arabic": "جلسة الملصقات، التعلم الآلي؛ " * 20,
    "emoji": "🦜👩‍👩‍👧‍👦🇵🇹" * 40,
    "very long": "word " * 2_000,
    "one long word": "x" * 10_000,
    "spaces around": "  padded  ",
}


def assert_folded(data: bytes) -> None:
    """No line is longer than 75 octets, and no character is cut in two."""
    for line in data.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()


@pytest.mark.parametrize("kind", TEXTS)
def test_texts_arrive_as_they_are(kind: str) -> None:
    text = TEXTS[kind]
    data = written(session(name=text, room=text, label=text))

    event = event_of(data)
    assert str(event["SUMMARY"]) == text
    assert str(event["LOCATION"]) == text
    assert str(event["DESCRIPTION"]) == text
    assert data is not None
    assert_folded(data)


# Control characters never get into a programme, and icalendar 7.3 writes a backslash with an N as a line break.
WILD = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]) | st.sampled_from("\n,;:\\\"'"), min_size=1
).filter(lambda text: "\\N" not in text)


@given(name=WILD, room=WILD, label=WILD)
def test_whatever_the_texts_are_they_can_be_read_back(name: str, room: str, label: str) -> None:
    data = written(session(name=name, room=room, label=label))

    event = event_of(data)
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == (name, room)
    assert str(event["DESCRIPTION"]) == label
    assert data is not None
    assert_folded(data)


@given(
    conference=st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" "), min_size=1, max_size=80)
)
@example(conference="MLSys, 2026; a\\b")
def test_any_name_a_conference_may_have_makes_a_file_that_can_be_read(conference: str) -> None:
    Config.model_validate({"conference": {"name": conference}, "programme": {"source": "page.txt"}})

    assert_readable_for(conference)


@given(conference=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80))
@example(conference="MLSys\n2026")
@example(conference="MLSys\r\nEND:VCALENDAR")
def test_not_even_a_name_that_the_configuration_refuses_breaks_the_file(conference: str) -> None:
    assert_readable_for(conference)


def assert_readable_for(conference: str) -> None:
    """Assert that the file for a conference of this name can be read, whatever it holds."""
    data = written(session(), conference=conference)

    assert str(event_of(data)["SUMMARY"]) == "Posters"
    assert data is not None
    assert_folded(data)


def test_the_calendar_is_called_after_the_conference_as_it_is_written() -> None:
    data = written(session(), conference="Systems, Learning; and more")

    # By RFC 5545 commas and semicolons in a text are escaped; what is not escaped may be cut there.
    assert data is not None
    assert rb"X-WR-CALNAME:Systems\, Learning\; and more: my agenda" in data.replace(b"\r\n ", b"")


def test_today_is_no_part_of_an_event_but_the_stamp() -> None:
    before = event_of(written(session()))
    after = event_of(written(session(), now=datetime.combine(date(2026, 5, 1), NOW.time(), UTC)))

    assert before["DTSTAMP"].dt < after["DTSTAMP"].dt
    del before["DTSTAMP"], after["DTSTAMP"]
    assert before.to_ical() == after.to_ical()
