"""The papers of a page: paragraphs stay in their abstract, and what got lost is not made up."""

import pytest

from bot.programme.source import Severity
from tests.sources.page_texts import ABSTRACT, HEADINGS, LONG, long_papers, page, problems_of, three_papers


@pytest.mark.parametrize("name", ["Ada Lovelace", "Mihaela van der Schaar", "G. Edward Suh", "Seán O'Brien"])
def test_the_only_author_of_a_paper_is_its_author(name: str) -> None:
    source = page(f"{HEADINGS}Caching\n{name}\n{ABSTRACT}\nBatching\n{name}\n{ABSTRACT}\n")
    assert [(paper.title, paper.byline) for paper in source.papers] == [("Caching", (name,)), ("Batching", (name,))]
    assert problems_of(source, Severity.NOTE) == [
        (5, f"Read as the paper's only author: {name}."),
        (8, f"Read as the paper's only author: {name}."),
    ]


@pytest.mark.parametrize(
    "abstract",
    [
        "We study caches. They help.",
        "Caches help a lot (by 39%). We show how! So do others.",
        "We study how caches help the planning of agents.",
    ],
)
def test_a_short_abstract_after_the_authors_is_an_abstract(abstract: str) -> None:
    text = f"{HEADINGS}Caching\nAda Lovelace ⋅ Bo Li\n{abstract}\nBatching\nCy Twombly ⋅ Di Wu\n{abstract}\n"
    assert [(paper.title, paper.byline, paper.abstract) for paper in page(text).papers] == [
        ("Caching", ("Ada Lovelace", "Bo Li"), abstract),
        ("Batching", ("Cy Twombly", "Di Wu"), abstract),
    ]


def test_an_abstract_that_lost_its_title_is_a_paper_of_its_own() -> None:
    source = page(f"{HEADINGS}{long_papers(3)}{LONG}\nLast\nCy Twombly ⋅ Di Wu\n{LONG}\n")
    assert [(paper.line, paper.title, bool(paper.byline), paper.abstract == LONG) for paper in source.papers] == [
        *((4 + 3 * at, f"Paper {at} about caches", True, True) for at in range(3)),
        (13, None, False, True),
        (14, "Last", True, True),
    ]


def test_a_title_that_lost_its_authors_is_a_paper_of_its_own() -> None:
    source = page(f"{HEADINGS}{long_papers(3)}Batching for all\n{LONG}\nLast\nCy Twombly ⋅ Di Wu\n{LONG}\n")
    assert [(paper.title, len(paper.byline)) for paper in source.papers[2:]] == [
        ("Paper 2 about caches", 2),
        ("Batching for all", 0),
        ("Last", 2),
    ]


def test_a_lost_title_and_a_lost_abstract_are_not_made_up() -> None:
    source = page(
        f"{HEADINGS}{three_papers()}Ed Yong ⋅ Flo Rida\n{ABSTRACT}\nPruning\nCy Twombly ⋅ Di Wu\n{three_papers(3)}"
    )
    assert [(paper.title, len(paper.byline), paper.abstract is not None) for paper in source.papers[3:5]] == [
        (None, 2, True),
        ("Pruning", 2, False),
    ]


@pytest.mark.parametrize(
    "second",
    [
        "We show that caches help. " * 20,
        "The code will be released at https://example.org/code.",
        "Specifically, a cache holds what is asked for twice; this matters. " * 12,
        "Trigger warning: contains caches.",
        "$$x = y^2$$",
        "(up to 200 Ns)",
        "1. a first list item that says something",
    ],
)
def test_a_further_paragraph_stays_in_its_abstract(second: str) -> None:
    source = page(
        f"{HEADINGS}{long_papers(3)}Last\nCy Twombly ⋅ Di Wu\n{LONG}\n{second}\nNext\nEd Yong ⋅ Bo Li\n{LONG}\n"
    )
    assert [paper.title for paper in source.papers[3:]] == ["Last", "Next"]
    assert source.papers[3].abstract == f"{LONG}\n{second.strip()}"


def test_a_further_paragraph_as_long_as_an_abstract_is_noted() -> None:
    odd = " ".join(["Batches hold what was asked for."] * 25)
    source = page(f"{HEADINGS}{long_papers(3)}Last\nCy Twombly ⋅ Di Wu\nCaches hold.\n{odd}\n{long_papers(3)}")
    assert len(source.papers) == 7
    assert [line for line, message in problems_of(source, Severity.NOTE) if "further paragraph" in message] == [16]


def test_an_abstract_broken_into_lines_is_put_together() -> None:
    broken = "Caches hold what is asked for\ntwice, and GPUs\nlike that. Batches\nare another matter."
    source = page(f"{HEADINGS}{long_papers(3)}Last\nCy Twombly ⋅ Di Wu\n{broken}\nNext\nEd Yong ⋅ Bo Li\n{LONG}\n")
    assert [paper.title for paper in source.papers[3:]] == ["Last", "Next"]
    assert source.papers[3].abstract == broken.replace("\n", " ")


def test_a_title_that_is_there_twice_is_two_papers_and_noted() -> None:
    paper = f"Caching\nAda Lovelace ⋅ Bo Li\n{ABSTRACT}\n"
    source = page(HEADINGS + paper + paper)
    assert len(source.papers) == 2
    assert problems_of(source, Severity.NOTE) == [(7, "Same title as the paper on line 4.")]
