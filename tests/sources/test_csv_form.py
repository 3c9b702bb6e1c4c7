"""The reader of CSV: tables as spreadsheets and other tools write them, and what is wrong with one."""

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.programme.source import Link, Severity, Source, SourcePaper
from bot.sources import csv_form, json_form
from bot.sources.gather import MOST_PAPERS
from bot.sources.problems import MOST_OF_A_KIND
from bot.sources.read import read

NAME = "papers.csv"
START = datetime(2026, 5, 19, 1, tzinfo=UTC)
HEADER = "Title,Authors,Abstract,Session,Room,Start,End\n"


def table(text: str) -> Source:
    source = read(text.encode(), NAME)
    assert source.format == csv_form.FORMAT
    return source


def papers_of(text: str) -> tuple[SourcePaper, ...]:
    (session,) = table(text).sessions
    return session.papers


def refusal(data: bytes) -> str:
    with pytest.raises(UserError) as caught:
        read(data, NAME)
    message = str(caught.value)
    assert message.startswith(f"{NAME}: ")
    assert "\n" not in message
    return message


def problems_of(source: Source, severity: Severity) -> list[tuple[int | None, str]]:
    return [(problem.line, problem.message) for problem in source.problems if problem.severity is severity]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_encodings_and_line_ends_are_found_out(delimiter: str, encoding: str, end: str) -> None:
    written = io.StringIO(newline="")
    rows = [
        ["Abstract", "TITLE", "authors"],
        ["We, who;\tstudy “caches”.", "Café 😀", "Ada; Bo"],
        ["-", "Second", "Cy"],
    ]
    csv.writer(written, delimiter=delimiter, lineterminator=end).writerows(rows)
    source = read(written.getvalue().encode(encoding), NAME)
    assert [(paper.line, paper.title, paper.byline, paper.abstract) for paper in source.sessions[0].papers] == [
        (2, "Café 😀", ("Ada", "Bo"), "We, who;\tstudy “caches”."),
        (3, "Second", ("Cy",), "-"),
    ]
    assert source.problems == ()


@pytest.mark.parametrize("title", ["title", "Name", " TITLE ", "paper_title", "Paper Title"])
def test_a_column_of_titles_is_enough(title: str) -> None:
    assert [paper.title for paper in papers_of(f"{title}\nCaching\nBatching\n")] == ["Caching", "Batching"]


def test_rows_are_grouped_by_their_session() -> None:
    source = table(
        HEADER
        + "a,A,x,One,Hall,2026-05-18T18:00:00-07:00,2026-05-19T03:00Z\n"
        + "b,B,x,Two,,,\n"
        + "c,C,x,one,Hall,2026-05-19T01:00Z,\n"
        + "d,D,x,,,,\n"
        + ",,,Reception,Foyer,,\n"
    )
    assert [(one.name, one.line, [paper.title for paper in one.papers]) for one in source.sessions] == [
        ("One", 2, ["a", "c"]),
        ("Two", 3, ["b"]),
        ("Papers", 5, ["d"]),
        ("Reception", 6, []),
    ]
    first = source.sessions[0]
    assert (first.room, first.starts_at, first.ends_at) == ("Hall", START, START.replace(hour=3))
    assert source.problems == ()


def test_rows_that_disagree_about_their_session_are_noted_and_the_first_wins() -> None:
    source = table(HEADER + "a,A,x,S,Hall,2026-05-19T01:00Z,\nb,B,x,S,Cellar,2026-05-19T02:00Z,\n")
    assert (source.sessions[0].room, source.sessions[0].starts_at) == ("Hall", START)
    assert [line for line, _ in problems_of(source, Severity.NOTE)] == [3, 3]
    assert "room “Cellar” here, but “Hall” before" in problems_of(source, Severity.NOTE)[0][1]


def test_entries_tell_sessions_of_the_same_name_apart() -> None:
    source = table("entry,session,title\ns1p1,S,a\ns2p1,S,b\ns1p2,S,c\n,S,d\nx,S,e\ns3p1,T,\n")
    assert [(one.name, [paper.title for paper in one.papers]) for one in source.sessions] == [
        ("S", ["a", "c", "d", "e"]),
        ("S", ["b"]),
        ("T", [None]),
    ]
    assert (6, "“x” is no entry such as s1p3; left out.") in problems_of(source, Severity.NOTE)


def test_every_field_has_a_column() -> None:
    source = table(
        "session_key,session_kind,session,key,title,number,id,url,pdf,links\n"
        "posters,Session,Posters,caching,Caching,7b,x-1,https://e.org/a;b,http://e.org/p,"
        '"Code <https://e.org/c>; https://e.org/d"\n'
    )
    (session,) = source.sessions
    assert (session.key, session.kind, session.name) == ("posters", "Session", "Posters")
    (paper,) = session.papers
    assert (paper.key, paper.number, paper.source_id) == ("caching", "7b", "x-1")
    assert paper.links == (
        Link("Code", "https://e.org/c"),
        Link("Page", "https://e.org/d"),
        Link("Page", "https://e.org/a;b"),
        Link("PDF", "http://e.org/p"),
    )


def test_text_is_kept_as_it_is_and_a_guard_is_taken_off() -> None:
    first, second = papers_of('title,abstract\n"  a\r\n""b"" ",\'=1\n\'tis,\'\'x\n')
    assert (first.title, first.abstract) == ('  a\r\n"b" ', "=1")
    assert (second.title, second.abstract) == ("'tis", "'x")


def test_lines_are_counted_through_line_breaks_in_cells_and_blank_rows() -> None:
    papers = papers_of('\n title ,abstract\n"a\nb",x\n\n,\nc,"y\n\n"\nd,z\n')
    assert [(paper.title, paper.line) for paper in papers] == [("a\nb", 3), ("c", 7), ("d", 10)]


def test_unknown_columns_are_noted_and_left_out() -> None:
    source = table("title,authors,track,abstract,\na,A,main,x,y\n")
    assert problems_of(source, Severity.NOTE) == [
        (1, "Left out, because the bot knows no such column: “track”, “(no name)”.")
    ]


def test_of_two_columns_for_a_field_the_surer_one_is_read() -> None:
    source = table("name,title,authors,abstract\nwrong,right,A,x\n")
    assert source.sessions[0].papers[0].title == "right"
    assert "“name”" in problems_of(source, Severity.NOTE)[0][1]


def test_rows_of_another_width_are_noted_with_their_line() -> None:
    source = table("title,authors,abstract\na,A\nb,B,x,more\nc,C,x,,\n")
    notes = problems_of(source, Severity.NOTE)
    assert (2, "2 cells of 3; the others are empty.") in notes
    assert (3, "4 cells for 3 columns; “more” is left out.") in notes
    assert [line for line, text in notes if "cells" in text] == [2, 3]


def test_what_needs_a_person_has_its_line() -> None:
    source = table(HEADER + 'a,"A; ; B",x,S,H,2026-05-19 01:00,soon\n,,Text,S,H,,\n')
    assert [(line, text.split(":")[0]) for line, text in problems_of(source, Severity.ACTION)] == [
        (2, "Session “S”"),
        (2, "Session “S”"),
        (2, "Paper “a”"),
        (3, "Paper “Text” has no title; it is shown with what there is."),
        (3, "Paper “Text” has no authors; it is shown with what there is."),
    ]


def test_what_no_paper_has_is_said_once() -> None:
    assert [text for _, text in problems_of(table("title\na\nb\n"), Severity.ACTION)] == ["No paper has any authors."]


def test_keys_ids_and_links_that_make_no_sense_are_noted_with_their_line() -> None:
    source = table("title,authors,abstract,key,id,url\na,A,x,k,1,\nb,B,x,k,1,ftp://e\nc,C,x,K,2,\n")
    assert [paper.key for paper in source.sessions[0].papers] == ["k", "", ""]
    assert sorted(line or 0 for line, _ in problems_of(source, Severity.NOTE)) == [3, 3, 3, 4]


def test_of_many_problems_the_first_are_listed_and_the_rest_counted() -> None:
    source = table("title,authors,abstract\n" + "a,A\n" * (MOST_OF_A_KIND + 9) + "b,B,x\n")
    narrow = [text for _, text in problems_of(source, Severity.NOTE) if text.startswith("2 cells of 3")]
    assert len(narrow) == MOST_OF_A_KIND
    assert f"There are {MOST_OF_A_KIND + 9} problems “a row with too few cells”" in " ".join(
        problem.message for problem in source.problems[-2:]
    )


@pytest.mark.parametrize("text", ["title\n", "title,authors", "title;abstract\n;\n\n"])
def test_a_table_without_rows_is_refused(text: str) -> None:
    assert "no papers and no sessions" in refusal(text.encode())


def test_a_wrong_encoding_names_the_line_and_the_byte() -> None:
    data = "title\nx\née\n".encode("latin-1")
    assert "line 3: byte 0xe9 is not UTF-8. Save the file as UTF-8." in refusal(data)
    assert "line 3: byte 0xe9 is not UTF-8" in refusal(b"\xef\xbb\xbf" + data)


def test_utf_16_that_is_cut_off_is_refused() -> None:
    assert "is not UTF-16" in refusal("title\nx\n".encode("utf-16")[:-1])


@pytest.mark.parametrize("row", ['"never closed\nx\n', '"a"b\n', '"a" ,x\n'])
def test_quotation_marks_that_are_not_in_pairs_are_refused_with_their_line(row: str) -> None:
    message = refusal(f'title,abstract\n"a\nb",x\n{row}'.encode())
    assert "line 4" in message
    assert "quotation marks are not in pairs" in message


def test_a_cell_beyond_the_limit_is_refused_with_its_line() -> None:
    message = refusal(b"title\nx\n" + b"y" * (csv.field_size_limit() + 1))
    assert "line 3" in message
    assert "more than 131,072 characters" in message


def test_a_very_long_title_is_read() -> None:
    assert papers_of(f"title\n{'x' * 10_000}\n")[0].title == "x" * 10_000


@pytest.mark.slow
def test_the_most_papers_are_read_and_one_more_is_refused() -> None:
    assert table("title\n" + "x\n" * MOST_PAPERS).paper_count == MOST_PAPERS
    assert f"more than {MOST_PAPERS:,} papers" in refusal(b"title\n" + b"x\n" * (MOST_PAPERS + 1))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 100,
        b"\x89PNG\r\n\x1a\n\0",
        b'{"title": 1}',
        b"[title, x]",
        b"<title>,title",
        b"Session\nPosters\nHall\nTitle\n",
        b"The title, again\nx\n",
        b"authors,abstract\nA,x\n",
        b'"' + b"x" * 200_000,
    ],
)
def test_what_has_no_column_of_titles_is_no_table(data: bytes) -> None:
    assert not csv_form.can_read(data)


@given(
    rows=st.lists(
        st.lists(
            st.sampled_from(["title", "session", "start", "entry", "s1p1", '"', '"a', '""', "'", "=", "2026-05-19", ""])
            | st.text(max_size=4),
            max_size=5,
        ),
        max_size=6,
    ),
    delimiter=st.sampled_from([",", ";", "\t"]),
)
@example(rows=[["title", "start"], ["a", "\ud800"]], delimiter=",")
def test_any_table_is_read_or_refused(rows: list[list[str]], delimiter: str) -> None:
    text = "title" + delimiter + "\n".join(delimiter.join(row) for row in rows)
    data = text.encode("utf-8", "surrogatepass")
    assert not json_form.can_read(data)
    if not csv_form.can_read(data):
        return
    try:
        source = read(data, NAME)
    except UserError as error:
        outcome = str(error)
    else:
        outcome = f"{NAME}: {len(source.sessions)}"
    assert outcome.startswith(f"{NAME}: ")
    assert "\n" not in outcome
    assert outcome != f"{NAME}: 0"
