"""The reader of JSON: the bot's own form, lists of papers from elsewhere, and what is wrong with a file."""

import json
import re
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.programme.source import Link, Severity, Source, SourcePaper
from bot.sources import csv_form, json_form, page_text
from bot.sources.gather import MOST_PAPERS
from bot.sources.lists import joined, split, split_names
from bot.sources.problems import MOST_OF_A_KIND
from bot.sources.read import read
from tests.support.server import SESSION_PAGE

NAME = "papers.json"
START = datetime(2026, 5, 19, 1, tzinfo=UTC)


def load(document: object) -> Source:
    return read(json.dumps(document).encode(), NAME)


def paper_of(**values: object) -> SourcePaper:
    (session,) = load([{"title": "Caching", **values}]).sessions
    return session.papers[0]


def nested(**values: object) -> Source:
    paper = {"title": "Caching", "authors": ["Ada"], "abstract": "We study caches."}
    return load({"form": json_form.FORM, "sessions": [{"name": "Posters", "papers": [paper], **values}]})


def refusal(data: bytes) -> str:
    with pytest.raises(UserError) as caught:
        read(data, NAME)
    message = str(caught.value)
    assert message.startswith(f"{NAME}: ")
    assert "\n" not in message
    return message


def problems_of(source: Source, severity: Severity) -> list[str]:
    return [problem.message for problem in source.problems if problem.severity is severity]


def test_sessions_hold_their_papers() -> None:
    source = nested(
        key="posters",
        kind="Session",
        room="Hall",
        starts_at="2026-05-18T18:00:00-07:00",
        ends_at="2026-05-19T03:00:00Z",
    )
    (session,) = source.sessions
    assert (session.key, session.kind, session.name, session.room) == ("posters", "Session", "Posters", "Hall")
    assert (session.starts_at, session.ends_at) == (START, START.replace(hour=3))
    assert session.starts_at is not None
    assert session.starts_at.tzinfo is UTC
    assert [paper.title for paper in session.papers] == ["Caching"]
    assert source.problems == ()


def test_the_mark_of_the_form_may_be_left_out() -> None:
    assert load({"sessions": [{"name": "Posters", "papers": [{"title": "Caching"}]}]}).paper_count == 1


def test_names_in_a_list_are_kept_as_they_are() -> None:
    names = ["Lovelace, Ada", "", "A and B; C", " Bo "]
    assert paper_of(authors=names).byline == tuple(names)


def test_a_session_without_papers_is_one() -> None:
    (session,) = load({"sessions": [{"name": "Reception"}]}).sessions
    assert (session.name, session.papers) == ("Reception", ())


def test_text_is_kept_as_it_is() -> None:
    text = " \\textbf{x}  = '\u00a0\x00\u2028 "
    paper = paper_of(title=text, abstract=text)
    assert (paper.title, paper.abstract) == (text, text)


@pytest.mark.parametrize(
    ("field", "names"),
    {
        "title": ("title", "name", "Title", "paper_title"),
        "abstract": ("abstract", "summary"),
        "number": ("number", "poster", "poster_position", "Poster Position"),
        "source_id": ("id", "uid", "paper_id", "UID"),
    }.items(),
)
def test_fields_go_by_several_names(field: str, names: tuple[str, ...]) -> None:
    for name in names:
        (session,) = load([{"title": "Other"} if field != "title" else {}, {"title": "x", name: "here"}]).sessions
        if field == "title":
            (session,) = load([{name: "here"}]).sessions
        assert getattr(session.papers[-1], field) == "here"


@pytest.mark.parametrize(
    ("start", "end", "room"),
    [("start", "end", "location"), ("starttime", "endtime", "room"), ("starts_at",) * 2 + ("Room",)],
)
def test_papers_are_grouped_by_their_session(start: str, end: str, room: str) -> None:
    about = {start: "2026-05-19T01:00Z", end: "2026-05-19T01:00Z", room: "Hall"}
    source = load(
        [
            {"title": "a", "session": "Two", **about},
            {"title": "b", "session": "One"},
            {"title": "c", "session": " two ", **about},
            {"title": "d"},
        ]
    )
    assert [(one.name, [paper.title for paper in one.papers]) for one in source.sessions] == [
        ("Two", ["a", "c"]),
        ("One", ["b"]),
        ("Papers", ["d"]),
    ]
    assert (source.sessions[0].room, source.sessions[0].starts_at) == ("Hall", START)


def test_papers_may_be_in_an_object() -> None:
    assert load({"papers": [{"name": "Caching"}]}).sessions[0].papers[0].title == "Caching"


@pytest.mark.parametrize(
    "authors",
    [
        ["Ada Lovelace", "Bo Li"],
        [{"name": "Ada Lovelace", "institution": "Home"}, {"fullname": "Bo Li"}],
        "Ada Lovelace; Bo Li",
        "Ada Lovelace;Bo Li;",
        "Ada Lovelace and Bo Li",
        "Ada Lovelace, Bo Li",
        "Ada Lovelace|Bo Li",
    ],
)
@pytest.mark.parametrize("name", ["author", "authors", "Authors"])
def test_authors_come_in_several_shapes(name: str, authors: object) -> None:
    assert paper_of(**{name: authors}).byline == ("Ada Lovelace", "Bo Li")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ()),
        (" ", ()),
        (";", ("",)),
        ("Ada", ("Ada",)),
        ("Ada; ; Bo", ("Ada", "", "Bo")),
        ("Ada Lovelace, Bo Li, and Cy Xu", ("Ada Lovelace", "Bo Li", "Cy Xu")),
        ("Ada Lovelace, Bo Li and Cy Xu", ("Ada Lovelace", "Bo Li", "Cy Xu")),
        ("Lovelace, Ada and Li, Bo", ("Lovelace, Ada", "Li, Bo")),
        ("Lovelace, Ada; Li, Bo", ("Lovelace, Ada", "Li, Bo")),
        ("Amanda Anderson", ("Amanda Anderson",)),
        ('Robert "Bob" Smith; "Al" Roe', ('Robert "Bob" Smith', '"Al" Roe')),
        ('"A; B"', ("A; B",)),
        ('"A ""x"" B"; C', ('A "x" B', "C")),
    ],
)
def test_names_are_told_apart_in_one_text(text: str, names: tuple[str, ...]) -> None:
    assert split_names(text) == names


@given(st.text(st.sampled_from('a;"| ,')))
def test_joined_names_are_split_again(text: str) -> None:
    names = tuple(text.split("a"))
    assert split_names(joined(names)) == names
    assert split(joined(names)) == names


def test_numbers_are_read_as_they_are_written() -> None:
    paper = paper_of(number=17, id=4.50)
    assert (paper.number, paper.source_id) == ("17", "4.5")


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


def test_unknown_fields_are_noted_once() -> None:
    source = load([{"title": "a", "authors": "A", "abstract": "x", "track": 1, "award": {"a": [[]]}}] * 3)
    (problem,) = source.problems
    assert problem.severity is Severity.NOTE
    assert "“track”, “award”." in problem.message


def test_a_missing_part_of_a_paper_needs_a_person() -> None:
    source = load([{"title": "Caching"}, {"abstract": "Long text.", "authors": ["Ada", ""]}])
    assert problems_of(source, Severity.ACTION) == [
        "Paper “Long text.” has no title; it is shown with what there is.",
        "Paper “Caching” has no authors; it is shown with what there is.",
        "Paper “Long text.”: 1 author slot is blank; shown as not named in the source.",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2026-05-18T18:00:00", "has no offset from UTC"),
        ("2026-05-18", "has no offset from UTC"),
        ("Monday at six", "is no time"),
        ("2026-13-01T00:00:00Z", "is no time"),
        ("0001-01-01T00:00:00+14:00", "is no time"),
    ],
)
def test_a_time_that_says_too_little_is_left_out_and_needs_a_person(text: str, message: str) -> None:
    source = nested(starts_at=text)
    assert source.sessions[0].starts_at is None
    (problem,) = problems_of(source, Severity.ACTION)
    assert "Session “Posters”: the start" in problem
    assert message in problem
    assert "left out" in problem
    assert "configuration" in problem


def test_an_end_before_the_start_is_left_out() -> None:
    source = nested(starts_at="2026-05-19T01:00:00Z", ends_at="2026-05-19T00:59:00Z")
    assert (source.sessions[0].starts_at, source.sessions[0].ends_at) == (START, None)
    assert "ends before it starts" in problems_of(source, Severity.ACTION)[0]


def test_papers_that_disagree_about_their_session_are_noted_and_the_first_wins() -> None:
    source = load(
        [
            {"title": "a", "session": "S", "room": "Hall", "start": "2026-05-19T01:00Z"},
            {"title": "b", "session": "S", "room": "Cellar", "start": "2026-05-18T18:00-07:00"},
            {"title": "c", "session": "S", "room": "Hall", "start": "2026-05-19T02:00Z"},
        ]
    )
    assert (source.sessions[0].room, source.sessions[0].starts_at) == ("Hall", START)
    noted = [text for text in problems_of(source, Severity.NOTE) if "first one is kept" in text]
    assert [text.split(":")[0] for text in noted] == ["[1]", "[2]"]
    assert "room “Cellar” here, but “Hall” before" in noted[0]


def test_keys_are_read() -> None:
    source = nested(key="a-1", papers=[{"key": "b" * 32, "title": "x"}])
    assert (source.sessions[0].key, source.sessions[0].papers[0].key) == ("a-1", "b" * 32)


@pytest.mark.parametrize("key", ["Caching", "-a", "a b", "é", "a" * 33, "a\n", "٣"])
def test_a_key_that_is_none_is_left_out(key: str) -> None:
    source = nested(key=key, papers=[{"key": key, "title": "x"}])
    assert (source.sessions[0].key, source.sessions[0].papers[0].key) == ("", "")
    assert sum("the key" in text for text in problems_of(source, Severity.NOTE)) == 2


def test_a_key_that_is_there_twice_stays_with_the_first() -> None:
    source = load([{"key": "a", "title": "x"}, {"key": "a", "title": "y"}])
    assert [paper.key for paper in source.sessions[0].papers] == ["a", ""]
    assert any("Paper “y”: another one has the key “a”" in text for text in problems_of(source, Severity.NOTE))


def test_an_id_that_is_there_twice_is_noted() -> None:
    source = load([{"id": 1, "title": "x"}, {"id": "1", "title": "y"}])
    assert [paper.source_id for paper in source.sessions[0].papers] == ["1", "1"]
    assert any("id “1” too" in text for text in problems_of(source, Severity.NOTE))


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://e.org", "/a.pdf", "https://", "https://a b", "https://a>b", "https://a\x00"]
)
def test_a_link_that_is_no_web_address_is_left_out(url: str) -> None:
    source = load([{"title": "Caching", "links": [{"label": "x", "url": url}, {"label": "y", "url": "https://e.org"}]}])
    assert source.sessions[0].papers[0].links == (Link("y", "https://e.org"),)
    assert any("no address with http" in text for text in problems_of(source, Severity.NOTE))


def test_half_a_character_is_replaced() -> None:
    source = read(rb'[{"title": "a\ud800", "authors": ["\ud83d\ude00"]}]', NAME)
    paper = source.sessions[0].papers[0]
    assert (paper.title, paper.byline) == ("a\ufffd", ("😀",))
    assert sum("[0].title: half a character" in text for text in problems_of(source, Severity.NOTE)) == 1


def test_of_many_problems_the_first_are_listed_and_the_rest_counted() -> None:
    source = load([{"title": "a", "authors": ["A"], "abstract": "x", "key": "-"} for _ in range(MOST_OF_A_KIND + 7)])
    assert len(source.problems) == MOST_OF_A_KIND + 1
    assert str(MOST_OF_A_KIND + 7) in source.problems[-1].message


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
        ({"papers": 3}, "papers must be a list, not a number"),
        ([[]], "[0] must be an object, not a list"),
        ([{"title": "x", "author": {"name": "y"}}], "[0].author must be a list, not an object"),
        ([{"title": "x", "authors": ["a", 5]}], "[0].authors[1] must be text, not a number"),
        ([{"title": "x", "authors": [{"name": True}]}], "[0].authors[0].name must be text, not true"),
        ([{"title": "x", "links": [[]]}], "[0].links[0] must be text, not a list"),
        ([{"title": "x", "links": [{"url": {}}]}], "[0].links[0].url must be text, not an object"),
        ([{"title": "x", "pdf": False}], "[0].pdf must be text, not false"),
        ([{"title": "x", "number": []}], "[0].number must be text, not a list"),
        ([{"title": float("nan")}], "[0].title must be text, not NaN"),
        ([{"title": "x", "id": float("-inf")}], "[0].id must be text, not -Infinity"),
        ({"form": "conference-programme/2", "sessions": []}, 'form must be "conference-programme/1"'),
        ({"sessions": [], "papers": []}, "sessions and papers are both there"),
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


@pytest.mark.parametrize("digits", [21, 5000])
def test_a_huge_number_is_refused(digits: int) -> None:
    assert f"[0].number is a number of {digits:,} characters" in refusal(
        b'[{"title": "x", "number": %s}]' % (b"9" * digits)
    )


def test_a_field_that_is_there_twice_is_refused() -> None:
    assert "[0]: the field “title” is there twice" in refusal(b'[{"title": "a", "title": "b"}]')


@pytest.mark.parametrize(
    ("data", "place", "is_cut"),
    [
        (b'[{"title": "a"},\n {"tit', "line 2, column 3", True),
        (b'[{"title": "a"}', "line 1, column 16", True),
        (b"[", "line 1, column 2", True),
        (b'{"papers":\n\n [}', "line 3, column 3", False),
        (b'[{"title": "a\x00"}]', "line 1, column 14", False),
        (b"[] x", "line 1, column 4", False),
    ],
)
def test_broken_json_is_refused_with_line_and_column(data: bytes, place: str, is_cut: bool) -> None:
    message = refusal(data)
    assert f"{NAME}: {place}: no valid JSON" in message
    assert ("cut off" in message) == is_cut


@pytest.mark.parametrize("bracket", [b"[", b'{"papers":', b'[{"x":'])
def test_deep_nesting_is_refused(bracket: bytes) -> None:
    assert "nested too deeply" in refusal(bracket * 100_000)


def test_a_wrong_encoding_names_the_line_and_the_byte() -> None:
    data = '[\n{"title": "Café"}]'
    assert "line 2: byte 0xe9 is not UTF-8" in refusal(data.encode("latin-1"))
    assert "line 2: byte 0xe9 is not UTF-8" in refusal(b"\xef\xbb\xbf" + data.encode("latin-1"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_with_a_mark_are_read(encoding: str) -> None:
    source = read('\n [{"title": "Café 😀"}]'.encode(encoding), NAME)
    assert source.sessions[0].papers[0].title == "Café 😀"


def test_a_very_long_title_is_read() -> None:
    assert paper_of(title="x" * 10_000).title == "x" * 10_000


@pytest.mark.slow
def test_the_most_papers_are_read_and_one_more_is_refused() -> None:
    papers = b",".join([b'{"title":"x"}'] * MOST_PAPERS)
    assert read(b"[%s]" % papers, NAME).paper_count == MOST_PAPERS
    for form in (b'[%s,{"title":"x"}]', b'{"sessions":[{"name":"S","papers":[%s,{"title":"x"}]}]}'):
        assert f"more than {MOST_PAPERS:,} papers" in refusal(form % papers)
    assert f"more than {MOST_PAPERS:,} sessions" in refusal(b'{"sessions":[%s{}]}' % (b"{}," * MOST_PAPERS))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["sessions", "papers", "form", "title", "authors", "name", "key", "links", "url", "start", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


def outcome_of(data: bytes) -> str:
    try:
        read(data, NAME)
    except UserError as error:
        return str(error)
    return f"{NAME}: read"


@given(document=VALUES, cut=st.none() | st.integers(0, 200), encoding=st.sampled_from(["utf-8", "utf-16"]))
@example(document=[{"title": "x\ud800", "x": "\ud800"}], cut=None, encoding="utf-8")
def test_any_json_whole_or_cut_off_is_read_or_refused(document: object, cut: int | None, encoding: str) -> None:
    outcome = outcome_of(json.dumps(document).encode(encoding)[:cut])
    assert outcome.startswith(f"{NAME}: ")
    assert "\n" not in outcome


@given(
    start=st.sampled_from([b"", b"[", b"{", b"title,", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf["]), rest=st.binary()
)
def test_any_bytes_are_read_or_refused(start: bytes, rest: bytes) -> None:
    outcome = outcome_of(start + rest)
    assert outcome.startswith(f"{NAME}: ")
    assert "\n" not in outcome
    assert not (json_form.can_read(start + rest) and csv_form.can_read(start + rest))


def test_a_page_of_text_is_not_taken_for_json_or_a_table() -> None:
    data = SESSION_PAGE.read_bytes()
    assert (json_form.can_read(data), csv_form.can_read(data)) == (False, False)
    assert read(data, "page.txt").format == page_text.FORMAT
