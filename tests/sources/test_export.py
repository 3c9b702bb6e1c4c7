"""Writing a source out: it is read back exactly, and a spreadsheet finds no formula in it."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.errors import UserError
from bot.programme.source import (
    Credit,
    Link,
    Problem,
    Severity,
    Source,
    SourceAppearance,
    SourcePaper,
    SourceSession,
)
from bot.sources.export import as_csv, as_json
from bot.sources.formats import paper_list
from bot.sources.formats.table.cells import (
    COLUMNS,
    Entry,
    affiliations_text,
    entry_of,
    from_cell,
    links_of,
    links_text,
    people_of,
    to_cell,
)
from bot.sources.reading.file import File, Hints
from bot.sources.reading.lists import split
from tests.sources.programmes import WILD, bare, sources

START = datetime(2026, 5, 19, 1, tzinfo=UTC)

FULL = Source(
    "any/1",
    (
        SourceSession(
            key="posters",
            line=3,
            kind="Session",
            name="Posters",
            track="Systems",
            room="Hall",
            starts_at=START,
            ends_at=START + timedelta(hours=2, microseconds=5),
            chairs=(Credit("Cy", ("Uni C",)),),
            abstract="All posters.",
            source_id="S1",
            links=(Link("Page", "https://example.org/s1"),),
            appearances=(SourceAppearance(1, START, None, "Hall", "17b"), SourceAppearance(0)),
        ),
        SourceSession(name="Reception"),
    ),
    (
        SourcePaper(title="Alone"),
        SourcePaper(
            key="caching",
            line=4,
            title="Caching",
            authors=(Credit("Ada Lovelace", ("Uni A", "Lab; B")), Credit(""), Credit("Lovelace, Ada; Countess")),
            abstract="We study caches.\nThey help.",
            kind="Long",
            track="Systems",
            topics=("caches", "a, b"),
            source_id="2026.17",
            other_ids=("17", "x"),
            links=(Link("PDF", "https://example.org/17.pdf"), Link("", "http://example.org/a;b")),
        ),
        SourcePaper(title="In no session"),
    ),
    (Problem(4, Severity.NOTE, "Some problem."),),
)


def read_json(data: bytes) -> Source:
    file = File("export.json", data)
    assert paper_list.recognises(file)
    return paper_list.read(file, Hints()).source


def read_csv(data: bytes) -> Source:
    """What `cells` says of a table is enough to make the source again."""
    header, *rows = csv.reader(io.StringIO(data.decode(), newline=""))
    assert tuple(header) == COLUMNS
    papers: dict[int, SourcePaper] = {}
    sessions: dict[int, SourceSession] = {}
    for cells in rows:
        row = {name: from_cell(cell) for name, cell in zip(header, cells, strict=True)}

        def moment(name: str, row: dict[str, str | None] = row) -> datetime | None:
            return datetime.fromisoformat(row[name] or "") if row[name] else None

        entry = entry_of(row["entry"] or "")
        assert entry is not None
        if entry.paper is not None:
            papers[entry.paper] = SourcePaper(
                key=row["key"] or "",
                title=row["title"],
                authors=people_of(split(row["authors"] or ""), row["affiliations"]),
                abstract=row["abstract"],
                kind=row["kind"] or "",
                track=row["track"],
                topics=split(row["topics"] or ""),
                source_id=row["id"],
                other_ids=split(row["other_ids"] or ""),
                links=tuple(links_of(row["links"])),
            )
        if entry.session is None:
            continue
        session = sessions.setdefault(
            entry.session,
            SourceSession(
                key=row["session_key"] or "",
                kind=row["session_kind"] or "",
                name=row["session"] or "",
                track=row["session_track"],
                room=row["session_room"],
                starts_at=moment("session_starts_at"),
                ends_at=moment("session_ends_at"),
                chairs=people_of(split(row["chairs"] or ""), row["chair_affiliations"]),
                abstract=row["session_abstract"],
                source_id=row["session_id"],
                links=tuple(links_of(row["session_links"])),
            ),
        )
        if entry.paper is not None:
            one = SourceAppearance(entry.paper - 1, moment("starts_at"), moment("ends_at"), row["room"], row["board"])
            sessions[entry.session] = replace(session, appearances=(*session.appearances, one))
    return Source("csv", tuple(sessions[at] for at in sorted(sessions)), tuple(papers[at] for at in sorted(papers)))


BOTH = pytest.mark.parametrize(("export", "read"), [(as_json, read_json), (as_csv, read_csv)], ids=["json", "csv"])


@BOTH
@settings(max_examples=60)
@given(source=sources())
@example(source=FULL)
@example(source=Source("any/1", (), (SourcePaper(),)))
@example(source=Source("any/1", (SourceSession(), SourceSession())))
@example(source=Source("any/1", (SourceSession(appearances=(SourceAppearance(0),) * 2),), (SourcePaper(key="1"),)))
@example(source=Source("any/1", (), (SourcePaper(title="", abstract="", source_id="", track=""),)))
@example(
    source=Source(
        "any/1",
        (SourceSession(appearances=(SourceAppearance(0, START, START, "Hall"),)),),
        (SourcePaper(title="A session without a time keeps none"),),
    )
)
def test_any_source_is_read_back_exactly_and_written_again_in_the_same_bytes(
    export: Callable[[Source], bytes], read: Callable[[bytes], Source], source: Source
) -> None:
    written = export(source)
    again = read(written)
    assert bare(again) == bare(source)
    assert export(again) == written


@BOTH
@settings(max_examples=25)
@given(source=sources(st.text(st.sampled_from("\ud800\udc00;'= a"), max_size=4)))
def test_halves_of_characters_do_no_harm(
    export: Callable[[Source], bytes], read: Callable[[bytes], Source], source: Source
) -> None:
    written = export(source)
    assert export(read(written)) == written


@BOTH
def test_times_are_written_in_utc_and_lines_end_alike(
    export: Callable[[Source], bytes], read: Callable[[bytes], Source]
) -> None:
    pacific = timezone(timedelta(hours=-7))
    session = SourceSession(name="Posters", starts_at=datetime(2026, 5, 18, 18, tzinfo=pacific))
    written = export(Source("any/1", (session,)))
    assert b'"2026-05-19T01:00:00Z"' in written
    assert b"\r" not in written
    assert written.endswith(b"\n")
    assert read(written).sessions[0].starts_at == START


def test_every_record_of_the_own_form_is_accounted_for() -> None:
    account = paper_list.read(File("export.json", as_json(FULL)), Hints()).account
    assert (account.records, account.papers, account.sessions, account.merged) == (5, 3, 2, 0)


def test_an_empty_source_makes_a_file_that_is_refused() -> None:
    with pytest.raises(UserError, match="no papers and no sessions"):
        read_json(as_json(Source("any/1")))


def test_json_is_the_documented_form_with_every_field() -> None:
    document = json.loads(as_json(FULL))
    assert document["form"] == "conference-programme/2"
    posters, reception = document["sessions"]
    assert posters == {
        "key": "posters",
        "kind": "Session",
        "name": "Posters",
        "track": "Systems",
        "room": "Hall",
        "starts_at": "2026-05-19T01:00:00Z",
        "ends_at": "2026-05-19T03:00:00.000005Z",
        "chairs": [{"name": "Cy", "affiliations": ["Uni C"]}],
        "abstract": "All posters.",
        "id": "S1",
        "links": [{"label": "Page", "url": "https://example.org/s1"}],
        "appearances": [
            {
                "paper": "caching",
                "starts_at": "2026-05-19T01:00:00Z",
                "ends_at": None,
                "room": "Hall",
                "board": "17b",
            },
            {"paper": 0, "starts_at": None, "ends_at": None, "room": None, "board": None},
        ],
    }
    assert reception["appearances"] == []
    assert document["papers"][1] == {
        "key": "caching",
        "title": "Caching",
        "authors": [{"name": "Ada Lovelace", "affiliations": ["Uni A", "Lab; B"]}, "", "Lovelace, Ada; Countess"],
        "abstract": "We study caches.\nThey help.",
        "kind": "Long",
        "track": "Systems",
        "topics": ["caches", "a, b"],
        "id": "2026.17",
        "other_ids": ["17", "x"],
        "links": [
            {"label": "PDF", "url": "https://example.org/17.pdf"},
            {"label": "", "url": "http://example.org/a;b"},
        ],
    }


def test_csv_has_a_row_for_each_appearance_and_each_session_and_paper_without_one() -> None:
    caching, alone, reception, unplaced = csv.DictReader(io.StringIO(as_csv(FULL).decode(), newline=""))
    assert (caching["entry"], caching["session"], caching["title"], caching["board"]) == (
        "s1p2",
        "Posters",
        "Caching",
        "17b",
    )
    assert caching["authors"] == 'Ada Lovelace; ""; "Lovelace, Ada; Countess"'
    assert caching["affiliations"] == '"Uni A; ""Lab; B"""; ""; ""'
    assert caching["links"] == 'PDF <https://example.org/17.pdf>; "<http://example.org/a;b>"'
    assert (alone["entry"], alone["session"], alone["session_room"]) == ("s1p1", "Posters", "Hall")
    assert (reception["entry"], reception["session"], reception["title"]) == ("s2", "Reception", "")
    assert (unplaced["entry"], unplaced["session"], unplaced["title"]) == ("p3", "", "In no session")


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
    assert to_cell(text) == cell
    assert from_cell(cell) == text


@pytest.mark.parametrize("cell", ["'tis", "'80s", "' x"])
def test_an_apostrophe_that_guards_nothing_stays(cell: str) -> None:
    assert from_cell(cell) == cell


@given(links=st.lists(st.builds(Link, WILD, st.sampled_from(["https://e.org/a;b", 'http://e.org/"x"'])), max_size=3))
def test_links_come_back_from_one_text(links: list[Link]) -> None:
    assert list(links_of(links_text(links))) == links


@given(people=st.lists(st.builds(Credit, WILD, st.lists(WILD, max_size=3).map(tuple)), max_size=4))
def test_affiliations_come_back_from_one_text(people: list[Credit]) -> None:
    assert people_of([person.name for person in people], affiliations_text(people)) == tuple(people)


@pytest.mark.parametrize(
    ("text", "held"),
    [("A;;", [("A",), (), ()]), ("A;B;C", [("A",), ("B",), ("C",)]), ("A; B", [(), (), ()]), (None, [(), (), ()])],
)
def test_affiliations_of_elsewhere_are_taken_when_there_is_one_for_each(
    text: str | None, held: list[tuple[str, ...]]
) -> None:
    assert [person.affiliations for person in people_of(("Ada", "Bo", "Cy"), text)] == held


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("s1p3", Entry(1, 3)),
        (" s2 ", Entry(2, None)),
        ("p5", Entry(None, 5)),
        ("", None),
        ("3", None),
        ("s1p", None),
        ("p3s1", None),
        ("s٣", None),
        ("s1p" + "9" * 10, None),
    ],
)
def test_an_entry_says_what_a_row_is_about(text: str, entry: Entry | None) -> None:
    assert entry_of(text) == entry
    if entry:
        assert str(entry) == text.strip()
