"""Topics that are found in titles and abstracts."""

import math
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.programme.model import Paper
from bot.search import Index
from bot.search.query import is_filler
from bot.search.subject_names import names_of
from bot.search.subjects import FoundTopic, find_topics, in_topics, likeness
from bot.search.weighing import matrix_of
from bot.search.words import stems, tokens
from tests.support.searching import INDEX, PROGRAMME, any_text, of, programme_with

FIELDS = {
    "Machine translation": "Neural machine translation of low resource languages improves BLEU for bilingual corpora.",
    "Speech recognition": "Speech recognition with acoustic features lowers the phoneme error of spoken audio.",
    "Storage engines": "Log structured storage engines compact key value disks with fewer write stalls.",
}


def three_fields(count: int = 7) -> Index:
    papers = [of(f"{field} study {number}", abstract=text) for number in range(count) for field, text in FIELDS.items()]
    return Index(programme_with(papers))


def topics_of(index: Index) -> tuple[tuple[FoundTopic, ...], list[int]]:
    """Return what is found, and the place of each paper's topic."""
    matrix = matrix_of(index.contents)
    topics = find_topics(list(index.programme.papers.values()), index.contents, matrix)
    return topics, in_topics(topics, matrix)


def test_papers_about_the_same_are_in_one_topic_that_its_words_name() -> None:
    index = three_fields()
    papers = list(index.programme.papers.values())

    topics, places = topics_of(index)

    fields = [next(field for field in FIELDS if paper.label.startswith(field)) for paper in papers]
    told = {(place, field) for place, field in zip(places, fields, strict=True)}
    assert len({place for place, _ in told}) == len(told), "no topic has papers of two fields"
    for place, field in told:
        words = {word for text in (f"{field} study", FIELDS[field]) for word in text.lower().replace(".", "").split()}
        assert all(word.lower() in words for word in topics[place].name.replace("·", " ").split())


def test_the_real_poster_session_has_the_same_topics_each_time_and_every_paper_is_in_one_at_most() -> None:
    topics, places = topics_of(INDEX)

    assert (topics, places) == topics_of(Index(PROGRAMME))
    assert {topic.name: places.count(number) for number, topic in enumerate(topics)} == {
        "bottlenecks · scenarios · multi-agent": 6,
        "components · requires · security": 7,
        "client · Federated learning · side": 7,
        "speedup · accelerating · diffusion": 6,
        "retrieval · augmented generation · RAG": 8,
    }
    assert len(places) == len(PROGRAMME.papers)


def test_a_topic_is_known_again_by_its_words_when_some_papers_have_changed() -> None:
    was, _ = topics_of(three_fields(6))
    now, _ = topics_of(three_fields(7))

    assert len(was) >= 2
    for topic in was:
        near = max(now, key=lambda other: likeness(topic.words, other.words))
        assert likeness(topic.words, near.words) > 0.4
        assert set(near.name.split(" · ")) & set(topic.name.split(" · "))


def test_a_few_papers_have_no_topics() -> None:
    topics, places = topics_of(three_fields(2))

    assert topics == ()
    assert set(places) == {-1}


@given(st.lists(st.tuples(any_text, any_text), min_size=12, max_size=16), st.randoms(use_true_random=False))
def test_any_texts_have_topics_or_none_named_by_what_their_papers_say(
    texts: list[tuple[str, str]], random: Random
) -> None:
    index = Index(programme_with([of(title or None, abstract=abstract or None) for title, abstract in texts]))
    papers = list(index.programme.papers.values())

    topics, places = topics_of(index)

    assert len(places) == len(papers)
    assert all(-1 <= place < len(topics) for place in places)
    assert all(topic.name for topic in topics)
    some = [random.randrange(-1, 3) for _ in papers]
    names = names_of(papers, index.contents, np.array(some, np.int32), 3)
    for topic, name in enumerate(names):
        assert name.removesuffix(f" ({topic + 1})").casefold() == plainly_named(papers, some, topic).casefold()


def plainly_named(papers: Sequence[Paper], places: Sequence[int], topic: int) -> str:
    """Name a topic as `names_of` should, counting phrases one by one; only how they are printed is not looked up."""
    phrases = [phrases_of(paper) for paper in papers]
    inside = Counter(phrase for paper, place in zip(phrases, places, strict=True) if place == topic for phrase in paper)
    everywhere = Counter(phrase for paper in phrases for phrase in paper)
    size, others = places.count(topic), max(len(papers) - places.count(topic), 1)

    def worth(phrase: str) -> float:
        ratio = inside[phrase] / size / ((everywhere[phrase] - inside[phrase] + 1) / others)
        return inside[phrase] * math.log(max(ratio, 1e-6)) * (1.4 if " " in phrase else 1.0)

    chosen: list[str] = []
    for phrase in sorted((one for one in inside if inside[one] >= 2), key=lambda one: (-worth(one), one)):
        if not {*stems(phrase.split())} & {*stems(" ".join(chosen).split())}:
            chosen.append(phrase)
    return " · ".join(chosen[:3]) or "other"


def phrases_of(paper: Paper) -> set[str]:
    found: set[str] = set()
    for text in (paper.label, paper.abstract.plain if paper.abstract else ""):
        words = [word if len(word) > 2 and word.isalpha() and not is_filler(word) else "" for word in tokens(text)]
        found |= {*filter(None, words)} | {f"{one} {other}" for one, other in pairwise(words) if one and other}
    return found


def test_papers_are_told_apart_by_what_is_frequent_in_each_and_rare_elsewhere() -> None:
    matrix = matrix_of(INDEX.contents)
    whole = np.zeros((len(PROGRAMME.papers), len(matrix.stems)))
    for place, paper in enumerate(PROGRAMME.papers.values()):
        often = Counter(stems(tokens(paper.abstract.plain if paper.abstract else "")))
        for one in stems(tokens(paper.label)) * 3:
            often[one] += 1
        whole[place] = [1 + math.log(often[one]) if often[one] else 0 for one in matrix.stems]
    whole *= np.log(len(whole) / (whole > 0).sum(axis=0))
    whole /= np.linalg.norm(whole, axis=1, keepdims=True)
    some = np.random.default_rng(1).standard_normal((len(matrix.stems), 5)).astype(np.float32)
    groups = np.arange(len(whole)) % 3

    assert matrix.times(some) == pytest.approx(whole @ some, abs=1e-5)
    assert matrix.transposed().times(whole[:, :4].astype(np.float32)) == pytest.approx(whole.T @ whole[:, :4], abs=1e-5)
    assert matrix.sums(groups, 3) == pytest.approx(
        np.array([whole[groups == one].sum(axis=0) for one in range(3)]), abs=1e-5
    )


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted in /proc")
def test_finding_them_leaves_the_other_processors_alone() -> None:
    code = (
        "import os, bot.search.subjects, numpy as np; big = np.ones((999, 999)); big @ big;"
        "print(len(os.listdir('/proc/self/task')))"
    )
    clean = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}

    done = subprocess.run([sys.executable, "-c", code], env=clean, capture_output=True, text=True, check=True)  # noqa: S603

    assert done.stdout == "1\n"
