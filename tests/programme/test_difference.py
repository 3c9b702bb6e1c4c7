"""What another version changes, and what looks wrong about it."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.programme.build import build
from bot.programme.difference import (
    Change,
    Difference,
    PaperChange,
    TimeChange,
    compare,
    suspicions,
)
from bot.programme.identity import assign_keys
from bot.programme.model import Programme
from bot.programme.source import Link, Source, SourcePaper, SourceSession
from bot.programme.text import clean
from bot.sources.read import read
from tests.support.server import SESSION_PAGE

NINE, TEN, ELEVEN = (datetime(2026, 5, 18, hour, tzinfo=UTC) for hour in (9, 10, 11))

PAPERS = tuple(
    SourcePaper(
        key=key,
        title=key.upper(),
        byline=("Ada Lovelace", "Bo Li"),
        abstract="We write.",
        links=(Link("PDF", f"https://example.org/{key}"),),
    )
    for key in "abcdef"
)
POSTERS = SourceSession(key="posters", kind="Session", name="Posters", room="Hall", starts_at=NINE, papers=PAPERS)


def programme(*sessions: SourceSession) -> Programme:
    return build(Source("test/1", sessions))


def of_papers(*papers: SourcePaper) -> Programme:
    return programme(replace(POSTERS, papers=papers))


BEFORE = programme(POSTERS)

MOMENTS = st.none() | st.sampled_from([NINE, TEN, ELEVEN])
SESSIONS = st.builds(
    SourceSession,
    key=st.sampled_from("abcd"),
    name=st.just("A session"),
    room=st.none() | st.sampled_from(["Hall", "Attic"]),
    starts_at=MOMENTS,
    ends_at=MOMENTS,
)
PROGRAMMES = st.lists(SESSIONS, max_size=4, unique_by=lambda session: session.key).map(lambda them: programme(*them))


@given(PROGRAMMES)
def test_nothing_differs_from_itself(one: Programme) -> None:
    assert compare(one, one).empty
    assert compare(one, one).counts == {}


def test_the_real_session_does_not_differ_from_itself_and_wholly_from_nothing() -> None:
    real = build(assign_keys(read(SESSION_PAGE.read_bytes(), SESSION_PAGE.name)))
    assert compare(real, real) == Difference()
    assert compare(Programme(), real).counts == {"papers added": 34, "sessions added": 1}
    assert compare(real, Programme()).counts == {"papers removed": 34, "sessions removed": 1}


@pytest.mark.parametrize(
    ("fields", "change"),
    [
        ({"title": "New **words**"}, Change("title", "A", "New words")),
        ({"title": None}, Change("title", "A", "")),
        ({"byline": ("Ada Lovelace", "", "")}, Change("authors", "Ada Lovelace, Bo Li", "Ada Lovelace, 2 not named")),
        ({"abstract": "We rewrite."}, Change("abstract", "We write.", "We rewrite.")),
        ({"number": "7b"}, Change("number", "1", "7b")),
        ({"links": ()}, Change("links", "PDF: https://example.org/a", "")),
    ],
)
def test_a_changed_paper_is_told_field_by_field(fields: dict[str, object], change: Change) -> None:
    after = of_papers(replace(PAPERS[0], **fields), *PAPERS[1:])  # type: ignore[arg-type]
    difference = compare(BEFORE, after)
    assert difference == Difference(
        papers_changed=(PaperChange(BEFORE.papers["a"], after.papers["a"], (change,)),),
    )
    assert not difference.empty


def test_other_writing_of_the_same_is_no_change() -> None:
    assert compare(
        BEFORE, of_papers(replace(PAPERS[0], title=" **A** ", byline=("ADA LOVELACE", "Bo Li")), *PAPERS[1:])
    ).empty


def test_numbers_that_shift_are_counted_and_not_listed() -> None:
    new = SourcePaper(key="new", title="New")
    difference = compare(BEFORE, of_papers(PAPERS[0], new, *PAPERS[1:4], PAPERS[5]))
    assert [paper.key for paper in difference.papers_added] == ["new"]
    assert [paper.key for paper in difference.papers_removed] == ["e"]
    # The last one has a new paper and a gone one before it.
    assert (difference.renumbered, difference.papers_changed) == (3, ())
    assert not difference.empty


def test_numbers_of_papers_put_into_another_order_are_listed() -> None:
    difference = compare(BEFORE, of_papers(PAPERS[1], PAPERS[0], *PAPERS[2:]))
    assert [(change.after.key, change.changes) for change in difference.papers_changed] == [
        ("b", (Change("number", "2", "1"),)),
        ("a", (Change("number", "1", "2"),)),
    ]
    assert difference.renumbered == 0


def test_numbers_of_the_source_that_change_are_listed() -> None:
    own = [replace(paper, number=f"P{at}") for at, paper in enumerate(PAPERS)]
    difference = compare(of_papers(*own), of_papers(*(replace(one, number=f"Q{at}") for at, one in enumerate(own[1:]))))
    assert (len(difference.papers_changed), difference.renumbered) == (5, 0)


def test_a_paper_in_another_session_is_told_by_the_sessions_names() -> None:
    talks = SourceSession(key="talks", name="Talks")
    before = programme(POSTERS, talks)
    after = programme(replace(POSTERS, papers=PAPERS[:5]), replace(talks, name="Lectures", papers=PAPERS[5:]))
    (change,) = compare(before, after).papers_changed
    assert change.changes == (Change("number", "6", "1"), Change("session", "Posters", "Lectures"))


def test_a_changed_session_is_told_field_by_field_with_its_moments() -> None:
    after = programme(replace(POSTERS, name="Demos", kind="Demo", room=None, starts_at=TEN, ends_at=ELEVEN))
    (change,) = compare(BEFORE, after).sessions_changed
    assert change.changes == (
        Change("name", "Posters", "Demos"),
        Change("kind", "Session", "Demo"),
        Change("room", "Hall", ""),
        TimeChange("start", NINE, TEN),
        TimeChange("end", None, ELEVEN),
    )


def test_six_thousand_papers_are_compared_quickly() -> None:
    def large(word: str) -> Programme:
        one = replace(BEFORE.papers["a"], abstract=clean(f"Some {word}. " * 40))
        sessions = [
            replace(
                BEFORE.sessions[0],
                key=f"s{part}",
                papers=tuple(replace(one, key=f"p{part}-{at}", session_key=f"s{part}") for at in range(600)),
            )
            for part in range(10)
        ]
        return Programme(tuple(sessions))

    before, after = large("words"), large("text")
    started = perf_counter()
    difference = compare(before, after)
    print(f"6,000 papers compared: {perf_counter() - started:.2f} s")
    assert difference.counts == {"papers changed": 6000}


FOREIGN = "It may be another conference's: none of its sessions and none of the 6 papers in use were recognised in it."


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (BEFORE, None),
        (of_papers(*PAPERS[2:]), None),
        (of_papers(*PAPERS[3:]), "More than a third of the papers are gone: 3 of 6."),
        (of_papers(), "It has no papers at all; the programme in use has 6."),
        (Programme(), "It has no papers at all; the programme in use has 6."),
        (programme(SourceSession(key="x", name="X", papers=(replace(PAPERS[0], key="y"),))), FOREIGN),
        (of_papers(*(replace(paper, key=f"{paper.key}2") for paper in PAPERS)), "More than a third .* 6 of 6."),
        (programme(replace(POSTERS, key="x")), None),
    ],
)
def test_what_looks_wrong_is_said(after: Programme, told: str | None) -> None:
    sentences = suspicions(BEFORE, after, compare(BEFORE, after))
    if told is None:
        assert sentences == ()
    else:
        (sentence,) = sentences
        assert re.fullmatch(told, sentence)


def test_nothing_looks_wrong_about_the_first_version() -> None:
    empty = programme(SourceSession(key="x", name="X"))
    assert suspicions(Programme(), BEFORE, compare(Programme(), BEFORE)) == ()
    assert suspicions(empty, Programme(), compare(empty, Programme())) == ()
