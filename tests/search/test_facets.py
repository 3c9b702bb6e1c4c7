"""The topics, tracks and affiliations of a programme, to choose from."""

from typing import Any

import numpy as np
import pytest

from bot.search import Index
from bot.search.facets import each_once, facets_of
from bot.search.listed import Listed
from bot.search.words import index_words
from tests.support.programmes import at, paper, programme_of, session
from tests.support.searching import index_of, of

TOPICS = (
    ("Machine Learning", "Systems"),
    ("machine  learning", "Security"),
    ("MACHINE LEARNING", "Machine Translation"),
    ("machine  learning", "Systems", "systems"),
    ("Café Studies",),
    ("Cafe studies", "C++"),
    ("Café Studies", "C"),
    (),
)
facets = facets_of(Listed.nothing().renewed(np.full(len(TOPICS), -1, np.int32), map(each_once, TOPICS)), index_words)


def named(typed: str, limit: int = 25) -> list[str]:
    return [facet.name for facet in facets.like(typed, limit)]


def test_those_of_most_papers_come_first_each_as_most_papers_write_it() -> None:
    assert facets.like("", 25)[:3] == [("machine  learning", 4), ("Café Studies", 3), ("Systems", 2)]
    assert {tuple(facet) for facet in facets.like("", 25)[3:]} == {
        ("Security", 1),
        ("Machine Translation", 1),
        ("C++", 1),
        ("C", 1),
    }
    assert len(facets.like("", 2)) == 2


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("mach", ["machine  learning", "Machine Translation"]),
        ("Machine tr", ["Machine Translation"]),
        ("translation machine", ["Machine Translation"]),
        ("transl", ["Machine Translation"]),
        ("CAFE", ["Café Studies"]),
        ("secruity", ["Security"]),
        ("c++", ["C++", "C", "Café Studies"]),
        ("c", ["C", "C++", "Café Studies"]),
        ("machine systems", []),
        ("zebra", []),
    ],
)
def test_what_is_typed_chooses(typed: str, names: list[str]) -> None:
    assert named(typed) == names


@pytest.mark.parametrize("key", ["machine learning", "systems", "c++", "cafe studies", "gone"])
def test_the_papers_of_a_name_are_known_by_it_folded(key: str) -> None:
    written: dict[str, Any] = {
        "machine learning": [0, 1, 2, 3],
        "systems": [0, 3],
        "c++": [5],
        "cafe studies": [4, 5, 6],
    }
    assert facets.having(key) == written.get(key, [])


def test_tracks_are_topics_and_a_paper_without_one_has_that_of_its_session() -> None:
    programme = programme_of(
        session("Talks", paper("One", track="Security"), "Two", track="Systems"),
        session("More", at(paper("Three", topics=("systems", "Caching")))),
        unscheduled=[paper("Four", track="Systems")],
    )

    assert Index(programme).topics() == [("Systems", 3), ("Caching", 1), ("Security", 1)]


def test_a_paper_counts_once_for_a_place_where_several_of_its_authors_work() -> None:
    index = index_of(
        of("One", "Ann Lee (MIT);Bob Roe (MIT)"), of("Two", "Ann Lee (MIT);Cy Poe (ETH Zürich)"), of("Three", "Di Fu")
    )

    assert index.affiliations() == [("MIT", 2), ("ETH Zürich", 1)]
    assert index.affiliations("zurich") == [("ETH Zürich", 1)]
    assert index.topics() == []
