"""Papers of several sources that are the same one, and those that are not."""

import pytest

from bot.programme.source import Link, SourcePaper
from tests.sources.joining import LONG, joined, messages, paper, people, reading, titles


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (paper("Caching", "Ada Li", source_id="17"), paper("Caching!", "Ada Li", source_id="17")),
        (paper("Caching", "Ada Li", source_id="17"), paper("Caching for all", "A. Li", source_id="17")),
        (paper("Caching", source_id="x-1"), SourcePaper(title="Caching", source_id="9", other_ids=("x-1",))),
        (SourcePaper(title="Caching", source_id="9", other_ids=("x-1",)), paper("Caching", source_id="x-1")),
        (
            SourcePaper(
                title="On caches", authors=people("Ada Li"), links=(Link("DOI", "https://doi.org/10.1145/3.4"),)
            ),
            paper("Caching", "Ada Li", source_id="doi:10.1145/3.4"),
        ),
        (
            SourcePaper(title="On caches", authors=people("Ada Li"), source_id="aBc_-1"),
            SourcePaper(
                title="Caching",
                authors=people("Ada Li"),
                links=(Link("OpenReview", "https://openreview.net/forum?id=aBc_-1"),),
            ),
        ),
        (paper("Caching for all", "Ada Li", "Bo Wu"), paper("CACHING FOR ALL.", "Ada B. Li")),
        (paper(r"Caching at $10\times$ speed", "Ada Li"), paper("Caching at 10× speed", "Ada Li")),
        (paper("Caching for all", "Ada Li"), paper("Caching for all")),
        (paper("Caching for everybody", "Ada Li", "Bo Wu"), paper("Caching for everybdy", "Bo Wu", "Ada Li")),
        (paper(None, abstract=LONG), paper("Caching", "Ada Li", abstract=LONG)),
        (SourcePaper(key="caching", title="Caching"), SourcePaper(key="caching", title="Caching, revised")),
    ],
)
def test_the_same_paper_of_two_sources_is_one(one: SourcePaper, other: SourcePaper) -> None:
    outcome = joined(reading([one]), reading([other], file="b.csv"))
    assert len(outcome.source.papers) == 1
    assert [(account.papers, account.merged) for account in outcome.accounts] == [(1, 0), (0, 1)]
    assert outcome.source.papers[0].title == (one.title or other.title)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (paper("Caching", "Ada Li"), paper("Caching", "Cy Yu")),
        (paper("Caching, part 1", "Ada Li"), paper("Caching, part 2", "Ada Li")),
        (paper("Caching", "Ada Li", source_id="17"), paper("Batching", "Cy Yu", source_id="17")),
        (paper("Caching", "Ada Li"), paper("Batching", "Ada Li")),
        (paper(None, abstract="To be announced"), paper("Caching", abstract="To be announced")),
        (paper("Caching", source_id="17"), paper("Batching", source_id="18")),
    ],
)
def test_different_papers_stay_apart(one: SourcePaper, other: SourcePaper) -> None:
    outcome = joined(reading([one]), reading([other], file="b.csv"))
    assert titles(outcome) == [one.title, other.title]
    assert [(account.papers, account.merged) for account in outcome.accounts] == [(1, 0), (1, 0)]


def test_an_identifier_of_two_different_papers_is_noted() -> None:
    outcome = joined(
        reading([paper("Caching", "Ada Li", source_id="17")]),
        reading([paper("Batching", "Cy Yu", source_id="17")], file="b.csv"),
    )
    (message,) = messages(outcome)
    assert all(part in message for part in ("Caching", "a.csv", "Batching", "b.csv", "two papers"))


def test_a_title_that_several_have_tells_nothing_without_authors() -> None:
    outcome = joined(
        reading([paper("Caching", "Ada Li"), paper("Caching", "Cy Yu")]), reading([paper("Caching")], file="b.csv")
    )
    assert len(outcome.source.papers) == 3


def test_papers_of_one_source_never_meet() -> None:
    twice = [paper("Caching", "Ada Li"), paper("Caching", "Ada Li")]
    assert len(joined(reading(twice)).source.papers) == 2
    assert len(joined(reading(twice), reading(twice, file="b.csv")).source.papers) == 2
    assert len(joined(reading(twice), reading(twice[:1], file="b.csv")).source.papers) == 2
    assert len(joined(reading(twice[:1]), reading(twice, file="b.csv")).source.papers) == 2


def test_papers_meet_through_a_third_source() -> None:
    outcome = joined(
        reading([paper("Caching", "Ada Li", source_id="1")]),
        reading([SourcePaper(title="Caching", authors=people("Ada Li"), source_id="b-7")], file="b.csv"),
        reading([paper("An entirely new name", "Ada Li", source_id="b-7")], file="c.csv"),
    )
    assert titles(outcome) == ["Caching"]
    assert outcome.source.papers[0].other_ids == ("b-7",)
