"""Calendar files: events as sessions, their zones, and what recurs."""

import time
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.programme.source import Link, Severity, SourceSession
from bot.sources.formats import calendar
from bot.sources.formats.calendar.recurrence import MOST_DAYS
from bot.sources.reading.file import File, Hints, Reading
from bot.sources.reading.limits import MOST_PAPERS
from tests.sources.mutations import read_or_refused

VIENNA = Hints(zone=ZoneInfo("Europe/Vienna"))


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2031, 7, day, hour, minute, tzinfo=UTC)


def event(*lines: str, **fields: str) -> str:
    given_fields = {
        "UID": "u1",
        "SUMMARY": "Bees",
        "DTSTART": "20310704T080000Z",
        "DTEND": "20310704T090000Z",
        **fields,
    }
    written = [f"{name}:{value}" for name, value in given_fields.items() if value]
    return "\r\n".join(["BEGIN:VEVENT", *written, *lines, "END:VEVENT"])


def calendar_of(*parts: str) -> str:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//bees//", *parts, "END:VCALENDAR", ""])


def read(*parts: str, hints: Hints = VIENNA) -> Reading:
    file = File("bees.ics", calendar_of(*parts).encode())
    assert calendar.recognises(file)
    return calendar.read(file, hints)


def only(*parts: str, hints: Hints = VIENNA) -> SourceSession:
    (session,) = read(*parts, hints=hints).source.sessions
    return session


def starts(*parts: str) -> list[datetime | None]:
    return [session.starts_at for session in read(*parts).source.sessions]


def test_an_event_is_a_session() -> None:
    reading = read(
        event(
            DESCRIPTION="<p>They hum.</p><p>Loudly\\, all night.</p>",
            LOCATION="Aula\\, 1st floor",
            URL="https://bees.example.org/1",
            CATEGORIES="Biology,Workshop",
            STATUS="CONFIRMED",
        )
    )
    (session,) = reading.source.sessions
    assert (session.name, session.room, session.source_id) == ("Bees", "Aula, 1st floor", "u1")
    assert session.abstract == "They hum.\n\nLoudly, all night."
    assert (session.kind, session.track) == ("Workshop", "Biology")
    assert (session.starts_at, session.ends_at) == (utc(4, 8), utc(4, 9))
    assert session.links == (Link("Page", "https://bees.example.org/1"),)
    assert (reading.account.records, reading.account.sessions, reading.source.papers) == (1, 1, ())


def test_the_line_of_an_event_is_that_of_the_file() -> None:
    reading = read("BEGIN:VTIMEZONE", "TZID:Nowhere", "END:VTIMEZONE", event(), event(UID="u2", SUMMARY="Wasps"))
    lines = calendar_of("BEGIN:VTIMEZONE", "TZID:Nowhere", "END:VTIMEZONE", event(), event(UID="u2")).split("\r\n")
    assert [lines[(one.line or 0) - 1] for one in reading.source.sessions] == ["BEGIN:VEVENT"] * 2


@pytest.mark.parametrize(
    ("location", "room", "links"),
    [
        ("https://live.example.org/a?b=1", None, (Link("Location", "https://live.example.org/a?b=1"),)),
        ("www.live.example.org", None, (Link("Location", "https://www.live.example.org"),)),
        ("papers.html?session=1", None, ()),
        ("Room 3\\n Barn", "Room 3, Barn", ()),
        ("See https://x.example.org", "See https://x.example.org", ()),
        ("", None, ()),
    ],
)
def test_a_location_that_is_an_address_is_a_link(location: str, room: str | None, links: tuple[Link, ...]) -> None:
    session = only(event(LOCATION=location))
    assert (session.room, session.links) == (room, links)


def test_files_and_online_rooms_are_links() -> None:
    session = only(
        event("CONFERENCE;VALUE=URI:https://z.example.org/1", "ATTACH:https://f.example.org/a.pdf", "ATTACH:CID:x")
    )
    assert session.links == (
        Link("Attachment", "https://f.example.org/a.pdf"),
        Link("Online", "https://z.example.org/1"),
    )


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"STATUS": "CANCELLED"}, "cancelled"),
        ({"CLASS": "PRIVATE"}, "private"),
        ({"CLASS": "confidential"}, "private"),
        ({"SUMMARY": ""}, "no title"),
        ({"STATUS": "TENTATIVE"}, "unknown status “TENTATIVE”"),
    ],
)
def test_what_is_not_public_stays_out(fields: dict[str, str], reason: str) -> None:
    reading = read(event(**fields), event(UID="u2", SUMMARY="Wasps"))
    assert [session.name for session in reading.source.sessions] == ["Wasps"]
    assert reading.account.left_out == {reason: 1}


def test_a_calendar_that_takes_everything_back_shows_nothing() -> None:
    reading = read("METHOD:CANCEL", event(), event(UID="u2"))
    assert (reading.source.sessions, reading.account.left_out) == ((), {"cancelled": 2})


def test_what_is_no_event_is_counted_and_left_out() -> None:
    reading = read(event(), "BEGIN:VTODO\r\nSUMMARY:Clean the hive\r\nEND:VTODO")
    assert (reading.account.records, reading.account.left_out) == (2, {"no event": 1})


@pytest.mark.parametrize(
    ("lines", "starts_at", "ends_at"),
    [
        (["DTSTART:20310704T100000", "DTEND:20310704T110000"], utc(4, 8), utc(4, 9)),
        (["DTSTART;TZID=America/New_York:20310704T100000", "DURATION:PT1H30M"], utc(4, 14), utc(4, 15, 30)),
        (["DTSTART;TZID=Eastern Standard Time:20310704T100000"], utc(4, 14), None),
        (["DTSTART;TZID=/vendor.example.org/20300101/America/New_York:20310704T100000"], utc(4, 14), None),
        (["DTSTART;VALUE=DATE:20310704"], utc(3, 22), utc(4, 22)),
        (["DTSTART;VALUE=DATE:20310704", "DTEND;VALUE=DATE:20310706"], utc(3, 22), utc(5, 22)),
        (["DTSTART:20310704T080000Z", "DTEND:20310704T070000Z"], utc(4, 8), None),
    ],
)
def test_times_in_all_forms(lines: list[str], starts_at: datetime, ends_at: datetime | None) -> None:
    session = only(event(*lines, DTSTART="", DTEND=""))
    assert (session.starts_at, session.ends_at) == (starts_at, ends_at)


def test_floating_times_are_in_the_zone_of_the_calendar() -> None:
    floating = event(DTSTART="20310704T100000", DTEND="")
    reading = read("X-WR-TIMEZONE:America/New_York", floating)
    assert reading.source.sessions[0].starts_at == utc(4, 14)
    assert reading.zone == "America/New_York"
    given_zone = read("X-WR-TIMEZONE:America/New_York", floating, hints=Hints(zone=ZoneInfo("UTC"), zone_given=True))
    assert given_zone.source.sessions[0].starts_at == utc(4, 10)


def zone(name: str, *lines: str, offset: str = "+0500") -> str:
    return "\r\n".join(
        [
            "BEGIN:VTIMEZONE",
            f"TZID:{name}",
            *lines,
            "BEGIN:STANDARD",
            "DTSTART:19700101T000000",
            f"TZOFFSETFROM:{offset}",
            f"TZOFFSETTO:{offset}",
            "END:STANDARD",
            "END:VTIMEZONE",
        ]
    )


CLOCKS_CHANGE = "\r\n".join(
    [
        "BEGIN:VTIMEZONE",
        "TZID:Hive time",
        "BEGIN:STANDARD",
        "DTSTART:16010101T030000",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        "END:STANDARD",
        "BEGIN:DAYLIGHT",
        "DTSTART:16010101T020000",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "END:DAYLIGHT",
        "END:VTIMEZONE",
    ]
)


def in_zone(name: str) -> str:
    return event(f"DTSTART;TZID={name}:20310704T100000", DTSTART="", DTEND="")


def test_zones_that_the_file_defines_are_its_own() -> None:
    assert only(CLOCKS_CHANGE, in_zone("Hive time")).starts_at == utc(4, 8)
    assert only(zone("Customized Time Zone"), in_zone("Customized Time Zone")).starts_at == utc(4, 5)
    # Another file may mean something else by the same name.
    other = zone("Customized Time Zone", offset="-0300")
    assert only(other, in_zone("Customized Time Zone")).starts_at == utc(4, 13)
    assert only(zone("Ours", "X-LIC-LOCATION:America/New_York"), in_zone("Ours")).starts_at == utc(4, 14)


def test_a_zone_that_nobody_knows_is_reported_and_taken_as_the_conferences() -> None:
    reading = read(in_zone("Mars/Crater"))
    assert reading.source.sessions[0].starts_at == utc(4, 8)
    (problem,) = [one for one in reading.source.problems if one.severity is Severity.ACTION]
    assert "Mars/Crater" in problem.message
    assert "Europe/Vienna" in problem.message


def test_a_zone_with_a_rule_that_never_matches_takes_no_time() -> None:
    hostile = CLOCKS_CHANGE.replace("FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30")
    before = time.process_time()
    assert any("Hive time" in one.message for one in read(hostile, in_zone("Hive time")).source.problems)
    assert time.process_time() - before < 1


def test_too_many_zones_are_refused() -> None:
    with pytest.raises(UserError, match=r"^bees\.ics: it defines more than 100 time zones"):
        read(*(zone(f"Z{number}") for number in range(101)), event())


def test_a_recurring_event_is_a_session_each_time() -> None:
    reading = read(event(RRULE="FREQ=DAILY;COUNT=3"))
    assert [(one.name, one.starts_at, one.ends_at) for one in reading.source.sessions] == [
        ("Bees", utc(day, 8), utc(day, 9)) for day in (4, 5, 6)
    ]
    assert (reading.account.records, reading.account.sessions) == (1, 1)


def test_days_can_be_left_out_of_a_recurrence_and_added() -> None:
    without = event(
        "EXDATE;TZID=Europe/Vienna:20310705T100000",
        "EXDATE;VALUE=DATE:20310706",
        "RDATE:20310710T120000Z,20310711T120000Z",
        RRULE="FREQ=DAILY;COUNT=4",
    )
    assert starts(without) == [utc(4, 8), utc(7, 8), utc(10, 12), utc(11, 12)]


def test_single_occurrences_can_be_moved_renamed_and_cancelled() -> None:
    reading = read(
        event("RECURRENCE-ID:20310705T080000Z", SUMMARY="Bees, later", DTSTART="20310705T100000Z", DTEND=""),
        event(RRULE="FREQ=DAILY;COUNT=4"),
        event("RECURRENCE-ID:20310706T080000Z", STATUS="CANCELLED"),
    )
    assert sorted((one.starts_at, one.name) for one in reading.source.sessions if one.starts_at) == [
        (utc(4, 8), "Bees"),
        (utc(5, 10), "Bees, later"),
        (utc(7, 8), "Bees"),
    ]
    assert (reading.account.records, reading.account.sessions, reading.account.left_out) == (3, 2, {"cancelled": 1})
    # One that has moved keeps the identifier of the time at which its rule has it.
    assert [one.source_id for one in reading.source.sessions] == [
        "u1 2031-07-05T08:00:00+00:00",
        "u1 2031-07-04T08:00:00+00:00",
        "u1 2031-07-07T08:00:00+00:00",
    ]


def test_an_event_of_which_every_day_is_left_out_is_left_out() -> None:
    assert read(event(EXDATE="20310704T080000Z"), event(UID="u2")).account.left_out == {"all its days are cancelled": 1}


def test_a_recurrence_without_an_end_is_shown_for_a_year_and_reported() -> None:
    reading = read(event(RRULE="FREQ=WEEKLY"))
    assert len(reading.source.sessions) == (MOST_DAYS - 1) // 7 + 1
    assert any("it goes on" in one.message for one in reading.source.problems)


def test_a_rule_that_is_not_understood_leaves_the_first_day_and_is_reported() -> None:
    reading = read(event(RRULE="FREQ=HOURLY;COUNT=3"))
    assert [one.starts_at for one in reading.source.sessions] == [utc(4, 8)]
    assert any(one.severity is Severity.ACTION and one.line for one in reading.source.problems)


def test_a_time_that_cannot_be_read_is_reported_with_its_line() -> None:
    reading = read(event(DTSTART="tomorrow", DTEND=""))
    assert reading.source.sessions[0].starts_at is None
    (problem,) = [one for one in reading.source.problems if one.severity is Severity.ACTION]
    assert "DTSTART" in problem.message
    assert problem.line == 4


def test_two_events_without_identifiers_stay_two() -> None:
    assert len(read(event(UID=""), event(UID="", SUMMARY="Wasps")).source.sessions) == 2


def test_several_calendars_in_one_file_are_read_each_in_its_zone() -> None:
    floating = event(DTSTART="20310704T100000", DTEND="")
    second = floating.replace("u1", "u2")
    text = calendar_of("X-WR-TIMEZONE:Europe/London", floating) + calendar_of("X-WR-TIMEZONE:Asia/Tokyo", second)
    reading = calendar.read(File("bees.ics", text.encode()), VIENNA)
    assert [one.starts_at for one in reading.source.sessions] == [utc(4, 9), utc(4, 1)]


def test_lines_may_end_as_on_any_system_and_be_folded() -> None:
    text = calendar_of(event(SUMMARY="Bees in the\r\n  attic")).replace("\r\n", "\n")
    (session,) = calendar.read(File("bees.ics", text.encode()), VIENNA).source.sessions
    assert session.name == "Bees in the attic"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Bees\n", "cut off"),
        ("BEGIN:VCALENDAR\nhum\nEND:VCALENDAR\n", "no sound calendar"),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR\n", "no papers and no sessions"),
        ("SUMMARY:Bees", "does not begin with BEGIN:VCALENDAR"),
    ],
)
def test_broken_files_are_refused(text: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        calendar.read(File("bees.ics", text.encode()), VIENNA)


def test_too_many_events_are_refused_before_they_are_read() -> None:
    text = "BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\nEND:VEVENT\n" * (MOST_PAPERS + 1) + "END:VCALENDAR\n"
    before = time.process_time()
    with pytest.raises(UserError, match=f"more than {MOST_PAPERS:,} events"):
        calendar.read(File("bees.ics", text.encode()), VIENNA)
    assert time.process_time() - before < 5


@pytest.mark.parametrize("data", [b"", b"{}", b"BEGIN:VEVENT", b"BEGIN:VCARD\nEND:VCARD", b"\xff\xfeB"])
def test_other_files_are_not_taken_for_a_calendar(data: bytes) -> None:
    assert not calendar.recognises(File("other", data))


TEXT = calendar_of(
    CLOCKS_CHANGE,
    event("EXDATE:20310705T080000Z", RRULE="FREQ=DAILY;COUNT=3;BYDAY=MO,FR", CATEGORIES="a,b", LOCATION="Aula"),
    in_zone("Hive time"),
    event("RECURRENCE-ID:20310706T080000Z", DURATION="PT1H", DTEND=""),
)


@given(st.data())
def test_a_calendar_that_is_slightly_wrong_is_read_or_refused(data: st.DataObject) -> None:
    lines = TEXT.split("\r\n")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["cut", "value", "remove", "double", "move", "noise"])):
            case "cut":
                lines[at] = lines[at][: data.draw(st.integers(0, len(lines[at])))]
            case "value":
                other = data.draw(st.sampled_from(lines)).partition(":")[2]
                lines[at] = f"{lines[at].partition(':')[0]}:{other}"
            case "remove" if len(lines) > 1:
                del lines[at]
            case "double":
                lines.insert(at, lines[at])
            case "move":
                lines.insert(data.draw(st.integers(0, len(lines))), lines[at])
            case _:
                place = data.draw(st.integers(0, len(lines[at])))
                lines[at] = lines[at][:place] + data.draw(st.text(max_size=4)) + lines[at][place:]
    read_or_refused(calendar, "\r\n".join(lines).encode("utf-8", "surrogatepass"))


WILD: Any = st.text(st.sampled_from("BEGIN:VCALDRTZ;=\r\n 0123456789TZ/+-,\"'\\<>é\0"), max_size=80)


@given(WILD)
def test_any_text_after_the_beginning_is_read_or_refused(text: str) -> None:
    read_or_refused(calendar, f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\n{text}\nEND:VEVENT\nEND:VCALENDAR".encode())
