"""What another version changes, what looks wrong about it, and what people must hear of it."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.programme.build import build
from bot.programme.difference import (
    Change,
    Difference,
    PaperChange,
    SessionNews,
    Slot,
    TimeChange,
    compare,
    fold_news,
    session_news,
    suspicions,
)
from bot.programme.formats import read
from bot.programme.identity import assign_keys
from bot.programme.model import Programme, Session
from bot.programme.source import Link, Source, SourcePaper, SourceSession
from bot.programme.text import clean
from tests.conftest import SESSION_PAGE

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


# --- the difference


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


# --- suspicions

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


# --- news


def news_of(before: Programme, after: Programme) -> tuple[SessionNews, ...]:
    return session_news(compare(before, after))


@pytest.mark.parametrize(
    ("fields", "after", "kinds"),
    [
        ({"starts_at": TEN}, Slot(TEN, None, "Hall"), "moved"),
        ({"ends_at": TEN}, Slot(NINE, TEN, "Hall"), "moved"),
        ({"starts_at": None}, Slot(None, None, "Hall"), "moved"),
        ({"room": "Attic"}, Slot(NINE, None, "Attic"), "changed_rooms"),
        ({"starts_at": TEN, "room": "Attic"}, Slot(TEN, None, "Attic"), "moved changed_rooms"),
    ],
)
def test_another_time_and_another_room_are_news(fields: dict[str, object], after: Slot, kinds: str) -> None:
    changed = programme(replace(POSTERS, **fields))  # type: ignore[arg-type]
    (news,) = news_of(BEFORE, changed)
    assert news == SessionNews("posters", "Posters", Slot(NINE, None, "Hall"), after)
    assert kinds_of(news) == kinds


def kinds_of(news: SessionNews) -> str:
    return " ".join(kind for kind in ("added", "cancelled", "moved", "changed_rooms") if getattr(news, kind))


def test_another_name_and_other_papers_are_no_news() -> None:
    assert news_of(BEFORE, programme(replace(POSTERS, name="Demos", kind="Demo", papers=PAPERS[:2]))) == ()


def test_sessions_added_and_cancelled_are_news_in_the_order_of_time() -> None:
    after = programme(
        SourceSession(key="open", name="Some day"), SourceSession(key="early", name="Early", starts_at=NINE)
    )
    news = news_of(programme(replace(POSTERS, starts_at=TEN)), after)
    assert [(one.key, kinds_of(one)) for one in news] == [
        ("early", "added"),
        ("posters", "cancelled"),
        ("open", "added"),
    ]


def test_a_first_time_counts_as_moved() -> None:
    (news,) = news_of(programme(replace(POSTERS, starts_at=None)), BEFORE)
    assert kinds_of(news) == "moved"


@given(PROGRAMMES, PROGRAMMES)
def test_news_survives_being_written_as_json(before: Programme, after: Programme) -> None:
    for news in news_of(before, after):
        assert SessionNews.from_json(news.to_json()) == news


@given(st.lists(PROGRAMMES, min_size=1, max_size=5))
def test_successive_news_fold_into_the_news_from_the_first_to_the_last(versions: list[Programme]) -> None:
    steps = [news_of(one, other) for one, other in pairwise(versions)]
    assert fold_news(steps) == news_of(versions[0], versions[-1])


@given(st.lists(PROGRAMMES, min_size=3, max_size=3))
def test_news_may_be_folded_in_any_grouping(versions: list[Programme]) -> None:
    one, two = news_of(versions[0], versions[1]), news_of(versions[1], versions[2])
    three = news_of(versions[2], versions[0])
    assert fold_news([fold_news([one, two]), three]) == fold_news([one, fold_news([two, three])]) == ()


def test_what_was_changed_back_and_what_came_and_went_is_no_news() -> None:
    moved = programme(replace(POSTERS, starts_at=TEN))
    assert fold_news([news_of(BEFORE, moved), news_of(moved, BEFORE)]) == ()
    assert fold_news([news_of(Programme(), BEFORE), news_of(BEFORE, Programme())]) == ()
    assert [kinds_of(news) for news in fold_news([news_of(BEFORE, Programme()), news_of(Programme(), moved)])] == [
        "moved"
    ]


def test_a_session_is_looked_up_by_the_name_it_has_now() -> None:
    moved = programme(replace(POSTERS, name="Demos", starts_at=TEN))
    later: Session = replace(moved.sessions[0], starts_at=ELEVEN)
    (news,) = fold_news([news_of(BEFORE, moved), news_of(moved, Programme((later,)))])
    assert (news.name, news.before, news.after) == ("Demos", Slot(NINE, None, "Hall"), Slot(ELEVEN, None, "Hall"))
