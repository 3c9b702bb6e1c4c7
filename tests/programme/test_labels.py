"""What papers are called whose title was lost."""

import pytest

from bot.programme.build import build
from bot.programme.identity import label_of, system_name
from bot.programme.source import Source


def test_an_untitled_paper_is_called_by_the_name_its_abstract_introduces(real: Source) -> None:
    paper = real.papers[2]
    assert (paper.line, paper.title, paper.key) == (10, None, "csle")
    shown = build(real).papers["csle"]
    assert (shown.label, shown.title) == ("CSLE", None)


def test_an_untitled_paper_without_a_name_is_called_by_its_opening_words(real: Source) -> None:
    paper = next(paper for paper in real.papers if paper.line == 41)
    shown = build(real).papers[paper.key]
    assert shown.label == "Retrieval-augmented generation (RAG) enables LLMs to ground responses…"
    assert paper.key == "retrieval-augmented"


@pytest.mark.parametrize(
    ("title", "abstract", "label"),
    [
        ("Caching", "Words.", "Caching"),
        (r"\textbf{Fast} caching", None, "Fast caching"),
        (None, "We present CacheX, which helps.", "CacheX"),
        (None, "We present a method which helps.", "We present a method which helps"),
        (None, "One two three four five six seven eight nine.", "One two three four five six seven eight…"),
        (None, None, "the-key"),
        ("", "", "the-key"),
    ],
)
def test_every_paper_is_called_something(title: str | None, abstract: str | None, label: str) -> None:
    assert label_of(title, abstract, "the-key") == label


@pytest.mark.parametrize(
    ("title", "abstract", "name"),
    [
        ("db-SP: Accelerating Sparse Attention", None, "db-SP"),
        ("HELIOS : Adaptive Model", None, "HELIOS"),
        ("Blueprint, Bootstrap, and Bridge: A Security Look", None, None),
        ("Toward Principled LLM Safety Testing: Solving It", None, None),
        (None, "We introduce SONAR-2, a benchmark.", "SONAR-2"),
        (None, "We propose Methods that help.", None),
        (None, None, None),
    ],
)
def test_the_name_of_a_papers_own_system_is_found(title: str | None, abstract: str | None, name: str | None) -> None:
    assert system_name(title, abstract) == name
