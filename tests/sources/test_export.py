"""Writing a source out: the readers read back exactly what it was, and a spreadsheet finds no formula in it."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.programme.source import Link, Problem, Severity, Source, SourcePaper, SourceSession
from bot.sources import cells, csv_form, json_form
from bot.sources.export import as_csv, as_json
from bot.sources.read import read
from tests.support.server import SESSION_PAGE

Export = Callable[[Source], bytes]
EXPORTS = [as_json, as_csv]
START = datetime(2026, 5, 19, 1, tzinfo=UTC)

SNIPPETS = st.sampled_from(
    [
        *("'", "''", "=1+1", " =1", "+", "-", "@", "\t", "\r", "\n", "\r\n", "＝", "＠"),
        *('"', '""', ";", "; ", ",", "|", " and ", "<", ">", " <", "\\"),
        *("\0", "\x1b", "\x85", "\u2028", "\ufeff", "\u200b", " ", "é", "😀", "word", "null", "NaN"),
    ]
)
WILD = st.one_of(
    st.lists(SNIPPETS, max_size=4).map("".join), st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
)
KEYS = st.one_of(st.just(""), st.from_regex(r"[a-z0-9][a-z0-9-]{0,31}", fullmatch=True))
ADDRESSES = st.one_of(
    st.sampled_from(["https://example.org/a;b,c", 'HTTP://example.org/"x"', "https://example.org/'=1|2"]),
    st.from_regex(r"https?://[a-z;,|\"'=]{1,6}", fullmatch=True),
)
OPTIONAL = st.none() | WILD


@st.composite
def sources(draw: st.DrawFn, texts: st.SearchStrategy[str] = WILD) -> Source:
    """Any source there may be: with the keys `identity` makes, web addresses, and ends after their starts."""
    optional = st.none() | texts
    papers = st.builds(
        SourcePaper,
        key=KEYS,
        line=st.none() | st.integers(1, 99),
        title=optional,
        byline=st.lists(texts, max_size=4).map(tuple),
        abstract=optional,
        number=optional,
        source_id=optional,
        links=st.lists(st.builds(Link, texts, ADDRESSES), max_size=3).map(tuple),
    )
    moments = st.none() | st.datetimes(timezones=st.just(UTC))
    sessions = st.builds(
        SourceSession,
        key=KEYS,
        kind=texts,
        name=texts,
        room=optional,
        starts_at=moments,
        ends_at=moments,
        papers=st.lists(papers, max_size=3).map(tuple),
    )
    return Source("any/1", _allowed(draw(st.lists(sessions, min_size=1, max_size=4))))


def _allowed(sessions: list[SourceSession]) -> tuple[SourceSession, ...]:
    """Make keys unique and put times in order."""
    taken: list[set[str]] = [set(), set()]

    def once(key: str, kind: int) -> str:
        if key in taken[kind]:
            return ""
        taken[kind].add(key)
        return key

    allowed = []
    for session in sessions:
        times = session.starts_at, session.ends_at
        if times[0] and times[1] and times[1] < times[0]:
            times = times[1], times[0]
        allowed.append(
            replace(
                session,
                key=once(session.key, 0),
                starts_at=times[0],
                ends_at=times[1],
                papers=tuple(replace(paper, key=once(paper.key, 1)) for paper in session.papers),
            )
        )
    return tuple(allowed)


def bare(source: Source) -> tuple[SourceSession, ...]:
    """A source without its lines, which are those of a file."""
    return tuple(
        replace(session, line=None, papers=tuple(replace(paper, line=None) for paper in session.papers))
        for session in source.sessions
    )


def source_of(*papers: SourcePaper, **fields: str) -> Source:
    return Source("any/1", (SourceSession(**{"name": "Posters", **fields}, papers=papers),))  # type: ignore[arg-type]


FULL = Source(
    "any/1",
    (
        SourceSession(
            key="posters",
            line=3,
            kind="Session",
            name="Posters",
            room="Hall",
            starts_at=START,
            ends_at=START + timedelta(hours=2, microseconds=5),
            papers=(
                SourcePaper(
                    key="caching",
                    line=4,
                    title="Caching",
                    byline=("Ada Lovelace", "", "Lovelace, Ada; Countess"),
                    abstract="We study caches.\nThey help.",
                    number="17b",
                    source_id="2026.17",
                    links=(Link("PDF", "https://example.org/17.pdf"), Link("", "http://example.org/a;b")),
                ),
            ),
        ),
        SourceSession(name="Reception"),
    ),
    (Problem(4, Severity.NOTE, "Some problem."),),
)


@pytest.mark.parametrize("export", EXPORTS)
@settings(max_examples=60)
@given(source=sources())
@example(source=FULL)
@example(source=source_of(SourcePaper()))
@example(source=source_of(SourcePaper(byline=("",)), SourcePaper(byline=("", "")), SourcePaper(byline=("A", ""))))
@example(source=source_of(SourcePaper(title="", abstract="", number="", source_id=""), name="", room=""))
@example(source=Source("any/1", (SourceSession(), SourceSession(), SourceSession(papers=(SourcePaper(),)))))
@example(source=Source("any/1", (SourceSession(ends_at=datetime.max.replace(tzinfo=UTC)),)))
def test_any_source_is_read_back_exactly_and_written_again_in_the_same_bytes(export: Export, source: Source) -> None:
    written = export(source)
    again = read(written, "export")
    assert bare(again) == bare(source)
    assert export(again) == written
    assert again.format == (json_form.FORMAT if export is as_json else csv_form.FORMAT)


@pytest.mark.parametrize("export", EXPORTS)
@settings(max_examples=25)
@given(source=sources(st.text(st.sampled_from("\ud800\udc00;'= a"), max_size=4)))
def test_halves_of_characters_do_no_harm(export: Export, source: Source) -> None:
    written = export(source)
    assert export(read(written, "export")) == written


@pytest.mark.parametrize("export", EXPORTS)
def test_half_a_character_is_shown_as_missing(export: Export) -> None:
    (session,) = read(export(source_of(SourcePaper(title="a\ud800b"))), "export").sessions
    assert session.papers[0].title == "a\ufffdb"


@pytest.mark.parametrize("export", EXPORTS)
@settings(max_examples=40)
@given(key=WILD, url=WILD, end=st.datetimes(timezones=st.just(UTC)))
def test_what_no_source_may_hold_is_left_out(export: Export, key: str, url: str, end: datetime) -> None:
    paper = SourcePaper(key=key, title="Caching", links=(Link("PDF", url),))
    session = SourceSession(key=key, name="Posters", starts_at=START, ends_at=end, papers=(paper, paper))
    written = export(Source("any/1", (session, session)))
    assert export(read(written, "export")) == written


@pytest.mark.parametrize("export", EXPORTS)
def test_the_real_page_is_read_back_exactly(export: Export) -> None:
    source = read(SESSION_PAGE.read_bytes(), SESSION_PAGE.name)
    assert bare(read(export(source), "export")) == bare(source)


@pytest.mark.parametrize("export", EXPORTS)
def test_times_are_written_in_utc_and_lines_end_alike(export: Export) -> None:
    pacific = timezone(timedelta(hours=-7))
    session = SourceSession(name="Posters", starts_at=datetime(2026, 5, 18, 18, tzinfo=pacific))
    written = export(Source("any/1", (session,)))
    assert b'"2026-05-19T01:00:00Z"' in written
    assert b"\r" not in written
    assert written.endswith(b"\n")


def test_json_is_the_documented_form_with_every_field() -> None:
    document = json.loads(as_json(FULL))
    assert document["form"] == "conference-programme/1"
    posters, reception = document["sessions"]
    (paper,) = posters.pop("papers")
    assert posters == {
        "key": "posters",
        "kind": "Session",
        "name": "Posters",
        "room": "Hall",
        "starts_at": "2026-05-19T01:00:00Z",
        "ends_at": "2026-05-19T03:00:00.000005Z",
    }
    assert paper == {
        "key": "caching",
        "title": "Caching",
        "authors": ["Ada Lovelace", "", "Lovelace, Ada; Countess"],
        "abstract": "We study caches.\nThey help.",
        "number": "17b",
        "id": "2026.17",
        "links": [
            {"label": "PDF", "url": "https://example.org/17.pdf"},
            {"label": "", "url": "http://example.org/a;b"},
        ],
    }
    assert reception["papers"] == []


def test_csv_has_a_row_for_each_paper_and_each_session_without_papers() -> None:
    caching, reception = csv.DictReader(io.StringIO(as_csv(FULL).decode(), newline=""))
    assert (caching["entry"], caching["session"], caching["title"]) == ("s1p1", "Posters", "Caching")
    assert caching["authors"] == 'Ada Lovelace; ""; "Lovelace, Ada; Countess"'
    assert caching["links"] == 'PDF <https://example.org/17.pdf>; "<http://example.org/a;b>"'
    assert (reception["entry"], reception["session"], reception["title"]) == ("s2", "Reception", "")


@settings(max_examples=40)
@given(source=sources())
def test_no_cell_is_a_formula_for_a_spreadsheet(source: Source) -> None:
    for row in csv.reader(io.StringIO(as_csv(source).decode(), newline="")):
        for cell in row:
            assert not cell.startswith(("\t", "\r"))
            assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        (None, ""),
        ("", "'"),
        ("=1", "'=1"),
        ("  -1", "'  -1"),
        ("＠x", "'＠x"),
        ("\tx", "'\tx"),
        (" \rx", "' \rx"),
        ("'", "''"),
        ("'=1", "''=1"),
        ("'tis", "''tis"),
        ("plain", "plain"),
        ("a=b", "a=b"),
    ],
)
def test_an_apostrophe_guards_what_looks_like_a_formula(text: str | None, cell: str) -> None:
    assert cells.to_cell(text) == cell
    assert cells.from_cell(cell) == text


@pytest.mark.parametrize("cell", ["'tis", "'80s", "' x"])
def test_an_apostrophe_that_guards_nothing_stays(cell: str) -> None:
    assert cells.from_cell(cell) == cell
