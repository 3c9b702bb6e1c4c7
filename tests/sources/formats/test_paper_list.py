"""The reader of JSON: the bot's own form, lists of papers from elsewhere, and what is wrong with a file."""

import json
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.programme.source import Credit, Link, Severity, Source, SourceAppearance, SourcePaper, SourceSession
from bot.sources.formats import paper_list
from bot.sources.formats.paper_list.own_form import FORM
from bot.sources.reading.file import File, Hints, Reading
from bot.sources.reading.limits import MOST_PAPERS
from bot.sources.reading.problems import MOST_OF_A_KIND

NAME = "papers.json"
ONE = {"title": "a", "authors": ["A"], "session": "S"}
"""What many records say alike."""

START = datetime(2026, 5, 19, 1, tzinfo=UTC)


def reading(document: object, hints: Hints | None = None) -> Reading:
    file = File(NAME, json.dumps(document).encode())
    assert paper_list.recognises(file)
    return paper_list.read(file, hints or Hints())


def load(document: object) -> Source:
    return reading(document).source


def paper_of(**values: object) -> SourcePaper:
    return load([{"title": "Caching", **values}]).papers[0]


def appearance_of(**values: object) -> SourceAppearance:
    (session,) = load([{"title": "Caching", "session": "Posters", **values}]).sessions
    return session.appearances[0]


def own(papers: list[object], *sessions: object) -> Source:
    return load({"form": FORM, "sessions": list(sessions), "papers": papers})


def nested(**values: object) -> Source:
    paper = {"title": "Caching", "authors": ["Ada"], "abstract": "We study caches."}
    return load({"form": "conference-programme/1", "sessions": [{"name": "Posters", "papers": [paper], **values}]})


def refusal(data: bytes) -> str:
    with pytest.raises(UserError) as caught:
        paper_list.read(File(NAME, data), Hints())
    message = str(caught.value)
    assert message.startswith(f"{NAME}: ")
    assert "\n" not in message
    return message


def problems_of(source: Source, severity: Severity) -> list[str]:
    return [problem.message for problem in source.problems if problem.severity is severity]


def titles(source: Source) -> list[tuple[str, list[str | None]]]:
    return [
        (session.name, [source.papers[one.paper].title for one in session.appearances]) for session in source.sessions
    ]


# The bot's own form.


def test_sessions_name_what_appears_in_them() -> None:
    source = own(
        [{"title": "a", "key": "x"}, {"title": "b", "id": 7}, {"title": "c"}],
        {"name": "One", "appearances": [{"paper": "x", "board": 4, "room": "Hall"}, {"paper": 2}]},
        {"name": "Two", "appearances": [{"paper": 0, "starts_at": "2026-05-18T18:00:00-07:00"}, {"paper": "7"}]},
    )
    assert titles(source) == [("One", ["a", "c"]), ("Two", ["a", "b"])]
    assert source.sessions[0].appearances[0] == SourceAppearance(0, None, None, "Hall", "4")
    assert source.sessions[1].appearances[0].starts_at == START


def test_a_place_is_no_key_and_a_key_of_digits_no_place() -> None:
    source = own(
        [{"title": "a"}, {"title": "b", "key": "0"}], {"name": "S", "appearances": [{"paper": 0}, {"paper": "0"}]}
    )
    assert titles(source) == [("S", ["a", "b"])]


@pytest.mark.parametrize(
    ("paper", "message"),
    [
        ("y", "no paper has the key or id “y”"),
        (1, "no paper has the place 1"),
        (-1, "no paper has the key or id “-1”"),
        (None, "no paper has the key or id “”"),
        ("", "no paper has the key or id “”"),
    ],
)
def test_an_appearance_of_no_paper_is_refused_with_its_place(paper: object, message: str) -> None:
    document = {
        "form": FORM,
        "sessions": [{"name": "S", "appearances": [{"paper": paper}]}],
        "papers": [{"title": "a"}],
    }
    refused = refusal(json.dumps(document).encode())
    assert f"sessions[0].appearances[0].paper: {message}" in refused
    assert "there are 1 in papers" in refused


def test_the_first_version_of_the_form_is_still_read() -> None:
    source = nested(
        key="posters",
        kind="Session",
        room="Hall",
        starts_at="2026-05-18T18:00:00-07:00",
        ends_at="2026-05-19T03:00:00Z",
        papers=[{"title": "Caching", "authors": ["Ada"], "abstract": "x", "number": "17b", "key": "c"}],
    )
    (session,) = source.sessions
    assert session == SourceSession(
        key="posters",
        kind="Session",
        name="Posters",
        room="Hall",
        starts_at=START,
        ends_at=START.replace(hour=3),
        appearances=(SourceAppearance(0, board="17b"),),
    )
    assert source.papers == (SourcePaper(key="c", title="Caching", authors=(Credit("Ada"),), abstract="x"),)
    assert source.problems == ()


@pytest.mark.parametrize("mark", [{}, {"form": FORM}])
def test_a_session_shows_no_paper_that_nobody_may_see(mark: dict[str, object]) -> None:
    papers = [{"title": "secret", "key": "s", "status": "Reject"}, {"title": "a", "key": "a"}]
    appearances = [{"paper": "s"}, {"paper": 0}, {"paper": 1}]
    nested = {"name": "T", "papers": [{"title": "secret too", "visible": False}, {"title": "b"}]}
    found = reading({**mark, "papers": papers, "sessions": [{"name": "S", "appearances": appearances}, nested]})
    assert titles(found.source) == [("S", ["a"]), ("T", ["b"])]
    assert found.account.left_out == {"reject": 1, "not public": 1}
    assert found.account.records == 6


def test_sessions_of_others_may_list_their_papers_by_id() -> None:
    document = {
        "papers": [{"id": 7, "title": "P&amp;L", "status": "Poster"}, {"id": "x", "title": "b"}],
        "sessions": [{"name": "One", "papers": [7, "x"]}, {"name": "Two", "papers": ["x"]}],
    }
    source = load(document)
    assert titles(source) == [("One", ["P&L", "b"]), ("Two", ["b"])]
    assert source.papers[0].kind == "Poster"
    document["sessions"] = [{"name": "One", "papers": ["y"]}]
    assert "sessions[0].papers[0]: no paper has the key or id “y”" in refusal(json.dumps(document).encode())


def test_the_mark_of_the_form_may_be_left_out() -> None:
    assert len(load({"sessions": [{"name": "Posters", "papers": [{"title": "Caching"}]}]}).papers) == 1
    source = load({"papers": [{"title": "a"}], "sessions": [{"name": "S", "appearances": [{"paper": 0}]}]})
    assert titles(source) == [("S", ["a"])]


def test_names_in_a_list_are_kept_as_they_are() -> None:
    names = ["Lovelace, Ada", "", "A and B; C", " Bo "]
    assert paper_of(authors=names).byline == tuple(names)


def test_a_session_without_papers_is_one() -> None:
    (session,) = own([], {"name": "Reception"}).sessions
    assert (session.name, session.appearances) == ("Reception", ())


def test_text_of_the_own_form_is_kept_as_it_is() -> None:
    text = " \\textbf{x} <b>&amp; = '\u00a0\x00\u2028 "
    (paper,) = own([{"title": text, "abstract": text}]).papers
    assert (paper.title, paper.abstract) == (text, text)


# Lists from elsewhere.


@pytest.mark.parametrize(
    ("field", "names"),
    {
        "title": ("title", "name", "Title", "paper_title"),
        "abstract": ("abstract", "summary"),
        "source_id": ("id", "uid", "paper_id", "UID"),
        "track": ("track", "Track"),
        "kind": ("kind", "type", "status"),
    }.items(),
)
def test_fields_go_by_several_names(field: str, names: tuple[str, ...]) -> None:
    for name in names:
        value = "Poster" if name == "status" else "here"
        (paper,) = load([{"title": "x", name: value}] if field != "title" else [{name: value}]).papers
        assert getattr(paper, field) == value


@pytest.mark.parametrize("name", ["number", "poster", "poster_position", "Poster Position", "board"])
@pytest.mark.parametrize("value", ["17", 17])
def test_a_board_goes_by_several_names(name: str, value: object) -> None:
    assert appearance_of(**{name: value}).board == "17"


def test_further_identifiers_are_kept() -> None:
    paper = paper_of(id=5, uid="u", paper_id="p")
    assert (paper.source_id, paper.other_ids) == ("5", ("u", "p"))


@pytest.mark.parametrize(
    ("start", "end", "room"),
    [("start", "end", "location"), ("starttime", "endtime", "room"), ("starts_at", "ends_at", "Room")],
)
def test_papers_are_grouped_by_their_session(start: str, end: str, room: str) -> None:
    about = {start: "2026-05-19T01:00Z", end: "2026-05-19T02:00Z", room: "Hall"}
    source = load(
        [
            {"title": "a", "session": "Two", **about},
            {"title": "b", "session": "One"},
            {"title": "c", "session": " two ", **about},
            {"title": "d"},
        ]
    )
    assert titles(source) == [("Two", ["a", "c"]), ("One", ["b"])]
    assert (source.sessions[0].room, source.sessions[0].starts_at) == ("Hall", START)
    assert len(source.papers) == 4


def test_a_paper_listed_once_for_each_of_its_sessions_is_one_paper() -> None:
    source = load(
        [
            {"id": "x", "title": "Caching", "sess": "Monday", "url_paper": "https://e.org/1"},
            {"id": "y", "title": "Pages", "sess": "Monday"},
            {"id": "x", "title": "Caching ", "sess": "Tuesday", "url_paper": "https://e.org/2"},
            {"id": "x", "title": "Caching", "sess": "Tuesday"},
        ]
    )
    assert titles(source) == [("Monday", ["Caching", "Pages"]), ("Tuesday", ["Caching"])]
    assert [link.url for link in source.papers[0].links] == ["https://e.org/1", "https://e.org/2"]


def test_papers_without_ids_are_one_when_title_and_authors_are_the_same() -> None:
    source = load(
        [{"title": "Keynote", "session": name} for name in "AB"]
        + [{"title": "Caching", "authors": ["Ada"], "session": name} for name in "AB"]
    )
    assert [paper.title for paper in source.papers] == ["Keynote", "Keynote", "Caching"]


def test_each_record_is_accounted_for() -> None:
    records = [
        {"title": "a", "id": 1},
        {"title": "a", "id": 1},
        {"title": "b", "status": "Reject"},
        {"title": "c", "status": "Poster", "decision": "Withdrawn"},
        {"abstract": "No title."},
        {"title": "d", "visible": False},
        {"title": "e", "status": "Shimmering"},
        {"id": 9, "abstract": "Belongs to a paper of another file."},
    ]
    account = reading(records).account
    assert (account.records, account.papers, account.merged) == (8, 2, 1)
    assert account.left_out == {
        "reject": 1,
        "withdrawn": 1,
        "no title": 1,
        "not public": 1,
        "unknown status “Shimmering”": 1,
    }


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": "Withdraw"},
        {"decision": "Reject"},
        {"state": "submitted"},
        {"status": "Active"},
        {"status": "inactive"},
        {"status": "unpublished"},
        {"accepted": False},
        {"accepted": "no"},
        {"visible": 0},
        {"deleted": True},
        {"withdrawn": "yes"},
        {"status": False},
    ],
)
def test_what_is_not_public_is_not_shown(hidden: dict[str, object]) -> None:
    assert [paper.title for paper in load([{"title": "a"}, {"title": "secret", **hidden}]).papers] == ["a"]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("Poster", "Poster"),
        ("Accept (oral)", "oral"),
        ("Accept", ""),
        ("accepted as poster", "poster"),
        ("Long", "Long"),
    ],
)
def test_a_status_that_names_a_presentation_is_the_kind(status: str, kind: str) -> None:
    assert paper_of(status=status).kind == kind


def test_what_the_configuration_calls_public_is_shown() -> None:
    hints = Hints(public=frozenset({"shimmering"}))
    assert len(reading([{"title": "a", "status": "Shimmering"}], hints).source.papers) == 1
    hints = Hints(public=frozenset({"Active"}))
    assert len(reading([{"title": "a", "status": "active"}], hints).source.papers) == 1


@pytest.mark.parametrize(
    "authors",
    [
        ["Ada Lovelace", "Bo Li"],
        [{"name": "Ada Lovelace", "institution": "Home"}, {"fullname": "Bo Li"}],
        [{"first_name": "Ada", "last_name": "Lovelace"}, {"given": "Bo", "family": "Li"}],
        "Ada Lovelace; Bo Li",
        "Ada Lovelace;Bo Li;",
        "Ada Lovelace and Bo Li",
        "Ada Lovelace, Bo Li",
        "Ada Lovelace|Bo Li",
    ],
)
@pytest.mark.parametrize("name", ["author", "authors", "Authors", "speakers"])
def test_authors_come_in_several_shapes(name: str, authors: object) -> None:
    assert paper_of(**{name: authors}).byline == ("Ada Lovelace", "Bo Li")


@pytest.mark.parametrize(
    ("values", "held"),
    [
        ({"author": "Ada; Bo", "aff": "Uni A;Uni B + Lab C"}, [("Uni A",), ("Uni B", "Lab C")]),
        ({"author": "Ada; Bo; Cy", "aff": "Uni A;;"}, [("Uni A",), (), ()]),
        ({"author": "Ada, Bo", "aff": "Uni A; Uni B"}, [("Uni A",), ("Uni B",)]),
        ({"authors": ["Ada", "Bo"], "affiliations": ["Uni A", None]}, [("Uni A",), ()]),
        ({"authors": [{"name": "Ada", "affiliations": ["A+B", "C"]}, "Bo"]}, [("A+B", "C"), ()]),
        ({"authors": [{"name": "Ada", "institution": "A+B"}]}, [("A", "B")]),
        ({"authors": [{"name": "Ada", "affiliation": {"name": "Uni A"}}]}, [("Uni A",)]),
        ({"authors": [{"name": "Ada", "affiliations": [{"institution": "Uni A"}]}]}, [("Uni A",)]),
    ],
)
def test_affiliations_stay_with_their_authors(values: dict[str, object], held: list[tuple[str, ...]]) -> None:
    assert [author.affiliations for author in paper_of(**values).authors] == held


def test_affiliations_of_nobody_knows_whom_are_left_out_and_noted_once() -> None:
    source = load([{"title": title, "author": "Ada; Bo", "aff": "Uni A"} for title in "abc"])
    assert not any(author.affiliations for paper in source.papers for author in paper.authors)
    assert sum("left out for 3 papers" in text for text in problems_of(source, Severity.NOTE)) == 1


@pytest.mark.parametrize(
    ("value", "topics"),
    [
        ("caches;pages, tables; ", ("caches", "pages, tables")),
        ("caches, pages", ("caches", "pages")),
        ("caches|pages", ("caches", "pages")),
        (["caches", {"name": "pages"}], ("caches", "pages")),
        ("", ()),
        (None, ()),
    ],
)
def test_topics_come_in_several_shapes(value: object, topics: tuple[str, ...]) -> None:
    assert paper_of(keywords=value).topics == topics
    assert paper_of(keywords=value, primary_area="systems").topics == (*topics, "systems")


def test_papers_may_be_in_an_object() -> None:
    assert load({"papers": [{"name": "Caching"}]}).papers[0].title == "Caching"
    source = load({"conference": {"year": 2026}, "speakers": [], "papers": [{"title": "Caching", "content": "Text."}]})
    assert source.papers[0].title == "Caching"


def test_numbers_are_read_as_they_are_written() -> None:
    data = b'[{"title": "a", "session": "S", "number": 1.10, "id": 12345678901234567890, "room": 101}]'
    source = paper_list.read(File(NAME, data), Hints()).source
    assert source.papers[0].source_id == "12345678901234567890"
    assert (source.sessions[0].appearances[0].board, source.sessions[0].room) == ("1.10", "101")


def test_html_becomes_text() -> None:
    paper = paper_of(title="P&amp;L <i>caches</i>", abstract="<p>One.</p><p>Two.</p>")
    assert (paper.title, paper.abstract) == ("P&L caches", "One.\n\nTwo.")


def test_links_come_in_fields_of_their_own_and_in_a_list() -> None:
    paper = paper_of(
        url="https://e.org/1",
        pdf="http://e.org/1.pdf",
        links=["https://e.org/2", {"label": "Code", "url": "https://c"}],
    )
    assert paper.links == (
        Link("Page", "https://e.org/2"),
        Link("Code", "https://c"),
        Link("Page", "https://e.org/1"),
        Link("PDF", "http://e.org/1.pdf"),
    )
    assert paper_of(link="https://e.org/1", pdf="").links == (Link("Page", "https://e.org/1"),)


@pytest.mark.parametrize(
    ("values", "link"),
    [
        ({"doi": "10.1000/182"}, Link("DOI", "https://doi.org/10.1000/182")),
        ({"doi": "doi:10.1000/182"}, Link("DOI", "https://doi.org/10.1000/182")),
        ({"doi": "http://dx.doi.org/10.1000/182"}, Link("DOI", "https://doi.org/10.1000/182")),
        ({"arxiv": "2405.01234"}, Link("arXiv", "https://arxiv.org/abs/2405.01234")),
        ({"arxiv": "https://arxiv.org/abs/1"}, Link("arXiv", "https://arxiv.org/abs/1")),
        ({"github": "github.com/ada/caching"}, Link("Code", "https://github.com/ada/caching")),
        ({"youtube": "https://youtu.be/x"}, Link("Video", "https://youtu.be/x")),
        ({"poster": "https://e.org/p.png"}, Link("Poster", "https://e.org/p.png")),
        ({"code": ["https://e.org/c", "https://e.org/d"]}, Link("Code", "https://e.org/c")),
    ],
)
def test_addresses_are_completed(values: dict[str, object], link: Link) -> None:
    assert paper_of(**values).links == (link,)


def test_an_address_without_a_host_belongs_to_the_site_of_the_paper() -> None:
    links = paper_of(site="https://e.org/virtual/1?x", pdf="/papers/1.pdf").links
    assert links[-1] == Link("PDF", "https://e.org/papers/1.pdf")
    assert load([{"title": "a", "pdf": "/papers/1.pdf"}]).papers[0].links == ()


@pytest.mark.parametrize("nothing", ["", " ", "N/A", "-", None, "None"])
def test_no_address_is_no_problem(nothing: str | None) -> None:
    source = load([{"title": "a", "authors": "A", "abstract": "x", "github": nothing, "doi": nothing}])
    assert (source.papers[0].links, source.problems) == ((), ())


def test_unknown_fields_are_noted_once() -> None:
    source = load([{"title": "a", "authors": "A", "abstract": "x", "mood": 1, "award": {"a": [[]]}}] * 3)
    (problem,) = source.problems
    assert problem.severity is Severity.NOTE
    assert "“mood”, “award”." in problem.message


# Times.


def test_times_of_each_paper_are_its_own_and_the_session_lasts_as_long_as_all() -> None:
    source = load(
        [
            {"title": "a", "session": "S", "start": "2026-05-18T18:00-07:00", "end": "2026-05-18T18:20-07:00"},
            {"title": "b", "session": "S", "start": "2026-05-18T18:20-07:00", "end": "2026-05-18T18:40-07:00"},
        ]
    )
    (session,) = source.sessions
    assert (session.starts_at, session.ends_at) == (START, START.replace(minute=40))
    assert [one.starts_at for one in session.appearances] == [START, START.replace(minute=20)]


def test_a_session_of_the_same_name_on_another_day_is_another_one() -> None:
    source = load(
        [{"title": f"{day}", "session": "Posters", "start": f"2026-05-{day}T22:00-07:00"} for day in (18, 19)]
        + [{"title": "late", "session": "Posters", "start": "2026-05-19T01:00-07:00"}]
        + [{"title": "without a time", "session": "Posters"}]
    )
    assert titles(source) == [("Posters", ["18", "late", "without a time"]), ("Posters", ["19"])]


def test_a_time_without_an_offset_is_one_of_the_conference() -> None:
    found = reading(
        [{"title": "a", "session": "S", "date": "2026-05-18", "start": "9:30"}], Hints(ZoneInfo("America/Los_Angeles"))
    )
    assert found.source.sessions[0].starts_at == datetime(2026, 5, 18, 16, 30, tzinfo=UTC)
    assert found.zone == "America/Los_Angeles"


def test_a_talk_with_a_time_and_no_session_is_one_of_its_own() -> None:
    source = load(
        [{"title": title, "authors": ["A"], "start": f"2026-05-18T1{at}:00Z"} for at, title in enumerate("ab")]
    )
    assert titles(source) == [("a", ["a"]), ("b", ["b"])]


def test_posters_without_a_session_are_together_and_nobody_invents_a_name() -> None:
    source = load([{"title": title, "number": at, "start": "2026-05-18T10:00Z"} for at, title in enumerate("ab")])
    assert titles(source) == [("", ["a", "b"])]
    assert "A session without a name" in problems_of(source, Severity.ACTION)[0]
    source = load([{"id": title, "title": title, "type": "Poster", "start": "2026-05-18T10:00Z"} for title in "ab"])
    assert titles(source) == [("Poster", ["a", "b"])]


def test_a_paper_may_name_several_sessions() -> None:
    assert titles(load([{"title": "a", "sessions": ["One", "Two"]}])) == [("One", ["a"]), ("Two", ["a"])]


@pytest.mark.parametrize("text", ["Monday at six", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00+14:00"])
def test_a_time_that_can_not_be_read_is_left_out_and_needs_a_person(text: str) -> None:
    source = nested(starts_at=text)
    assert source.sessions[0].starts_at is None
    (problem,) = problems_of(source, Severity.ACTION)
    assert "Session “Posters”: the start" in problem
    assert "left out" in problem


def test_an_end_before_the_start_is_left_out() -> None:
    source = nested(starts_at="2026-05-19T01:00:00Z", ends_at="2026-05-19T00:59:00Z")
    assert (source.sessions[0].starts_at, source.sessions[0].ends_at) == (START, None)
    assert "ends before it starts" in problems_of(source, Severity.ACTION)[0]


# Keys, ids, links.


def test_keys_are_read() -> None:
    source = nested(key="a-1", papers=[{"key": "b" * 32, "title": "x"}])
    assert (source.sessions[0].key, source.papers[0].key) == ("a-1", "b" * 32)


@pytest.mark.parametrize("key", ["Caching", "-a", "a b", "é", "a" * 33, "a\n", "٣"])
def test_a_key_that_is_none_is_left_out(key: str) -> None:
    source = nested(key=key, papers=[{"key": key, "title": "x"}])
    assert (source.sessions[0].key, source.papers[0].key) == ("", "")
    assert sum("the key" in text for text in problems_of(source, Severity.NOTE)) == 2


def test_a_key_that_is_there_twice_stays_with_the_first() -> None:
    source = load([{"key": "a", "title": "x"}, {"key": "a", "title": "y"}])
    assert [paper.key for paper in source.papers] == ["a", ""]
    assert any("Paper “y”: another one has the key “a”" in text for text in problems_of(source, Severity.NOTE))


def test_an_id_that_is_there_twice_is_noted() -> None:
    source = load([{"id": 1, "title": "x"}, {"id": "1", "title": "y"}])
    assert [paper.source_id for paper in source.papers] == ["1", "1"]
    assert any("the id “1” too" in text for text in problems_of(source, Severity.NOTE))


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://e.org", "/a.pdf", "https://", "https://a b", "https://a>b", "https://a\x00"]
)
def test_a_link_that_is_no_web_address_is_left_out(url: str) -> None:
    source = load([{"title": "Caching", "links": [{"label": "x", "url": url}, {"label": "y", "url": "https://e.org"}]}])
    assert source.papers[0].links == (Link("y", "https://e.org"),)
    assert any("no address with http" in text for text in problems_of(source, Severity.NOTE))


def test_half_a_character_is_replaced() -> None:
    source = paper_list.read(File(NAME, rb'[{"title": "a\ud800", "authors": ["\ud83d\ude00"]}]'), Hints()).source
    paper = source.papers[0]
    assert (paper.title, paper.byline) == ("a\ufffd", ("😀",))
    assert sum("[0].title: half a character" in text for text in problems_of(source, Severity.NOTE)) == 1


def test_what_is_no_number_is_nothing() -> None:
    data = b'[{"title": "a", "abstract": NaN, "session": NaN}]'
    file = File(NAME, data)
    assert paper_list.recognises(file)
    source = paper_list.read(file, Hints()).source
    assert (source.papers[0].abstract, source.sessions) == (None, ())


def test_of_many_problems_the_first_are_listed_and_the_rest_counted() -> None:
    source = load([{"title": "a", "abstract": "x", "key": "-"} for _ in range(MOST_OF_A_KIND + 7)])
    assert sum("the key" in problem.message for problem in source.problems) == MOST_OF_A_KIND
    assert str(MOST_OF_A_KIND + 7) in source.problems[-1].message


# Files that can't be read, or are another reader's.


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({"sessions": [{}, {}, {"papers": [{"title": 3}]}]}, "sessions[2].papers[0].title must be text, not a number"),
        ({"sessions": {}}, "sessions must be a list, not an object"),
        ({"sessions": ["x"]}, "sessions[0] must be an object, not text"),
        ({"sessions": [{"papers": "x"}]}, "sessions[0].papers must be a list, not text"),
        ({"sessions": [{"papers": [None]}]}, "sessions[0].papers[0] must be an object, not null"),
        ({"sessions": [{"name": ["x"]}]}, "sessions[0].name must be text, not a list"),
        ({"sessions": [{"starts_at": 5}]}, "sessions[0].starts_at must be text, not a number"),
        ({"sessions": [{"appearances": [3]}]}, "sessions[0].appearances[0] must be an object, not a number"),
        ({"sessions": [{"chairs": [3]}]}, "sessions[0].chairs[0] must be text, not a number"),
        ({"papers": 3}, "papers must be a list, not a number"),
        ([[]], "[0] must be an object, not a list"),
        ([{"title": "x", "author": {"name": "y"}}], "[0].author must be a list, not an object"),
        ([{"title": "x", "authors": ["a", 5]}], "[0].authors[1] must be text, not a number"),
        ([{"title": "x", "authors": [{"name": True}]}], "[0].authors[0].name must be text, not true"),
        ([{"title": "x", "links": [[]]}], "[0].links[0] must be text, not a list"),
        ([{"title": "x", "links": [{"url": {}}]}], "[0].links[0].url must be text, not an object"),
        ([{"title": "x", "pdf": False}], "[0].pdf must be text, not false"),
        ([{"title": "x", "number": []}], "[0].number must be text, not a list"),
        ([{"title": "x", "session": [{}]}], "[0].session[0] must be text, not an object"),
        ({"form": "conference-programme/3", "sessions": []}, 'form must be "conference-programme/2"'),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(document: object, place: str) -> None:
    assert place in refusal(json.dumps(document).encode())


@pytest.mark.parametrize("document", [[], {}, {"papers": []}, {"sessions": []}, {"a": 1}, [{}], [{"a": 1}]])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_file_without_papers_is_refused_with_what_is_expected(document: object, encoding: str) -> None:
    message = refusal(json.dumps(document).encode(encoding))
    assert re.search("no papers? ", message)
    assert "Expected" in message


def test_a_huge_number_is_refused() -> None:
    assert "[0].number is a number of 21 characters" in refusal(b'[{"title": "x", "number": %s}]' % (b"9" * 21))


def test_a_field_that_is_there_twice_is_refused() -> None:
    assert "[0]: the field “title” is there twice" in refusal(b'[{"title": "a", "title": "b"}]')


@pytest.mark.parametrize("data", [b'[{"title": "a"},\n {"tit', b'{"papers":\n\n [}', b"[] x", b"[" * 100_000])
def test_broken_json_is_refused_and_not_recognised(data: bytes) -> None:
    assert not paper_list.recognises(File(NAME, data))
    assert re.search("no valid JSON|nested too deeply", refusal(data))


@pytest.mark.parametrize(
    "document",
    [
        # A virtual site, OpenReview, calendars, Sessionize, pretalx, SIGCHI: other readers' files.
        {"count": 1, "next": None, "results": [{"name": "a", "eventtype": "Poster"}]},
        [{"name": "a", "virtualsite_url": "/virtual/1"}],
        [{"type": "Poster", "name": "a", "virtualsite_url": "https://e.org/virtual/1", "speakers/authors": "A"}],
        {"notes": [{"id": "x", "content": {"title": "a"}}]},
        [{"id": "x", "title": None, "content": {"title": "a"}}],
        [{"title": "Lunch", "start": "2026-05-18T12:00", "end": "2026-05-18T13:00", "location": "Hall"}],
        [{"title": "a", "start": "2026-05-18T12:00", "calendarId": "x", "id": 4}],
        {"sessions": [{"id": "1", "title": "a", "speakers": []}], "speakers": [], "rooms": []},
        [{"groupId": "1", "groupName": "All", "sessions": []}],
        [{"id": "1", "title": "a", "speakers": [], "isServiceSession": False}],
        {"results": [{"code": "ABC", "title": "a", "submission_type": 1}]},
        {"schemeVersion": 3, "conference": {}, "sessions": [], "contents": []},
        {"schedule": {"conference": {}}},
        {"50000": "An abstract."},
        {"type": "FeatureCollection"},
        [],
        {},
        [1, 2],
        "text",
    ],
)
def test_files_of_other_readers_are_not_taken(document: object) -> None:
    assert not paper_list.recognises(File(NAME, json.dumps(document).encode()))


@pytest.mark.parametrize("data", [b"title,authors\na,b\n", b"<html>", b"", b"\xff", b"Monday\n[1] A paper\n"])
def test_what_is_no_json_is_not_taken(data: bytes) -> None:
    assert not paper_list.recognises(File(NAME, data))


@pytest.mark.slow
def test_the_most_papers_are_read_and_one_more_is_refused() -> None:
    papers = b",".join([b'{"title":"x"}'] * MOST_PAPERS)
    assert len(paper_list.read(File(NAME, b"[%s]" % papers), Hints()).source.papers) == MOST_PAPERS
    assert f"more than {MOST_PAPERS:,} papers" in refusal(b'[%s,{"title":"x"}]' % papers)


@pytest.mark.slow
@pytest.mark.parametrize(
    "document",
    [
        lambda count: [{**ONE, "url": f"https://e.org/{at}", "keywords": f"k{at}"} for at in range(count)],
        lambda count: [
            {**ONE, "id": 1, "url_sess": f"https://e.org/{at}", "start": f"2026-05-18T10:00:00.{at:06}Z"}
            for at in range(count)
        ],
        lambda count: [{"title": "a", "author": ", and ".join(["A"] * 5 * count), "aff": ";" * 5 * count}],
    ],
    ids=["links and topics", "sessions and times", "names"],
)
def test_four_times_as_much_about_one_paper_takes_about_four_times_as_long(
    document: Callable[[int], list[dict[str, object]]],
) -> None:
    """Were each record compared with all others, it would take sixteen times as long."""
    few, many = (min(_cpu_seconds(document(count)) for _ in range(3)) for count in (2_500, 10_000))

    assert many / few < 9, f"{few:.2f} and {many:.2f} s"


def _cpu_seconds(document: list[dict[str, object]]) -> float:
    began = time.process_time()
    load(document)
    return time.process_time() - began


# Anything at all.

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "sessions papers appearances paper form title authors name key links url start session id abstract "
                "status visible keywords aff poster doi date room chairs x".split()
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)
RECORDS = st.lists(
    st.fixed_dictionaries(
        {"title": st.text(max_size=3)},
        optional={
            name: st.none() | st.text(max_size=4) | st.sampled_from(values)
            for name, values in {
                "id": ["1", "2"],
                "authors": ["A; B", "A"],
                "aff": ["U; V", "U"],
                "session": ["S", " s"],
                "start": ["2026-05-18T10:00Z", "2026-05-19T10:00"],
                "end": ["2026-05-18T09:00Z"],
                "status": ["Poster", "Reject", "Accept (oral)"],
                "number": ["7"],
                "url": ["https://e.org"],
            }.items()
        },
    ),
    max_size=6,
)


def outcome_of(data: bytes) -> str:
    file = File(NAME, data)
    paper_list.recognises(file)
    try:
        found = paper_list.read(file, Hints())
    except UserError as error:
        return str(error)
    account = found.account
    assert account.records == account.papers + account.sessions + account.merged + sum(account.left_out.values())
    assert account.papers == len(found.source.papers)
    return f"{NAME}: read"


@given(document=VALUES | RECORDS, cut=st.none() | st.integers(0, 200), encoding=st.sampled_from(["utf-8", "utf-16"]))
@example(document=[{"title": "x\ud800", "x": "\ud800"}], cut=None, encoding="utf-8")
def test_any_json_whole_or_cut_off_is_read_or_refused(document: object, cut: int | None, encoding: str) -> None:
    outcome = outcome_of(json.dumps(document).encode(encoding)[:cut])
    assert outcome.startswith(f"{NAME}: ")
    assert "\n" not in outcome


@given(start=st.sampled_from([b"", b"[", b"{", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf["]), rest=st.binary())
def test_any_bytes_are_read_or_refused(start: bytes, rest: bytes) -> None:
    outcome = outcome_of(start + rest)
    assert outcome.startswith(f"{NAME}: ")
    assert "\n" not in outcome
