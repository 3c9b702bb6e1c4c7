"""The search on its own: what words mean, which papers they find, and that no text whatever is too much for it."""

import math
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.programme.build import build
from bot.programme.formats import read
from bot.programme.identity import assign_keys
from bot.programme.model import Paper, Programme
from bot.programme.names import fold
from bot.programme.source import Source, SourcePaper, SourceSession
from bot.search import Hit, Index, Match, Query, Results
from bot.search.acronyms import Acronyms
from bot.search.order import in_order
from bot.search.people import People
from bot.search.postings import Postings, PostingsBuilder
from bot.search.query import TERM_LIMIT
from bot.search.snippet import snippet
from bot.search.vocabulary import EXACT, Vocabulary
from bot.search.words import index_words, stem, tokens
from tests.conftest import SESSION_PAGE

QUESTIONS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "attendee_questions.toml").read_text(encoding="utf-8")
)["question"]


PROGRAMME = build(assign_keys(read(SESSION_PAGE.read_bytes(), SESSION_PAGE.name)))
INDEX = Index(PROGRAMME)


def of(title: str | None = None, authors: str = "", abstract: str | None = None) -> SourcePaper:
    """Make a paper; the authors' names are separated by semicolons."""
    return SourcePaper(title=title, byline=tuple(filter(None, authors.split(";"))), abstract=abstract)


def programme_of(*sessions: Sequence[SourcePaper]) -> Programme:
    """Make a programme of sessions called "Session 1", "Session 2" and so on."""
    made = tuple(
        SourceSession(name=f"Session {number}", papers=tuple(papers)) for number, papers in enumerate(sessions, 1)
    )
    return build(assign_keys(Source("test/1", made)))


def index_of(*papers: SourcePaper) -> Index:
    return Index(programme_of(papers))


def found(index: Index, text: str, **filters: str) -> list[str]:
    """Return what the papers found are called, in order."""
    return [hit.paper.label for hit in index.search(Query.parse(text), **filters)]


def keys(text: str, limit: int = 10) -> list[str]:
    """Return the keys of the first papers that a text finds in the real session."""
    return [paper.key for paper in INDEX.search(Query.parse(text)).papers(limit)]


def text_of(paper: Paper) -> str:
    return f"{paper.label} {paper.abstract.plain if paper.abstract else ''}"


# --- attendees' questions


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


# --- any text whatever

pieces = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            '"',
            "“",
            "-",
            "−",
            " ",
            "a",
            "zero",
            "kv cache",
            "\u0301",
            "😀",
            "👩‍👩‍👧",
            "שלום",
            "مرحبا",
            "你好",
            "ß",
            "İ",
            "\u202e",
            "\x00",
            "_",
            "'",
            "’",
            "Stream2LLM",
            "12",
            "#",
            ".",
            "/",
            "\t\n",
            "ﬁ",
            "①",
            "𝔘",
            "\uffff",
        ]
    ),
)
any_text = st.one_of(
    st.text(),
    st.lists(pieces, max_size=40).map("".join),
    st.lists(pieces, max_size=40).map(" ".join),
    st.tuples(pieces, st.integers(1, 6000)).map(lambda part: (part[0] * part[1])[:6000]),
    st.tuples(pieces, pieces, st.integers(1, 3000)).map(lambda part: ((part[0] + part[1]) * part[2])[:6000]),
)
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


def assert_answered(index: Index, programme: Programme, text: str) -> None:
    """Ask everything that can be asked with a text, and check what holds for any answer."""
    results = index.search(Query.parse(text))
    hits = list(results)
    assert len(hits) == len(results)
    assert len({hit.paper.key for hit in hits}) == len(hits), "no paper twice"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(hit.score > 0 for hit in hits)
    assert all(programme.papers[hit.paper.key] is hit.paper for hit in hits)
    assert results.papers(10) == [hit.paper for hit in hits[:10]]
    suggested = index.suggest(text)
    assert len(suggested) <= 25
    match, likely = index.find(text)
    assert len(likely) <= 5
    assert (match is Match.NOTHING) == (not likely)
    for unfinished in (False, True):
        people = index.people(text, unfinished=unfinished)
        assert len(people) <= 25
        assert len({hit.person.key for hit in people}) == len(people)


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


# --- queries


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


# --- words


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


# --- results

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


# --- programmes of every kind


def test_a_programme_without_papers_has_nothing_to_find() -> None:
    empty = Programme()
    for text in ("", "cache", '"kv cache"', "-x", "12", "a" * 6000):
        assert_answered(Index(empty), empty, text)
        assert not Index(empty).search(Query.parse(text))
        assert Index(empty).find(text) == (Match.NOTHING, [])


def test_the_only_paper_is_found_and_has_nothing_similar() -> None:
    index = index_of(of("Caching Plans", "Ann Lee", "We reuse plans."))

    for text in ("caching", "plan", "lee", "reuse", "1", "#1", "caching plans", "chaching", '"reuse plans"'):
        assert found(index, text) == ["Caching Plans"], text
        assert index.find(text)[1][0].label == "Caching Plans"
    assert found(index, "xyzzy") == []
    assert index.similar("caching-plans") == []


def test_papers_without_abstracts_or_authors_or_titles_are_found_by_what_they_have() -> None:
    index = index_of(
        of("Caching Plans", "Ann Lee"),
        of("Early Exits", "", "We leave early."),
        of("Nothing Else"),
        of(None, "Bob Roe", "Schedulers that nobody named."),
    )

    assert found(index, "caching lee")[0] == "Caching Plans"
    assert found(index, "leave early") == ["Early Exits"]
    assert found(index, "else") == ["Nothing Else"]
    assert found(index, "roe schedulers")[0].startswith("Schedulers")
    for key in ("caching-plans", "early-exits", "nothing-else"):
        assert len(index.similar(key)) == 3


def test_papers_with_the_same_title_are_all_found_and_told_apart_by_their_authors() -> None:
    index = index_of(of("Caching Plans", "Ann Lee"), of("Other", "Cy Poe"), of("Caching Plans", "Bob Roe"))

    assert found(index, "caching plans") == ["Caching Plans", "Caching Plans"]
    match, papers = index.find("Caching Plans")
    assert match is Match.UNCLEAR
    assert {paper.authors[0].name for paper in papers} == {"Ann Lee", "Bob Roe"}
    assert index.find("caching plans roe")[1][0].authors[0].name == "Bob Roe"
    assert index.find("caching lee")[1][0].authors[0].name == "Ann Lee"
    assert "Caching Plans" in {similar.paper.label for similar in index.similar("caching-plans")}


def test_titles_of_one_character_are_found() -> None:
    index = index_of(of("X"), of("Q", "Ann Lee"), of("λ"), of("7"), of("?"), of("Xylophones"))

    assert found(index, "x")[0] == "X"
    assert found(index, "Q") == ["Q"]
    assert found(index, "λ") == ["λ"]
    assert index.find("X")[0] is Match.NAMED
    assert found(index, "7")[0] == "7"


NON_LATIN = (
    "基于检索增强的大语言模型推理",
    "分布式训练 与 容错 系统",
    "تعلم الآلة الموزع",
    "نماذج اللغة الكبيرة",
    "Быстрый поиск по векторам",
    "Обучение больших моделей",
    "Αποδοτική μάθηση",
    "למידה עמוקה",
    "हिन्दी भाषा मॉडल",
    "하이브리드 추론 시스템",
)
non_latin = index_of(*map(of, NON_LATIN))


@pytest.mark.parametrize(
    ("text", "title"),
    [
        *((title, title) for title in NON_LATIN),
        ("基于检索", NON_LATIN[0]),
        ("容错", NON_LATIN[1]),
        ("الآلة", NON_LATIN[2]),
        ("الالة", NON_LATIN[2]),
        ("اللغة", NON_LATIN[3]),
        ("الكبيرة نماذج", NON_LATIN[3]),
        ("ВЕКТОРАМ", NON_LATIN[4]),
        ("поиск быстрыи", NON_LATIN[4]),
        ("поисск", NON_LATIN[4]),
        ("обуче", NON_LATIN[5]),
        ("μαθηση", NON_LATIN[6]),
        ("עמוקה", NON_LATIN[7]),
        ("भाषा", NON_LATIN[8]),
        ("추론", NON_LATIN[9]),
    ],
)
def test_titles_in_other_scripts_are_found_by_their_words(text: str, title: str) -> None:
    assert found(non_latin, text)[:1] == [title]
    assert [paper.label for paper in non_latin.suggest(text)[:1]] == [title]


@pytest.mark.parametrize("text", ["大语言模型", "推理", "检索增强", "语言模型推理"])
def test_words_of_scripts_without_spaces_are_found_in_the_middle_of_a_title(text: str) -> None:
    assert found(non_latin, text)[:1] == [NON_LATIN[0]]


words_of_all_kinds = st.sampled_from(
    [
        "KV",
        "cache",
        "caches",
        "Retrieval-Augmented",
        "(RAG)",
        "RAG",
        "Stream2LLM",
        "检索",
        "поиск",
        "12",
        "$x^2$",
        "a",
        "-",
    ]
)
phrases_of_all_kinds = st.one_of(st.lists(words_of_all_kinds, max_size=6).map(" ".join), st.text(max_size=20))
papers_of_all_kinds = st.builds(
    SourcePaper,
    title=st.one_of(st.none(), phrases_of_all_kinds),
    byline=st.lists(st.sampled_from(["Ann Lee", "Bob Roe", "李明", "X", "", "?"]), max_size=3).map(tuple),
    abstract=st.one_of(st.none(), phrases_of_all_kinds),
)


@settings(max_examples=60)
@given(st.lists(papers_of_all_kinds, max_size=6), phrases_of_all_kinds)
def test_any_programme_can_be_searched(papers: list[SourcePaper], text: str) -> None:
    programme = programme_of(papers[:3], papers[3:])
    index = Index(programme)

    assert_answered(index, programme, text)
    for paper in programme.papers.values():
        assert paper in index.suggest(paper.key)
        assert_answered(index, programme, paper.label)
        others = [similar.paper.key for similar in index.similar(paper.key)]
        assert paper.key not in others
        assert len(set(others)) == len(others) == min(5, len(programme.papers) - 1)


# --- filters


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


# --- ranking

LIKELY = "kalman"
"""The word asked for; nothing else is like it."""


def filler(count: int) -> str:
    return " ".join(("beech", "oxide", "hush", "fjord", "dusty", "gypsy", "whip", "quiz")[n % 8] for n in range(count))


@pytest.mark.parametrize("length", [1, 5, 10, 20, 30])
@pytest.mark.parametrize("times", [1, 3, 20])
def test_a_title_beats_an_author_who_beats_an_abstract(length: int, times: int) -> None:
    index = index_of(
        of("Third", "Ann Lee", f"{filler(40)} {f'{LIKELY} ' * times}"),
        of("Second", f"Rudolf {LIKELY.title()}"),
        of(f"{filler(length)} {LIKELY}", "Bob Roe"),
        *(of(f"Other {number}", "Cy Poe", filler(40)) for number in range(20)),
    )

    assert found(index, LIKELY) == [f"{filler(length)} {LIKELY}", "Second", "Third"]


def test_an_author_beats_an_abstract_whatever_letters_its_title_happens_to_have() -> None:
    index = index_of(
        of("Kitchen Robots", "Ann Lee", "As Chen says. Chen was right. Chen knows. We thank Chen and Chen."),
        of("Grasping Objects", "Danqi Chen"),
    )

    assert found(index, "chen ") == ["Grasping Objects", "Kitchen Robots"]


RIVALS = (
    of("Caching Caching Caching", "C. Caching", "Caching. " * 20),
    of("Caching Plans for Agents That Plan Ahead", "", "Fast caching plans for agents that plan."),
    of("Fast Caching of Caches"),
)


@pytest.mark.parametrize("exact", ["Caching", "Cache", "Fast Caching", "Caching Plans for Agents That Plan"])
def test_an_exact_title_is_first(exact: str) -> None:
    index = index_of(*RIVALS, of(exact))

    assert found(index, exact)[0] == exact
    assert found(index, exact.upper())[0] == exact
    assert index.find(exact)[1][0].label == exact


CROWD = tuple(of(f"Sparse Tokens Number {number}", "", "Sparse tokens. " * 30) for number in range(120))


def test_a_long_title_that_has_the_words_in_a_row_is_found_among_many_that_have_them() -> None:
    long = f"Towards {filler(12)} of Sparse Tokens in the Wild {filler(12)}"
    index = index_of(*CROWD, of(long))

    assert found(index, "sparse tokens in the wild ")[0] == long
    assert long in found(index, "of sparse tokens ")[:3]


@pytest.mark.parametrize("typed", ["spare tokens in the wild", "sparse tokesn in the wild"])
def test_a_typing_error_costs_such_a_title_nothing(typed: str) -> None:
    long = f"Towards {filler(12)} of Sparse Tokens in the Wild {filler(12)}"

    assert found(index_of(*CROWD, of(long)), typed)[0] == long


def test_a_title_that_has_all_the_words_beats_one_that_has_most_of_them_in_a_row() -> None:
    index = index_of(
        *CROWD,
        of("Sparse Token Routing at Scale", "", "Sparse token routing, without any mirror."),
        of("Mirror Descent with Token Budgets for the Routing of Sparse Experts"),
    )

    assert found(index, "sparse token routing mirror")[0].startswith("Mirror Descent")
    assert found(index, "sparse token routing")[0].startswith("Sparse Token")


def test_a_word_that_says_little_tells_apart_what_is_otherwise_alike() -> None:
    index = index_of(of("Agents Plan"), of("Can Agents Plan"), of("Agents of Plan"))

    assert found(index, "agents can plan yes")[0] == "Can Agents Plan"


@pytest.mark.parametrize(
    "title", ['Explaining "Trust Me" Plans', '"Fast" Caching', "Caching -Plans", "“Caching” of Plans"]
)
def test_a_title_with_marks_of_the_query_language_is_first_when_it_is_typed(title: str) -> None:
    index = index_of(
        *RIVALS, of("Explaining Plans", "", "Trust me, trust me."), of("Of Plans", "", "Caching."), of(title)
    )
    (whole,) = index.find(title)[1]

    assert index.suggest(title)[:1] == [whole]
    assert found(index, title)[:1] == [whole.label]


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    index = index_of(
        of("Serving Tokens"),
        of("Routing Zebras"),
        *(of(f"Serving Models {number}", "", "Plain.") for number in range(20)),
    )

    assert found(index, "serving zebras")[0] == "Routing Zebras"
    assert found(index, "zebras serving")[0] == "Routing Zebras"


def test_a_paper_with_all_words_beats_one_with_some_of_them() -> None:
    index = index_of(
        of("Cache Eviction", "", "Cache cache cache cache."),
        of("A Study", "Ann Lee", "How planning agents use a cache."),
        of("Planning"),
    )

    assert found(index, "cache agents planning")[0] == "A Study"


def test_a_number_names_a_poster_and_several_when_sessions_count_anew() -> None:
    programme = programme_of([of("First"), of("Second")], [of("Third"), of("Fourth")])
    index = Index(programme)

    assert found(index, "2") == ["Second", "Fourth"]
    assert found(index, "#2", session=programme.sessions[1].key) == ["Fourth"]
    match, papers = index.find("#2")
    assert match is Match.UNCLEAR
    assert [paper.label for paper in papers] == ["Second", "Fourth"]


def test_a_number_of_two_posters_stays_unclear_whatever_else_is_asked() -> None:
    index = Index(programme_of([of("First"), of("Second")], [of("Third"), of("Fourth")]))

    match, papers = index.find("2 -third")
    assert match is Match.UNCLEAR
    assert [paper.label for paper in papers] == ["Second", "Fourth"]


def test_every_word_of_the_session_is_taken_as_it_is_spelt() -> None:
    words = {key: set(tokens(text_of(paper))) for key, paper in PROGRAMME.papers.items()}
    stems = {
        key: {stem(word) for text in (text_of(paper), *(a.name for a in paper.authors)) for word in index_words(text)}
        for key, paper in PROGRAMME.papers.items()
    }
    acronyms = Acronyms(map(text_of, PROGRAMME.papers.values()))
    for word in sorted(word for word in set().union(*words.values()) if not word.isdigit()):
        results = INDEX.search(Query((word,)))
        assert results.corrected is None, word
        assert {key for key in words if word in words[key]} <= {paper.key for paper in results.papers(34)}, word
        first = results.papers(1)[0].key
        assert stem(word) in stems[first] or acronyms.implied([word]), word


def test_a_word_that_exists_is_not_taken_for_another_one_even_next_to_a_stranger() -> None:
    index = index_of(of("Plan Reuse"), of("Plain Text"), of("Planes"), of("Cart"), of("Chart"))

    for text in ("plan", "plan text", "plan xyzzy", "cart plain"):
        results = index.search(Query.parse(text))
        assert results.corrected is None, text
    assert found(index, "plan xyzzy")[0] == "Plan Reuse"
    assert found(index, "cart xyzzy")[0] == "Cart"


def test_a_misspelt_word_is_told_as_it_was_understood() -> None:
    assert INDEX.search(Query.parse("hipocampus")).corrected == "hippocampus"
    assert INDEX.search(Query.parse("federatd learning")).corrected == "federated learning"
    assert INDEX.search(Query.parse("agentic cache")).corrected is None
    assert INDEX.search(Query.parse("xyzzyplugh")).corrected is None


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("agent", "agents"),
        ("cache", "caches"),
        ("query", "queries"),
        ("caching", "cached"),
        ("scheduler", "scheduling"),
        ("GPU", "GPUs"),
        ("LLM", "LLMs"),
        ("SLO", "SLOs"),
        ("GCN", "GCNS"),
    ],
)
def test_an_inflected_word_is_the_same_word(one: str, many: str) -> None:
    index = index_of(of(f"Serving {many}"), of("Serving"), of("Other Matters"))

    assert found(index, f"{one} serving")[0] == f"Serving {many}"
    assert found(index, f"{one} ") == [f"Serving {many}"]
    turned = index_of(of(f"Serving {one}"), of("Serving"), of("Other Matters"))
    assert found(turned, f"{many} ") == [f"Serving {one}"]


@pytest.mark.parametrize("text", ["kv ca", "planning ca", '"planning" ca'])
def test_the_last_word_may_go_on_after_words_and_phrases(text: str) -> None:
    index = index_of(of("KV Planning"), of("KV Planning Cache"), of("Planning"), of("KV"), of("Cause and Cure"))

    assert found(index, text)[0] == "KV Planning Cache"


def test_a_word_followed_by_a_space_is_finished() -> None:
    index = index_of(of("Cat Pictures"), of("Catalogue"))

    assert found(index, "cat ") == ["Cat Pictures"]
    assert set(found(index, "cat")) == {"Cat Pictures", "Catalogue"}


# --- similar papers


def test_similar_papers_are_never_the_paper_itself_and_never_nothing() -> None:
    for key in PROGRAMME.papers:
        similar = INDEX.similar(key)
        assert len(similar) == 5
        assert key not in {other.paper.key for other in similar}
        assert len(INDEX.similar(key, 100)) == len(PROGRAMME.papers) - 1


@pytest.mark.parametrize("key", PROGRAMME.papers)
def test_what_similar_papers_share_are_words_that_both_have(key: str) -> None:
    own = set(tokens(text_of(PROGRAMME.papers[key])))
    for other in INDEX.similar(key):
        theirs = set(tokens(text_of(other.paper)))
        assert other.shared
        assert set(other.shared) <= own, other.paper.key
        assert set(other.shared) <= theirs, other.paper.key
        assert len(set(map(stem, other.shared))) == len(other.shared)


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("ragboost", {"raginfer", "retrieval-augmented"}),
        ("player-fl", {"florist", "protoken", "disagg", "sonar"}),
        ("from-tokens-to-layers", {"pla-serve", "stream2llm", "superinfer", "flashagents"}),
        ("zero-redundancy", {"privatar", "disagg", "zk-apex", "g-hemp"}),
        ("streamdiffusionv2", {"db-sp", "tidar", "stream2llm"}),
    ],
)
def test_the_nearest_paper_is_near_in_topic(key: str, near: set[str]) -> None:
    assert INDEX.similar(key)[0].paper.key in near


def test_a_paper_that_shares_nothing_still_has_neighbours() -> None:
    index = index_of(of("Zebras"), of("Caching Plans"), of("Plans"))

    assert len(index.similar("zebras")) == 2
    assert all(not other.shared for other in index.similar("zebras"))


# --- the vocabulary

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
    split = VOCABULARY.split(typed)

    assert (split and tuple(VOCABULARY.words[number] for number in split)) == parts


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


# --- acronyms


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("Retrieval-augmented generation (RAG) enables", "rag", "retrieval augmented generation"),
        ("in federated learning (FL), clients", "fl", "federated learning"),
        ("reduces time-to-first-token (TTFT)", "ttft", "time to first token"),
        ("meets service level objectives (SLOs) under", "slo", "service level objectives"),
        ("3D Gaussian Splatting (3DGS) renders", "3dgs", "3d gaussian splatting"),
        ("Early-Exit Large Language Models (EE-LLMs) stop", "eellm", "early exit large language models"),
        ("with homomorphic encryption (HE)", "he", "homomorphic encryption"),
        ("low-rank adaptation (LoRA)", "lora", "low rank adaptation"),
        ("Large language models (LLMs) have", "llm", "large language models"),
        ("Mixture-of-Experts (MoE) layers", "moe", "mixture of experts"),
        ("a Diffusion Transformer (DiT)", "dit", "diffusion transformer"),
        ("(we use time between tokens (TBT) here)", "tbt", "time between tokens"),
        ("One‑Shot Private Aggregation (OPA)", "opa", "one shot private aggregation"),
        ("the encode–prefill–decode (EPD) stages", "epd", "encode prefill decode"),
    ],
)
def test_an_acronym_is_learnt_with_its_long_form(text: str, short: str, long: str) -> None:
    acronyms = Acronyms([text])

    assert short in acronyms.implied(long.split())
    assert " ".join(acronyms.implied([short])[long]) == long
    assert short in acronyms.implied(["we", "use", *long.split(), "here"])


def test_the_long_form_is_known_in_any_inflection() -> None:
    acronyms = Acronyms(["Large language models (LLMs)"])

    assert "llm" in acronyms.implied("a large language model".split())
    assert "llm" not in acronyms.implied("a large model".split())
    assert "llm" not in acronyms.implied("language large models".split())


def test_acronyms_of_two_meanings_and_in_a_row_are_all_learnt() -> None:
    acronyms = Acronyms(["differential privacy (DP)", "data parallelism (DP) and pipeline parallelism (PP)"])

    assert set(acronyms.implied(["dp"])) == {"differential privacy", "data parallelism"}
    assert set(acronyms.implied(["pp"])) == {"pipeline parallelism"}
    assert set(acronyms.implied("data parallelism".split())) == {"dp"}


@pytest.mark.parametrize(
    "text",
    [
        "as shown later (see Section 3)",
        "as shown later (Section 3)",
        "on many machines (A100)",
        "in recent years (2024)",
        "we are faster (NVIDIA)",
        "this is good (i.e. better)",
        "the best result (ours)",
        "the first one (a)",
        "(RAG)",
        "no words before. (RAG)",
        "a () b (( )) (X) (()",
        "retrieval, augmented, generation (RAG)",
        "something else entirely (TTFT)",
        "the RAG (RAG)",
        "(" * 6000,
        "(RAG" * 1500,
        "a (AB) " * 800,
    ],
)
def test_what_stands_in_brackets_otherwise_is_not_learnt(text: str) -> None:
    acronyms = Acronyms([text])

    for word in {*tokens(text), "rag", "ttft", "a100", "2024", "nvidia", "section3", "ab"}:
        assert not acronyms.implied([word])
    assert not acronyms.implied(tokens(text)[:200])


@given(any_text)
def test_acronyms_are_learnt_from_any_text(text: str) -> None:
    acronyms = Acronyms([text, f"{text} (RAG)", f"{text[:50]} (ABC) {text[:50]}"])

    for short, words in acronyms.implied(tokens(text)[:100]).items():
        assert short
        assert all(words)


def test_papers_are_found_by_either_form_whichever_they_print() -> None:
    introducing = of("One", "", "We study federated learning (FL) at length.")
    index = index_of(introducing, of("Two", "", "Federated learning."), of("Three", "", "Better FL."), of("Four"))

    assert set(found(index, "fl ")) == {"One", "Two", "Three"}
    assert set(found(index, "federated learning")) == {"One", "Two", "Three"}
    assert {"sonar", "florist", "player-fl", "disagg"} <= set(keys("FL ", 34))
    assert {"ragboost", "raginfer", "retrieval-augmented"} <= set(keys("retrieval augmented generation"))


def test_a_paper_found_by_the_other_form_of_an_acronym_shows_that_form() -> None:
    index = index_of(of("One", "", "We study federated learning (FL)."), of("Two", "", "Here is federated learning."))
    (two,) = [hit for hit in index.search(Query.parse("fl ")) if hit.paper.label == "Two"]

    assert two.matched == {"federated", "learning"}


# --- postings

worths = st.integers(1, 800).map(lambda number: number / 8)


@given(st.lists(st.dictionaries(st.sampled_from("abcdefgh"), worths), max_size=12), st.data())
def test_postings_are_what_was_added(papers: list[dict[str, float]], data: st.DataObject) -> None:
    words, postings = posted(papers)

    for number, word in enumerate(words):
        oracle = [(paper, worths[word]) for paper, worths in enumerate(papers) if word in worths]
        ids, values = postings.of(number)
        assert list(zip(ids.tolist(), values.tolist(), strict=True)) == oracle
        assert postings.spread(number) == len(oracle)

    start = data.draw(st.integers(0, len(words)))
    longer = range(start, data.draw(st.integers(start, len(words))))
    sure = data.draw(st.dictionaries(st.integers(0, len(words) - 1), worths)) if words else {}
    ids, values = postings.of_all(longer)
    assert sorted(zip(ids.tolist(), values.tolist(), strict=True)) == sorted(
        (paper, entries[words[number]])
        for number in longer
        for paper, entries in enumerate(papers)
        if words[number] in entries
    )
    best = [
        max(
            [entries[words[n]] * 0.5 for n in longer if words[n] in entries]
            + [entries[words[n]] * times for n, times in sure.items() if words[n] in entries],
            default=0.0,
        )
        for entries in papers
    ]
    assert postings.best(sure, longer, 0.5).tolist() == best


def posted(papers: Sequence[Mapping[str, float]]) -> tuple[list[str], Postings]:
    builder = PostingsBuilder()
    for paper in papers:
        builder.add(paper)
    words = sorted(builder.words)
    assert words == sorted({word for paper in papers for word in paper})
    return words, builder.build(words)


# --- sorting

sortable = st.lists(st.tuples(st.one_of(st.text("ab\x00\U0010ffff", max_size=4), st.text(max_size=4)), st.integers()))


@given(sortable)
def test_sorting_by_heaps_is_sorting(items: list[tuple[str, int]]) -> None:
    assert in_order(items, lambda item: item[0]) == sorted(items, key=lambda item: item[0])


# --- snippets

plain_words = st.text("abcdeé", min_size=1, max_size=12)
sentences = st.lists(st.one_of(plain_words, st.sampled_from(["cache", "Cache,", "(KV)", "pre-fill", "it’s", "–"])))


@settings(max_examples=300)
@given(
    st.one_of(st.text(max_size=400), sentences.map(" ".join), any_text),
    st.sets(st.sampled_from(["cache", "kv", "prefill", "pre", "its", "a", "b", "ab"])),
    st.integers(10, 200),
)
def test_a_snippet_of_any_text_is_short_and_marks_only_what_matched(plain: str, matched: set[str], length: int) -> None:
    part = snippet(plain, matched, length)

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
    part = snippet(plain, matched, length)

    body = part.plain.removeprefix("…").removesuffix("…").strip()
    assert f" {body} " in f" {plain.strip()} "
    assert ("…" in part.plain) == (body != plain.strip())
    has_bold = any(span.bold for span in part.spans)
    assert has_bold == bool(matched & {word for word in (*tokens(plain), "prefill" * ("pre-fill" in plain)) if word})


def test_a_snippet_shows_the_stretch_that_has_most_of_what_matched() -> None:
    plain = f"A cache first. {'Nothing here. ' * 20}Then the KV cache, which prefill fills. {'Nothing more. ' * 20}"
    part = snippet(plain, {"kv", "cache", "prefill"}, 80)

    assert [span.text for span in part.spans if span.bold] == ["KV", "cache", "prefill"]
    assert part.plain.startswith("…")
    assert part.plain.endswith("…")


def test_a_snippet_of_a_short_text_is_the_whole_text() -> None:
    assert snippet("We cache plans.", {"cache"}, 100).plain == "We cache plans."
    assert snippet("", {"cache"}, 100).plain == ""


@pytest.mark.parametrize(
    ("text", "name"),
    [("stream llm", "Stream2LLM"), ("flash agents", "FlashAgents"), ("agentic cache", "AgenticCache")],
)
def test_a_name_found_by_its_parts_is_marked(text: str, name: str) -> None:
    hit = INDEX.search(Query.parse(text))[0]
    assert hit.paper.abstract

    bold = {span.text for span in snippet(hit.paper.abstract.plain, hit.matched, 100_000).spans if span.bold}
    assert name in bold


def test_what_is_marked_are_words_of_the_query_their_kin_and_their_corrections() -> None:
    hit = INDEX.search(Query.parse("chaching plan"))[0]

    assert hit.paper.key == "agenticcache"
    assert {"plan", "planning", "caching"} <= hit.matched
    assert not {"real", "time", "agents"} & hit.matched


# --- people

NAMES = (
    "G. Edward Suh",
    "Yiying Zhang",
    "Minjia Zhang",
    "Thierry Tambe",
    "Gamze Gürsoy",
    "Jean-Pierre O'Brien",
    "Luka Grbčić",
    "Carole-Jean Wu",
    "Yuheng Wu",
    "Qi Qi",
    "Ludwig van Beethoven",
    "李明",
    "Ngô Bảo Châu",
    "Eric Xing",
)
people = People(programme_of([of(f"Paper {number}", name) for number, name in enumerate(NAMES)]).people.values())


def who(text: str, *, unfinished: bool = False) -> list[str]:
    return [hit.person.name for hit in people.find(text, unfinished=unfinished)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *((name, name) for name in NAMES),
        ("YIYING ZHANG", "Yiying Zhang"),
        ("zhang yiying", "Yiying Zhang"),
        ("Zhang, Yiying", "Yiying Zhang"),
        ("Zhang, Y.", "Yiying Zhang"),
        ("Y. Zhang", "Yiying Zhang"),
        ("Y Zhang", "Yiying Zhang"),
        ("G. E. Suh", "G. Edward Suh"),
        ("G. Suh", "G. Edward Suh"),
        ("Edward Suh", "G. Edward Suh"),
        ("E. Suh", "G. Edward Suh"),
        ("C.-J. Wu", "Carole-Jean Wu"),
        ("carole jean wu", "Carole-Jean Wu"),
        ("Thierry J. Tambe", "Thierry Tambe"),
        ("Thierry E. Tambe", "Thierry Tambe"),
        ("Yiying Q. Zhang", "Yiying Zhang"),
        ("gamze gursoy", "Gamze Gürsoy"),
        ("gürsoy", "Gamze Gürsoy"),
        ("Gu\u0308rsoy", "Gamze Gürsoy"),
        ("grbcic", "Luka Grbčić"),
        ("ngo bao chau", "Ngô Bảo Châu"),
        ("jean pierre obrien", "Jean-Pierre O'Brien"),
        ("O’Brien", "Jean-Pierre O'Brien"),
        ("van beethoven", "Ludwig van Beethoven"),
        ("Tamb", "Thierry Tambe"),
        ("Tammbe", "Thierry Tambe"),
        ("Tmabe", "Thierry Tambe"),
        ("Thiery Tambee", "Thierry Tambe"),
        ("Beethofen", "Ludwig van Beethoven"),
        ("yiyng zhagn", "Yiying Zhang"),
        ("xing eric", "Eric Xing"),
    ],
)
def test_a_person_is_found_by_any_way_of_writing_the_name(text: str, name: str) -> None:
    assert who(text)[:1] == [name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("yiyi", "Yiying Zhang"),
        ("zhang yi", "Yiying Zhang"),
        ("beeth", "Ludwig van Beethoven"),
        ("li", None),
        ("gurs", "Gamze Gürsoy"),
    ],
)
def test_a_name_may_be_unfinished(text: str, name: str | None) -> None:
    assert who(text, unfinished=True)[:1] == ([name] if name else [])
    assert name not in who(text)


@pytest.mark.parametrize(
    "text", ["", " ", "?", "Grace Hopper", "Tambe Zhang", "Yiying Tambe", "xyzzy", "…" * 6000, "q " * 3000, "z" * 6000]
)
def test_nobody_is_found_where_a_word_fits_nobody(text: str) -> None:
    assert set(who(text)) <= {"Qi Qi"}
    assert not text.strip("q ") or not who(text)


def test_several_of_a_name_are_all_found_and_a_whole_name_is_surest() -> None:
    assert set(who("zhang")) == {"Yiying Zhang", "Minjia Zhang"}
    assert set(who("wu")) == {"Carole-Jean Wu", "Yuheng Wu"}
    hits = people.find("Qi Qi")
    assert hits[0].sureness == EXACT
    assert all(hit.sureness < EXACT for hit in people.find("zhang"))
    assert len(people.find("zhang", limit=1)) == 1


@given(any_text, st.booleans())
def test_any_text_may_be_somebodys_name(text: str, unfinished: bool) -> None:
    hits = people.find(text, unfinished=unfinished)

    assert [hit.sureness for hit in hits] == sorted((hit.sureness for hit in hits), reverse=True)
    assert all(0 < hit.sureness <= 1 and math.isfinite(hit.sureness) for hit in hits)


@pytest.mark.parametrize("person", PROGRAMME.people.values(), ids=lambda person: person.key)
def test_everybody_of_the_session_is_found_by_name_backwards_and_by_initial(person: Any) -> None:
    def first(text: str) -> str:
        return INDEX.people(text)[0].person.key

    words = person.name.split()
    assert first(person.name) == first(person.name.upper()) == first(" ".join(reversed(words))) == person.key
    assert first(f"{words[-1]}, {' '.join(words[:-1])}") == person.key
    assert person.key in {hit.person.key for hit in INDEX.people(f"{words[0][0]}. {words[-1]}")}
