"""Keys: short, typeable, and the same for the same paper whatever happens to the file."""

import re
from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bot.programme.identity import KEY_LIMIT, assign_keys
from bot.programme.source import Source
from tests.sources.programmes import sources
from tests.support.identity import bare, keys_of, of_papers
from tests.support.programmes import credited, paper, session, source_of

TYPEABLE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def assert_good(keys: list[str]) -> None:
    assert len(set(keys)) == len(keys)
    for key in keys:
        assert TYPEABLE.fullmatch(key), key
        assert len(key) <= KEY_LIMIT, key


TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["Caching", "caching:", "Cache: a", "基于图的检索", "Поиск", "…", "A" * 200, "Caching 2"]),
)
SOURCES = sources(TEXTS)


def test_keys_of_the_real_page_are_good_and_made_of_the_title(real: Source) -> None:
    keys = keys_of(real)
    assert_good(keys)
    assert {"agenticcache", "db-sp", "csle", "flash3dgs"} <= set(keys)
    assert real.sessions[0].key == "poster-session-1-opening"


@given(SOURCES)
def test_keys_of_any_source_are_short_typeable_and_unique(source: Source) -> None:
    keyed = assign_keys(source)
    assert_good(keys_of(keyed))
    assert_good([session.key for session in keyed.sessions])


@given(SOURCES)
def test_keys_are_the_same_when_a_source_is_read_again(source: Source) -> None:
    first = assign_keys(source)
    assert assign_keys(source) == first
    assert assign_keys(source, first) == first


@given(SOURCES, SOURCES)
def test_a_reload_of_anything_has_good_keys_again(before: Source, after: Source) -> None:
    keyed = assign_keys(after, assign_keys(before))
    assert_good(keys_of(keyed))
    assert_good([session.key for session in keyed.sessions])


def test_a_reordered_file_keeps_every_key(real: Source) -> None:
    for seed in range(20):
        papers = list(real.papers)
        Random(seed).shuffle(papers)  # noqa: S311 - no secret
        after = assign_keys(bare(of_papers(*papers, name=real.sessions[0].name)), real)
        assert after.papers == tuple(papers)
        assert after.sessions[0].key == real.sessions[0].key


def test_a_changed_title_keeps_the_key(real: Source) -> None:
    papers = real.papers
    renamed = replace(papers[0], key="", title="A Wholly Different Name: Now Printed")
    retold = replace(papers[2], key="", title="A Title at Last", authors=credited("Ada Lovelace"))
    after = assign_keys(of_papers(renamed, papers[1], retold, name=real.sessions[0].name), real)
    assert keys_of(after) == [papers[0].key, papers[1].key, papers[2].key]


def test_a_changed_abstract_keeps_the_key(real: Source) -> None:
    papers = real.papers
    changed = replace(
        papers[0], key="", abstract="Said in other words. And then some.", authors=credited("Ada Lovelace")
    )
    assert keys_of(assign_keys(of_papers(papers[1], changed), real)) == [papers[1].key, papers[0].key]


def test_a_session_keeps_its_key_when_it_moves_to_another_place_in_the_file() -> None:
    one, two = session("Posters A"), session("Posters B")
    before = assign_keys(source_of(one, two))
    after = assign_keys(source_of(session("Posters"), two, one), before)
    assert [session.key for session in after.sessions] == ["posters", "posters-b", "posters-a"]


def test_a_new_paper_gets_a_key_that_no_paper_ever_had_before_it() -> None:
    old = paper("Cache: Old", "Ada Lovelace", abstract="Old words.")
    before = assign_keys(of_papers(old))
    new = paper("Cache: New", "Bo Li", abstract="New words.")
    assert keys_of(before) == ["cache"]
    assert keys_of(assign_keys(of_papers(new, old), before)) == ["cache-2", "cache"]
    # Links in old messages must not lead to another paper.
    assert keys_of(assign_keys(of_papers(new), before)) == ["cache-2"]


def test_papers_of_the_same_title_have_keys_of_their_own_and_keep_them() -> None:
    first = paper("Caching", "Ada Lovelace", abstract="First words.")
    second = paper("Caching", "Bo Li", abstract="Second words.")
    before = assign_keys(of_papers(first, second))
    assert keys_of(before) == ["caching", "caching-2"]
    assert keys_of(assign_keys(of_papers(second, first), before)) == ["caching-2", "caching"]


def test_papers_of_the_same_title_and_authors_are_told_apart_by_their_abstracts() -> None:
    first = paper("Caching", "Ada Lovelace", abstract="First words.")
    second = paper("Caching", "Ada Lovelace", abstract="Second words.")
    before = assign_keys(of_papers(first, second))
    assert keys_of(assign_keys(of_papers(second, first), before)) == ["caching-2", "caching"]


def test_titles_in_other_scripts_have_typeable_keys_of_their_own() -> None:
    titles = ["基于图的检索", "并行解码", "Поиск по графам", "グラフ検索", "البحث", "🦜🦜"]
    papers = [paper(title, abstract="Words.") for title in titles]
    keys = keys_of(assign_keys(of_papers(*papers)))
    assert_good(keys)
    assert keys_of(assign_keys(of_papers(*reversed(papers)))) == keys[::-1]


def test_a_long_title_is_cut_at_a_whole_word() -> None:
    (key,) = keys_of(assign_keys(of_papers(paper("Zero redundancy distributed learning with privacy"))))
    assert key == "zero-redundancy"
