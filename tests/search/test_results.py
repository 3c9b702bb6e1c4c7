"""What a search found: all of it, the best first."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.search import Hit, Query, Results
from tests.support.searching import INDEX, PROGRAMME, assert_answered, index_of, of

QUESTIONS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "attendee_questions.toml").read_text(encoding="utf-8")
)["question"]


many = index_of(*(of(f"Cache paper {number}", f"Ann Lee{number}", "cache " * (number % 7)) for number in range(120)))
"""More papers than are ranked by their titles."""


@given(st.data())
def test_results_are_a_sequence(data: st.DataObject) -> None:
    index, text = data.draw(st.sampled_from([(INDEX, "llm serving"), (many, "cache"), (many, "cache 7"), (many, "zz")]))
    results = index.search(Query.parse(text))
    hits: list[Hit] = list(results)
    assert len(results) == len(hits)
    assert bool(results) == bool(hits)

    place = data.draw(st.integers(-len(hits) - 2, len(hits) + 1))
    if -len(hits) <= place < len(hits):
        assert results[place] == hits[place]
    else:
        with pytest.raises(IndexError):
            results[place]
    part = data.draw(st.slices(len(hits) + 3))
    assert list(results[part]) == hits[part]
    limit = data.draw(st.integers(0, len(hits) + 2))
    assert results.papers(limit) == [hit.paper for hit in hits[:limit]]


def test_results_work_with_what_python_does_to_sequences() -> None:
    results = many.search(Query.parse("cache"))
    hits = list(results)

    assert len(hits) == 120
    assert list(reversed(results)) == hits[::-1]
    assert hits[57] in results
    assert results.index(hits[57]) == 57
    assert isinstance(results, Results)


@pytest.mark.parametrize(
    ("title", "last", "text"), [("Cache number{}", "Cache aaaa {}", "cache"), ("Number{} Ca", "Cable {}", "ca")]
)
def test_results_are_in_the_order_of_their_scores_however_many_there_are(title: str, last: str, text: str) -> None:
    # More papers than are ranked again by their titles; the one that is ranked again for how its title begins
    # answers worst.
    long = " ".join(f"word{number}" for number in range(300))
    index = index_of(*(of(title.format(number), "", "Cache. " * 20) for number in range(100)), of(last.format(long)))

    scores = [hit.score for hit in index.search(Query.parse(text))]
    assert len(scores) == 101
    assert scores == sorted(scores, reverse=True)


@settings(max_examples=50)
@given(st.lists(st.sampled_from(sorted({word for q in QUESTIONS for word in q["text"].split()})), max_size=6))
def test_no_paper_is_found_twice_and_the_first_suggestion_is_the_one_opened(words: list[str]) -> None:
    text = " ".join(words)
    assert_answered(INDEX, PROGRAMME, text)
    if Query.parse(text):
        assert INDEX.suggest(text)[:1] == INDEX.find(text)[1][:1]


@pytest.mark.parametrize("text", [question["text"] for question in QUESTIONS[::4]])
def test_at_every_keystroke_the_first_suggestion_is_the_paper_that_would_be_opened(text: str) -> None:
    for end in range(1, len(text) + 1):
        typed = text[:end].strip()
        suggested, opened = INDEX.suggest(typed), INDEX.find(typed)[1]
        assert suggested[: len(opened)] == opened, typed
