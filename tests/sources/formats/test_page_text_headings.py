"""The headings of a page: where a session begins, and what its lines say."""

import pytest

from bot.programme.source import Severity
from tests.sources.page_texts import (
    ABSTRACT,
    HEADINGS,
    page,
    papers_of,
    problems_of,
    reading_of,
    recognised,
    three_papers,
)


def test_a_missing_room_line_is_reported_and_the_papers_stay_whole() -> None:
    source = page(f"Session\nPosters for all\nCaching\nAda Lovelace ⋅ Bo Li\n{ABSTRACT}\n")
    (session,) = source.sessions
    assert (session.kind, session.name, session.room) == ("Session", "Posters for all", None)
    assert [paper.title for paper in source.papers] == ["Caching"]
    ((line, message),) = problems_of(source, Severity.ACTION)
    assert (line, "room" in message) == (1, True)


def test_a_heading_of_name_and_room_has_no_kind() -> None:
    (session,) = page(f"Poster Session 2\nHall A-E\nCaching\nAda Lovelace ⋅ Bo Li\n{ABSTRACT}\n").sessions
    assert (session.kind, session.name, session.room) == ("", "Poster Session 2", "Hall A-E")


def test_papers_without_any_heading_are_in_no_session() -> None:
    source = page(f"Caching\nAda Lovelace ⋅ Bo Li\n{ABSTRACT}\n")
    assert [paper.title for paper in source.papers] == ["Caching"]
    assert source.sessions == ()
    ((line, message),) = problems_of(source, Severity.ACTION)
    assert line == 1
    assert "heading" in message


def test_a_repeated_heading_begins_another_session() -> None:
    one = f"Caching\nAda Lovelace ⋅ Bo Li\n{ABSTRACT}\n"
    two = f"Batching\nCy Twombly ⋅ Di Wu\n{ABSTRACT}\n"
    source = page(f"{HEADINGS}{one}\nSESSION\nPoster Session 2\nCedar Room\n{two}{one}")
    first, second = source.sessions
    assert (first.name, first.room, first.line) == ("Poster Session 1", "Evergreen Ballroom", 1)
    assert (second.name, second.room, second.line) == ("Poster Session 2", "Cedar Room", 8)
    assert [paper.title for paper in papers_of(source, first)] == ["Caching"]
    assert [paper.title for paper in papers_of(source, second)] == ["Batching", "Caching"]


@pytest.mark.parametrize("style", ["dots", "commas", "no abstracts"])
def test_sessions_of_different_kinds_on_one_page(style: str) -> None:
    headings = [
        ("Poster Session", "Poster Session 1", "Hall A-E"),
        ("Oral Session", "Oral Session 1A: Caches", "Ballroom B"),
        ("Tutorial", "Practical batching", "Room 301"),
        ("Oral", "Reasoning", "Meeting Room 12"),
        ("Keynote", "Language and the world", "710"),
    ]
    text = ""
    for at, heading in enumerate(headings):
        text += "\n".join(heading) + "\n" + three_papers(3 * at)
        text += "Break\nCoffee Break\nFoyer\n" if at == 1 else ""
    if style == "commas":
        text = text.replace(" ⋅ ", ", ")
    if style == "no abstracts":
        text = text.replace(f"{ABSTRACT}\n", "")
    assert recognised(text)
    source = page(text)
    assert [(one.kind, one.name, one.room, len(one.appearances)) for one in source.sessions] == [
        *((*heading, 3) for heading in headings[:2]),
        ("Break", "Coffee Break", "Foyer", 0),
        *((*heading, 3) for heading in headings[2:]),
    ]
    assert [paper.title for paper in source.papers] == [f"Paper {at} about caches" for at in range(15)]
    assert reading_of(text).account.records == 21


def test_a_session_of_one_talk_has_its_speakers_and_its_abstract() -> None:
    source = page(
        f"{HEADINGS}{three_papers()}Invited Talk\nLanguage and the world\nGrand Hall\nSpeaker: Ada Yu\n{ABSTRACT}\n"
    )
    talk = source.sessions[1]
    assert (talk.kind, talk.name, talk.room) == ("Invited Talk", "Language and the world", "Grand Hall")
    (paper,) = papers_of(source, talk)
    assert (paper.title, paper.byline, paper.abstract) == ("Language and the world", ("Ada Yu",), ABSTRACT)


def test_a_session_that_is_only_described_has_no_papers() -> None:
    source = page(f"{HEADINGS}{three_papers()}Tutorial\nPractical batching\nRoom 301\n{ABSTRACT}\n")
    tutorial = source.sessions[1]
    assert (tutorial.kind, tutorial.name, tutorial.abstract) == ("Tutorial", "Practical batching", ABSTRACT)
    assert tutorial.appearances == ()


def test_chairs_in_a_heading_are_chairs() -> None:
    (session,) = page(f"{HEADINGS}Session chairs: Ada Lovelace, Bo Li\n{three_papers()}").sessions
    assert [chair.name for chair in session.chairs] == ["Ada Lovelace", "Bo Li"]
