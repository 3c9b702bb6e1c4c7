"""Two sources have the same fingerprint when they say the same, however they are written down."""

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from bot.programme.fingerprint import fingerprint
from bot.programme.source import Credit, Link, Problem, Severity, Source, SourceAppearance, SourcePaper, SourceSession

NOON = datetime(2026, 5, 18, 12, tzinfo=UTC)
PAPER = SourcePaper(key="apple", line=1, title="Apple", authors=(Credit("Ann"),), source_id="1")
SOURCE = Source(
    "form/1",
    (
        SourceSession("morning", line=3, name="Morning", room="Hall", appearances=(SourceAppearance(0, NOON),)),
        SourceSession("noon", line=5, name="Noon", appearances=(SourceAppearance(1), SourceAppearance(0))),
    ),
    (PAPER, SourcePaper(key="fig", line=2, title="Fig")),
)


def with_paper(**fields: Any) -> Source:
    return replace(SOURCE, papers=(replace(PAPER, **fields), SOURCE.papers[1]))


def with_session(**fields: Any) -> Source:
    return replace(SOURCE, sessions=(replace(SOURCE.sessions[0], **fields), SOURCE.sessions[1]))


def test_lines_order_format_and_problems_make_no_difference() -> None:
    apple, fig = SOURCE.papers
    morning, noon = SOURCE.sessions
    other = Source(
        "form/2",
        (
            replace(noon, line=1, appearances=(SourceAppearance(1), SourceAppearance(0))),
            replace(morning, line=2, appearances=(SourceAppearance(1, NOON),)),
        ),
        (replace(fig, line=8), replace(apple, line=9)),
        (Problem(1, Severity.NOTE, "A blank line."),),
    )
    assert fingerprint(other) == fingerprint(SOURCE)
    assert len(fingerprint(SOURCE)) == 64


@pytest.mark.parametrize(
    "other",
    [
        with_paper(title="Apples"),
        with_paper(abstract="Words."),
        with_paper(authors=(Credit("Ann", ("A University",)),)),
        with_paper(topics=("Fruit",)),
        with_paper(other_ids=("2",)),
        with_paper(links=(Link("PDF", "https://example.org/1.pdf"),)),
        with_session(room="Ballroom"),
        with_session(starts_at=NOON),
        with_session(chairs=(Credit("Bo"),)),
        with_session(appearances=()),
        with_session(appearances=(SourceAppearance(1, NOON),)),
        with_session(appearances=(SourceAppearance(0, NOON, board="7"),)),
        replace(SOURCE, papers=(*SOURCE.papers, SourcePaper(key="grape", title="Grape"))),
        replace(SOURCE, sessions=SOURCE.sessions[:1]),
    ],
)
def test_whatever_else_is_said_makes_one(other: Source) -> None:
    assert fingerprint(other) != fingerprint(SOURCE)


def test_a_large_source_says_the_same_in_any_order() -> None:
    papers = tuple(SourcePaper(key=f"p{number}", title=f"Title {number}") for number in range(1_700))
    source = Source("form/1", papers=papers)
    assert fingerprint(source) == fingerprint(replace(source, papers=papers[::-1]))
    # What the fingerprint is: those that were ignored before are still known.
    plain = sorted(repr(replace(paper, line=None)) for paper in papers)
    assert fingerprint(source) == sha256("".join(f"{one}\0" for one in plain).encode()).hexdigest()
