"""Papers found by topics, tracks, kinds and affiliations."""

from typing import Any

import pytest

from bot.search import Certainty, Query
from bot.search.snippet import snippet
from tests.support.searching import found, index_of, of

ABOUT = "We reuse what was planned before."


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("reinforcement learning", {"topics": ("Reinforcement learning", "Other")}),
        ("renforcement", {"topics": ("Reinforcement learning",)}),
        ("reinf", {"topics": ("Reinforcement learning",)}),
        ("security", {"track": "Security and Privacy"}),
        ("lightning talk", {"kind": "Lightning talk"}),
        ("lightning talks", {"kind": "Pecha Kucha"}),
        ("pecha kucha", {"kind": "Pecha Kucha"}),
        ("keynote", {"kind": "Plenary"}),
        ("stanford", {"authors": "Ann Lee (Stanford University)"}),
        ("MIT", {"authors": "Ann Lee (Massachusetts Institute of Technology)"}),
        ("lee MIT", {"authors": "Ann Lee (Massachusetts Institute of Technology)"}),
        ('"security and privacy"', {"track": "Security and Privacy"}),
        ("privacy plans", {"track": "Security and Privacy"}),
    ],
)
def test_a_paper_is_found_by_what_it_is_marked_with(text: str, fields: dict[str, Any]) -> None:
    index = index_of(of("Other", "Bob Roe", "Nothing."), of("Plans", abstract=ABOUT, **fields), of("Else", "Cy Poe"))

    assert found(index, text) == ["Plans"]
    assert index.find(text)[0] is Certainty.MEANT


def test_a_paper_without_a_kind_is_not_found_by_that() -> None:
    assert found(index_of(of("Plans", kind="Strange"), of("Else")), "other") == []


LIKELY = "kalman"
"""The word asked for; nothing else is like it."""


def test_a_title_beats_a_topic_which_beats_an_abstract() -> None:
    index = index_of(
        of("Third", "Ann Lee", f"{LIKELY} " * 20),
        of("Second", "Bob Roe", topics=(LIKELY,)),
        of(f"Some {LIKELY} Filters", "Cy Poe"),
        *(of(f"Other {number}", "Di Fu") for number in range(20)),
    )

    assert found(index, LIKELY) == [f"Some {LIKELY} Filters", "Second", "Third"]


def test_an_author_beats_an_affiliation() -> None:
    index = index_of(
        of("Second", "Ann Lee (Jordan University)"),
        of("First", "Michael Jordan"),
        *(of(f"Other {number}", "Di Fu") for number in range(20)),
    )

    assert found(index, "jordan") == ["First", "Second"]


def test_a_name_with_an_affiliation_finds_those_of_that_name_who_work_there() -> None:
    index = index_of(
        of("Plans of Kim", "Ann Lee", "Kim, kim, kim."),
        of("Bits and Hits", "Bob Kim (KAIST)"),
        of("Tokens", "Cy Kim (Massachusetts Institute of Technology)"),
        of("Caches", "Di Fu (Massachusetts Institute of Technology)"),
    )

    assert found(index, "Kim MIT")[0] == "Tokens"
    assert found(index, "kim massachusetts")[0] == "Tokens"
    assert found(index, "Kim KAIST")[0] == "Bits and Hits"


def test_what_many_papers_are_marked_with_does_not_drown_the_same_word_in_a_title() -> None:
    index = index_of(
        *(of(f"Document Retrieval {number}", "Ann Lee", "Documents.", kind="Long") for number in range(60)),
        of("Reading Long Records", "Bob Roe", "Documents that are long.", kind="Short"),
    )

    assert found(index, "long document")[0] == "Reading Long Records"


def test_what_papers_are_marked_with_can_be_left_out() -> None:
    index = index_of(
        of("Plans One", "Ann Lee (Acme Labs)"), of("Plans Two", kind="Keynote"), of("Plans Three", topics=("Privacy",))
    )

    assert set(found(index, "plans -acme")) == {"Plans Two", "Plans Three"}
    assert set(found(index, "plans -keynote")) == {"Plans One", "Plans Three"}
    assert set(found(index, 'plans -privacy -"acme labs"')) == {"Plans Two"}


def test_only_words_that_are_shown_become_bold() -> None:
    index = index_of(of("Plans", "Ann Lee (Acme)", "We plan with Acme routers.", topics=("Edge networks",)), of("Else"))
    (hit,) = index.search(Query.parse("acme edge"))

    bold = [span.text for span in snippet("We plan with Acme routers.", hit.marks, 100).spans if span.bold]
    assert bold == ["Acme"]
