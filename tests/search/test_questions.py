"""Questions that attendees ask about the real session."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.support.searching import PROGRAMME, keys

QUESTIONS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "attendee_questions.toml").read_text(encoding="utf-8")
)["question"]


def test_the_questions_ask_for_papers_that_there_are_and_for_each_of_them() -> None:
    meant = {key for question in QUESTIONS for key in question["means"]}

    assert len(QUESTIONS) >= 120
    assert meant == set(PROGRAMME.papers)
    assert all(question["text"].strip() and question["kind"] and question["means"] for question in QUESTIONS)


@pytest.mark.parametrize(("first", "share"), [(1, 0.9), (5, 0.98)])
def test_attendees_find_what_they_mean(first: int, share: float) -> None:
    missed = [
        f"{question['kind']}: {question['text']!r} means {question['means']}, found {keys(question['text'], 5)}"
        for question in QUESTIONS
        if not set(keys(question["text"], first)) & set(question["means"])
    ]

    assert 1 - len(missed) / len(QUESTIONS) >= share, "\n".join(missed)
