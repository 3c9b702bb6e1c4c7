"""Which words a typed word may mean."""

from collections.abc import Sequence

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.search.vocabulary import EXACT, Vocabulary
from bot.search.words import stem

VOCABULARY = Vocabulary(
    "agent agents cache caches caching cached hippocampus scheduling plan plane play talk walk flash kv a 3dgs".split()
)


def meant(word: str, *, unfinished: bool = False, vocabulary: Vocabulary = VOCABULARY) -> set[str]:
    return {vocabulary.words[number] for number in vocabulary.meanings(word, unfinished=unfinished).words}


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("hippocamus", "hippocampus"),
        ("hipocampus", "hippocampus"),
        ("hippocamppus", "hippocampus"),
        ("hippocmapus", "hippocampus"),
        ("hippocanpus", "hippocampus"),
        ("ippocampus", "hippocampus"),
        ("ihppocampus", "hippocampus"),
        ("gippocampus", "hippocampus"),
        ("hippocampu", "hippocampus"),
        ("hippocampuss", "hippocampus"),
        ("hipocammpus", "hippocampus"),
        ("shceduling", "scheduling"),
        ("schedduling", "scheduling"),
        ("flsah", "flash"),
        ("flaash", "flash"),
        ("3dgss", "3dgs"),
    ],
)
def test_errors_of_every_kind_are_forgiven(typed: str, word: str) -> None:
    meanings = VOCABULARY.meanings(typed)

    assert meanings.corrected
    assert meant(typed) == {word}
    assert all(0 < sureness < EXACT for sureness in meanings.words.values())


@pytest.mark.parametrize("typed", ["x", "xy", "kw", "tal", "pln", "12345", "1234", "zebra", "a" * 6000, "flash" * 9])
def test_strange_short_and_endless_words_mean_nothing(typed: str) -> None:
    assert not VOCABULARY.meanings(typed)


def test_a_word_that_exists_means_itself_and_its_inflections_alone() -> None:
    for word in VOCABULARY.words:
        meanings = VOCABULARY.meanings(word)
        assert not meanings.corrected
        assert meanings.words[VOCABULARY.words.index(word)] == EXACT
        assert {stem(other) for other in meant(word)} == {stem(word)}
    assert meant("plan") == {"plan"}
    assert meant("cache") == {"cache", "caches", "caching", "cached"}


def test_an_unknown_inflection_means_the_words_of_its_stem_and_is_no_error() -> None:
    meanings = VOCABULARY.meanings("scheduler")

    assert meant("scheduler") == {"scheduling"}
    assert not meanings.corrected


def test_an_existing_word_has_neighbours_without_itself() -> None:
    def neighbours(word: str) -> set[str]:
        return {VOCABULARY.words[number] for number in VOCABULARY.neighbours(word)}

    assert neighbours("plan") == {"plane", "play"}
    assert neighbours("talk") == {"walk"}
    assert neighbours("agent") == {"agents"}
    assert neighbours("hippocampus") == set()


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("planflash", ("plan", "flash")),
        ("flashcache", ("flash", "cache")),
        ("flash3dgs", ("flash", "3dgs")),
        ("planeflash", ("plane", "flash")),
        ("kvcache", None),
        ("flash", None),
        ("acache", None),
        ("flashflashflash", None),
        ("", None),
    ],
)
def test_two_words_without_the_space_between_are_taken_apart(typed: str, parts: tuple[str, str] | None) -> None:
    splits = [tuple(VOCABULARY.words[number] for number in split) for split in VOCABULARY.splits(typed)]

    assert splits == ([parts] if parts else [])


short_words = st.text("abc", min_size=1, max_size=4)
likely_words = st.text("abcd", min_size=3, max_size=9)
any_words = st.text(st.characters(categories=["Ll", "Lo", "Nd"]), min_size=1, max_size=12)


@given(st.sets(st.one_of(short_words, likely_words, any_words), max_size=30), st.one_of(short_words, any_words))
def test_the_words_that_begin_like_an_unfinished_one_are_a_range(words: set[str], typed: str) -> None:
    vocabulary = Vocabulary(words)
    meanings = vocabulary.meanings(typed, unfinished=True)

    assert vocabulary.words == sorted(words)
    assert {vocabulary.words[number] for number in meanings.longer} == {w for w in words if w.startswith(typed)}
    assert not vocabulary.meanings(typed).longer


@settings(max_examples=300)
@given(st.sets(likely_words, min_size=1, max_size=60), st.data())
def test_every_word_with_one_error_is_found_and_no_other(words: set[str], data: st.DataObject) -> None:
    typed = data.draw(st.one_of(st.text("abcd", min_size=4, max_size=10), with_one_error(sorted(words))))
    assume(len(typed) >= 4)
    assume(typed not in words)
    assume(stem(typed) not in set(map(stem, words)))
    near = {word for word in words if edits(typed, word) <= 1}

    vocabulary = Vocabulary(words)
    if near:
        assert meant(typed, vocabulary=vocabulary) == near
        if not any(word.startswith(typed) for word in words):
            assert meant(typed, unfinished=True, vocabulary=vocabulary) == near
    else:
        allowed = 2 if len(typed) >= 8 else 0
        assert meant(typed, vocabulary=vocabulary) == {word for word in words if edits(typed, word) <= allowed}


@given(st.sets(any_words, min_size=1, max_size=20), st.data())
def test_one_error_is_found_in_any_script(words: set[str], data: st.DataObject) -> None:
    typed = data.draw(with_one_error(sorted(words)))
    assume(len(typed) >= 4)
    assume(not typed.isdigit())
    near = {word for word in words if len(word) >= 3 and edits(typed, word) <= 1}

    assert typed in words or stem(typed) in map(stem, words) or near <= meant(typed, vocabulary=Vocabulary(words))


@given(st.sets(likely_words, min_size=1, max_size=40), st.data())
def test_neighbours_are_the_words_one_error_away(words: set[str], data: st.DataObject) -> None:
    vocabulary = Vocabulary(words)
    word = data.draw(st.sampled_from(sorted(words)))

    near = {vocabulary.words[number] for number in vocabulary.neighbours(word)}
    assert near == {other for other in words if edits(word, other) == 1}


@st.composite
def with_one_error(draw: st.DrawFn, words: Sequence[str]) -> str:
    """Draw one of some words with a letter missing, added, wrong or swapped."""
    word = draw(st.sampled_from(words))
    at = draw(st.integers(0, len(word) - 1))
    letter = draw(st.sampled_from("abcdx"))
    return draw(
        st.sampled_from(
            [
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
                word + letter,
            ]
        )
    )


def edits(left: str, right: str) -> int:
    """Count the letters missing, added, wrong or swapped, by the book (optimal string alignment)."""
    rows = [list(range(len(right) + 1))]
    for i, a in enumerate(left, 1):
        row = [i]
        for j, b in enumerate(right, 1):
            cost = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, rows[i - 2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]
