"""The reader of virtual sites: events as the sites give them, joined to papers, and abstracts by identifier."""

import json
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.programme.source import Credit, Link, Severity, Source, SourceAppearance, SourcePaper
from bot.sources.formats import paper_list, virtual_site
from bot.sources.reading.file import File, Hints, Reading
from bot.sources.reading.gather import is_stub
from tests.sources.mutations import read_or_refused

NAME = "events.json"
MORNING = datetime(2026, 7, 14, 17, tzinfo=UTC)


def event(**values: object) -> dict[str, object]:
    """A record as the sites give it, with all of their fields."""
    record: dict[str, object] = {
        "id": 100,
        "uid": None,
        "name": "Caching",
        "authors": [{"id": 1, "fullname": "Ada Lovelace", "url": None, "institution": "Uni A"}],
        "abstract": "We study caches.",
        "topic": None,
        "keywords": [],
        "decision": "Accept (poster)",
        "session": "Poster Session 1",
        "eventtype": "Poster",
        "event_type": "{location} Poster",
        "room_name": "Hall",
        "virtualsite_url": "/virtual/2026/poster/100",
        "url": None,
        "sourceid": 9,
        "sourceurl": "https://openreview.net/group?id=Example.org/2026/Conference",
        "starttime": "2026-07-14T10:00:00-07:00",
        "endtime": "2026-07-14T12:00:00-07:00",
        "starttime2": None,
        "endtime2": None,
        "diversity_event": None,
        "paper_url": None,
        "paper_pdf_url": None,
        "children_url": None,
        "children": [],
        "parent1": None,
        "parent2": None,
        "parent2_id": None,
        "eventmedia": [],
        "visible": True,
        "poster_position": "#101",
        "schedule_html": "",
        "related_events": [],
        "related_events_ids": [],
    }
    return {**record, **values}


def oral(**values: object) -> dict[str, object]:
    return event(
        **{
            "id": 200,
            "session": "Oral 1A",
            "eventtype": "Oral",
            "event_type": "Oral",
            "room_name": "Room B",
            "starttime": "2026-07-14T09:00:00-07:00",
            "endtime": "2026-07-14T09:15:00-07:00",
            "virtualsite_url": "/virtual/2026/oral/200",
            "poster_position": None,
            **values,
        }
    )


def page(*records: object, **values: object) -> dict[str, object]:
    return {"count": len(records), "next": None, "previous": None, "results": list(records), **values}


def reading(document: object, hints: Hints | None = None) -> Reading:
    file = File(NAME, json.dumps(document).encode())
    assert virtual_site.recognises(file)
    assert not paper_list.recognises(file)
    return virtual_site.read(file, hints or Hints())


def load(*records: object) -> Source:
    return reading(page(*records)).source


def refusal(document: object) -> str:
    with pytest.raises(UserError) as caught:
        virtual_site.read(File(NAME, json.dumps(document).encode()), Hints())
    message = str(caught.value)
    assert message.startswith(f"{NAME}:")
    return message


def sessions(source: Source) -> list[tuple[str, list[str | None]]]:
    return [(one.name, [source.papers[each.paper].title for each in one.appearances]) for one in source.sessions]


# One record.


def test_a_poster_is_read_with_all_that_is_said_of_it() -> None:
    source = load(
        event(
            uid="abc123",
            topic="Systems->Caches",
            keywords=["memory"],
            authors=[
                {"fullname": "Ada Lovelace", "institution": "Uni A+Lab B"},
                {"fullname": "Bo Li", "institution": ""},
            ],
            paper_url="https://openreview.net/forum?id=Zx9",
        )
    )
    assert source.papers == (
        SourcePaper(
            title="Caching",
            authors=(Credit("Ada Lovelace", ("Uni A", "Lab B")), Credit("Bo Li")),
            abstract="We study caches.",
            kind="Poster",
            topics=("Systems", "Caches", "memory"),
            source_id="100",
            other_ids=("abc123", "Zx9"),
            links=(Link("OpenReview", "https://openreview.net/forum?id=Zx9"),),
        ),
    )
    (session,) = source.sessions
    noon = MORNING.replace(hour=19)
    assert (session.name, session.room, session.starts_at, session.ends_at) == (
        "Poster Session 1",
        "Hall",
        MORNING,
        noon,
    )
    assert session.appearances == (SourceAppearance(0, MORNING, noon, "Hall", "101"),)
    assert source.problems == ()


def test_the_bare_list_of_records_says_the_same() -> None:
    records = [event(), oral(name="Pages")]
    assert reading(records).source == load(*records)


def test_the_shorter_list_of_the_download_button_is_read() -> None:
    source = reading(
        [
            {
                "type": "Poster",
                "name": "Caching &amp; more",
                "virtualsite_url": "https://Example.org//virtual/2026/poster/100",
                "speakers/authors": "Ada Lovelace, Bo Li",
                "abstract": "We study caches.",
            },
            {
                "type": "Workshop",
                "name": "A workshop",
                "virtualsite_url": "https://Example.org//virtual/2026/workshop/7",
                "speakers/authors": "",
                "abstract": "All day.",
            },
        ]
    ).source
    (paper,) = source.papers
    assert (paper.title, paper.byline, paper.source_id, paper.kind) == (
        "Caching & more",
        ("Ada Lovelace", "Bo Li"),
        "100",
        "Poster",
    )
    assert paper.links == (Link("Page", "https://Example.org//virtual/2026/poster/100"),)
    assert [(one.name, one.kind, one.abstract) for one in source.sessions] == [("A workshop", "Workshop", "All day.")]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({"event_type": "{location} Spotlight Poster"}, "Spotlight Poster"),
        ({"event_type": "{location}"}, "Poster"),
        ({"event_type": None}, "Poster"),
        ({"event_type": None, "eventtype": None, "type": "Highlight"}, "Highlight"),
        ({"event_type": None, "eventtype": None}, ""),
    ],
)
def test_the_kind_is_what_people_read(values: dict[str, object], kind: str) -> None:
    assert load(event(**values)).papers[0].kind == kind


@pytest.mark.parametrize(
    ("position", "board"), [("#101", "101"), ("B-7", "B-7"), (" #5 ", "5"), (17, "17"), ("", None), ("None", None)]
)
def test_the_position_is_the_board(position: object, board: str | None) -> None:
    assert load(event(poster_position=position)).sessions[0].appearances[0].board == board


def test_nothing_is_invented_where_fields_are_missing() -> None:
    source = load({"name": "Caching", "eventtype": "Poster"})
    assert source.papers == (SourcePaper(title="Caching", kind="Poster"),)
    assert source.sessions == ()


def test_html_and_entities_become_text() -> None:
    source = load(
        event(
            name="A &amp; B",
            abstract="<p>One.</p><p>$a &lt; b$</p>",
            room_name="Hall A &amp; B",
            session="Posters &amp; Demos",
            authors=[{"fullname": "O&#x27;Brien", "institution": "A &amp; M"}],
        )
    )
    paper, session = source.papers[0], source.sessions[0]
    assert (paper.title, paper.abstract) == ("A & B", "One.\n\n$a < b$")
    assert paper.authors == (Credit("O'Brien", ("A & M",)),)
    assert (session.name, session.room) == ("Posters & Demos", "Hall A & B")


# Links.


def test_a_relative_address_belongs_to_the_site_that_all_others_name() -> None:
    people = [{"fullname": "Ada", "url": "http://example.org/api/miniconf/users/1?format=json"}]
    media = [
        {"name": "Slides", "type": "Slides", "file": "/media/s.pdf", "visible": True},
        {"name": "OpenReview", "type": "URL", "uri": "https://openreview.net/forum?id=Z", "visible": True},
        {"name": "", "type": "Poster", "file": "/media/p.png", "visible": True},
        {"name": "Secret", "type": "URL", "uri": "https://secret.org", "visible": False},
    ]
    (paper,) = load(
        event(
            authors=people,
            eventmedia=media,
            paper_url="https://openreview.net/forum?id=Z",
            paper_pdf_url="https://e.org/1.pdf",
            url="https://project.org",
        )
    ).papers
    assert paper.links == (
        Link("OpenReview", "https://openreview.net/forum?id=Z"),
        Link("PDF", "https://e.org/1.pdf"),
        Link("Page", "https://example.org/virtual/2026/poster/100"),
        Link("Website", "https://project.org"),
        Link("Slides", "https://example.org/media/s.pdf"),
        Link("Poster", "https://example.org/media/p.png"),
    )


def test_without_one_site_relative_addresses_are_dropped() -> None:
    assert load(event()).papers[0].links == ()
    urls = ["http://a.org/api/miniconf/users/1?format=json", "http://b.org/api/miniconf/users/1?format=json"]
    assert load(event(authors=[{"fullname": "Ada", "url": url} for url in urls])).papers[0].links == ()


# An oral and a poster of one paper.


@pytest.mark.parametrize(
    ("of_poster", "of_oral"),
    [
        ({"uid": "u"}, {"uid": "u", "name": "Caching, retitled", "authors": []}),
        (
            {"paper_url": "https://openreview.net/forum?id=Z"},
            {"paper_url": "https://openreview.net/pdf?id=Z", "authors": []},
        ),
        ({"related_events_ids": [200]}, {"authors": []}),
        ({}, {"related_events_ids": ["100"], "authors": []}),
        ({"related_events": ["http://e.org/api/miniconf/events/200?format=json"]}, {"authors": []}),
        ({}, {"parent2_id": 100, "authors": []}),
        ({}, {"name": " CACHING"}),
    ],
    ids=["uid", "openreview", "related", "related of the oral", "related by address", "parent", "title and authors"],
)
@pytest.mark.parametrize("reverse", [False, True])
def test_an_oral_and_a_poster_of_one_paper_are_one(
    of_poster: dict[str, Any], of_oral: dict[str, Any], reverse: bool
) -> None:
    records = [event(**of_poster), oral(**of_oral)]
    found = reading(page(*(reversed(records) if reverse else records)))
    (paper,) = found.source.papers
    assert {paper.source_id, *paper.other_ids} >= {"100", "200"}
    assert paper.kind == "Oral"
    assert {session.name for session in found.source.sessions} == {"Poster Session 1", "Oral 1A"}
    assert all(len(session.appearances) == 1 for session in found.source.sessions)
    assert (found.account.records, found.account.papers, found.account.merged) == (2, 1, 1)


@pytest.mark.parametrize(
    ("of_poster", "of_oral"),
    [
        ({}, {"authors": [{"fullname": "Bo Li"}]}),
        ({"authors": []}, {"authors": []}),
        ({"uid": "None"}, {"uid": "None", "name": "Pages"}),
        (
            {"paper_url": "https://openreview.net/group?id=W"},
            {"paper_url": "https://openreview.net/group?id=W", "name": "P"},
        ),
        ({"related_events_ids": [200]}, {"eventtype": "Poster", "event_type": "{location} Poster", "name": "Pages"}),
    ],
    ids=["other authors", "no authors", "no uid", "one group of OpenReview", "related posters"],
)
def test_papers_that_only_resemble_each_other_are_two(of_poster: dict[str, Any], of_oral: dict[str, Any]) -> None:
    assert len(load(event(**of_poster), oral(**of_oral)).papers) == 2


def test_three_records_of_a_paper_are_one_though_no_two_say_so_alike() -> None:
    records = (
        event(uid="u", authors=[]),
        oral(related_events_ids=[300], authors=[]),
        event(id=300, uid="u", session="Poster Session 2", starttime="2026-07-15T10:00:00-07:00", name="Caches"),
    )
    (paper,) = load(*records).papers
    assert {paper.source_id, *paper.other_ids} == {"100", "u", "200", "300"}


# Sessions.


def test_talks_of_a_session_have_their_own_times() -> None:
    source = load(
        oral(),
        oral(
            id=201,
            name="Pages",
            room_name="Room B",
            starttime="2026-07-14T09:15:00-07:00",
            endtime="2026-07-14T09:30:00-07:00",
        ),
    )
    (session,) = source.sessions
    assert (session.starts_at, session.ends_at) == (MORNING.replace(hour=16), MORNING.replace(hour=16, minute=30))
    assert [one.starts_at for one in session.appearances] == [
        MORNING.replace(hour=16),
        MORNING.replace(hour=16, minute=15),
    ]


def test_a_session_of_the_same_name_on_another_day_is_another_one() -> None:
    # Both are on another day in UTC.
    first = event(session="Posters", starttime="2026-07-14T18:00:00-07:00", endtime=None)
    second = event(id=2, name="Pages", session="Posters", starttime="2026-07-15T18:00:00-07:00", endtime=None)
    third = event(id=3, name="Tables", session="Posters", starttime="2026-07-14T16:00:00-07:00", endtime=None)
    assert sessions(load(first, second, third)) == [("Posters", ["Caching", "Tables"]), ("Posters", ["Pages"])]


def test_days_of_times_in_utc_are_those_of_the_conference() -> None:
    times = [("2026-07-14T23:30:00Z", "Caching"), ("2026-07-15T00:30:00Z", "Pages")]
    records = page(*(event(name=name, id=name, session="Oral", starttime=time, endtime=None) for time, name in times))
    source = reading(records, Hints(ZoneInfo("America/Los_Angeles"))).source
    assert sessions(source) == [("Oral", ["Caching", "Pages"])]


def test_a_second_time_is_a_second_appearance() -> None:
    source = load(event(starttime2="2026-07-15T10:00:00-07:00", endtime2="2026-07-15T12:00:00-07:00"))
    assert [session.starts_at for session in source.sessions] == [MORNING, MORNING.replace(day=15)]
    assert len(source.papers) == 1


def test_posters_that_name_no_session_are_together_and_a_talk_is_alone() -> None:
    source = load(
        event(session=None),
        event(id=101, name="Pages", session=None),
        oral(id=102, name="Tables", session=None),
        oral(id=103, name="No time", session=None, starttime=None, endtime=None),
    )
    assert sessions(source) == [("Poster", ["Caching", "Pages"]), ("Tables", ["Tables"])]
    assert len(source.papers) == 4


@pytest.mark.parametrize(
    "kind",
    ["Break", "Coffee Break", "Social", "Town Hall", "Registration Desk", "Remarks", "Expo Talk Panel", "Session"],
)
def test_what_is_no_paper_is_a_session(kind: str) -> None:
    record = event(eventtype=kind, event_type=kind, name="Together", authors=[], session=None, decision=None)
    found = reading(page(record))
    (session,) = found.source.sessions
    assert (session.name, session.kind, session.room, session.starts_at) == ("Together", kind, "Hall", MORNING)
    assert (session.abstract, session.source_id, session.appearances) == ("We study caches.", "100", ())
    assert (found.account.sessions, found.account.papers) == (1, 0)


@pytest.mark.parametrize("kind", ["Invited Talk", "Keynote", "Workshop", "Tutorial"])
def test_who_speaks_in_a_session_of_its_own_gives_a_talk(kind: str) -> None:
    found = reading(page(event(eventtype=kind, event_type=kind, name="The future", session=None)))
    assert sessions(found.source) == [("The future", ["The future"])]
    (session,) = found.source.sessions
    assert (session.kind, session.starts_at, found.source.papers[0].byline) == (kind, MORNING, ("Ada Lovelace",))
    assert (found.account.records, found.account.papers) == (1, 1)


@pytest.mark.parametrize("kind", ["Workshop Poster", "Affinity Poster", "Spotlight", "Demonstration", "Talk"])
def test_other_kinds_are_papers(kind: str) -> None:
    source = load(event(eventtype=kind, event_type=kind))
    assert sessions(source) == [("Poster Session 1", ["Caching"])]


def test_two_breaks_of_a_day_are_two_sessions() -> None:
    breaks = [
        event(
            id=at,
            eventtype="Break",
            event_type="Break",
            name="Coffee",
            authors=[],
            starttime=f"2026-07-14T{at}:00-07:00",
        )
        for at in (10, 15)
    ]
    assert [session.starts_at for session in load(*breaks).sessions] == [MORNING, MORNING.replace(hour=22)]


@pytest.mark.parametrize(
    "reference",
    [
        {"session": "Oral 1A"},
        {"session": None, "parent_id": 7},
        {"session": None, "parent1": "http://e.org/api/miniconf/events/7?format=json"},
        {"session": "Something else", "parent_id": "7"},
    ],
    ids=["name", "id", "address", "id before name"],
)
@pytest.mark.parametrize("reverse", [False, True])
def test_papers_are_in_the_session_that_is_a_record_itself(reference: dict[str, Any], reverse: bool) -> None:
    session = event(
        id=7,
        eventtype="Session",
        event_type="Oral Session",
        name="Oral 1A",
        authors=[],
        session=None,
        room_name="Room C",
    )
    records = [oral(**reference), session]
    source = load(*(reversed(records) if reverse else records))
    assert sessions(source) == [("Oral 1A", ["Caching"])]
    assert (source.sessions[0].room, source.sessions[0].starts_at, source.sessions[0].source_id) == (
        "Room C",
        MORNING,
        "7",
    )


# What is not public, and what is only a part.


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"visible": False}, "not visible"),
        ({"visible": "false"}, "not visible"),
        ({"decision": "Reject"}, "reject"),
        ({"decision": "Withdrawn"}, "withdrawn"),
        ({"decision": "Shimmering"}, "unknown status “Shimmering”"),
        ({"name": " "}, "no title"),
        ({"name": None}, "no title"),
    ],
)
def test_what_is_not_public_is_not_shown(values: dict[str, object], reason: str) -> None:
    found = reading(page(event(id=1, name="Pages", authors=[], related_events_ids=[100]), event(**values)))
    assert [paper.title for paper in found.source.papers] == ["Pages"]
    assert found.account.left_out == {reason: 1}
    assert found.account.records == 2


def test_a_session_that_is_not_shown_is_not_shown_through_its_papers() -> None:
    hidden = event(id=7, eventtype="Session", event_type="Session", name="Secret", authors=[], visible=False)
    assert "Secret" not in repr(load(event(parent_id=7), hidden))


@pytest.mark.parametrize("decision", [None, "", "None", "Accept", "Accept (oral)", "Invited"])
def test_what_is_accepted_or_undecided_of_its_nature_is_shown(decision: str | None) -> None:
    assert len(load(event(decision=decision)).papers) == 1


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ({"next": "https://e.org/api?page=2"}, "1 records. "),
        ({"next": "https://e.org/api?page=2", "count": 500}, "1 records of 500"),
        ({"count": 2891}, "1 records of 2,891"),
    ],
)
def test_a_part_of_the_events_is_refused(values: dict[str, object], what: str) -> None:
    message = refusal(page(event(), **values))
    assert what in message
    assert "only a part" in message
    assert re.search(r"\?limit=(10000|2891)\b", message)


def test_an_empty_file_is_refused() -> None:
    assert "no papers and no sessions" in refusal(page())


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"name": 5}, "results[0].name"),
        ({"authors": [5]}, "results[0].authors[0]"),
        ({"authors": [{"fullname": []}]}, "results[0].authors[0].fullname"),
        ({"starttime": 5}, "results[0].starttime"),
        ({"eventmedia": {}}, "results[0].eventmedia"),
    ],
)
def test_a_value_of_a_wrong_type_is_refused_with_its_place(values: dict[str, object], place: str) -> None:
    assert place in refusal(page(event(**values)))


def test_a_time_that_can_not_be_read_needs_a_person() -> None:
    source = load(event(starttime="Monday"))
    assert source.sessions[0].starts_at is None
    assert any(
        "“Caching”: the start “Monday”" in one.message for one in source.problems if one.severity is Severity.ACTION
    )


# Abstracts.


def test_abstracts_of_a_file_of_their_own_are_of_papers_to_be_completed() -> None:
    found = reading({"100": "We study <i>caches</i>.", "101": None, "102": " "})
    (paper,) = found.source.papers
    assert paper == SourcePaper(source_id="100", abstract="We study caches.")
    assert is_stub(paper)
    assert (found.account.records, found.account.left_out) == (3, {"no abstract": 2})
    assert found.source.problems == ()


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"100": {"abstract": "x"}},
        {"a100": "x"},
        {"100": "x", "title": "y"},
        {"results": [{"code": "ABC", "title": "a", "submission_type": 1}]},
        {"results": []},
        [{"name": "Caching", "poster_position": "#1"}],
        [{"title": "a"}],
        [],
        [5],
        5,
    ],
)
def test_other_files_are_not_taken(document: object) -> None:
    assert not virtual_site.recognises(File(NAME, json.dumps(document).encode()))


@pytest.mark.parametrize("data", [b"", b"[", b'{"results": [{"name": ', b"\xff", b"name,eventtype\na,b\n"])
def test_what_is_no_json_is_not_taken(data: bytes) -> None:
    assert not virtual_site.recognises(File(NAME, data))


@pytest.mark.slow
def test_many_records_of_one_paper_take_no_long_time() -> None:
    records = [
        event(id=at, uid="u", related_events_ids=[at - 1, at + 1], eventmedia=[{"uri": f"https://e.org/{at}"}])
        for at in range(20_000)
    ]
    began = time.perf_counter()
    found = reading(page(*records))
    assert time.perf_counter() - began < 20
    assert (found.account.papers, found.account.merged) == (1, 19_999)


# Anything at all.


def optional(values: Mapping[str, st.SearchStrategy[object]]) -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries({}, optional={name: st.none() | each for name, each in values.items()})


TEXTS = st.text(max_size=4)
IDS = st.integers(0, 4) | st.sampled_from(["1", "http://e.org/api/miniconf/events/2?format=json"])
RECORDS = optional(
    {
        "id": IDS,
        "uid": st.sampled_from(["u", "v", 3]),
        "name": st.sampled_from(["A", "B", " "]) | TEXTS,
        "authors": st.lists(optional({"fullname": TEXTS, "institution": TEXTS, "url": TEXTS}), max_size=2) | TEXTS,
        "decision": st.sampled_from(["Accept", "Reject", "x"]),
        "session": st.sampled_from(["S", "s ", "A"]) | TEXTS,
        "eventtype": st.sampled_from(["Poster", "Oral", "Break", "Session", "Workshop"]) | TEXTS,
        "starttime": st.sampled_from(["2026-07-14T10:00:00-07:00", "2026-07-14T10:00", "0001-01-01", "9999-12-31"]),
        "endtime": st.sampled_from(["2026-07-14T09:00:00-07:00"]),
        "starttime2": st.sampled_from(["2026-07-15T09:00:00-07:00"]),
        "parent_id": IDS,
        "related_events_ids": st.lists(IDS, max_size=2),
        "paper_url": st.sampled_from(["https://openreview.net/forum?id=Z", "https://[", "/a"]),
        "virtualsite_url": st.sampled_from(["/virtual/1", "http://e.org/virtual/3", "http://[/virtual/"]),
        "poster_position": TEXTS | st.integers(),
        "topic": TEXTS | st.lists(TEXTS, max_size=2),
        "keywords": TEXTS | st.lists(TEXTS | st.dictionaries(TEXTS, TEXTS, max_size=1), max_size=2),
        "visible": st.booleans(),
        "eventmedia": st.lists(optional({"name": TEXTS, "uri": TEXTS, "file": TEXTS}) | TEXTS, max_size=2),
    }
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from("results count next name eventtype authors id 1 2".split()), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@given(records=st.lists(RECORDS | ANYTHING, max_size=6), is_bare=st.booleans(), changes=ANYTHING)
def test_any_records_are_read_or_refused(records: list[object], is_bare: bool, changes: object) -> None:
    document = records if is_bare else {**page(*records), **(changes if isinstance(changes, dict) else {})}
    read_or_refused(virtual_site, json.dumps(document).encode())


@given(document=ANYTHING, cut=st.none() | st.integers(0, 100))
def test_any_json_is_read_or_refused(document: object, cut: int | None) -> None:
    read_or_refused(virtual_site, json.dumps(document).encode()[:cut])
