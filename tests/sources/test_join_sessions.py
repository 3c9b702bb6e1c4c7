"""Sessions of several sources, and what appears in them."""

from datetime import datetime

import pytest

from bot.programme.source import Link, SourceAppearance, SourceSession
from tests.sources.joining import at, joined, messages, paper, people, reading, stub, titles


def session(
    name: str, start: datetime | None = None, room: str | None = None, source_id: str | None = None
) -> SourceSession:
    return SourceSession(name=name, starts_at=start, room=room, source_id=source_id)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (session("Posters 1", source_id="ps-1"), session("First poster session", at(9), source_id="ps-1")),
        (session("Posters 1", source_id="4"), session("Posters 1", at(9), source_id="4")),
        (session("Posters 1", at(9)), session("POSTERS 1", at(9))),
        (session("Posters 1", at(9)), session("Posters 1")),
        (session("Posters 1"), session("Posters 1", at(9))),
        (session("Posters 1", at(9), "Hall A"), session("Posters 1", at(9), "Hall B")),
        (session("1A", at(9), source_id="1A"), session("Caches at night", at(9), source_id="1A")),
    ],
)
def test_the_same_session_of_two_sources_is_one(one: SourceSession, other: SourceSession) -> None:
    outcome = joined(reading(sessions=[one]), reading(sessions=[other], file="b.csv"))
    (both,) = outcome.source.sessions
    assert both.starts_at == (one.starts_at or other.starts_at)
    assert both.room == (one.room or other.room)
    assert [account.sessions for account in outcome.accounts] == [1, 1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (session("Coffee", at(9)), session("Coffee", at(15))),
        (session("Posters 1", at(9)), session("Posters 2", at(9))),
        (session("Posters", at(9), source_id="1"), session("Lunch", at(12), source_id="1")),
    ],
)
def test_different_sessions_stay_apart(one: SourceSession, other: SourceSession) -> None:
    assert joined(reading(sessions=[one]), reading(sessions=[other], file="b.csv")).source.sessions == (one, other)


def test_parallel_sessions_of_one_name_meet_by_their_rooms() -> None:
    here, there = session("Parallel talks", at(9), "Hall A"), session("Parallel talks", at(9), "Hall B")
    outcome = joined(reading(sessions=[here, there]), reading(sessions=[there, here], file="b.csv"))
    assert outcome.source.sessions == (here, there)


def test_a_session_without_a_start_among_several_of_its_name_stays_apart_and_is_noted() -> None:
    breaks = [session("Coffee", at(9)), session("Coffee", at(15))]
    outcome = joined(reading(sessions=breaks), reading(sessions=[session("Coffee")], file="b.csv"))
    assert outcome.source.sessions == (*breaks, session("Coffee"))
    (message,) = messages(outcome)
    assert message.startswith("b.csv: session “Coffee”")


def test_a_name_that_only_repeats_the_identifier_gives_way() -> None:
    outcome = joined(
        reading(sessions=[session("1A", at(9), source_id="1A")]),
        reading(sessions=[session("Q&A Session 1A", at(9), source_id="1A")], file="b.json"),
    )
    assert [one.name for one in outcome.source.sessions] == ["Q&A Session 1A"]
    assert messages(outcome) == []


def test_a_session_is_completed() -> None:
    bare = session("Posters 1", source_id="1")
    full = SourceSession(
        kind="Poster session",
        name="Posters 1",
        track="Systems",
        room="Hall A",
        starts_at=at(9),
        ends_at=at(11),
        chairs=people("Ada Li"),
        abstract="Come and see.",
        source_id="1",
        links=(Link("Page", "https://example.org/1"),),
    )
    assert joined(reading(sessions=[bare]), reading(sessions=[full], file="b.csv")).source.sessions == (full,)


def test_what_appears_in_a_session_by_two_sources_is_put_together() -> None:
    papers = [paper("Caching", source_id="1"), paper("Batching", source_id="2"), paper("Pruning", source_id="3")]
    first = SourceSession(name="Talks", appearances=(SourceAppearance(0), SourceAppearance(1, at(9), board="7")))
    second = SourceSession(
        name="Talks",
        appearances=(
            SourceAppearance(2, at(9, 45)),
            SourceAppearance(1, at(9), at(9, 15), "Hall A", "7"),
            SourceAppearance(0, at(9, 15), room="Hall A"),
        ),
    )
    outcome = joined(reading(papers, [first]), reading(papers[::-1], [second], file="b.csv"))
    assert outcome.source.sessions[0].appearances == (
        SourceAppearance(0, at(9, 45)),
        SourceAppearance(1, at(9), at(9, 15), "Hall A", "7"),
        SourceAppearance(2, at(9, 15), room="Hall A"),
    )
    assert messages(outcome) == []


def test_a_paper_that_a_source_shows_twice_in_a_session_is_there_twice() -> None:
    papers = [paper("Caching", source_id="1")]
    twice = SourceSession(name="Talks", appearances=(SourceAppearance(0, at(9)), SourceAppearance(0, at(15))))
    once = SourceSession(name="Talks", appearances=(SourceAppearance(0, at(15)),))
    for order in ([twice, once], [once, twice], [twice, twice]):
        outcome = joined(*(reading(papers, [one], file=f"{at}.csv") for at, one in enumerate(order)))
        assert {one.starts_at for one in outcome.source.sessions[0].appearances} == {at(9), at(15)}
        assert len(outcome.source.sessions[0].appearances) == 2


def test_sessions_of_stubs_refer_to_the_papers_of_the_whole() -> None:
    sessions = [SourceSession(name="1A", source_id="1A", appearances=(SourceAppearance(1), SourceAppearance(0)))]
    outcome = joined(
        reading([stub("m.1"), stub("m.2")], sessions, file="sessions.yml"),
        reading([paper("Other"), paper("Caching", source_id="m.1"), paper("Batching", source_id="m.2")], file="p.csv"),
    )
    assert titles(outcome) == ["Other", "Caching", "Batching"]
    assert [one.paper for one in outcome.source.sessions[0].appearances] == [2, 1]
