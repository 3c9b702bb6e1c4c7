"""The views of a Sessionize API endpoint."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from bot.errors import UserError
from bot.programme.source import Credit, Link, Severity
from bot.sources.formats import sessionize
from bot.sources.reading.file import File, Hints, Reading
from tests.sources.mutations import as_json, mutated, read_or_refused

VIENNA = Hints(zone=ZoneInfo("Europe/Vienna"))


def utc(hour: int, minute: int = 0) -> datetime:
    return datetime(2031, 7, 4, hour, minute, tzinfo=UTC)


def read(document: object, hints: Hints = VIENNA) -> Reading:
    file = File("all.json", json.dumps(document).encode())
    assert sessionize.recognises(file)
    return sessionize.read(file, hints)


def session(**fields: Any) -> dict[str, Any]:
    return {
        "id": "101",
        "title": "Bees in production",
        "description": "They hum.\r\n\r\nLoudly.",
        "startsAt": "2031-07-04T10:00:00",
        "endsAt": "2031-07-04T10:45:00",
        "isServiceSession": False,
        "isPlenumSession": False,
        "speakers": ["a-1", "b-2"],
        "categoryItems": [11, 21, 31, 32],
        "questionAnswers": [{"questionId": 1, "answerValue": "secret"}],
        "roomId": 5,
        "liveUrl": None,
        "recordingUrl": None,
        "status": "Accepted",
        "isInformed": True,
        "isConfirmed": True,
        **fields,
    }


LUNCH = session(
    id="5f3c",
    title="Lunch",
    description=None,
    isServiceSession=True,
    isPlenumSession=True,
    speakers=[],
    categoryItems=[],
)


def everything(*sessions: dict[str, Any]) -> dict[str, Any]:
    return {
        "sessions": list(sessions),
        "speakers": [
            {
                "id": "a-1",
                "firstName": "Ada",
                "lastName": "Bee",
                "fullName": "Ada Bee",
                "tagLine": "Hive Inc.",
                "bio": "x",
            },
            {"id": "b-2", "firstName": "Max", "lastName": "Wasp", "fullName": None, "tagLine": "Nest Ltd"},
        ],
        "questions": [],
        "categories": [
            {
                "id": 1,
                "title": "Track",
                "items": [{"id": 11, "name": "Insects"}, {"id": 12, "name": "Birds"}],
                "sort": 0,
            },
            {"id": 2, "title": "Session format", "items": [{"id": 21, "name": "Talk"}], "sort": 1},
            {
                "id": 3,
                "title": "Level",
                "items": [{"id": 31, "name": "Beginner"}, {"id": 32, "name": "Expert"}],
                "sort": 2,
            },
        ],
        "rooms": [{"id": 5, "name": "Aula", "sort": 0}],
    }


def test_a_session_is_a_talk_and_a_session_of_its_own() -> None:
    reading = read(everything(session(liveUrl="https://live.example.org", recordingUrl="https://v.example.org/1")))
    (paper,) = reading.source.papers
    assert (paper.title, paper.kind, paper.track, paper.topics) == (
        "Bees in production",
        "Talk",
        "Insects",
        ("Beginner", "Expert"),
    )
    assert paper.authors == (Credit("Ada Bee"), Credit("Max Wasp"))
    assert paper.abstract == "They hum.\r\n\r\nLoudly."
    assert paper.links == (Link("Live", "https://live.example.org"), Link("Video", "https://v.example.org/1"))
    (one,) = reading.source.sessions
    assert (one.name, one.kind, one.track, one.room) == ("Bees in production", "Talk", "Insects", "Aula")
    # Naive times are those of the conference; in July Vienna is two hours ahead of UTC.
    assert (one.starts_at, one.ends_at) == (utc(8), utc(8, 45))
    assert [appearance.paper for appearance in one.appearances] == [0]
    assert reading.zone == "Europe/Vienna"
    assert (reading.account.records, reading.account.papers) == (1, 1)


def test_a_service_session_is_a_session_only() -> None:
    reading = read(everything(LUNCH, session()))
    assert [paper.title for paper in reading.source.papers] == ["Bees in production"]
    assert [(one.name, len(one.appearances)) for one in reading.source.sessions] == [
        ("Lunch", 0),
        ("Bees in production", 1),
    ]
    assert (reading.account.records, reading.account.sessions, reading.account.papers) == (2, 1, 1)


@pytest.mark.parametrize(
    "status", ["Declined", "Nominated", "Waitlisted", "Accept_Queue", "AcceptQueue", "Decline_Queue"]
)
def test_what_is_not_accepted_stays_out(status: str) -> None:
    reading = read(everything(session(status=status), session(id="102", title="Wasps")))
    assert [paper.title for paper in reading.source.papers] == ["Wasps"]
    assert sum(reading.account.left_out.values()) == 1


def test_the_configuration_can_make_a_status_public() -> None:
    hints = Hints(zone=ZoneInfo("UTC"), public=frozenset({"Accept_Queue"}))
    assert len(read(everything(session(status="Accept_Queue")), hints).source.papers) == 1


def test_a_session_without_a_time_and_a_room_is_a_paper_in_no_session() -> None:
    source = read(everything(session(startsAt=None, endsAt=None, roomId=None))).source
    assert (len(source.papers), source.sessions) == (1, ())


def test_a_session_without_a_title_is_left_out() -> None:
    assert read(everything(session(title=" "), session(id="102"))).account.left_out == {"no title": 1}


def test_a_speaker_who_is_missing_from_the_list_is_a_blank_slot_and_reported() -> None:
    reading = read(everything(session(speakers=["a-1", "zz"])))
    assert reading.source.papers[0].authors == (Credit("Ada Bee"), Credit(""))
    assert any(one.severity is Severity.ACTION for one in reading.source.problems)


def test_texts_in_several_languages_and_lengths_instead_of_ends_are_read() -> None:
    one = session(title={"ja": "ハチ", "en": "Bees"}, endsAt=None, lengthInMinutes=20)
    (read_one,) = read(everything(one)).source.sessions
    assert (read_one.name, read_one.ends_at) == ("Bees", utc(8, 20))


def in_full(**fields: Any) -> dict[str, Any]:
    """A session as the views "Sessions" and "GridSmart" have it."""
    one = session(
        speakers=[{"id": "a-1", "name": "Ada Bee"}],
        categories=[
            {"id": 1, "name": "Track", "categoryItems": [{"id": 11, "name": "Insects"}, {"id": 12, "name": "Birds"}]},
            {"id": 3, "name": "Level", "categoryItems": [{"id": 31, "name": "Beginner"}]},
        ],
        room="Aula",
        **fields,
    )
    del one["categoryItems"]
    return one


def test_the_view_of_groups_is_read() -> None:
    reading = read([{"groupId": None, "groupName": "All", "isDefault": True, "sessions": [in_full()]}])
    (paper,) = reading.source.papers
    assert (paper.authors, paper.track, paper.topics) == ((Credit("Ada Bee"),), "Insects", ("Birds", "Beginner"))
    assert [(one.room, one.starts_at) for one in reading.source.sessions] == [("Aula", utc(8))]


def test_the_view_of_the_grid_is_read_each_session_once() -> None:
    plenary = {**in_full(id="102", title="Opening", isPlenumSession=True), "room": None, "roomId": None}
    nameless = {**in_full(id="103", title="Wasps"), "room": None}
    grid = [
        {
            "date": "2031-07-04T00:00:00",
            "isDefault": True,
            "rooms": [
                {"id": 5, "name": "Aula", "sessions": [in_full(), plenary], "hasOnlyPlenumSessions": False},
                {"id": 6, "name": "Barn", "sessions": [nameless]},
            ],
            "timeSlots": [
                {"slotStart": "10:00:00", "rooms": [{"id": 5, "name": "Aula", "session": in_full(), "index": 0}]}
            ],
        }
    ]
    reading = read(grid)
    assert [(one.name, one.room) for one in reading.source.sessions] == [
        ("Bees in production", "Aula"),
        ("Opening", None),
        ("Wasps", "Barn"),
    ]
    assert reading.account.records == 3


def test_the_view_of_speakers_is_refused_with_what_to_take_instead() -> None:
    with pytest.raises(UserError, match=r"^all\.json: it is Sessionize's view “Speakers”.*“All”"):
        read([{"id": "a-1", "fullName": "Ada Bee", "tagLine": "x", "sessions": [{"id": 101, "name": "Bees"}]}])


@pytest.mark.parametrize(
    "document",
    [
        {"sessions": [], "speakers": [], "rooms": []},
        {"sessions": [{"id": 1, "contentIds": []}], "contents": [], "people": [], "rooms": [], "speakers": []},
        [{"title": "x", "sessions": []}],
        [1],
        {"rooms": {}},
        None,
    ],
)
def test_other_files_are_not_taken_for_sessionize(document: object) -> None:
    file = File("other", json.dumps(document).encode())
    assert not sessionize.recognises(file)
    with pytest.raises(UserError, match=r"^other: it is not "):
        sessionize.read(file, VIENNA)


def test_a_wrong_type_is_refused_with_its_place() -> None:
    with pytest.raises(UserError, match=r"^all\.json: sessions\[1\]\.speakers: expected"):
        read(everything(session(), session(speakers="Ada")))


@given(mutated(everything(session(), LUNCH)))
def test_a_view_that_is_slightly_wrong_is_read_or_refused(document: Any) -> None:
    read_or_refused(sessionize, as_json(document))


@given(mutated([{"date": "2031-07-04", "rooms": [{"id": 5, "name": "Aula", "sessions": [in_full()]}]}]))
def test_a_grid_that_is_slightly_wrong_is_read_or_refused(document: Any) -> None:
    read_or_refused(sessionize, as_json(document))
