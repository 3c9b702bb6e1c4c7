"""Files from pretalx's API: pages of submissions and slots, schedules, the widget's data, days by minute and room."""

import json
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from bot.errors import UserError
from bot.programme.source import Credit, Link, Severity
from bot.sources.formats import frab, pretalx
from bot.sources.reading.file import File, Hints, Reading
from tests.sources.mutations import as_json, mutated, read_or_refused


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2031, 7, day, hour, minute, tzinfo=UTC)


def read(document: object, hints: Hints | None = None) -> Reading:
    file = File("talks.json", json.dumps(document).encode())
    assert pretalx.recognises(file)
    assert not frab.recognises(file)
    return pretalx.read(file, hints or Hints())


def slot(
    start: str = "2031-07-04T10:00:00+02:00", end: str = "2031-07-04T10:25:00+02:00", room: object = "Aula"
) -> Any:
    name = {"en": room, "de": f"Saal {room}"} if isinstance(room, str) else room
    return {"id": 31, "room": {"id": 4, "name": name} if isinstance(room, str) else room, "start": start, "end": end}


def submission(**fields: Any) -> dict[str, Any]:
    return {
        "code": "BEEEES",
        "title": "Bees in the attic",
        "speakers": [{"code": "ADABEE", "name": "Ada Bee", "biography": "Hums.", "avatar_url": "", "answers": []}],
        "submission_type": {"id": 3, "name": {"de": "Kurzvortrag", "en": "Short talk"}, "default_duration": 25},
        "track": {"id": 9, "name": {"en": "Biology"}},
        "tags": [],
        "state": "confirmed",
        "pending_state": None,
        "abstract": "They hum.",
        "description": "Loudly, **all** night.",
        "duration": 25,
        "slot_count": 1,
        "content_locale": "de",
        "resources": [],
        "slots": [slot()],
        "answers": [{"id": 1, "question": 3, "answer": "Beginners"}],
        "is_featured": False,
        **fields,
    }


def page(*records: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"count": len(records), "next": None, "previous": None, "results": list(records), **fields}


def test_a_submission_is_read_with_its_slot() -> None:
    source = read(page(submission())).source
    (paper,) = source.papers
    assert (paper.title, paper.kind, paper.track) == ("Bees in the attic", "Short talk", "Biology")
    assert paper.authors == (Credit("Ada Bee"),)
    assert paper.abstract == "They hum.\n\nLoudly, **all** night."
    assert paper.source_id == "BEEEES"
    (session,) = source.sessions
    assert (session.name, session.room) == ("Biology", "Aula")
    assert (session.starts_at, session.ends_at) == (utc(4, 8), utc(4, 8, 25))


@pytest.mark.parametrize(
    "fields",
    [
        {"next": "https://cfp.example.org/api/events/bees/submissions/?page=2"},
        {"previous": "https://x/"},
        {"count": 75},
    ],
)
def test_one_page_of_several_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(UserError, match=r"^talks\.json: it is one page with 1 of \d+ records"):
        read(page(submission(), **fields))


def test_records_put_together_by_hand_are_read_as_a_list_too() -> None:
    assert len(read([submission(), submission(code="WASPPP", title="Wasps")]).source.papers) == 2


@pytest.mark.parametrize(
    ("state", "pending", "reason"),
    [
        ("submitted", None, "submitted"),
        ("submitted", "accepted", "submitted"),
        ("rejected", None, "rejected"),
        ("canceled", None, "canceled"),
        ("withdrawn", None, "withdrawn"),
        ("deleted", None, "deleted"),
        ("draft", None, "draft"),
        ("accepted", "rejected", "rejected"),
        ("confirmed", "canceled", "canceled"),
    ],
)
def test_what_is_not_public_stays_out(state: str, pending: str | None, reason: str) -> None:
    wasps = submission(code="WASPPP", title="Wasps", state="accepted")
    reading = read(page(submission(state=state, pending_state=pending), wasps))
    assert [paper.title for paper in reading.source.papers] == ["Wasps"]
    assert reading.account.left_out == {reason: 1}


def test_tags_and_resources_that_are_public_become_topics_and_links() -> None:
    one = submission(
        tags=[
            "insects",
            {"id": 2, "tag": "honey", "is_public": True},
            {"id": 3, "tag": "boring", "is_public": False},
            4,
        ],
        resources=[
            {"id": 1, "resource": "https://hive.example.org", "description": "The hive"},
            {"id": 2, "resource": "https://x.example.org/secret.pdf", "description": "x", "is_public": False},
            {"id": 3, "resource": "/media/bees.pdf", "description": ""},
            7,
        ],
    )
    (paper,) = read(page(one)).source.papers
    assert paper.topics == ("insects", "honey")
    assert paper.links == (Link("The hive", "https://hive.example.org"),)


def test_a_talk_in_two_slots_is_one_paper_that_appears_twice() -> None:
    again = slot("2031-07-05T10:00:00+02:00", "2031-07-05T10:25:00+02:00")
    hidden = {**slot(room="Barn"), "is_visible": False}
    reading = read(page(submission(slot_count=2, track=None, slots=[slot(), again, hidden])))
    assert [(one.name, one.starts_at) for one in reading.source.sessions] == [
        ("Bees in the attic", utc(4, 8)),
        ("Bees in the attic", utc(5, 8)),
    ]
    assert {one.paper for session in reading.source.sessions for one in session.appearances} == {0}
    assert (reading.account.records, reading.account.papers) == (1, 1)


def test_a_submission_without_a_slot_is_in_no_session() -> None:
    source = read(page(submission(slots=[]))).source
    assert (len(source.papers), source.sessions) == (1, ())


def test_the_form_of_older_versions_is_read() -> None:
    old = submission(
        submission_type={"de": "Vortrag", "en": "Talk"},
        track=None,
        slot={"room_id": 4, "room": {"en": "Aula"}, "start": "2031-07-04T10:00:00+02:00", "end": None},
    )
    del old["slots"]
    source = read(page(old)).source
    assert source.papers[0].kind == "Talk"
    assert [(one.room, one.starts_at, one.ends_at) for one in source.sessions] == [("Aula", utc(4, 8), None)]


def test_what_is_not_expanded_is_asked_for_and_never_shown_as_numbers() -> None:
    bare = submission(speakers=["ADABEE"], submission_type=3, track=9, tags=[1], slots=[slot(room=4), 12])
    reading = read(page(bare))
    (paper,) = reading.source.papers
    assert (paper.authors, paper.kind, paper.track, paper.topics) == ((), "", None, ())
    assert reading.source.sessions[0].room is None
    asked = [one.message for one in reading.source.problems if one.severity is Severity.ACTION]
    assert any("ADABEE" in message and "expand=speakers" in message for message in asked)
    assert any("room" in message and "expand=" in message for message in asked)


def test_slots_with_their_submissions_are_read_and_breaks_among_them() -> None:
    lunch = {**slot("2031-07-04T12:00:00+02:00", "2031-07-04T13:00:00+02:00"), "submission": None}
    lunch["description"] = {"en": "Lunch", "de": "Mittagessen"}
    talk = submission()
    del talk["slots"]
    blocker = {**lunch, "description": {"en": "Sound check"}, "slot_type": "blocker"}
    slots: list[dict[str, Any]] = [{**slot(), "submission": talk}, lunch, blocker]
    for document in ({"id": 2, "version": "0.3", "slots": slots}, page(*slots)):
        reading = read(document)
        assert [(one.name, one.starts_at, one.ends_at) for one in reading.source.sessions] == [
            ("Biology", utc(4, 8), utc(4, 8, 25)),
            ("Lunch", utc(4, 10), utc(4, 11)),
        ]
        assert reading.account.left_out == {"time kept free by the organizers": 1}
        assert (reading.account.records, reading.account.sessions, reading.account.papers) == (3, 1, 1)


def test_slots_that_name_their_talks_by_code_are_refused() -> None:
    with pytest.raises(UserError, match=r"by code only, such as “BEEEES”.*/submissions/"):
        read(page({**slot(), "submission": "BEEEES"}))


WIDGET: dict[str, Any] = {
    "talks": [
        {
            "code": "BEEEES",
            "id": 77,
            "title": "Bees in the attic",
            "abstract": "They hum.",
            "speakers": ["ADABEE"],
            "track": 9,
            "start": "2031-07-04T10:00:00+02:00",
            "end": "2031-07-04T10:25:00+02:00",
            "room": 4,
            "duration": 25,
        },
        {"id": 78, "title": {"en": "Lunch"}, "start": "2031-07-04T12:00:00", "end": "2031-07-04T13:00:00", "room": 4},
    ],
    "version": "0.3",
    "timezone": "Europe/Vienna",
    "event_start": "2031-07-04",
    "tracks": [{"id": 9, "name": {"en": "Biology"}, "color": "#fff"}],
    "rooms": [{"id": 4, "name": {"en": "Aula"}}],
    "speakers": [{"code": "ADABEE", "name": "Ada Bee", "avatar": None}],
}


def test_the_data_of_the_widget_is_read_with_its_own_tables() -> None:
    reading = read(WIDGET)
    (paper,) = reading.source.papers
    assert (paper.authors, paper.track) == ((Credit("Ada Bee"),), "Biology")
    assert [(one.name, one.room, one.starts_at, one.ends_at) for one in reading.source.sessions] == [
        ("Biology", "Aula", utc(4, 8), utc(4, 8, 25)),
        ("Lunch", "Aula", utc(4, 10), utc(4, 11)),
    ]
    assert reading.zone == "Europe/Vienna"


def by_day() -> dict[str, Any]:
    twice = submission(
        code="SPRINT",
        title="Building a hive",
        track=None,
        slots=[slot(), slot("2031-07-05T10:00:00+02:00", "2031-07-05T10:25:00+02:00")],
    )
    return {
        "schedule": {
            "2031-07-06": {"510": {}, "600": {"4": submission(track=None, slots=[slot("2031-07-06T10:00+02:00")])}}
        },
        "sprints": {"2031-07-04": {"600": {"4": twice}}, "2031-07-05": {"600": {"4": deepcopy(twice)}}},
        "extra": {"2031-07-06": {"750": {"id": "lunch", "title": {"en": "Lunch", "fr": "Déjeuner"}}}},
        "rooms": [{"id": 4, "name": {"en": "Aula"}}],
        "speakers": {"ADABEE": {"code": "ADABEE", "name": "Ada Bee"}},
    }


def test_talks_by_day_minute_and_room_are_read_each_once() -> None:
    reading = read(by_day())
    account = reading.account
    assert (account.records, account.papers, account.merged, account.sessions) == (4, 2, 1, 1)
    assert sorted((one.name, one.starts_at) for one in reading.source.sessions if one.starts_at) == [
        ("Bees in the attic", utc(6, 8)),
        ("Building a hive", utc(4, 8)),
        ("Building a hive", utc(5, 8)),
        ("Lunch", utc(6, 10, 30)),
    ]


def test_breaks_by_minute_are_in_the_zone_that_is_given() -> None:
    reading = read(by_day(), Hints(zone=ZoneInfo("Europe/London"), zone_given=True))
    assert [one.starts_at for one in reading.source.sessions if one.name == "Lunch"] == [utc(6, 11, 30)]


def test_a_talk_after_midnight_belongs_to_the_day_before() -> None:
    late = submission(
        code="LATEEE", title="Moths", slots=[slot("2031-07-05T01:00:00+02:00", "2031-07-05T01:30:00+02:00")]
    )
    (session,) = read(page(submission(), late)).source.sessions
    assert (session.starts_at, session.ends_at) == (utc(4, 8), utc(4, 23, 30))


@pytest.mark.parametrize(
    "document",
    [
        {"count": 1, "next": None, "results": [{"id": 1, "name": "x", "eventtype": "Poster", "virtualsite_url": "/1"}]},
        {"count": 0, "results": []},
        {"results": [{"title": "x", "code": "A"}]},
        [{"title": "A paper", "abstract": "x"}],
        {"talks": [{"title": "x"}]},
        {"schedule": {"conference": {"days": []}}},
        {"2031-07-04": 1},
        [],
        "x",
        None,
    ],
)
def test_other_files_are_not_taken_for_pretalx(document: object) -> None:
    file = File("other", json.dumps(document).encode())
    assert not pretalx.recognises(file)
    with pytest.raises(UserError, match=r"^other: it is not "):
        pretalx.read(file, Hints())


def test_a_wrong_type_is_refused_with_its_place() -> None:
    with pytest.raises(UserError, match=r"^talks\.json: results\[1\]\.title: expected"):
        read(page(submission(), submission(title=["x"])))


@given(mutated(page(submission(tags=["a"]), {**slot(), "submission": submission()})))
def test_a_page_that_is_slightly_wrong_is_read_or_refused(document: Any) -> None:
    read_or_refused(pretalx, as_json(document))


@given(mutated(by_day()))
def test_days_that_are_slightly_wrong_are_read_or_refused(document: Any) -> None:
    read_or_refused(pretalx, as_json(document))


@given(mutated(WIDGET))
def test_a_widget_that_is_slightly_wrong_is_read_or_refused(document: Any) -> None:
    read_or_refused(pretalx, as_json(document))
