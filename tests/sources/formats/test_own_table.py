"""The bot's own table is read back exactly."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.programme.source import Credit, Link, Source, SourceAppearance, SourcePaper, SourceSession
from bot.sources.export import as_csv
from bot.sources.formats import table
from bot.sources.reading.file import File, Hints, Reading
from tests.sources.programmes import bare, sources

START = datetime(2026, 5, 19, 1, tzinfo=UTC)


def read(data: bytes) -> Reading:
    file = File("export.csv", data)
    assert table.recognises(file)
    return table.read(file, Hints())


@settings(max_examples=120)
@given(source=sources())
@example(source=Source("any/1", (), (SourcePaper(),)))
@example(source=Source("any/1", (SourceSession(), SourceSession())))
@example(source=Source("any/1", (SourceSession(appearances=(SourceAppearance(0),) * 2),), (SourcePaper(key="1"),)))
@example(source=Source("any/1", (), (SourcePaper(title="", abstract="", source_id="", track=""),)))
@example(source=Source("any/1", (SourceSession(name="=1", room="-"),), (SourcePaper(title="&amp; <b>x</b>"),)))
@example(
    source=Source(
        "any/1",
        (SourceSession(appearances=(SourceAppearance(1, START, START, "Hall", "7"), SourceAppearance(0))),),
        (
            SourcePaper(title="First", authors=(Credit("", ("A; B", "C")), Credit("Lovelace, Ada"))),
            SourcePaper(title=" Second ", topics=("a, b", ""), links=(Link("", "https://e.org/;"),)),
        ),
    )
)
def test_any_source_is_read_back_exactly_and_written_again_in_the_same_bytes(source: Source) -> None:
    written = as_csv(source)
    again = read(written).source
    assert bare(again) == bare(source)
    assert as_csv(again) == written


@settings(max_examples=25)
@given(source=sources(st.text(st.sampled_from("\ud800\udc00;'= a"), max_size=4)))
def test_halves_of_characters_do_no_harm(source: Source) -> None:
    # Links that differ only in half a character are one once that is replaced.
    again = read(as_csv(source)).source
    written = as_csv(again)
    assert as_csv(read(written).source) == written


def test_each_row_is_accounted_for() -> None:
    paper = SourcePaper(title="Twice")
    session = SourceSession(name="One", appearances=(SourceAppearance(0),))
    source = Source("any/1", (session, replace(session, name="Two"), SourceSession(name="Lunch")), (paper,))
    account = read(as_csv(source)).account
    assert (account.records, account.papers, account.sessions, account.merged) == (3, 1, 1, 1)


@pytest.mark.parametrize("entry", ["", "x"])
def test_rows_that_somebody_added_are_read_as_well(entry: str) -> None:
    session = SourceSession(name="One", room="Hall", appearances=(SourceAppearance(0),))
    header, row = as_csv(Source("any/1", (session,), (SourcePaper(title="First"),))).decode().splitlines()
    added = row.replace("s1p1", entry).replace("First", "Added").replace('"Hall"', '""')
    other = added.replace("One", "Another").replace("Added", "Other")
    source = read("\n".join((header, row, added, other)).encode()).source
    assert [paper.title for paper in source.papers] == ["First", "Added", "Other"]
    assert [(one.name, [a.paper for a in one.appearances]) for one in source.sessions] == [
        ("One", [0, 1]),
        ("Another", [2]),
    ]
