"""A search as the key of a question: the same search comes back, and none is longer than a button carries."""

from hypothesis import given
from hypothesis import strategies as st

from bot.lookup.model import SavedSearch
from bot.ui.limits import size
from bot.ui.questions import KEY_LENGTH, Question, QuestionKind

typed = st.text(max_size=90)
narrowed = st.none() | st.text(min_size=1, max_size=30)


@given(st.builds(SavedSearch, typed, narrowed, narrowed, narrowed, narrowed))
def test_a_search_comes_back_from_its_key(search: SavedSearch) -> None:
    key = search.key
    if key is None:
        return
    assert size(key) <= KEY_LENGTH
    question = Question(QuestionKind.RESULTS, key, 999_999)
    assert size(f"share:{question.code}") <= 100
    assert Question.from_code(question.code) == question
    assert SavedSearch.from_key(key) == search


@given(st.text(max_size=70))
def test_any_key_is_a_search_or_none(key: str) -> None:
    search = SavedSearch.from_key(key)
    assert search is None or key[0] in "=+"


@given(st.builds(SavedSearch, typed, narrowed, narrowed, narrowed, narrowed))
def test_a_token_is_no_search(search: SavedSearch) -> None:
    assert SavedSearch.from_key(search.token) is None


def test_what_people_ask_fits() -> None:
    assert SavedSearch("kv cache compression for long context inference of models").key
    assert SavedSearch("speculative decoding", "poster-session-1", None, None, None).key
    assert SavedSearch("", None, "kurt-keutzer", "efficient inference", None).key


def test_what_is_longer_or_can_not_be_told_apart_has_no_key() -> None:
    assert SavedSearch("a" * 79).key is None
    assert SavedSearch("\N{PILE OF POO}" * 40).key is None
    assert SavedSearch("cache", None, None, "systems | theory").key is None
