"""What another version changes, and what looks wrong about it."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

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
from bot.programme.model import Appearance, Programme
from bot.programme.source import Credit, Link, SourcePaper
from bot.programme.text import clean
from bot.sources.read import read
from tests.support.programmes import Made, Shown, at, credited, paper, session, source_of
from tests.support.server import SESSION_PAGE

NINE, TEN, ELEVEN = (datetime(2026, 5, 18, hour, tzinfo=UTC) for hour in (9, 10, 11))

PAPERS = tuple(
    paper(
        key.upper(),
        "Ada Lovelace",
        "Bo Li",
        key=key,
        abstract="We write.",
        links=(Link("PDF", f"https://example.org/{key}"),),
    )
    for key in "abcdef"
)


def posters(*shown: SourcePaper | Shown, **fields: Any) -> Made:
    usual = {"key": "posters", "kind": "Session", "room": "Hall", "starts_at": NINE}
    return session(fields.pop("name", "Posters"), *shown, **{**usual, **fields})


def programme(*sessions: Made) -> Programme:
    return build(source_of(*sessions))


def of_papers(*papers: SourcePaper | Shown) -> Programme:
    return programme(posters(*papers))


BEFORE = of_papers(*PAPERS)

MOMENTS = st.none() | st.sampled_from([NINE, TEN, ELEVEN])
TALKS = [paper(name, key=name) for name in "xyz"]
SHOWN = st.builds(at, st.sampled_from(TALKS), MOMENTS, MOMENTS, room=st.none() | st.sampled_from(["Hall", "Attic"]))
SESSIONS = st.builds(
    lambda shown, **fields: session("A session", *shown, **fields),
    st.lists(SHOWN, max_size=3),
    key=st.sampled_from("abcd"),
    room=st.none() | st.sampled_from(["Hall", "Attic"]),
    starts_at=MOMENTS,
    ends_at=MOMENTS,
)
PROGRAMMES = st.lists(SESSIONS, max_size=4, unique_by=lambda made: made.session.key).map(lambda them: programme(*them))


@given(PROGRAMMES)
def test_nothing_differs_from_itself(one: Programme) -> None:
    assert compare(one, one).empty
    assert compare(one, one).counts == {}


def test_the_real_session_does_not_differ_from_itself_and_wholly_from_nothing() -> None:
    real = build(assign_keys(read(SESSION_PAGE.read_bytes(), SESSION_PAGE.name).source))
    assert compare(real, real) == Difference()
    assert compare(Programme(), real).counts == {"papers added": 34, "sessions added": 1}
    assert compare(real, Programme()).counts == {"papers removed": 34, "sessions removed": 1}


@pytest.mark.parametrize(
    ("fields", "change"),
    [
        ({"title": "New **words**"}, Change("title", "A", "New words")),
        ({"title": None}, Change("title", "A", "")),
        (
            {"authors": credited("Ada Lovelace", "", "")},
            Change("authors", "Ada Lovelace, Bo Li", "Ada Lovelace, 2 not named"),
        ),
        (
            {"authors": (Credit("Ada Lovelace", ("London", "Turin")), Credit("Bo Li"))},
            Change("affiliations", "", "Ada Lovelace: London, Turin"),
        ),
        ({"abstract": "We rewrite."}, Change("abstract", "We write.", "We rewrite.")),
        ({"kind": "Long paper"}, Change("kind", "", "Long paper")),
        ({"track": "Systems"}, Change("track", "", "Systems")),
        ({"topics": ("LLMs", "Caches")}, Change("topics", "", "LLMs, Caches")),
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
    again = replace(PAPERS[0], title=" **A** ", authors=credited("ADA LOVELACE", "Bo Li"))
    assert compare(BEFORE, of_papers(again, *PAPERS[1:])).empty


def test_papers_that_come_and_go_and_another_order_change_no_other_paper() -> None:
    new = paper("New", key="new")
    difference = compare(BEFORE, of_papers(PAPERS[1], PAPERS[0], new, *PAPERS[2:4], PAPERS[5]))
    assert [one.key for one in difference.papers_added] == ["new"]
    assert [one.key for one in difference.papers_removed] == ["e"]
    assert difference.papers_changed == ()


def test_boards_that_change_are_told() -> None:
    old = [at(one, board=f"P{number}") for number, one in enumerate(PAPERS)]
    new = [at(one, board=f"Q{number}") for number, one in enumerate(PAPERS[:2])]
    difference = compare(of_papers(*old), of_papers(*new, *old[2:5], PAPERS[5]))
    assert [(one.after.key, one.changes) for one in difference.papers_changed] == [
        ("a", (Change("board", "P0", "Q0"),)),
        ("b", (Change("board", "P1", "Q1"),)),
        ("f", (Change("board", "P5", ""),)),
    ]


def test_a_paper_in_other_sessions_is_told_by_the_sessions_names() -> None:
    talks = {"key": "talks", "starts_at": TEN}
    before = programme(posters(*PAPERS), session("Talks", **talks))
    both = programme(posters(*PAPERS), session("Lectures", PAPERS[5], **talks))
    other = programme(posters(*PAPERS[:5]), session("Lectures", PAPERS[5], **talks))
    none = build(source_of(posters(*PAPERS[:5]), session("Lectures", **talks), unscheduled=[PAPERS[5]]))
    for after, names in ((both, "Posters, Lectures"), (other, "Lectures"), (none, "")):
        (change,) = compare(before, after).papers_changed
        assert change.after.key == "f"
        assert change.changes == (Change("session", "Posters", names),)


def test_a_paper_that_is_shown_in_another_order_of_its_sessions_is_in_the_same_ones() -> None:
    before = programme(posters(PAPERS[0]), session("Talks", PAPERS[0], key="talks", starts_at=TEN))
    after = programme(posters(PAPERS[0]), session("Talks", PAPERS[0], key="talks", starts_at=NINE.replace(hour=8)))
    difference = compare(before, after)
    assert difference.counts == {"sessions changed": 1}


def test_a_talk_in_another_slot_is_told_with_its_moments_and_its_room() -> None:
    def talks(*shown: Shown, **fields: Any) -> Programme:
        return programme(session("Talks", *shown, **{"key": "talks", "room": "Hall", "starts_at": NINE, **fields}))

    before = talks(at(PAPERS[0], NINE, TEN), at(PAPERS[1], TEN, ELEVEN), at(PAPERS[2]))
    (change,) = compare(
        before, talks(at(PAPERS[0], NINE, TEN), at(PAPERS[1], NINE, room="Attic"), at(PAPERS[2]))
    ).papers_changed
    assert (change.before.key, change.changes) == (
        "b",
        (TimeChange("start", TEN, NINE), TimeChange("end", ELEVEN, None), Change("room", "Hall", "Attic")),
    )
    moved = compare(before, talks(at(PAPERS[0], NINE, TEN), at(PAPERS[1], TEN, ELEVEN), at(PAPERS[2]), starts_at=TEN))
    assert moved.counts == {"sessions changed": 1}, "what has no slot of its own goes with its session"


def test_a_poster_in_a_room_of_its_own_is_told_unless_it_went_with_its_session() -> None:
    before = of_papers(PAPERS[0], at(PAPERS[1], room="Foyer"))
    (change,) = compare(before, of_papers(PAPERS[0], at(PAPERS[1], room="Attic"))).papers_changed
    assert (change.after.key, change.changes) == ("b", (Change("room", "Foyer", "Attic"),))
    moved = programme(posters(PAPERS[0], at(PAPERS[1], room="Foyer"), room="Cellar"))
    assert compare(before, moved).counts == {"sessions changed": 1}


def test_a_changed_session_is_told_field_by_field_with_its_moments() -> None:
    link = Link("Page", "https://example.org/1")
    after = programme(
        posters(
            *PAPERS,
            name="Demos",
            kind="Demo",
            room=None,
            starts_at=TEN,
            ends_at=ELEVEN,
            track="Systems",
            chairs=(Credit("Grace Hopper", ("Yale",)), Credit("Cy")),
            abstract="What is **new**.",
            links=(link,),
        )
    )
    (change,) = compare(BEFORE, after).sessions_changed
    assert change.changes == (
        Change("name", "Posters", "Demos"),
        Change("kind", "Session", "Demo"),
        Change("track", "", "Systems"),
        Change("room", "Hall", ""),
        Change("chairs", "", "Grace Hopper, Cy"),
        Change("affiliations", "", "Grace Hopper: Yale"),
        Change("abstract", "", "What is new."),
        Change("links", "", "Page: https://example.org/1"),
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
                papers=tuple(
                    replace(one, key=key, appearances=(Appearance(key, f"s{part}", NINE, TEN, "Hall", has_slot=True),))
                    for key in (f"p{part}-{number}" for number in range(600))
                ),
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
        (programme(session("X", replace(PAPERS[0], key="y"), key="x")), FOREIGN),
        (of_papers(*(replace(paper, key=f"{paper.key}2") for paper in PAPERS)), "More than a third .* 6 of 6."),
        (programme(posters(*PAPERS, key="x")), None),
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
    empty = programme(session("X", key="x"))
    assert suspicions(Programme(), BEFORE, compare(Programme(), BEFORE)) == ()
    assert suspicions(empty, Programme(), compare(empty, Programme())) == ()
