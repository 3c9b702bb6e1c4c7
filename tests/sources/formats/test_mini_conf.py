"""The data of Mini-Conf sites: calendars, sessions with papers, tutorials and speakers, and what is no programme."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.programme.source import Credit, Link
from bot.sources.formats import mini_conf
from bot.sources.reading.file import File, Hints, Reading
from tests.sources.mutations import as_json, mutated, read_or_refused

SESSIONS = """\
# sessions
1A:
  date: 2020-07-06_05:00:00
  papers:
  - main.1
  - main.2
1B:
  start_time: 2020-07-06 06:00:00+02:00
  end_time: 2020-07-06 07:00:00+02:00
  name: Q&A 1B
  long_name: 'Q&A 1B: Caching &amp; more'
  zoom_link: https://zoom.us
  papers:
  - main.2
  - 7
"""


def read(text: str, hints: Hints | None = None) -> Reading:
    file = File("sessions.yml", text.encode())
    assert mini_conf.recognises(file)
    return mini_conf.read(file, hints or Hints())


def refusal(text: str) -> str:
    with pytest.raises(UserError) as caught:
        mini_conf.read(File("sessions.yml", text.encode()), Hints())
    return str(caught.value)


def test_sessions_list_papers_of_another_file() -> None:
    found = read(SESSIONS, Hints(zone=ZoneInfo("Europe/Berlin")))
    source = found.source
    assert [(paper.source_id, paper.title) for paper in source.papers] == [
        ("main.1", None),
        ("main.2", None),
        ("7", None),
    ]
    first, second = source.sessions
    assert (first.name, first.source_id, first.line) == ("1A", "1A", 3)
    assert (first.starts_at, first.ends_at) == (datetime(2020, 7, 6, 3, tzinfo=UTC), None)
    assert (second.name, second.source_id) == ("Q&A 1B: Caching & more", "1B")
    assert (second.starts_at, second.ends_at) == (
        datetime(2020, 7, 6, 4, tzinfo=UTC),
        datetime(2020, 7, 6, 5, tzinfo=UTC),
    )
    assert [[one.paper for one in session.appearances] for session in source.sessions] == [[0, 1], [1, 2]]
    assert found.zone == "Europe/Berlin"
    account = found.account
    assert (account.records, account.papers, account.sessions) == (5, 3, 2)


EVENTS: list[dict[str, Any]] = [
    {
        "title": "T1: Caching <br/> <br/> <i>Ada Lovelace, Bo Li and Cy</i>",
        "start": "2020-07-05T13:00:00+00:00",
        "end": "2020-07-05T16:30:00+00:00",
        "location": "tutorial_T1.html",
        "link": "tutorial_T1.html",
        "category": "time",
        "calendarId": "---",
        "type": "Tutorials",
    },
    {
        "title": "T1: Caching <br/> <br/> <i>Ada Lovelace, Bo Li and Cy</i>",
        "start": "2020-07-05T17:30:00+00:00",
        "end": "2020-07-05T21:00:00+00:00",
        "location": None,
        "link": None,
        "category": "time",
        "calendarId": "qa",
    },
    {
        "title": " <b>Posters</b><br> Day 1 &amp; 2",
        "start": "Mon, 06 Jul 2020 05:00:00 GMT",
        "end": "Mon, 06 Jul 2020 06:00:00 GMT",
        "location": "Hall 3",
        "link": "https://example.org/papers.html?session=Mon+Session+1&filter=x",
        "category": "time",
        "calendarId": "---",
    },
    {"title": "", "start": "2020-07-05T13:00:00+00:00", "end": None, "category": "time"},
]


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_events_of_a_calendar_are_sessions(form: str) -> None:
    text = json.dumps(EVENTS) if form == "json" else "".join(_yaml_item(event) for event in EVENTS)
    found = read(text)
    source = found.source
    assert [(one.name, one.kind, one.room, one.source_id) for one in source.sessions] == [
        ("T1: Caching", "Tutorials", None, None),
        ("T1: Caching", "qa", None, None),
        ("Posters: Day 1 & 2", "", "Hall 3", "Mon Session 1"),
    ]
    assert [f"{one.starts_at:%d %H:%M}" for one in source.sessions] == ["05 13:00", "05 17:30", "06 05:00"]
    assert source.sessions[2].links == (Link("Page", "https://example.org/papers.html?session=Mon+Session+1&filter=x"),)
    (tutorial,) = source.papers
    assert (tutorial.title, tutorial.byline) == ("T1: Caching", ("Ada Lovelace", "Bo Li", "Cy"))
    assert [[one.paper for one in session.appearances] for session in source.sessions] == [[0], [0], []]
    account = found.account
    assert (account.records, account.papers, account.merged, account.sessions) == (4, 1, 1, 1)
    assert account.left_out == {"no title": 1}


def _yaml_item(event: dict[str, Any]) -> str:
    fields = [f"{name}: {'' if value is None else json.dumps(value)}" for name, value in event.items()]
    return "- " + "\n  ".join(fields) + "\n"


def test_tutorials_have_parts_with_times() -> None:
    found = read(
        "- UID: T1\n  title: Caching\n  organizers: Ada Lovelace & Bo Li\n  abstract: |\n    We study <b>caches</b>.\n"
        "  website: https://example.org/t1\n  sessions:\n"
        "  - name: Part 1\n    start_time: 2020-11-19 15:00:00+00:00\n    end_time: 2020-11-19 16:30:00+00:00\n"
        "    hosts: TBD\n"
        "  - name: BREAK\n    start_time: 2020-11-19 16:30:00+00:00\n    end_time: 2020-11-19 17:00:00+00:00\n"
        "- UID: S1\n  name: Social\n  sessions:\n  - start_time: 2020-11-19 18:00:00+00:00\n    hosts: Cy\n"
    )
    source = found.source
    (paper,) = source.papers
    assert (paper.title, paper.source_id, paper.abstract) == ("Caching", "T1", "We study caches.")
    assert paper.byline == ("Ada Lovelace", "Bo Li")
    assert paper.links == (Link("Page", "https://example.org/t1"),)
    assert [(one.name, len(one.appearances)) for one in source.sessions] == [
        ("Caching: Part 1", 1),
        ("Caching: BREAK", 0),
        ("Social", 0),
    ]
    assert source.sessions[2].chairs == (Credit("Cy"),)
    assert (found.account.papers, found.account.sessions) == (1, 1)


def test_speakers_with_and_without_a_time() -> None:
    found = read(
        "speakers:\n"
        "    - speaker: Ada Lovelace\n      title: Engines\n      institution: Uni A\n      day: Monday\n"
        "      time: 14:00-14:30 GMT\n      id: 1\n"
        "    - speaker: Bo Li\n      title: Disks\n      date: 2020-04-27\n      time: 14:00-14:30 GMT\n"
        '    - speaker: Cy\n      title: ""\n      abstract: x\n'
    )
    first, second = found.source.papers
    assert (first.title, first.authors) == ("Engines", (Credit("Ada Lovelace", ("Uni A",)),))
    assert [one.starts_at for one in found.source.sessions] == [None, datetime(2020, 4, 27, 14, tzinfo=UTC)]
    assert found.source.sessions[1].ends_at == datetime(2020, 4, 27, 14, 30, tzinfo=UTC)
    assert [one.paper for one in found.source.sessions[1].appearances] == [1]
    assert second.title == "Disks"
    assert found.account.left_out == {"no title": 1}
    assert any("has a time of day but no date" in problem.message for problem in found.source.problems)


def test_poster_sessions_and_papers_in_yaml() -> None:
    found = read(
        "- name: Mon Session 1\n  posters:\n  - id: aB\n    join_link: https://zoom.us/1\n  - id: cD\n"
        "- name: Mon Session 2\n  posters:\n  - id: aB\n  - join_link: x\n"
    )
    assert [paper.source_id for paper in found.source.papers] == ["aB", "cD"]
    assert [[one.paper for one in session.appearances] for session in found.source.sessions] == [[0, 1], [0]]
    assert found.account.left_out == {"no identifier": 1}
    papers = read("- UID: aB\n  title: Caching\n  authors: Ada|Bo\n  keywords: a|b\n  sessions: Mon 1|Tue 2\n").source
    assert papers.papers[0].byline == ("Ada", "Bo")
    assert papers.papers[0].topics == ("a", "b")
    assert [session.name for session in papers.sessions] == ["Mon 1", "Tue 2"]


@pytest.mark.parametrize(
    "text",
    [
        "name: Conf\ntagline: The conference\ndate: July 5\nsite_title: Conf\nlogo:\n  image: x.png\n",
        "committee:\n  - role: Chair\n    name: Ada\n    aff: Uni A\n",
        "- name: Company\n  level: Gold\n  description: We do things.\n  UID: c\n",
        "FAQ:\n  - Section: One\n    QA:\n      - Question: Why?\n        Answer: So.\n",
    ],
)
def test_what_is_no_programme_is_refused(text: str) -> None:
    assert mini_conf.recognises(File("config.yml", text.encode()))
    assert "holds no programme. Give the bot the site's papers" in refusal(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1A:\n  papers: [a\n  date: x\n", "line 3, column 7: no valid YAML"),
        ("1A:\n  papers: {a: b}\n  date: 2020-01-01\n", "1A"),
        ("- UID: [1]\n  title: a\n", "expected"),
        ("1A: &a\n  papers: [1]\n  x: *b\n", "refers to nothing above it"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(text: str, reason: str) -> None:
    assert reason in refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "title,start,end\na,b,c\n",
        "Session 1A: Caching\nMonday\n\nCaching for all\nAda Lovelace\nAbstract: we study papers: all of them.\n",
        "<papers:>",
        '[{"title": "Caching", "authors": "Ada"}]',
        '[{"title": "Caching", "start": "2020-01-01", "end": "2020-01-01"}]',
        '{"papers": [{"title": "x"}]}',
        '{"sessions": []}',
        "just: a mapping\n",
    ],
)
def test_other_files_are_not_taken_for_it(text: str) -> None:
    assert not mini_conf.recognises(File("x", text.encode()))


@given(mutated(EVENTS) | mutated({"1A": {"date": "2020-07-06_05:00:00", "papers": ["a", 1], "name": "x"}}))
def test_any_json_is_read_or_refused(document: Any) -> None:
    read_or_refused(mini_conf, as_json(document))


TALKS = (
    "- UID: T1\n  title: a\n  organizers:\n    members:\n    - Ada\n  sessions:\n  - start_time: 2020-11-19 15:00\n"
    "    name: p\n"
)


@given(
    text=st.sampled_from(
        [SESSIONS, TALKS, "- name: S\n  posters:\n  - id: a\n", "speakers:\n- {speaker: A, title: B}\n"]
    ),
    at=st.integers(0, 300),
    piece=st.sampled_from(
        ["", "- ", "\n", ": ", "&a ", "*a", "[", "{", "'", '"', "?", "!!int ", "~", "<line>: 1\n", "\t"]
    ),
    length=st.integers(0, 8),
)
def test_any_yaml_is_read_or_refused(text: str, at: int, piece: str, length: int) -> None:
    read_or_refused(mini_conf, (text[:at] + piece + text[at + length :]).encode())
