"""No text whatever is too much for the search."""

import pytest
from hypothesis import given, settings

from bot.search import Query
from bot.search.query import TERM_LIMIT
from tests.support.searching import INDEX, PROGRAMME, any_text, assert_answered

HOSTILE = {
    "one-letter words": "a b " * 1500,
    "different one-letter words": " ".join(chr(0x4E00 + number) for number in range(3000)),
    "one letter": "a" * 6000,
    "one digit": "9" * 6000,
    "punctuation": "!?.,;:-–—/\\'’\"()[]{}<>|@#$%^&*_~`+=" * 160,
    "quotes": '"' * 6000,
    "pairs of quotes": '""' * 3000,
    "curly quotes": "“”„" * 2000,
    "minus signs": "-" * 6000,
    "lone minus signs": "- " * 3000,
    "minus and quotes": '-"' * 3000,
    "words to leave out": "-cache " * 857,
    "phrases": '"a b" ' * 1000,
    "a phrase without an end": '"' + "cache " * 999,
    "phrases to leave out": '-"kv cache" ' * 500,
    "combining characters": "e" + "\u0301" * 5999,
    "accents on letters": "e\u0301\u0308" * 2000,
    "emoji": "👩‍👩‍👧‍👦" * 857,
    "right to left": "שלום عربي " * 600,
    "direction marks": "\u202e\u2066a\u2069" * 1500,
    "hyphens": "a-" * 3000,
    "apostrophes": "a'" * 3000,
    "dots": "a." * 3000,
    "underscores": "_a" * 3000,
    "camels": "aB" * 3000,
    "capitals": "A" * 5999 + "a",
    "digits and letters": "1A" * 3000,
    "digits before a letter": "1" * 5999 + "a",
    "spaces": " " * 6000,
    "white space": "\t\n\u2003\u3000" * 1500,
    "zero bytes": "\x00" * 6000,
    "misspelt words": "schedullling " * 460,
    "different words": " ".join(f"word{number}" for number in range(700)),
    "the beginnings of words": " ".join("abcdefghijklmnopqrstuvwxyz" * 100),
    "letters that grow when folded": "ﷺ" * 6000,
    "letters that lower to two": "İ" * 6000,
}


def assert_bounded(text: str) -> None:
    """Check that only so many words of a text are looked at, however long it is."""
    query = Query.parse(text)
    assert len(query.words) <= TERM_LIMIT
    assert len(query.terms) <= TERM_LIMIT
    assert len(query.phrases) <= TERM_LIMIT
    assert len(query.without) <= TERM_LIMIT
    assert all(len(phrase) <= TERM_LIMIT for phrase in (*query.phrases, *query.without))
    assert bool(query) == bool(query.terms)
    assert all(query.terms)


@settings(max_examples=150)
@given(any_text)
def test_any_text_is_answered_and_only_so_much_of_it_is_looked_at(text: str) -> None:
    assert_bounded(text)
    assert_answered(INDEX, PROGRAMME, text)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_the_longest_and_strangest_texts_are_answered(text: str) -> None:
    assert_bounded(text[:6000])
    assert_answered(INDEX, PROGRAMME, text[:6000])


def test_what_lies_beyond_the_limits_changes_nothing() -> None:
    words = [f"word{number}" for number in range(100)]

    assert Query.parse(" ".join(words)).words == tuple(words[:TERM_LIMIT])
    assert Query.parse("cache " + " " * 6000 + "hippocampus").words == ("cache",)
