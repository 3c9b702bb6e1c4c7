"""Programmes of every kind: empty, tiny, in other scripts, with the same titles twice."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.programme.model import Programme
from bot.programme.source import Credit, SourcePaper
from bot.search import Certainty, Index, Query
from tests.support import programmes
from tests.support.programmes import session
from tests.support.searching import assert_answered, found, index_of, of, programme_with


def test_a_programme_without_papers_has_nothing_to_find() -> None:
    empty = Programme()
    for text in ("", "cache", '"kv cache"', "-x", "12", "a" * 6000):
        assert_answered(Index(empty), empty, text)
        assert not Index(empty).search(Query.parse(text))
        assert Index(empty).find(text) == (Certainty.NOTHING, [])


def test_the_only_paper_is_found_and_has_nothing_similar() -> None:
    index = index_of(of("Caching Plans", "Ann Lee", "We reuse plans."))

    for text in ("caching", "plan", "lee", "reuse", "caching plans", "chaching", '"reuse plans"'):
        assert found(index, text) == ["Caching Plans"], text
        assert index.find(text)[1][0].label == "Caching Plans"
    for text in ("xyzzy", "1", "#1"):
        assert found(index, text) == [], text
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


def test_papers_that_appear_in_no_session_are_found_like_any_other() -> None:
    programme = programmes.programme_of(
        session("Posters", "Caching Plans"), unscheduled=[of("Caching Tokens", "Ann Lee")]
    )
    index = Index(programme)

    assert set(found(index, "caching")) == {"Caching Plans", "Caching Tokens"}
    assert index.find("lee tokens")[1][0].label == "Caching Tokens"
    assert index.suggest("caching tok")[0].label == "Caching Tokens"
    assert [similar.paper.label for similar in index.similar("caching-plans")] == ["Caching Tokens"]


def test_a_paper_that_appears_twice_is_found_once() -> None:
    twice = of("Caching Plans")
    programme = programmes.programme_of(session("Talks", twice, "Other"), session("Posters", twice))

    assert found(Index(programme), "caching") == ["Caching Plans"]


def test_papers_with_the_same_title_are_all_found_and_told_apart_by_their_authors() -> None:
    index = index_of(of("Caching Plans", "Ann Lee"), of("Other", "Cy Poe"), of("Caching Plans", "Bob Roe"))

    assert found(index, "caching plans") == ["Caching Plans", "Caching Plans"]
    certainty, papers = index.find("Caching Plans")
    assert certainty is Certainty.UNCLEAR
    assert {paper.authors[0].name for paper in papers} == {"Ann Lee", "Bob Roe"}
    assert index.find("caching plans roe")[1][0].authors[0].name == "Bob Roe"
    assert index.find("caching lee")[1][0].authors[0].name == "Ann Lee"
    assert "Caching Plans" in {similar.paper.label for similar in index.similar("caching-plans")}


def test_titles_of_one_character_are_found() -> None:
    index = index_of(of("X"), of("Q", "Ann Lee"), of("λ"), of("7"), of("?"), of("Xylophones"))

    assert found(index, "x")[0] == "X"
    assert found(index, "Q") == ["Q"]
    assert found(index, "λ") == ["λ"]
    assert index.find("X")[0] is Certainty.NAMED
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
    authors=st.lists(
        st.builds(
            Credit,
            st.sampled_from(["Ann Lee", "Bob Roe", "李明", "X", "", "?"]),
            st.lists(phrases_of_all_kinds, max_size=2).map(tuple),
        ),
        max_size=3,
    ).map(tuple),
    abstract=st.one_of(st.none(), phrases_of_all_kinds),
    kind=st.sampled_from(["", "Keynote", "检索", "?"]),
    track=st.one_of(st.none(), phrases_of_all_kinds),
    topics=st.lists(phrases_of_all_kinds, max_size=3).map(tuple),
)


@settings(max_examples=60)
@given(st.lists(papers_of_all_kinds, max_size=6), phrases_of_all_kinds)
def test_any_programme_can_be_searched(papers: list[SourcePaper], text: str) -> None:
    programme = programme_with(papers[:3], papers[3:])
    index = Index(programme)

    assert_answered(index, programme, text)
    for paper in programme.papers.values():
        assert paper in index.suggest(paper.key)
        assert_answered(index, programme, paper.label)
        others = [similar.paper.key for similar in index.similar(paper.key)]
        assert paper.key not in others
        assert len(set(others)) == len(others) == min(5, len(programme.papers) - 1)
