"""Taking a query apart."""

import pytest

from bot.search import Query
from tests.support.searching import INDEX


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", Query(())),
        ("kv cache", Query(("kv", "cache"), unfinished=True)),
        ("kv cache ", Query(("kv", "cache"))),
        ("KV-Cache", Query(("kv", "cache"), unfinished=True)),
        ("Gürsoy’s", Query(("gursoys",), unfinished=True)),
        ('"early exit" llm', Query(("llm",), (("early", "exit"),), unfinished=True)),
        ('llm "early exit"', Query(("llm",), (("early", "exit"),))),
        ("“early exit”", Query((), (("early", "exit"),))),
        ('"early exit', Query(("early", "exit"), unfinished=True)),
        ("federated -privacy", Query(("federated",), without=(("privacy",),))),
        ("federated –privacy", Query(("federated",), without=(("privacy",),))),
        ('-"early exit" llm', Query(("llm",), without=(("early", "exit"),), unfinished=True)),
        ("early-exit", Query(("early", "exit"), unfinished=True)),
        ("early - exit", Query(("early", "exit"), unfinished=True)),
        ('""', Query(())),
        ("#12", Query(("12",), unfinished=True)),
    ],
)
def test_a_query_is_taken_apart(text: str, query: Query) -> None:
    assert Query.parse(text) == query


def test_words_that_say_little_are_looked_for_only_when_there_is_nothing_else() -> None:
    assert Query.parse("that paper about caching plans").terms == ("caching", "plans")
    assert Query.parse("what is it about").terms == ("what", "is", "it", "about")
    assert Query.parse('the "to be" or').terms == ("to", "be")


def test_only_words_to_leave_out_ask_for_nothing() -> None:
    assert not Query.parse("-cache")
    assert not INDEX.search(Query.parse("-cache"))
