"""What a page says of each paper: its board, its place, its kind."""

import pytest

from bot.programme.source import Source
from tests.sources.page_texts import ABSTRACT, HEADINGS, page, recognised, three_papers


@pytest.mark.parametrize(
    ("line", "board", "room"),
    [
        ("#101", "101", None),
        ("# 101", "101", None),
        ("Poster #101", "101", None),
        ("Board 101", "101", None),
        ("East Exhibit Hall #101", "101", "East Exhibit Hall"),
        ("[ East Exhibition Hall A-B #E-101 ]", "E-101", "East Exhibition Hall A-B"),
        ("ExHall D Poster #101", "101", "ExHall D"),
        ("Hall 3 + Hall 2B #101", "101", "Hall 3 + Hall 2B"),
        ("Evergreen Ballroom #101", "101", None),
    ],
)
@pytest.mark.parametrize("order", ["before", "after the authors", "after the abstract"])
@pytest.mark.parametrize("abstract", [f"{ABSTRACT}\n", ""])
def test_each_paper_may_have_its_board_and_place(
    line: str, board: str, room: str | None, order: str, abstract: str
) -> None:
    if order == "after the abstract" and not abstract:
        return
    text = HEADINGS
    for at in range(4):
        told = line.replace("101", str(101 + at)) + "\n"
        text += told if order == "before" else ""
        text += f"Paper {at} about caches\nAda Lovelace ⋅ Bo Li\n"
        text += told if order == "after the authors" else ""
        text += abstract
        text += told if order == "after the abstract" else ""
    assert recognised(text)
    source = page(text)
    assert [paper.title for paper in source.papers] == [f"Paper {at} about caches" for at in range(4)]
    (session,) = source.sessions
    assert session.room == "Evergreen Ballroom"
    boards = [board.replace("101", str(101 + at)) for at in range(4)]
    assert [(one.board, one.room) for one in session.appearances] == [(board, room) for board in boards]


def test_places_without_numbers_are_rooms() -> None:
    text = HEADINGS + three_papers().replace(f"\n{ABSTRACT}", f"\nWest Hall B\n{ABSTRACT}")
    assert [one.room for one in page(text).sessions[0].appearances] == ["West Hall B"] * 3


def test_bare_numbers_before_most_titles_are_boards_unless_they_count() -> None:
    def numbered(first: int) -> Source:
        return page(
            HEADINGS
            + "".join(f"{first + at}\nPaper {at} about caches\nAda Lovelace ⋅ Bo Li\n{ABSTRACT}\n" for at in range(4))
        )

    assert [one.board for one in numbered(301).sessions[0].appearances] == ["301", "302", "303", "304"]
    assert [one.board for one in numbered(1).sessions[0].appearances] == [None] * 4
    assert len(numbered(1).papers) == 4


def test_badges_say_what_kind_each_paper_is() -> None:
    badges = ["Oral", "Spotlight", "Best Paper Award"]
    text = HEADINGS + "".join(
        f"{badge}\n#{100 + at}\nPaper {at} about caches\nAda Lovelace ⋅ Bo Li\n{ABSTRACT}\n"
        for at, badge in enumerate(badges)
    )
    source = page(text)
    assert [(paper.title, paper.kind) for paper in source.papers] == [
        (f"Paper {at} about caches", badge) for at, badge in enumerate(badges)
    ]
    assert [one.board for one in source.sessions[0].appearances] == ["100", "101", "102"]
    assert source.sessions[0].kind == "Session"


def test_a_board_before_a_lost_title_is_that_papers() -> None:
    text = HEADINGS + "".join(
        f"#{100 + at}\n" + ("" if at == 2 else "Caching for all\nAda Lovelace ⋅ Bo Li\n") + f"{ABSTRACT}\n"
        for at in range(5)
    )
    source = page(text)
    assert [(paper.title is None, paper.abstract) for paper in source.papers] == [
        (at == 2, ABSTRACT) for at in range(5)
    ]
    assert [one.board for one in source.sessions[0].appearances] == ["100", "101", "102", "103", "104"]


def test_what_one_clicks_on_the_page_is_left_out() -> None:
    text = HEADINGS + three_papers().replace(f"\n{ABSTRACT}", f"\n[ Abstract ]\n[ PDF ]\n{ABSTRACT}\nShow more")
    assert [paper.abstract for paper in page(text).papers] == [ABSTRACT] * 3
