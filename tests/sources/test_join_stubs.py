"""What sources add to the papers of others, also where they only name them."""

import pytest

from bot.errors import UserError
from bot.programme.source import Credit, Link, Severity, SourceAppearance, SourcePaper, SourceSession
from bot.sources.join import join
from bot.sources.reading.file import Account, Hints
from bot.sources.reading.gather import Gathering
from tests.sources.joining import LONG, joined, messages, paper, people, reading, stub, titles


def test_what_one_source_lacks_comes_from_the_other() -> None:
    full = SourcePaper(
        title="Caching",
        authors=people("Ada Li"),
        abstract=LONG,
        kind="Oral",
        track="Systems",
        topics=("caches", "memory"),
        source_id="b-7",
        other_ids=("b-8",),
        links=(Link("PDF", "https://example.org/1.pdf"), Link("Code", "https://example.org/code")),
    )
    bare = SourcePaper(
        title="Caching", source_id="1", topics=("caches",), links=(Link("Paper", "https://example.org/1.pdf"),)
    )
    (one,) = joined(reading([bare]), reading([full], file="b.csv")).source.papers
    assert one == SourcePaper(
        title="Caching",
        authors=people("Ada Li"),
        abstract=LONG,
        kind="Oral",
        track="Systems",
        topics=("caches", "memory"),
        source_id="1",
        other_ids=("b-7", "b-8"),
        links=(Link("Paper", "https://example.org/1.pdf"), Link("Code", "https://example.org/code")),
    )


def test_authors_get_the_affiliations_that_another_source_has_of_them() -> None:
    where = SourcePaper(
        title="Caching", authors=(Credit("Bo Wu", ("ETH",)), Credit("Ada B. Li", ("MIT", "Oxford")), Credit("", ("X",)))
    )
    outcome = joined(reading([paper("Caching", "Ada Li", "Bo Wu", "")]), reading([where], file="b.csv"))
    assert outcome.source.papers[0].authors == (
        Credit("Ada Li", ("MIT", "Oxford")),
        Credit("Bo Wu", ("ETH",)),
        Credit(""),
    )


def test_stubs_complete_the_papers_they_name_wherever_they_are() -> None:
    papers = reading([paper("Caching", "Ada Li", source_id="1"), paper("Batching", "Bo Wu", source_id="2")])
    abstracts = reading([stub("2", "Batches."), stub("1", "Caches.")], file="abstracts.json")
    where = reading([SourcePaper(source_id="1", authors=(Credit("Ada Li", ("MIT",)),))], file="authors.csv", merged=3)
    for order in ([papers, abstracts, where], [where, abstracts, papers]):
        outcome = joined(*order)
        assert [(one.title, one.abstract) for one in outcome.source.papers] == [
            ("Caching", "Caches."),
            ("Batching", "Batches."),
        ]
        assert outcome.source.papers[0].authors == (Credit("Ada Li", ("MIT",)),)
        by_file = dict(zip([one.file for one in order], outcome.accounts, strict=True))
        assert by_file["abstracts.json"] == Account(records=2, merged=2)
        assert by_file["authors.csv"] == Account(records=4, merged=4)
        assert messages(outcome, Severity.ACTION) == []


def test_a_stub_may_name_any_identifier_of_a_paper() -> None:
    merged = SourcePaper(title="Caching", source_id="50", other_ids=("60", "aBc"))
    outcome = joined(reading([merged]), reading([stub("60", "Caches.")], file="b.json"))
    assert outcome.source.papers[0].abstract == "Caches."
    assert outcome.source.papers[0].source_id == "50"


def test_of_two_papers_of_an_identifier_a_stub_means_the_one_of_its_people() -> None:
    outcome = joined(
        reading([paper("Caching", "Ada Li", source_id="1")]),
        reading([paper("Batching", "Bo Wu", source_id="1")], file="b.csv"),
        reading([stub("1", "Batches.", "Bo Wu")], file="c.csv"),
    )
    assert [(one.title, one.abstract) for one in outcome.source.papers] == [
        ("Caching", None),
        ("Batching", "Batches."),
    ]


def test_stubs_that_nothing_answers_are_left_out_and_reported_with_their_appearances() -> None:
    sessions = [SourceSession(name="1A", source_id="1A", appearances=tuple(map(SourceAppearance, range(3))))]
    outcome = joined(
        reading([paper("Caching", source_id="m.1")]),
        reading([stub("m.0"), stub("m.1"), stub("m.2")], sessions, file="sessions.yml"),
    )
    assert titles(outcome) == ["Caching"]
    assert outcome.source.sessions[0].appearances == (SourceAppearance(0),)
    assert outcome.accounts[1] == Account(
        records=4, papers=0, sessions=1, merged=1, left_out={"no paper of this id": 2}
    )
    (message,) = messages(outcome, Severity.ACTION)
    assert message.startswith("sessions.yml: 2 of 3 papers")
    assert "“m.0”, “m.2”" in message


def test_a_stub_without_any_paper_is_left_out_of_its_own_source_too() -> None:
    outcome = joined(reading([stub("9", LONG), paper("Caching", source_id="1")]))
    assert titles(outcome) == ["Caching"]
    assert outcome.accounts[0].left_out == {"no paper of this id": 1}


def test_sources_that_only_complete_others_are_refused() -> None:
    with pytest.raises(UserError, match=r"^abstracts\.json: .*Add the source that has the papers"):
        join([reading([stub("1", LONG)], file="abstracts.json")])


def test_what_another_source_completed_is_no_longer_said_to_be_missing() -> None:
    gathering = Gathering("papers.csv", "x/1", Hints())
    for place in range(3):
        gathering.paper(SourcePaper(line=place + 2, title=f"Caching {place}", source_id=str(place)))
    papers = gathering.finish()
    abstracts = reading([stub("0", "Caches."), stub("2", "More caches.")], file="abstracts.json")
    assert messages(joined(papers)) == ["No paper has any authors.", "No paper has an abstract."]
    assert messages(joined(papers, abstracts)) == [
        "papers.csv: No paper has any authors.",
        "papers.csv: Paper “Caching 1” has no abstract; it is shown with what there is.",
    ]


def test_stubs_of_papers_that_another_source_leaves_out_need_nobody() -> None:
    shown = Gathering("papers.csv", "test/1", Hints())
    shown.paper(paper("Caching", "Ada Li", source_id="1"))
    shown.leave_out("reject")
    authors = reading([stub("1", "Caches."), stub("2", "Batches.")], file="authors.csv")
    outcome = joined(shown.finish(), authors)
    assert messages(outcome, Severity.ACTION) == []
    assert any("1 of 2 papers that it only completes are in no source" in message for message in messages(outcome))
    more = reading([stub("1", "Caches."), stub("2", "Batches."), stub("3", "Heaps.")], file="authors.csv")
    assert len(messages(joined(shown.finish(), more), Severity.ACTION)) == 1
