"""Posters named by the numbers of their boards, where there are any."""

import pytest

from bot.search import Certainty, Index, Query
from tests.support.programmes import at, programme_of, session
from tests.support.searching import INDEX, found, of

COUNTED_ANEW = programme_of(
    session("Monday", at("First", board="1"), at("Second", board="2")),
    session("Tuesday", at("Third", board="1"), at("Fourth", board="2"), at("Fifth", board="B-07")),
)
index = Index(COUNTED_ANEW)


@pytest.mark.parametrize("text", ["B-07", "#B-07", "b 07", "poster B-07", "Poster #b07 "])
def test_a_board_names_its_poster(text: str) -> None:
    hyphenless = Index(programme_of(session("Posters", at("Fifth", board="B07"), at("Sixth", board="8"))))

    answer = (hyphenless if "b07" in text else index).find(text)
    assert (answer[0], [paper.label for paper in answer[1]]) == (Certainty.NAMED, ["Fifth"])


def test_a_board_of_several_sessions_names_all_their_posters() -> None:
    assert found(index, "2") == ["Second", "Fourth"]
    assert found(index, "#2", session="tuesday") == ["Fourth"]
    for text in ("#2", "poster 2", "2 -third"):
        certainty, papers = index.find(text)
        assert certainty is Certainty.UNCLEAR
        assert [paper.label for paper in papers] == ["Second", "Fourth"]


def test_each_board_of_a_poster_that_is_shown_twice_names_it() -> None:
    twice = of("Caching Plans")
    programme = programme_of(session("Monday", at(twice, board="3")), session("Tuesday", at(twice, board="4"), "Other"))

    for board in ("3", "#4"):
        certainty, papers = Index(programme).find(board)
        assert certainty is Certainty.NAMED
        assert [paper.label for paper in papers] == ["Caching Plans"]


def test_a_number_without_boards_is_a_word_like_any_other() -> None:
    plain = Index(programme_of(session("Posters", "First", "Second", "Serving 12 Models")))

    assert plain.find("2")[0] is Certainty.NOTHING
    assert found(plain, "12") == ["Serving 12 Models"]
    for number in range(1, 35):
        for text in (f"{number}", f"#{number}"):
            certainty, papers = INDEX.find(text)
            assert certainty is not Certainty.NAMED
            assert papers[:1] == INDEX.search(Query.parse(text)).papers(1)


@pytest.mark.parametrize(
    "text", ["poster 8", "board 8", "Poster no. 8", "poster number 8", "Stand 8", "poster board #8"]
)
def test_a_board_may_be_called_one(text: str) -> None:
    posters = Index(programme_of(session("Posters", at("Eight Boards", board="7"), at("Sixth", board="8"))))

    certainty, papers = posters.find(text)
    assert (certainty, [paper.label for paper in papers]) == (Certainty.NAMED, ["Sixth"])
