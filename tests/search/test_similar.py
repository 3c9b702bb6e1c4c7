"""Papers near another one in topic."""

import pytest

from bot.search.words import stem, tokens
from tests.support.searching import INDEX, PROGRAMME, index_of, of, text_of


def test_similar_papers_are_never_the_paper_itself_and_never_nothing() -> None:
    for key in PROGRAMME.papers:
        similar = INDEX.similar(key)
        assert len(similar) == 5
        assert key not in {other.paper.key for other in similar}
        assert len(INDEX.similar(key, 100)) == len(PROGRAMME.papers) - 1


@pytest.mark.parametrize("key", PROGRAMME.papers)
def test_what_similar_papers_share_are_words_that_both_have(key: str) -> None:
    own = set(map(stem, tokens(text_of(PROGRAMME.papers[key]))))
    for other in INDEX.similar(key):
        theirs = set(map(stem, tokens(text_of(other.paper))))
        for term in other.shared:
            assert term in " ".join(text_of(PROGRAMME.papers[key]).split())
            assert set(map(stem, tokens(term))) <= own & theirs, other.paper.key


def test_what_two_papers_share_is_worth_reading() -> None:
    index = index_of(
        of(
            "Caching Plans",
            "",
            "Zero parameters. We reuse a KV cache, which outperforms existing systems, for speculative decoding.",
        ),
        of(
            "Drafts for Everyone",
            "",
            "Speculative decoding with zero parameters outperforms existing systems: its KV-cache stays. We use CUDA.",
        ),
        of("Else", "", "Something that has nothing to do with them."),
        of("More", "", "And something else, on CUDA."),
    )

    assert set(index.similar("caching-plans", 1)[0].shared) == {"KV cache", "speculative decoding"}
    assert [other.shared for other in index.similar("more", 1)] == [("CUDA",)]


def test_papers_of_which_it_can_be_said_why_they_are_near_come_first() -> None:
    index = index_of(
        of("Caches", "", "Zero parameters, zero words, zero methods, zero parameters, zero words."),
        of("Methods", "", "Zero parameters and zero methods, zero words."),
        of("Zebras", "", "Zero methods, and caches."),
    )

    assert [other.paper.key for other in index.similar("caches")] == ["zebras", "methods"]


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("ragboost", {"raginfer", "retrieval-augmented"}),
        ("player-fl", {"florist", "protoken", "disagg", "sonar"}),
        ("from-tokens-to-layers", {"pla-serve", "stream2llm", "superinfer", "flashagents"}),
        ("zero-redundancy", {"privatar", "disagg", "zk-apex", "g-hemp"}),
        ("streamdiffusionv2", {"db-sp", "tidar", "stream2llm"}),
    ],
)
def test_the_nearest_paper_is_near_in_topic(key: str, near: set[str]) -> None:
    assert INDEX.similar(key)[0].paper.key in near


def test_a_paper_that_shares_nothing_still_has_neighbours() -> None:
    index = index_of(of("Zebras"), of("Caching Plans"), of("Plans"))

    assert len(index.similar("zebras")) == 2
    assert all(not other.shared for other in index.similar("zebras"))


def test_papers_of_the_same_topic_are_near_and_the_topic_is_told_first() -> None:
    index = index_of(
        of("Caching Plans", "", "We reuse plans.", topics=("Agents", "Everything")),
        of("Walking Robots", "", "It walks.", topics=("agents", "Everything"), track="Robotics"),
        of("Robot Cooks", "", "That walks, and reuses pans.", topics=("Everything",), track="Robotics"),
        of("Else", topics=("Everything",)),
    )

    near = index.similar("caching-plans", 1)
    assert [(other.paper.label, other.shared) for other in near] == [("Walking Robots", ("Agents",))]
    (other,) = index.similar("walking-robots", 1)
    assert other.paper.label == "Robot Cooks"
    assert other.shared == ("Robotics", "Walking"), (
        "a word of a shared topic is not told again, nor what all papers share"
    )
