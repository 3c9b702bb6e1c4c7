"""Words, in the forms in which they are compared."""

import pytest
from hypothesis import given

from bot.search.words import index_words, tokens
from tests.support.searching import any_text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("KV cache", ["kv", "cache"]),
        ("Time-to-First-Token", ["time", "to", "first", "token"]),
        ("time‑to‑first", ["time", "to", "first"]),
        ("Gürsoy, Łukasz & Søren", ["gursoy", "lukasz", "soren"]),
        ("Gu\u0308rsoy", ["gursoy"]),
        ("it's O’Brien", ["its", "obrien"]),
        ("a_b __c__", ["a", "b", "c"]),
        ("Straße ﬁne", ["strasse", "fine"]),
        ("検索 поиск بحث", ["検索", "поиск", "بحث"]),
        ("1.5× v2.0", ["1", "5", "v2", "0"]),
    ],
)
def test_words_are_folded(text: str, words: list[str]) -> None:
    assert tokens(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Flash3DGS", {"flash3dgs", "flash", "3dgs"}),
        ("Stream2LLM", {"stream2llm", "stream"}),
        ("AgenticCache", {"agenticcache", "agentic", "cache"}),
        ("OSWorld-Human", {"osworld", "world", "human", "osworldhuman"}),
        ("db-SP", {"db", "sp", "dbsp"}),
        ("SONAR", {"sonar"}),
        ("RAGBoost", {"ragboost", "rag", "boost"}),
    ],
)
def test_names_are_indexed_whole_in_their_parts_and_joined(text: str, words: set[str]) -> None:
    assert words <= set(index_words(text))


@given(any_text)
def test_words_have_letters_and_no_spaces(text: str) -> None:
    for word in tokens(text)[:50]:
        assert any(character.isalnum() for character in word)
        assert not any(character.isspace() for character in word)
        assert word == word.casefold()
