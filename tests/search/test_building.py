"""An index made from one of before is the same as one made from nothing."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.programme.model import Programme
from bot.search import Index, IndexBuilder
from bot.search.kept import dump
from bot.search.origins import origins
from tests.support.programmes import Made, at, programme_of, session
from tests.support.searching import any_text, of

TITLES = (
    "Caching Plans",
    "Caching plans for GPUs",
    "FL",
    "Federated Learning",
    "Key-Value Stores",
    "Plans",
    "日本語の本",
)
ABSTRACTS = (
    None,
    "We study federated learning (FL) at length; federated learning wins.",
    "Key value store (KVS) design. A key-value store (KVS) is a store.",
    "Federated learnings (FL) of KVS.",
    "Plans, plans, plans and large language models (LLMs).",
)
AUTHORS = ("Ann Lee (MIT);Bob Roe (University of Old Town)", "Ann Lee (M.I.T.)", "Cy Poe", "")
TOPICS = ((), ("Systems", "FL"), ("systems",), ("Café Studies",), ("Cafe studies", "Federated Learning"))


class Drawn(NamedTuple):
    """A paper, and the board on which it hangs."""

    title: str | None
    authors: str
    abstract: str | None
    topics: tuple[str, ...]
    track: str | None
    board: str | None


@st.composite
def papers(draw: st.DrawFn) -> Drawn:
    return Drawn(
        draw(st.one_of(st.sampled_from(TITLES), any_text)),
        draw(st.sampled_from(AUTHORS)),
        draw(st.one_of(st.sampled_from(ABSTRACTS), any_text)),
        draw(st.sampled_from(TOPICS)),
        draw(st.sampled_from([None, "Systems", "Theory"])),
        draw(st.sampled_from([None, "12", "A-12"])),
    )


@st.composite
def programmes(draw: st.DrawFn) -> list[Programme]:
    """Draw states of a programme: papers come, go, change, and move between sessions whose tracks change."""
    pool = draw(st.lists(papers(), min_size=1, max_size=6))
    states = []
    for _ in range(draw(st.integers(2, 4))):
        pool = draw(st.lists(st.one_of(st.sampled_from(pool), papers()), max_size=8)) or pool
        cut = draw(st.integers(0, len(pool)))
        tracks = draw(st.tuples(*[st.sampled_from([None, "Systems", "Privacy"])] * 2))
        states.append(programme_of(made("One", pool[:cut], tracks[0]), made("Two", pool[cut:], tracks[1])))
    return states


def made(name: str, of_papers: Sequence[Drawn], track: str | None) -> Made:
    shown = [
        at(of(one.title, one.authors, one.abstract, topics=one.topics, track=one.track), board=one.board)
        for one in of_papers
    ]
    return session(name, *shown, track=track)


def dumped(index: Index) -> bytes:
    return b"".join(dump(index))


@settings(max_examples=60, deadline=None)
@given(programmes())
def test_what_is_remembered_changes_nothing(states: list[Programme]) -> None:
    builder = IndexBuilder()

    for programme in states:
        assert dumped(builder.build(programme)) == dumped(Index(programme))


def two_sessions(track: str = "Systems", title: str = "Three", board: str = "7") -> Programme:
    return programme_of(
        session("Talks", of("One", abstract="First."), of("Two", track="Theory"), track=track),
        session("Posters", at(of(title, "Ann Lee (MIT)", key="three"), board=board)),
    )


@pytest.mark.parametrize(
    ("changed", "came_from"),
    [
        ({}, [0, 1, 2]),
        ({"title": "Three!"}, [0, 1, -1]),
        ({"board": "8"}, [0, 1, -1]),
        ({"track": "Privacy"}, [-1, 1, 2]),
    ],
)
def test_only_what_changed_is_taken_apart_again(changed: dict[str, str], came_from: list[int]) -> None:
    assert origins(two_sessions(**changed), two_sessions()).tolist() == came_from


def test_papers_in_another_order_are_recognised() -> None:
    one, two, three = of("One", "Ann Lee"), of("Two"), of("Three", abstract="Other words.")
    before = programme_of(session("Talks", one, two, three))
    after = programme_of(session("Talks", three, one, of("Four"), two))

    assert origins(after, before).tolist() == [2, 0, -1, 1]
    assert dumped(Index(after, Index(before))) == dumped(Index(after))


def test_an_index_of_nothing_holds_nothing_and_can_be_built_on() -> None:
    nothing = Index(Programme())

    assert nothing.suggest("anything") == []
    assert np.array_equal(origins(two_sessions(), Programme()), [-1, -1, -1])
    assert dumped(Index(two_sessions(), nothing)) == dumped(Index(two_sessions()))
    assert dumped(Index(Programme(), Index(two_sessions()))) == dumped(nothing)
