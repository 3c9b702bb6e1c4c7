"""Indico's exports: timetables, and events with contributions or sessions."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given

from bot.errors import UserError
from bot.programme.source import Credit, Link, SourceAppearance
from bot.sources.formats import indico
from bot.sources.reading.file import File, Hints, Reading
from tests.sources.mutations import as_json, mutated, read_or_refused

URL = "https://indico.example.org/export/timetable/7.json?pretty=yes"


def utc(hour: int, minute: int = 0, day: int = 4) -> datetime:
    return datetime(2031, 7, day, hour, minute, tzinfo=UTC)


def when(time: str, date: str = "2031-07-04", zone: str = "Europe/Zurich") -> dict[str, str]:
    return {"date": date, "time": f"{time}:00", "tz": zone}


def read(document: object, hints: Hints | None = None) -> Reading:
    file = File("export.json", json.dumps(document).encode())
    assert indico.recognises(file)
    return indico.read(file, hints or Hints())


def contribution(key: str = "c31", **fields: Any) -> dict[str, Any]:
    return {
        "_type": "ContribSchEntry",
        "entryType": "Contribution",
        "id": key,
        "contributionId": int(key[1:]) + 500,
        "title": "Bees in the attic",
        "description": "<p>They hum.</p>",
        "startDate": when("10:00"),
        "endDate": when("10:20"),
        "location": "Campus",
        "room": "Aula",
        "presenters": [
            {"firstName": "Ada", "familyName": "Bee", "name": "Prof. Ada Bee", "affiliation": "Hive", "emailHash": "x"}
        ],
        "authors": [{"name": "Max Wasp", "affiliation": ""}],
        "url": "/event/7/contributions/531/",
        "pdf": "/event/7/contributions/531/contribution.pdf",
        "attachments": {
            "files": [{"title": "bees.pdf", "download_url": "/event/7/attachments/1/bees.pdf"}],
            "folders": [{"title": "More", "attachments": [{"title": "Film", "link_url": "https://v.example.org/1"}]}],
        },
        "references": [{"type": "arXiv", "value": "1", "url": "https://arxiv.org/abs/1", "urn": ""}],
        "board_number": "",
        "code": "",
        **fields,
    }


def slot(key: str = "s3", entries: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    return {
        "entryType": "Session",
        "id": key,
        "sessionSlotId": int(key[1:]) + 70,
        "sessionId": 4,
        "title": "Insects",
        "slotTitle": "",
        "description": "All about them.",
        "startDate": when("10:00"),
        "endDate": when("11:00"),
        "room": "Aula",
        "location": "Campus",
        "isPoster": False,
        "conveners": [{"name": "Eve Ant", "affiliation": "Hill"}],
        "entries": {"c31": contribution()} if entries is None else entries,
        "url": "/event/7/sessions/4/",
        **fields,
    }


def timetable(*days: dict[str, Any], **fields: Any) -> dict[str, Any]:
    dates = {f"203107{number:02}": day for number, day in enumerate(days, 4)}
    return {"_type": "HTTPAPIResult", "count": 1, "additionalInfo": {}, "url": URL, "results": {"7": dates}, **fields}


def test_a_contribution_is_read_with_all_that_people_want_to_know() -> None:
    reading = read(timetable({"s3": slot()}))
    (paper,) = reading.source.papers
    assert (paper.title, paper.abstract, paper.source_id) == ("Bees in the attic", "They hum.", "531")
    assert paper.authors == (Credit("Ada Bee", ("Hive",)), Credit("Max Wasp"))
    assert paper.links == (
        Link("Page", "https://indico.example.org/event/7/contributions/531/"),
        Link("arXiv", "https://arxiv.org/abs/1"),
        Link("bees.pdf", "https://indico.example.org/event/7/attachments/1/bees.pdf"),
        Link("Film", "https://v.example.org/1"),
    )
    (session,) = reading.source.sessions
    assert (session.name, session.room, session.abstract) == ("Insects", "Aula", "All about them.")
    # In July Zurich is two hours ahead of UTC.
    assert (session.starts_at, session.ends_at) == (utc(8), utc(9))
    assert session.chairs == (Credit("Eve Ant", ("Hill",)),)
    assert session.links == (Link("Page", "https://indico.example.org/event/7/sessions/4/"),)
    assert session.appearances == (SourceAppearance(0, utc(8), utc(8, 20)),)
    assert (reading.account.records, reading.account.papers, reading.account.sessions) == (2, 1, 1)


def test_relative_addresses_are_dropped_where_the_site_is_not_named() -> None:
    document = timetable({"s3": slot()})
    del document["url"]
    source = read(document).source
    assert source.sessions[0].links == ()
    assert [link.label for link in source.papers[0].links] == ["arXiv", "Film"]


def test_a_session_in_several_slots_is_several_sessions() -> None:
    later = slot("s4", {"c32": contribution("c32", title="Wasps")}, slotTitle="Part 2", startDate=when("14:00"))
    source = read(timetable({"s3": slot(slotTitle="Part 1"), "s4": later})).source
    assert [(one.name, len(one.appearances)) for one in source.sessions] == [
        ("Insects: Part 1", 1),
        ("Insects: Part 2", 1),
    ]


def test_breaks_are_sessions_wherever_they_are() -> None:
    coffee = {"entryType": "Break", "id": "b1", "title": "Coffee", "startDate": when("10:20"), "endDate": when("10:40")}
    lunch = {**coffee, "id": "b2", "title": "Lunch", "startDate": when("12:00"), "endDate": when("13:00")}
    tea = contribution("c40", title="Tea break", presenters=[], authors=[], description="")
    reading = read(timetable({"s3": slot(entries={"c31": contribution(), "b1": coffee, "c40": tea}), "b2": lunch}))
    assert [(one.name, one.kind, one.starts_at) for one in reading.source.sessions] == [
        ("Insects", "", utc(8)),
        ("Coffee", "Break", utc(8, 20)),
        ("Tea break", "", utc(8)),
        ("Lunch", "Break", utc(10)),
    ]
    assert len(reading.source.papers) == 1
    assert (reading.account.records, reading.account.sessions) == (5, 4)


def test_a_contribution_outside_of_sessions_is_a_session_of_its_own() -> None:
    source = read(timetable({"c31": contribution()})).source
    (session,) = source.sessions
    assert (session.name, session.room, session.starts_at, session.abstract) == (
        "Bees in the attic",
        "Aula",
        utc(8),
        None,
    )
    assert [one.paper for one in session.appearances] == [0]


def test_a_contribution_of_which_only_the_title_is_known_is_a_paper() -> None:
    bare = contribution(presenters=[], authors=[], description="")
    assert [paper.title for paper in read(timetable({"c31": bare})).source.papers] == ["Bees in the attic"]


def test_a_session_past_midnight_that_is_listed_on_both_days_is_there_once() -> None:
    night = slot(startDate=when("23:00"), endDate=when("01:00", "2031-07-05"))
    reading = read(timetable({"s3": night}, {"s3": night}))
    assert [len(one.appearances) for one in reading.source.sessions] == [1]
    account = reading.account
    assert (account.records, account.papers, account.merged, account.sessions) == (4, 1, 1, 2)


def test_posters_keep_their_boards() -> None:
    poster = contribution(board_number="17")
    source = read(timetable({"s3": slot(entries={"c31": poster}, isPoster=True)})).source
    assert source.sessions[0].kind == "Poster session"
    assert source.sessions[0].appearances[0].board == "17"


def test_a_contribution_in_another_room_than_its_session_keeps_it() -> None:
    source = read(
        timetable({"s3": slot(entries={"c31": contribution(room="Barn"), "c32": contribution("c32")})})
    ).source
    assert [one.room for one in source.sessions[0].appearances] == ["Barn", None]


def test_a_place_without_a_room_is_the_place() -> None:
    assert read(timetable({"c31": contribution(room="")})).source.sessions[0].room == "Campus"


@pytest.mark.parametrize("wrap", [lambda days: {"results": days}, lambda days: days, lambda days: days["7"]])
def test_a_timetable_is_known_without_its_wrapping(wrap: Any) -> None:
    assert len(read(wrap(timetable({"s3": slot()})["results"])).source.papers) == 1


def old_contribution(number: str, **fields: Any) -> dict[str, Any]:
    return {
        "_type": "Contribution",
        "_fossil": "contributionMetadata",
        "id": number,
        "title": f"Talk {number}",
        "description": "x",
        "startDate": when("10:00"),
        "endDate": when("10:20"),
        "duration": 20,
        "session": None,
        "track": None,
        "type": None,
        "room": None,
        "location": "Campus",
        **fields,
    }


def event(**fields: Any) -> dict[str, Any]:
    return {
        "count": 1,
        "_type": "HTTPAPIResult",
        "complete": True,
        "url": "https://indico.example.org/export/event/7.json?detail=sessions",
        "results": [
            {
                "_type": "Conference",
                "id": "7",
                "title": "Bees 2031",
                "timezone": "Europe/Zurich",
                "startDate": when("08:00"),
                "endDate": when("18:00"),
                **fields,
            }
        ],
    }


def test_contributions_of_an_event_are_grouped_by_the_name_of_their_session_and_the_day() -> None:
    tomorrow = {"startDate": when("10:00", "2031-07-05"), "endDate": when("10:20", "2031-07-05")}
    reading = read(
        event(
            contributions=[
                old_contribution("1", session="Insects"),
                old_contribution("2", session="Insects", startDate=when("10:20"), endDate=when("10:40")),
                old_contribution("3", session="Insects", **tomorrow),
                old_contribution("4"),
            ]
        )
    )
    assert [(one.name, one.starts_at, one.ends_at, len(one.appearances)) for one in reading.source.sessions] == [
        ("Insects", utc(8), utc(8, 40), 2),
        ("Insects", utc(8, day=5), utc(8, 20, day=5), 1),
        ("Talk 4", utc(8), utc(8, 20), 1),
    ]
    assert reading.account.records == reading.account.papers == 4


def test_authors_of_a_contribution_come_in_order_and_speakers_after_them_once() -> None:
    def person(first: str, last: str, place: str) -> dict[str, Any]:
        return {"first_name": first, "last_name": last, "fullName": f"{last}, {first}", "affiliation": place}

    one = old_contribution(
        "1",
        primaryauthors=[person("Max", "Wasp", "Nest")],
        coauthors=[person("Ada", "Bee", "Hive")],
        speakers=[person("Ada", "Bee", "Hive"), {"fullName": "Ant, Eve", "affiliation": None}],
        keywords=["honey", " wax "],
        track="Biology",
        type="Oral",
        db_id=531,
        code="BEE-1",
    )
    (paper,) = read(event(contributions=[one])).source.papers
    assert paper.authors == (Credit("Max Wasp", ("Nest",)), Credit("Ada Bee", ("Hive",)), Credit("Eve Ant"))
    assert (paper.kind, paper.track, paper.topics) == ("Oral", "Biology", ("honey", "wax"))
    assert (paper.source_id, paper.other_ids) == ("531", ("BEE-1",))


def test_sessions_of_an_event_hold_their_contributions_and_those_within_them() -> None:
    part = {"id": "0", "title": "A short one", "speakers": [{"first_name": "Eve", "last_name": "Ant"}], "duration": 5}
    session = {
        "_type": "SessionSlot",
        "id": 70,
        "title": "Insects: Part 1",
        "slotTitle": "Part 1",
        "startDate": when("10:00"),
        "endDate": when("11:00"),
        "room": "Aula",
        "conveners": [{"first_name": "Eve", "last_name": "Ant", "affiliation": "Hill"}],
        "session": {"title": "Insects", "type": None, "isPoster": True},
        "contributions": [old_contribution("1", subContributions=[part], session="Insects")],
    }
    reading = read(event(contributions=[], sessions=[session]))
    (one,) = reading.source.sessions
    assert (one.name, one.kind, one.room) == ("Insects: Part 1", "Poster session", "Aula")
    assert one.chairs == (Credit("Eve Ant", ("Hill",)),)
    assert [reading.source.papers[appearance.paper].title for appearance in one.appearances] == [
        "Talk 1",
        "A short one",
    ]
    assert [appearance.starts_at for appearance in one.appearances] == [utc(8), None]
    assert (reading.account.records, reading.account.papers, reading.account.sessions) == (3, 2, 1)


def test_a_contribution_without_a_time_is_a_paper_in_no_session() -> None:
    source = read(event(contributions=[old_contribution("1", startDate=None, endDate=None)])).source
    assert (len(source.papers), source.sessions) == (1, ())


def test_an_event_without_contributions_is_refused_with_what_to_do() -> None:
    with pytest.raises(UserError, match=r"^export\.json: it has no contributions.*detail=sessions"):
        read(event())


def test_an_incomplete_export_is_refused() -> None:
    document = event(contributions=[old_contribution("1")])
    document["complete"] = False
    with pytest.raises(UserError, match="not complete"):
        read(document)


def test_an_entry_without_a_title_is_left_out() -> None:
    reading = read(timetable({"s3": slot(entries={"c31": contribution(title=""), "c32": contribution("c32")})}))
    assert reading.account.left_out == {"no title": 1}


def test_a_wrong_type_is_refused_with_its_place() -> None:
    with pytest.raises(UserError, match=r"^export\.json: results\.7\[\.\.\.\]\[\.\.\.\]\.presenters: expected"):
        read(timetable({"c31": contribution(presenters="Ada Bee")}))


@pytest.mark.parametrize(
    "document",
    [
        {"count": 1, "results": [{"title": "x"}]},
        {"results": {}},
        {"results": {"7": {"20310704": {"x": {"title": "y"}}}}},
        {"20310704": {}},
        {"_type": "HTTPAPIResult"},
        [],
        None,
    ],
)
def test_other_files_are_not_taken_for_indico(document: object) -> None:
    file = File("other", json.dumps(document).encode())
    assert not indico.recognises(file)
    with pytest.raises(UserError, match=r"^other: it is not "):
        indico.read(file, Hints())


def test_a_timetable_that_is_not_published_is_refused() -> None:
    with pytest.raises(UserError, match="no papers and no sessions"):
        read({"_type": "HTTPAPIResult", "results": {"7": {}}})


@given(
    mutated(timetable({"s3": slot(), "b": {"entryType": "Break", "id": "b1", "title": "x", "startDate": when("9:00")}}))
)
def test_a_timetable_that_is_slightly_wrong_is_read_or_refused(document: Any) -> None:
    read_or_refused(indico, as_json(document))


@given(
    mutated(
        event(
            contributions=[old_contribution("1", session="S"), old_contribution("2")],
            sessions=[{"id": 1, "title": "T", "contributions": [old_contribution("3")]}],
        )
    )
)
def test_an_event_that_is_slightly_wrong_is_read_or_refused(document: Any) -> None:
    read_or_refused(indico, as_json(document))
