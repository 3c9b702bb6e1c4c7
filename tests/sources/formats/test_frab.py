"""Schedules of frab, pentabarf and pretalx, as XML and as JSON."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.programme.source import Credit, Link, Severity, SourceAppearance
from bot.sources.formats import frab
from bot.sources.reading.file import File, Hints, Reading
from tests.sources.mutations import as_json, mutated, read_or_refused


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2031, 7, day, hour, minute, tzinfo=UTC)


def read(data: str | bytes, hints: Hints | None = None) -> Reading:
    file = File("schedule", data.encode() if isinstance(data, str) else data)
    assert frab.recognises(file)
    return frab.read(file, hints or Hints())


def event(**fields: Any) -> dict[str, Any]:
    return {
        "guid": "6a0e7a2e-0000-4000-8000-000000000001",
        "id": 11,
        "date": "2031-07-04T10:00:00+02:00",
        "start": "10:00",
        "duration": "00:25",
        "room": "Aula",
        "title": "Bees in the attic",
        "subtitle": "",
        "track": "Biology",
        "type": "lecture",
        "language": "en",
        "abstract": "They hum.",
        "description": "",
        "persons": [{"id": 5, "public_name": "Ada Bee"}],
        "links": [],
        "attachments": [],
        **fields,
    }


def schedule(*events: dict[str, Any], **conference: Any) -> dict[str, Any]:
    rooms: dict[str, list[dict[str, Any]]] = {}
    for one in events:
        rooms.setdefault(one["room"], []).append(one)
    return {
        "schedule": {
            "version": "1.0",
            "base_url": "https://bees.example.org/2031/",
            "conference": {
                "acronym": "bees",
                "title": "Bees 2031",
                "time_zone_name": "Europe/Vienna",
                "days": [
                    {
                        "index": 1,
                        "date": "2031-07-04",
                        "day_start": "2031-07-04T09:00:00+02:00",
                        "day_end": "2031-07-05T04:00:00+02:00",
                        "rooms": rooms,
                    }
                ],
                **conference,
            },
        }
    }


def read_json(document: object, hints: Hints | None = None) -> Reading:
    return read(json.dumps(document), hints)


XML = """<?xml version="1.0" encoding="UTF-8"?>
<!-- made by hand -->
<schedule>
  <generator name="pentabarf"/>
  <version>3</version>
  <conference>
    <title>Bees 2031</title>
    <days>1</days>
    <day_change>06:00:00</day_change>
    <base_url>https://bees.example.org/2031/</base_url>
    <time_zone_name>Europe/Vienna</time_zone_name>
  </conference>
  <day index="1" date="2031-07-04" start="2031-07-04T09:00:00+02:00" end="2031-07-05T05:59:00+02:00">
    <room name="Empty"/>
    <room name="Aula">
      {events}
    </room>
  </day>
</schedule>
"""

XML_EVENT = """<event guid="g1" id="11">
  <date>2031-07-04T10:00:00+02:00</date><start>10:00</start><duration>00:25</duration><room>Aula</room>
  <slug>bees-11</slug><url>talks/11</url><title>Bees &amp; wasps</title><subtitle></subtitle>
  <track>Biology</track><type>devroom</type><language>en</language>
  <abstract>&lt;p&gt;They hum.&lt;/p&gt;&lt;p&gt;Loudly.&lt;/p&gt;</abstract><description></description>
  <feedback_url>https://bees.example.org/2031/talks/11/feedback/</feedback_url>
  <persons><person id="5">Ada Bee</person><person id="6">Max Wasp</person></persons>
  <links><link href="https://hive.example.org/">The hive</link><link href="https://x.example.org/">
    https://x.example.org/</link></links>
  <attachments><attachment type="slides" href="/files/bees.pdf"/></attachments>
</event>"""


def read_xml(*events: str, hints: Hints | None = None) -> Reading:
    return read(XML.format(events="\n".join(events)), hints)


def test_a_talk_of_an_xml_schedule_is_read_with_all_that_people_want_to_know() -> None:
    source = read_xml(XML_EVENT).source
    (paper,) = source.papers
    assert (paper.title, paper.kind, paper.track) == ("Bees & wasps", "devroom", "Biology")
    assert paper.authors == (Credit("Ada Bee"), Credit("Max Wasp"))
    assert paper.abstract == "They hum.\n\nLoudly."
    assert (paper.source_id, paper.other_ids) == ("11", ("g1",))
    assert paper.links == (
        Link("Page", "https://bees.example.org/2031/talks/11"),
        Link("The hive", "https://hive.example.org/"),
        Link("Link", "https://x.example.org/"),
        Link("Slides", "https://bees.example.org/files/bees.pdf"),
    )
    (session,) = source.sessions
    assert (session.name, session.room, session.track) == ("Biology", "Aula", "Biology")
    assert (session.starts_at, session.ends_at) == (utc(4, 8), utc(4, 8, 25))
    assert session.appearances == (SourceAppearance(0, utc(4, 8), utc(4, 8, 25)),)


def test_the_line_of_an_event_is_that_of_the_file() -> None:
    (paper,) = read_xml("", XML_EVENT).source.papers
    assert XML.format(events="\n" + XML_EVENT).split("\n")[(paper.line or 0) - 1].strip().startswith("<event")


def test_an_empty_line_before_the_xml_does_no_harm() -> None:
    text = "\r\n\n" + XML.format(events=XML_EVENT)
    (paper,) = read(text).source.papers
    assert text.split("\n")[(paper.line or 0) - 1].strip().startswith("<event")


def test_a_track_is_a_session_in_each_room_on_each_day() -> None:
    document = schedule(
        event(id=1, guid="a"),
        event(id=2, guid="b", date="2031-07-04T11:00:00+02:00"),
        event(id=3, guid="c", room="Barn"),
        event(id=4, guid="d", track="Physics", date="2031-07-04T12:00:00+02:00"),
    )
    document["schedule"]["conference"]["days"].append(
        {"index": 2, "date": "2031-07-05", "rooms": {"Aula": [event(id=5, guid="e", date="2031-07-05T10:00:00+02:00")]}}
    )
    reading = read_json(document)
    assert [(one.name, one.room, len(one.appearances)) for one in reading.source.sessions] == [
        ("Biology", "Aula", 2),
        ("Physics", "Aula", 1),
        ("Biology", "Barn", 1),
        ("Biology", "Aula", 1),
    ]
    first = reading.source.sessions[0]
    assert (first.starts_at, first.ends_at) == (utc(4, 8), utc(4, 9, 25))
    assert reading.account.records == reading.account.papers == 5


def test_a_talk_after_midnight_belongs_to_the_day_in_which_the_schedule_lists_it() -> None:
    late = event(id=2, guid="b", date="2031-07-05T01:00:00+02:00", start="01:00")
    (session,) = read_json(schedule(event(), late)).source.sessions
    assert (session.starts_at, session.ends_at) == (utc(4, 8), utc(4, 23, 25))


def test_talks_without_a_track_are_sessions_of_their_own() -> None:
    reading = read_json(schedule(event(track=None), event(id=2, guid="b", track="", title="Wasps", room="Barn")))
    assert [(one.name, one.kind, one.room) for one in reading.source.sessions] == [
        ("Bees in the attic", "lecture", "Aula"),
        ("Wasps", "lecture", "Barn"),
    ]
    assert all(len(session.appearances) == 1 for session in reading.source.sessions)


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "Lunch", "type": "other", "abstract": "Soup in the yard.", "track": "General"},
        {"title": "Kaffeepause", "type": None, "abstract": None},
        {"title": "Something nice", "type": "reception", "abstract": "With drinks."},
        {"title": "Doors", "type": "other", "abstract": "", "track": None},
    ],
)
def test_what_nobody_gives_is_a_session_and_no_paper(fields: dict[str, Any]) -> None:
    reading = read_json(schedule(event(persons=[], **fields)))
    assert reading.source.papers == ()
    (session,) = reading.source.sessions
    assert (session.name, session.starts_at, session.ends_at) == (fields["title"], utc(4, 8), utc(4, 8, 25))
    assert (session.abstract or "") == (fields["abstract"] or "")
    assert (reading.account.records, reading.account.sessions) == (1, 1)


def test_a_talk_whose_speakers_are_not_known_yet_is_a_paper() -> None:
    assert [paper.title for paper in read_json(schedule(event(persons=[]))).source.papers] == ["Bees in the attic"]


def test_a_talk_in_two_slots_is_one_paper_that_appears_twice() -> None:
    again = event(guid="another", date="2031-07-04T15:00:00+02:00", room="Barn")
    reading = read_json(schedule(event(track=None), {**again, "track": None}))
    assert len(reading.source.papers) == 1
    assert [(one.room, one.starts_at) for one in reading.source.sessions] == [("Aula", utc(4, 8)), ("Barn", utc(4, 13))]
    assert [one.appearances[0].paper for one in reading.source.sessions] == [0, 0]
    assert (reading.account.records, reading.account.papers, reading.account.merged) == (2, 1, 1)


def test_slots_with_the_same_code_are_one_paper() -> None:
    reading = read_json(schedule(event(id=1, code="BEEEES"), event(id=2, guid="b", code="BEEEES", room="Barn")))
    (paper,) = reading.source.papers
    assert paper.source_id == "BEEEES"
    assert len(reading.source.sessions) == 2


def test_two_talks_that_share_an_id_by_mistake_stay_two() -> None:
    reading = read_json(schedule(event(guid="a"), event(guid="b", title="Wasps", room="Barn")))
    assert [paper.title for paper in reading.source.papers] == ["Bees in the attic", "Wasps"]


@pytest.mark.parametrize("field", ["status", "state"])
def test_a_cancelled_talk_is_left_out_and_counted(field: str) -> None:
    reading = read_json(schedule(event(**{field: "canceled"}), event(id=2, guid="b", title="Wasps", state="confirmed")))
    assert [paper.title for paper in reading.source.papers] == ["Wasps"]
    assert reading.account.left_out == {"canceled": 1}


def test_a_state_that_nobody_knows_stays_out_and_is_asked_about() -> None:
    reading = read_json(schedule(event(state="humming"), event(id=2, guid="b", room="Barn")))
    assert len(reading.source.papers) == 1
    assert any("humming" in one.message and one.severity is Severity.ACTION for one in reading.source.problems)


def test_an_event_without_a_title_is_left_out() -> None:
    assert read_json(schedule(event(title=""), event(id=2, guid="b"))).account.left_out == {"no title": 1}


def test_abstract_and_description_are_both_kept_and_nothing_twice() -> None:
    (paper,) = read_json(schedule(event(subtitle="Why?", description="<ul><li>Wings</li></ul>"))).source.papers
    assert paper.abstract == "Why?\n\nThey hum.\n\n• Wings"
    (paper,) = read_json(schedule(event(description="They hum."))).source.papers
    assert paper.abstract == "They hum."


def test_links_that_lead_nowhere_or_say_nothing_new_are_not_shown() -> None:
    one = event(
        url="https://bees.example.org/11",
        feedback_url="https://bees.example.org/11/feedback",
        logo="https://bees.example.org/logo.png",
        links=[{"url": "www.hive.example.org", "title": None}, {"url": "", "title": "Empty"}, "https://q.example.org/"],
        attachments=[{"url": "https://bees.example.org/f", "type": "FEEDBACK"}, {"url": "a.pdf", "type": "slides"}],
    )
    (paper,) = read_json(schedule(one)).source.papers
    assert paper.links == (
        Link("Page", "https://bees.example.org/11"),
        Link("Link", "https://www.hive.example.org"),
        Link("Link", "https://q.example.org/"),
        Link("Slides", "https://bees.example.org/2031/a.pdf"),
    )
    document = schedule(one)
    del document["schedule"]["base_url"]
    assert Link("Slides", "a.pdf") not in read_json(document).source.papers[0].links
    assert len(read_json(document).source.papers[0].links) == 3


@pytest.mark.parametrize(
    ("fields", "ends_at"),
    [
        ({"duration": "01:30"}, utc(4, 9, 30)),
        ({"duration": "1:05:00"}, utc(4, 9, 5)),
        ({"duration": 45}, utc(4, 8, 45)),
        ({"duration": "90"}, utc(4, 9, 30)),
        ({"duration": None}, None),
        ({"duration": "", "end": "2031-07-04T11:00:00+02:00"}, utc(4, 9)),
    ],
)
def test_the_end_comes_from_the_duration_or_the_end(fields: dict[str, Any], ends_at: datetime | None) -> None:
    (session,) = read_json(schedule(event(**fields))).source.sessions
    assert (session.starts_at, session.ends_at) == (utc(4, 8), ends_at)


def test_a_duration_that_cannot_be_read_is_reported() -> None:
    reading = read_json(schedule(event(duration="half an hour")))
    assert any("half an hour" in problem.message for problem in reading.source.problems)


def test_old_schedules_have_a_date_for_the_day_and_a_time_for_the_event() -> None:
    def old(start: str, number: int) -> str:
        return f'<event id="{number}"><start>{start}</start><duration>00:20</duration><title>T{number}</title></event>'

    reading = read_xml(old("9:30", 1), old("01:15", 2))
    # In July Vienna is two hours ahead of UTC; the day of this schedule ends at 6, so 1:15 is on the 5th.
    assert [one.starts_at for one in reading.source.sessions] == [utc(4, 7, 30), utc(4, 23, 15)]
    assert reading.zone == "Europe/Vienna"
    given_zone = read_xml(old("9:30", 1), hints=Hints(zone=ZoneInfo("UTC"), zone_given=True))
    assert given_zone.source.sessions[0].starts_at == utc(4, 9, 30)


def test_a_time_that_cannot_be_read_is_reported_with_its_line() -> None:
    reading = read_xml(
        '<event id="1"><start>noon</start><title>T</title><abstract>x</abstract><track>a</track></event>'
    )
    (problem,) = [one for one in reading.source.problems if one.severity is Severity.ACTION]
    assert "noon" in problem.message
    assert problem.line
    assert reading.source.sessions[0].starts_at is None


def unwrapped(document: dict[str, Any]) -> Any:
    return document["schedule"]


def only_days(document: dict[str, Any]) -> Any:
    return {"schedule": {"days": document["schedule"]["conference"]["days"]}}


def rooms_in_a_list(document: dict[str, Any]) -> Any:
    (day,) = document["schedule"]["conference"]["days"]
    day["rooms"] = [{"name": name, "events": events} for name, events in day["rooms"].items()]
    return document


def days_by_number(document: dict[str, Any]) -> Any:
    conference = document["schedule"]["conference"]
    conference["days"] = {"1": conference["days"][0]}
    return document


@pytest.mark.parametrize("change", [unwrapped, only_days, rooms_in_a_list, days_by_number])
def test_other_nestings_of_json_are_read_alike(change: Callable[[dict[str, Any]], Any]) -> None:
    source = read_json(change(schedule(event()))).source
    assert [(one.name, one.room, one.starts_at) for one in source.sessions] == [("Biology", "Aula", utc(4, 8))]
    assert source.papers[0].authors == (Credit("Ada Bee"),)


def test_the_newer_form_lists_events_beside_the_conference() -> None:
    document = {
        "schedule": {
            "version": "2",
            "conference": {
                "title": "Bees",
                "time_zone_name": "Europe/Vienna",
                "tracks": [{"name": "Biology", "slug": "bio"}],
                "rooms": [{"name": "Aula", "guid": "r"}],
                "days": [{"index": 1, "date": "2031-07-04", "start": "2031-07-04T09:00:00+02:00"}],
            },
            "events": [
                {
                    "guid": "g1",
                    "code": "BEEEES",
                    "title": "Bees in the attic",
                    "start": "2031-07-04T10:00:00+02:00",
                    "end": "2031-07-04T10:25:00+02:00",
                    "room": {"name": "Aula", "guid": "r"},
                    "track": {"slug": "bio"},
                    "type": "TALK",
                    "abstract": "They hum.",
                    "participants": [{"guid": "p", "name": "Ada Bee", "role": "SPEAKER"}],
                    "links": [
                        {"type": "ORIGIN", "url": "https://cfp.example.org/1"},
                        {"url": "https://h.example.org", "title": "Hive"},
                    ],
                }
            ],
        }
    }
    source = read_json(document).source
    assert [(one.name, one.room, one.starts_at, one.ends_at) for one in source.sessions] == [
        ("Biology", "Aula", utc(4, 8), utc(4, 8, 25))
    ]
    assert source.papers[0].authors == (Credit("Ada Bee"),)
    assert source.papers[0].links == (Link("Hive", "https://h.example.org"),)


def test_numbers_as_texts_and_texts_in_two_languages_are_read() -> None:
    one = event(id="11", title={"de": "Bienen", "en": "Bees"}, room="101", track={"de": "Biologie"}, persons=None)
    source = read_json(schedule(one)).source
    assert [(paper.title, paper.source_id, paper.track) for paper in source.papers] == [("Bees", "11", "Biologie")]
    assert source.sessions[0].room == "101"


def test_a_wrong_type_is_refused_with_its_place() -> None:
    document = schedule(event(persons="Ada Bee"))
    with pytest.raises(
        UserError, match=r"^schedule: schedule\.conference\.days\[0\]\.rooms\[\.\.\.\]\[0\]\.persons: expected array"
    ):
        read_json(document)


def test_entities_of_the_files_own_are_refused() -> None:
    bomb = """<!DOCTYPE schedule [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
    <schedule><conference/><day><room name="&b;"/></day></schedule>"""
    with pytest.raises(UserError, match="defines or refers to entities"):
        frab.read(File("schedule", bomb.encode()), Hints())
    outside = '<!DOCTYPE schedule SYSTEM "https://example.org/x.dtd"><schedule><conference/>&x;</schedule>'
    with pytest.raises(UserError, match=r"^schedule: "):
        frab.read(File("schedule", outside.encode()), Hints())


def test_a_doctype_alone_does_no_harm() -> None:
    text = XML.format(events=XML_EVENT).replace("<schedule>", "<!DOCTYPE schedule>\n<schedule>", 1)
    assert len(read(text).source.papers) == 1


def test_other_encodings_of_xml_are_read() -> None:
    text = XML.format(events='<event id="1"><title>Bienen für alle</title><abstract>x</abstract></event>')
    assert read(text.replace("UTF-8", "ISO-8859-1").encode("latin-1")).source.papers[0].title == "Bienen für alle"
    assert read(text.replace("UTF-8", "UTF-16").encode("utf-16")).source.papers[0].title == "Bienen für alle"
    with pytest.raises(UserError, match="encoding"):
        frab.read(File("schedule", text.replace("UTF-8", "martian").encode()), Hints())


def test_broken_xml_names_the_line() -> None:
    text = XML.format(events=XML_EVENT)
    cut = text[: text.index("<track>")]
    with pytest.raises(UserError, match=rf"^schedule: line {cut.count(chr(10)) + 1}, column \d+: no valid XML"):
        frab.read(File("schedule", cut.encode()), Hints())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<schedule>",
        b"<html><body>schedule <conference></body></html>",
        b'<schedule created="2031"><day date="2031-07-04"><entry/></day></schedule>',
        b"<!-- <schedule><conference>",
        b"{",
        b"[]",
        b'{"schedule": {"2031-07-04": {}}}',
        b'{"schedule": []}',
        b'{"conference": {"days": 2}}',
        b'{"conference": {"days": [{"date": "2031-07-04"}]}}',
        b'{"conference": {"timeZoneOffset": 60}, "events": [{"id": 1}], "sessions": [], "contents": [], "people": []}',
        b"BEGIN:VCALENDAR",
        b"\xff\xfe<",
    ],
)
def test_other_files_are_not_taken_for_a_schedule(data: bytes) -> None:
    assert not frab.recognises(File("other", data))


def test_time_grows_with_the_size_of_the_file_only() -> None:
    def seconds(count: int) -> float:
        links = "".join(f'<link href="https://e.org/{number}">{number}</link>' for number in range(count))
        events = "".join(
            f'<event id="7"><title>Same</title><track>One</track><start>10:{number % 60:02}</start>'
            f"<url>https://e.org/{number}</url></event>"
            for number in range(count)
        )
        text = XML.format(events=f"<event id='1'><title>T</title><links>{links}</links></event>{events}")
        before = time.process_time()
        read(text)
        return time.process_time() - before

    seconds(100)
    assert seconds(8000) < 30 * max(seconds(1000), 0.05)


DOCUMENT = schedule(
    event(links=[{"url": "https://e.org", "title": "x"}], attachments=[{"url": "a.pdf"}]),
    event(id=2, guid="b", track=None, code="BEEEES", end="2031-07-04T11:00:00+02:00"),
)


@given(mutated(DOCUMENT))
def test_json_that_is_slightly_wrong_is_read_or_refused(document: Any) -> None:
    read_or_refused(frab, as_json(document))


@given(st.data())
def test_xml_that_is_slightly_wrong_is_read_or_refused(data: st.DataObject) -> None:
    text = XML.format(events=XML_EVENT)
    for _ in range(data.draw(st.integers(1, 3))):
        at, length = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, 40))
        text = text[:at] + data.draw(st.text(max_size=5) | st.just("&lol;")) + text[at + length :]
    read_or_refused(frab, text.encode("utf-8", "surrogatepass"))
