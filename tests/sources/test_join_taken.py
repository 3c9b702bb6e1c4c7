"""What a source is taken for: it adds that and nothing else."""

import pytest

from bot.errors import UserError
from bot.programme.source import SourceAppearance, SourcePaper, SourceSession
from bot.sources.join import join
from bot.sources.reading.file import Account
from tests.sources.joining import at, joined, messages, paper, people, reading

ONE = SourcePaper(title="Caching", authors=people("Ada Li"), abstract="One.", source_id="1", topics=("a",))
OTHER = SourcePaper(title="Caching it", authors=people("Ada B. Li"), abstract="Two.", source_id="1", topics=("b",))


def test_a_source_taken_for_a_field_by_name_wins_over_one_taken_for_all() -> None:
    outcome = joined(reading([ONE]), reading([OTHER], file="b.csv"), contributes=[None, frozenset({"abstracts"})])
    (one,) = outcome.source.papers
    assert (one.title, one.abstract, one.topics) == ("Caching", "Two.", ("a",))
    (message,) = messages(outcome)
    assert "the abstract of a.csv is not that of b.csv, which is taken" in message


def test_a_source_adds_nothing_but_what_it_is_taken_for() -> None:
    sessions = [SourceSession(name="Talks", room="Hall A", starts_at=at(9), appearances=(SourceAppearance(0, at(9)),))]
    extra = paper("Batching", source_id="2")
    outcome = joined(
        reading([ONE]),
        reading([OTHER, extra], sessions, file="b.csv"),
        contributes=[None, frozenset({"topics", "times"})],
    )
    assert [(one.title, one.abstract, one.topics) for one in outcome.source.papers] == [("Caching", "One.", ("b", "a"))]
    assert outcome.source.sessions == ()
    assert outcome.accounts[1] == Account(
        records=3, papers=0, sessions=0, merged=1, left_out={"not taken from this source": 2}
    )
    assert [message.split(" in no other")[0] for message in messages(outcome)] == [
        "b.csv: 1 papers are",
        "b.csv: 1 sessions are",
    ]


def test_a_source_taken_for_times_and_rooms_completes_sessions() -> None:
    plan = SourceSession(name="Talks", appearances=(SourceAppearance(0),))
    times = SourceSession(
        name="Talks",
        room="Hall A",
        starts_at=at(9),
        abstract="Not wanted.",
        appearances=(SourceAppearance(0, at(9), room="Hall A"), SourceAppearance(1, at(10))),
    )
    outcome = joined(
        reading([ONE], [plan]),
        reading([OTHER, paper("Batching")], [times], file="b.csv"),
        contributes=[None, frozenset({"times", "rooms"})],
    )
    assert outcome.source.sessions == (
        SourceSession(
            name="Talks", room="Hall A", starts_at=at(9), appearances=(SourceAppearance(0, at(9), room="Hall A"),)
        ),
    )


def test_what_nothing_can_contribute_is_refused() -> None:
    with pytest.raises(UserError, match="cannot contribute colours; it can contribute abstracts, authors"):
        join([reading([ONE])], [frozenset({"colours"})])
