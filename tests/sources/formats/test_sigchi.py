"""SIGCHI's program.json, old and new."""

import json
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from bot.errors import UserError
from bot.programme.source import Credit, Link, Severity
from bot.sources.formats import sigchi
from bot.sources.reading.file import File, Hints, Reading
from tests.sources.mutations import as_json, mutated, read_or_refused


def clock(hour: int, minute: int = 0, year: int = 2021) -> int:
    """The milliseconds by which SIGCHI writes that the clocks at the conference show this time."""
    return int(datetime(year, 11, 2, hour, minute, tzinfo=UTC).timestamp() * 1000)


def utc(hour: int, minute: int = 0) -> datetime:
    return datetime(2021, 11, 2, hour, minute, tzinfo=UTC)


def read(document: object, hints: Hints | None = None) -> Reading:
    file = File("program.json", json.dumps(document).encode())
    assert sigchi.recognises(file)
    return sigchi.read(file, hints or Hints())


OLD: dict[str, Any] = {
    "schemeVersion": 3,
    "conference": {
        "id": 1,
        "startDate": clock(0),
        "endDate": clock(0),
        "shortName": "BEES",
        "timeZoneOffset": -300,
        "hideVideoLinksBeforeConference": True,
    },
    "rooms": [{"id": 40, "name": "Aula", "typeId": 10}],
    "tracks": [{"id": 50, "name": "Bees 2021 Papers", "typeId": 10}, {"id": 51, "typeId": 10}],
    "contentTypes": [{"id": 10, "name": "Paper", "duration": 20}, {"id": 11, "name": "Event", "duration": 0}],
    "timeSlots": [{"id": 60, "type": "SESSION", "startDate": clock(9), "endDate": clock(10, 20)}],
    "sessions": [
        {
            "id": 70,
            "name": "Insects",
            "typeId": 10,
            "roomId": 40,
            "chairIds": [92],
            "contentIds": [80, 81],
            "timeSlotId": 60,
            "qaLink": {"url": "discord://x", "duringConferenceOnly": True},
        }
    ],
    "events": [
        {
            "id": 70,
            "name": "Opening",
            "typeId": 11,
            "roomId": 40,
            "chairIds": [],
            "contentIds": [],
            "startDate": clock(8),
            "endDate": clock(8, 30),
            "link": {"href": "https://live.example.org", "label": "Stream"},
            "description": "Welcome!",
            "presenterIds": [],
        },
        {"id": 72, "name": "Coffee", "typeId": 11, "chairIds": [], "contentIds": [], "presenterIds": []},
    ],
    "contents": [
        {
            "id": 80,
            "typeId": 10,
            "title": "Bees in the attic",
            "doi": "https://dl.acm.org/doi/10.1145/1111111.2222222",
            "trackId": 50,
            "tags": ["wings"],
            "keywords": ["honey"],
            "award": "HONORABLE_MENTION",
            "abstract": "They hum.",
            "videos": [
                {"type": "Talk", "url": "https://v.example.org/1"},
                {"type": "Video preview", "url": "https://v.example.org/2"},
            ],
            "authors": [
                {"personId": 90, "affiliations": [{"institution": "Hive", "dsl": "", "city": "Bern", "country": "CH"}]},
                {"personId": 91, "affiliations": []},
            ],
        },
        {
            "id": 81,
            "typeId": 10,
            "title": "Wasps",
            "trackId": 51,
            "authors": [{"institutions": ["Nest"], "personId": 91}],
        },
        {"id": 82, "typeId": 10, "title": "Ants", "trackId": 50, "authors": [{"personId": 99}]},
    ],
    "people": [
        {"id": 90, "firstName": "Ada", "middleInitial": "B", "lastName": "Bee", "affiliations": []},
        {"id": 91, "firstName": "Max", "lastName": "Wasp", "affiliations": [{"institution": "", "dsl": "Nest Lab"}]},
        {"id": 92, "firstName": "Eve", "middleInitial": "", "lastName": "Ant"},
    ],
}


def changed(**fields: Any) -> dict[str, Any]:
    return {**deepcopy(OLD), **fields}


def test_a_content_is_read_with_all_that_people_want_to_know() -> None:
    reading = read(OLD)
    paper = reading.source.papers[0]
    assert (paper.title, paper.abstract, paper.kind, paper.track) == (
        "Bees in the attic",
        "They hum.",
        "Paper",
        "Bees 2021 Papers",
    )
    assert paper.authors == (Credit("Ada B Bee", ("Hive",)), Credit("Max Wasp", ("Nest Lab",)))
    assert paper.topics == ("honey", "wings", "Honorable Mention")
    assert paper.links == (
        Link("DOI", "https://doi.org/10.1145/1111111.2222222"),
        Link("Video: Talk", "https://v.example.org/1"),
        Link("Video preview", "https://v.example.org/2"),
    )
    assert paper.source_id == "80"
    account = reading.account
    assert (account.records, account.papers, account.sessions) == (6, 3, 3)


def test_times_are_those_of_the_clocks_at_the_conference() -> None:
    sessions = read(OLD).source.sessions
    # Nine o'clock where clocks are five hours behind UTC.
    assert [(one.name, one.starts_at, one.ends_at) for one in sessions] == [
        ("Insects", utc(14), utc(15, 20)),
        ("Opening", utc(13), utc(13, 30)),
        ("Coffee", None, None),
    ]


@pytest.mark.parametrize(
    ("conference", "hints", "starts_at"),
    [
        ({"timeZoneName": "Europe/Zurich", "timeZoneOffset": 120}, Hints(), utc(8)),
        ({"timeZoneName": "Mars/Crater", "timeZoneOffset": 120}, Hints(), utc(7)),
        ({}, Hints(zone=ZoneInfo("Asia/Tokyo")), utc(0)),
        ({"timeZoneOffset": -300}, Hints(zone=ZoneInfo("Asia/Tokyo")), utc(14)),
        ({"timeZoneOffset": -300}, Hints(zone=ZoneInfo("Asia/Tokyo"), zone_given=True), utc(0)),
        ({"timeZoneName": "Europe/Zurich"}, Hints(zone=ZoneInfo("Asia/Tokyo"), zone_given=True), utc(0)),
    ],
)
def test_the_zone_is_the_given_one_or_that_of_the_file_or_of_the_conference(
    conference: dict[str, Any], hints: Hints, starts_at: datetime
) -> None:
    assert read(changed(conference=conference), hints).source.sessions[0].starts_at == starts_at


def test_sessions_have_their_room_chairs_and_contents() -> None:
    source = read(OLD).source
    session = source.sessions[0]
    assert (session.kind, session.room, session.chairs) == ("Paper", "Aula", (Credit("Eve Ant"),))
    assert [source.papers[one.paper].title for one in session.appearances] == ["Bees in the attic", "Wasps"]
    assert source.sessions[1].links == (Link("Stream", "https://live.example.org"),)
    assert source.sessions[1].abstract == "Welcome!"


def test_links_only_for_the_time_of_the_conference_are_left_out() -> None:
    assert read(OLD).source.sessions[0].links == ()


def test_videos_that_are_hidden_before_the_conference_are_left_out_until_then() -> None:
    conference = {**OLD["conference"], "startDate": clock(0, year=2190)}
    reading = read(changed(conference=conference))
    assert [link.label for link in reading.source.papers[0].links] == ["DOI"]
    assert any("hidden until the conference begins" in one.message for one in reading.source.problems)


def test_an_author_who_is_no_person_of_the_file_is_a_blank_slot_and_reported() -> None:
    reading = read(OLD)
    assert reading.source.papers[2].authors == (Credit(""),)
    assert any(one.severity is Severity.ACTION and "blank" in one.message for one in reading.source.problems)


def test_a_track_without_a_name_and_the_default_one_are_none() -> None:
    document = changed()
    document["tracks"][0]["name"] = "Default"
    assert [paper.track for paper in read(document).source.papers] == [None, None, None]


NEW: dict[str, Any] = {
    "conference": {
        "id": 2,
        "startDate": clock(0),
        "timeZoneOffset": 60,
        "timeZoneName": "Europe/Zurich",
        "addons": {},
    },
    "publicationInfo": {"publicationStatus": "PUBLISHED", "isDraft": False, "version": 86},
    "rooms": [{"id": "40", "name": "Aula"}],
    "tracks": [{"id": 50, "name": "Default"}],
    "contentTypes": [{"id": 10, "name": "Paper", "displayName": "Papers", "duration": 12}],
    "sessions": [
        {
            "id": "70",
            "name": "Insects",
            "addons": {"Join": {"name": "Join", "type": "custom", "url": "https://z.example.org/1"}},
            "isParallelPresentation": False,
            "typeId": "10",
            "roomId": 40,
            "chairIds": [],
            "contentIds": ["80", "83"],
            "startDate": str(clock(9)),
            "endDate": clock(10),
        }
    ],
    "events": [
        {
            "id": 71,
            "name": "Keynote",
            "description": "On honey.",
            "typeId": 10,
            "startDate": clock(11),
            "endDate": clock(12),
            "chairIds": [],
            "presenterIds": [90],
            "contentIds": [],
        }
    ],
    "contents": [
        {
            "id": 80,
            "typeId": 10,
            "title": "Bees in the attic",
            "addons": {
                "doi": {"type": "doiLink", "url": "doi.org/10.1145/1111111.2222222", "hideBeforeConference": True},
                "Presentation Video": {"type": "video", "url": "https://v.example.org/1"},
                "config": {"type": "config", "label": {"title": "Green", "color": "green"}},
            },
            "recognitionIds": [5],
            "isBreak": False,
            "importedId": "bees-1",
            "trackId": 50,
            "sessionIds": [70],
            "eventIds": [],
            "authors": [{"personId": "90", "affiliations": [{"institution": "Hive"}]}],
        },
        {"id": 83, "typeId": 10, "title": "Break", "isBreak": True, "sessionIds": [70], "authors": []},
        {"id": 84, "typeId": 10, "title": "Wasps", "sessionIds": ["70"], "authors": []},
    ],
    "people": [{"id": 90, "firstName": "Ada", "middleInitial": None, "lastName": "Bee"}],
    "recognitions": [{"id": 5, "name": "Artefact Available"}],
}


def test_the_newer_form_is_read() -> None:
    reading = read(NEW)
    paper = reading.source.papers[0]
    assert paper.links == (
        Link("DOI", "https://doi.org/10.1145/1111111.2222222"),
        Link("Presentation Video", "https://v.example.org/1"),
    )
    assert (paper.topics, paper.other_ids, paper.track) == (("Artefact Available",), ("bees-1",), None)
    session = reading.source.sessions[0]
    assert (session.room, session.kind, session.starts_at, session.ends_at) == ("Aula", "Paper", utc(8), utc(9))
    assert session.links == (Link("Join", "https://z.example.org/1"),)
    # A content that names its session is in it, though the session does not list it, and only once if it does.
    assert [reading.source.papers[one.paper].title for one in session.appearances] == ["Bees in the attic", "Wasps"]
    assert reading.account.left_out == {"a break within a session": 1}


def test_a_keynote_is_a_session_and_a_paper_of_its_speakers() -> None:
    reading = read(NEW)
    keynote = reading.source.papers[-1]
    assert (keynote.title, keynote.authors, keynote.abstract) == ("Keynote", (Credit("Ada Bee"),), "On honey.")
    assert [one.paper for one in reading.source.sessions[1].appearances] == [len(reading.source.papers) - 1]
    account = reading.account
    assert (account.records, account.papers, account.sessions) == (5, 3, 1)


def test_a_large_session_holds_each_content_once_though_both_name_the_other() -> None:
    numbers = list(range(1000, 1120))
    document = deepcopy(NEW)
    document["contents"] = [{"id": number, "title": f"Bee {number}", "sessionIds": [70]} for number in numbers]
    document["sessions"][0]["contentIds"] = numbers
    assert len(read(document).source.sessions[0].appearances) == len(numbers)


def test_a_draft_is_asked_about() -> None:
    reading = read({**NEW, "publicationInfo": {"isDraft": True}})
    assert any("draft" in one.message and one.severity is Severity.ACTION for one in reading.source.problems)


@pytest.mark.parametrize("moment", [10**18, -(10**15), 1.5e300])
def test_a_time_that_nobody_can_mean_is_left_out_and_reported(moment: float) -> None:
    document = changed()
    document["events"][0]["startDate"] = moment
    reading = read(document)
    assert reading.source.sessions[1].starts_at is None
    assert any("Opening" in one.message and one.severity is Severity.ACTION for one in reading.source.problems)


def test_what_has_no_title_is_left_out() -> None:
    document = changed()
    document["contents"][1]["title"] = " "
    document["events"][1]["name"] = None
    assert read(document).account.left_out == {"no title": 2}


def test_a_wrong_type_is_refused_with_its_place() -> None:
    document = changed()
    document["contents"][1]["authors"] = "Max Wasp"
    with pytest.raises(UserError, match=r"^program\.json: contents\[1\]\.authors: expected"):
        read(document)


@pytest.mark.parametrize(
    "document",
    [
        {"sessions": [], "speakers": [], "rooms": [], "categories": []},
        {"contents": [], "people": []},
        {"sessions": [], "contents": [], "people": []},
        [],
        None,
    ],
)
def test_other_files_are_not_taken_for_sigchi(document: object) -> None:
    file = File("other", json.dumps(document).encode())
    assert not sigchi.recognises(file)
    with pytest.raises(UserError, match=r"^other: it is not "):
        sigchi.read(file, Hints())


@given(mutated(OLD))
def test_an_old_programme_that_is_slightly_wrong_is_read_or_refused(document: Any) -> None:
    read_or_refused(sigchi, as_json(document))


@given(mutated(NEW))
def test_a_new_programme_that_is_slightly_wrong_is_read_or_refused(document: Any) -> None:
    read_or_refused(sigchi, as_json(document))
