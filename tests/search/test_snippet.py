"""The part of a text that answers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.programme.names import fold
from bot.search import Query
from bot.search.snippet import marks_of, snippet, whole_words
from bot.search.words import tokens
from tests.support.searching import INDEX, any_text

plain_words = st.text("abcdeé", min_size=1, max_size=12)
sentences = st.lists(st.one_of(plain_words, st.sampled_from(["cache", "Cache,", "(KV)", "pre-fill", "it’s", "–"])))


@settings(max_examples=300)
@given(
    st.one_of(st.text(max_size=400), sentences.map(" ".join), any_text),
    st.sets(st.sampled_from(["cache", "kv", "prefill", "pre", "its", "a", "b", "ab"])),
    st.integers(10, 200),
)
def test_a_snippet_of_any_text_is_short_and_marks_only_what_matched(plain: str, matched: set[str], length: int) -> None:
    part = snippet(plain, marks_of(plain, matched), length)

    assert len(part.plain) <= length
    assert part.plain.removeprefix("…").removesuffix("…").strip() in plain
    assert all(span.text for span in part.spans)
    for span in part.spans:
        if span.bold:
            words = fold(span.text).split()
            assert {*words, "".join(words)} & matched


@settings(max_examples=300)
@given(sentences.map(" ".join), st.sets(st.sampled_from(["cache", "kv", "prefill", "fill"])), st.integers(60, 200))
def test_a_snippet_has_whole_words_and_shows_what_matched(plain: str, matched: set[str], length: int) -> None:
    part = snippet(plain, marks_of(plain, matched), length)

    body = part.plain.removeprefix("…").removesuffix("…").strip()
    assert f" {body} " in f" {plain.strip()} "
    assert ("…" in part.plain) == (body != plain.strip())
    has_bold = any(span.bold for span in part.spans)
    assert has_bold == bool(matched & {word for word in (*tokens(plain), "prefill" * ("pre-fill" in plain)) if word})


@settings(max_examples=300)
@given(
    st.lists(
        st.one_of(
            plain_words,
            st.sampled_from(
                [
                    "1,000",
                    "GPT-3.5,",
                    "v2.0.1",
                    "www.a.b/cache",
                    "(x.org/cache)",
                    "kv@a.b",
                    "x://cache",
                    "cache.",
                    "5.",
                    " ",
                ]
            ),
            st.text("a1.:/@- \u2003", max_size=8),
        )
    ).map(" ".join),
    st.sets(st.sampled_from(["cache", "kv", "a", "b", "1", "000", "gpt", "3", "5", "v2", "0", "x"])),
)
def test_words_are_marked_as_if_any_could_be_a_part_of_an_address_or_a_number(plain: str, matched: set[str]) -> None:
    marks = marks_of(plain, matched)

    assert whole_words(plain, marks) == whole_words(plain, marks, apart=((0, len(plain)),))


def test_a_snippet_shows_the_stretch_that_has_most_of_what_matched() -> None:
    plain = f"A cache first. {'Nothing here. ' * 20}Then the KV cache, which prefill fills. {'Nothing more. ' * 20}"
    part = snippet(plain, marks_of(plain, {"kv", "cache", "prefill"}), 80)

    assert [span.text for span in part.spans if span.bold] == ["KV", "cache", "prefill"]
    assert part.plain.startswith("…")
    assert part.plain.endswith("…")


def test_a_snippet_of_a_short_text_is_the_whole_text() -> None:
    assert snippet("We cache plans.", ((3, 8),), 100).plain == "We cache plans."
    assert snippet("", (), 100).plain == ""


@pytest.mark.parametrize(
    ("text", "name"),
    [("stream llm", "Stream2LLM"), ("flash agents", "FlashAgents"), ("agentic cache", "AgenticCache")],
)
def test_a_name_found_by_its_parts_is_marked(text: str, name: str) -> None:
    hit = INDEX.search(Query.parse(text))[0]
    assert hit.paper.abstract

    bold = {span.text for span in snippet(hit.paper.abstract.plain, hit.marks, 100_000).spans if span.bold}
    assert name in bold


def test_what_is_marked_are_words_of_the_query_their_kin_and_their_corrections() -> None:
    hit = INDEX.search(Query.parse("chaching plan"))[0]

    assert hit.paper.key == "agenticcache"
    assert {"plan", "planning", "caching"} <= hit.matched
    assert not {"real", "time", "agents"} & hit.matched
