"""What sources disagree on: which one wins, and what is said of it."""

from bot.programme.source import Problem, Severity, Source, SourceAppearance, SourcePaper, SourceSession
from bot.sources.reading.file import Account, Reading
from tests.sources.joining import at, joined, messages, paper, people, reading


def test_the_earlier_source_wins_and_what_they_disagree_on_is_noted() -> None:
    one = SourcePaper(title="Caching for all", authors=people("Ada Li", "Bo Wu"), abstract="One.", source_id="x1")
    other = SourcePaper(title="Caching for many", authors=people("Bo Wu", "Ada Li"), abstract="Two.", source_id="x1")
    sessions = [
        SourceSession(
            name="Talks", room=room, starts_at=at(9), ends_at=end, appearances=(SourceAppearance(0, start, room=room),)
        )
        for room, end, start in (("Hall A", at(10), at(9)), ("Hall B", at(11), at(9, 30)))
    ]
    outcome = joined(reading([one], sessions[:1]), reading([other], sessions[1:], file="b.csv"))
    assert outcome.source.papers == (one,)
    assert outcome.source.sessions == (sessions[0],)
    notes = messages(outcome)
    assert [message.partition(": ")[2].split(" of b.csv")[0] for message in notes] == [
        *("the title", "the authors", "the abstract"),
        *("the end", "the room", "the start", "the room"),
    ]
    assert "“Caching for many”" in notes[0]
    assert "“Caching for all”" in notes[0]
    assert "a.csv" in notes[0]


def test_case_accents_markup_and_middle_names_are_no_disagreement() -> None:
    one = SourcePaper(
        title=r"\emph{Caching} für alle", authors=people("Ada Li"), abstract="Caches, *always*.", source_id="1"
    )
    other = SourcePaper(title="Caching fur ALLE", authors=people("Ada B. Li"), abstract="caches always", source_id="1")
    outcome = joined(reading([one]), reading([other], file="b.csv"))
    assert outcome.source.papers == (one,)
    assert messages(outcome) == []


def test_problems_of_several_sources_say_which_they_are_of() -> None:
    problem = Problem(7, Severity.NOTE, "Something is odd.")
    one = reading([paper("Caching")])
    odd = Reading("b.csv", Source("b/1", (), (paper("Batching"),), (problem,)), Account(records=1, papers=1))
    assert joined(odd).source.problems == (problem,)
    assert joined(one, odd).source.problems == (Problem(7, Severity.NOTE, "b.csv: Something is odd."),)
    assert joined(one, odd).source.format == "a.csv/1+b/1"
