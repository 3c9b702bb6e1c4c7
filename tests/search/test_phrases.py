"""Phrases, and what is left out."""

import pytest

from bot.search import Index, Query
from tests.support.searching import found, index_of, of


@pytest.fixture(scope="module")
def index() -> Index:
    return index_of(
        of("Caching Plans", "Ann Lee;Bob Roe", "Private early exit."),
        of("Caching Tokens", "Bob Roe"),
        of("Caching Retrieval", "Ann Lee", "The exit is early."),
        of("Other", "Ann Lee", "Private."),
    )


def test_phrases_and_words_to_leave_out(index: Index) -> None:
    assert found(index, '"early exit"') == ["Caching Plans"]
    assert set(found(index, "early exit")) == {"Caching Plans", "Caching Retrieval"}
    assert set(found(index, '"ann lee"')) == {"Caching Plans", "Caching Retrieval", "Other"}
    assert found(index, '"lee bob"') == [], "no phrase goes from one author to the next"
    assert set(found(index, "caching -private")) == {"Caching Tokens", "Caching Retrieval"}
    assert set(found(index, "caching -roe")) == {"Caching Retrieval"}
    assert set(found(index, 'caching -"early exit"')) == {"Caching Tokens", "Caching Retrieval"}
    assert found(index, '"early exit" -private') == []
    assert found(index, 'caching "early exit" tokens') == ["Caching Plans"]


def test_a_phrase_with_a_word_that_nobody_knows_is_read_as_words(index: Index) -> None:
    assert found(index, '"erly exit"')[0] == found(index, "erly exit")[0]
    assert index.search(Query.parse('"erly exit"')).corrected == "early exit"
    assert found(index, 'caching -"erly exit"') == found(index, "caching "), "what is nowhere is nowhere left out"


def test_an_exact_title_that_is_left_out_is_not_found(index: Index) -> None:
    assert found(index, "other -private") == []


def test_a_quoted_acronym_asks_for_exactly_these_letters() -> None:
    index = index_of(
        of("One", "", "Retrieval-augmented generation (RAG) is fast."), of("Two", "", "Retrieval-augmented generation.")
    )

    assert found(index, "rag") == ["One", "Two"]
    assert found(index, '"rag"') == ["One"]
