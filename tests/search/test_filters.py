"""Sessions, authors, phrases and what is left out."""

import pytest

from bot.programme.model import Programme
from bot.search import Index, Query
from tests.support.searching import found, index_of, of, programme_of


@pytest.fixture(scope="module")
def filtered() -> tuple[Programme, Index]:
    programme = programme_of(
        [of("Caching Plans", "Ann Lee;Bob Roe", "Private early exit."), of("Caching Tokens", "Bob Roe")],
        [of("Caching Retrieval", "Ann Lee", "The exit is early."), of("Other", "Ann Lee", "Private.")],
    )
    return programme, Index(programme)


def test_a_search_can_be_narrowed_to_a_session_and_an_author(filtered: tuple[Programme, Index]) -> None:
    programme, index = filtered
    first, second = (session.key for session in programme.sessions)

    assert len(found(index, "caching")) == 3
    assert set(found(index, "caching", session=first)) == {"Caching Plans", "Caching Tokens"}
    assert found(index, "caching", session=second) == ["Caching Retrieval"]
    assert set(found(index, "caching", author="ann-lee")) == {"Caching Plans", "Caching Retrieval"}
    assert found(index, "caching", author="ann-lee", session=first) == ["Caching Plans"]
    assert found(index, "caching tokens", author="ann-lee")[0] != "Caching Tokens"
    assert found(index, "tokens", author="ann-lee") == []
    assert found(index, "other", session=first) == []
    assert found(index, "caching", session="gone") == found(index, "caching", author="nobody") == []


def test_phrases_and_words_to_leave_out(filtered: tuple[Programme, Index]) -> None:
    _, index = filtered

    assert found(index, '"early exit"') == ["Caching Plans"]
    assert set(found(index, "early exit")) == {"Caching Plans", "Caching Retrieval"}
    assert set(found(index, '"ann lee"')) == {"Caching Plans", "Caching Retrieval", "Other"}
    assert found(index, '"lee bob"') == [], "no phrase goes from one author to the next"
    assert set(found(index, "caching -private")) == {"Caching Tokens", "Caching Retrieval"}
    assert set(found(index, "caching -roe")) == {"Caching Retrieval"}
    assert set(found(index, 'caching -"early exit"')) == {"Caching Tokens", "Caching Retrieval"}
    assert found(index, '"early exit" -private') == []
    assert found(index, 'caching "early exit" tokens') == ["Caching Plans"]


def test_a_phrase_with_a_word_that_nobody_knows_is_read_as_words(filtered: tuple[Programme, Index]) -> None:
    _, index = filtered

    assert found(index, '"erly exit"')[0] == found(index, "erly exit")[0]
    assert index.search(Query.parse('"erly exit"')).corrected == "early exit"
    assert found(index, 'caching -"erly exit"') == found(index, "caching "), "what is nowhere is nowhere left out"


def test_an_exact_title_that_is_left_out_or_elsewhere_is_not_found(filtered: tuple[Programme, Index]) -> None:
    programme, index = filtered

    assert found(index, "other -private") == []
    assert found(index, "caching tokens", session=programme.sessions[1].key) == ["Caching Retrieval"]


def test_a_quoted_acronym_asks_for_exactly_these_letters() -> None:
    index = index_of(
        of("One", "", "Retrieval-augmented generation (RAG) is fast."), of("Two", "", "Retrieval-augmented generation.")
    )

    assert found(index, "rag") == ["One", "Two"]
    assert found(index, '"rag"') == ["One"]
