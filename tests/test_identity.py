"""Keys: short, typeable, and the same for the same paper whatever happens to the file."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations
from random import Random
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.programme.build import build
from bot.programme.formats import read
from bot.programme.identity import KEY_LIMIT, Match, Recognition, assign_keys, label_of, recognise, system_name
from bot.programme.source import Source, SourcePaper, SourceSession
from tests.conftest import SESSION_PAGE

TYPEABLE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def source_of(*papers: SourcePaper, name: str = "Posters") -> Source:
    return Source("test/1", (SourceSession(name=name, papers=papers),))


def keys_of(source: Source) -> list[str]:
    return [paper.key for session in source.sessions for paper in session.papers]


def assert_good(keys: list[str]) -> None:
    assert len(set(keys)) == len(keys)
    for key in keys:
        assert TYPEABLE.fullmatch(key), key
        assert len(key) <= KEY_LIMIT, key


@pytest.fixture(scope="module")
def real() -> Source:
    return assign_keys(read(SESSION_PAGE.read_bytes(), SESSION_PAGE.name))


TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["Caching", "caching:", "Cache: a", "基于图的检索", "Поиск", "…", "A" * 200, "Caching 2"]),
)
PAPERS = st.builds(
    SourcePaper,
    title=st.none() | TEXTS,
    byline=st.lists(st.sampled_from(["Ada Lovelace", "Bo Li", "", "王小明"]), max_size=3).map(tuple),
    abstract=st.none() | TEXTS,
    source_id=st.none() | st.sampled_from(["1", "2", "3"]),
)
SESSIONS = st.builds(SourceSession, name=TEXTS, papers=st.lists(PAPERS, max_size=6).map(tuple))
SOURCES = st.builds(Source, st.just("test/1"), st.lists(SESSIONS, min_size=1, max_size=3).map(tuple))


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
        papers = list(real.sessions[0].papers)
        Random(seed).shuffle(papers)  # noqa: S311 - no secret
        bare = tuple(replace(paper, key="") for paper in papers)
        after = assign_keys(replace(real, sessions=(replace(real.sessions[0], key="", papers=bare),)), real)
        assert after.sessions[0].papers == tuple(papers)


def test_a_changed_title_keeps_the_key(real: Source) -> None:
    papers = real.sessions[0].papers
    renamed = replace(papers[0], key="", title="A Wholly Different Name: Now Printed")
    retold = replace(papers[2], key="", title="A Title at Last", byline=("Ada Lovelace",))
    after = assign_keys(source_of(renamed, papers[1], retold, name=real.sessions[0].name), real)
    assert keys_of(after) == [papers[0].key, papers[1].key, papers[2].key]


def test_a_changed_abstract_keeps_the_key(real: Source) -> None:
    papers = real.sessions[0].papers
    changed = replace(papers[0], key="", abstract="Said in other words. And then some.", byline=("Ada Lovelace",))
    assert keys_of(assign_keys(source_of(papers[1], changed), real)) == [papers[1].key, papers[0].key]


def test_a_session_keeps_its_key_when_it_moves_to_another_place_in_the_file() -> None:
    one, two = SourceSession(name="Posters A"), SourceSession(name="Posters B")
    before = assign_keys(Source("test/1", (one, two)))
    after = assign_keys(Source("test/1", (SourceSession(name="Posters"), two, one)), before)
    assert [session.key for session in after.sessions] == ["posters", "posters-b", "posters-a"]


def test_a_new_paper_gets_a_key_that_no_paper_ever_had_before_it() -> None:
    old = SourcePaper(title="Cache: Old", byline=("Ada Lovelace",), abstract="Old words.")
    before = assign_keys(source_of(old))
    new = SourcePaper(title="Cache: New", byline=("Bo Li",), abstract="New words.")
    assert keys_of(before) == ["cache"]
    assert keys_of(assign_keys(source_of(new, old), before)) == ["cache-2", "cache"]
    # Links in old messages must not lead to another paper.
    assert keys_of(assign_keys(source_of(new), before)) == ["cache-2"]


def test_papers_of_the_same_title_have_keys_of_their_own_and_keep_them() -> None:
    first = SourcePaper(title="Caching", byline=("Ada Lovelace",), abstract="First words.")
    second = SourcePaper(title="Caching", byline=("Bo Li",), abstract="Second words.")
    before = assign_keys(source_of(first, second))
    assert keys_of(before) == ["caching", "caching-2"]
    assert keys_of(assign_keys(source_of(second, first), before)) == ["caching-2", "caching"]


def test_papers_of_the_same_title_and_authors_are_told_apart_by_their_abstracts() -> None:
    first = SourcePaper(title="Caching", byline=("Ada Lovelace",), abstract="First words.")
    second = SourcePaper(title="Caching", byline=("Ada Lovelace",), abstract="Second words.")
    before = assign_keys(source_of(first, second))
    assert keys_of(assign_keys(source_of(second, first), before)) == ["caching-2", "caching"]


def test_titles_in_other_scripts_have_typeable_keys_of_their_own() -> None:
    titles = ["基于图的检索", "并行解码", "Поиск по графам", "グラフ検索", "البحث", "🦜🦜"]
    papers = [SourcePaper(title=title, abstract="Words.") for title in titles]
    keys = keys_of(assign_keys(source_of(*papers)))
    assert_good(keys)
    assert keys_of(assign_keys(source_of(*reversed(papers)))) == keys[::-1]


def test_a_long_title_is_cut_at_a_whole_word() -> None:
    (key,) = keys_of(assign_keys(source_of(SourcePaper(title="Zero redundancy distributed learning with privacy"))))
    assert key == "zero-redundancy"


# --- papers whose title was lost


def test_an_untitled_paper_is_called_by_the_name_its_abstract_introduces(real: Source) -> None:
    paper = real.sessions[0].papers[2]
    assert (paper.line, paper.title, paper.key) == (10, None, "csle")
    shown = build(real).papers["csle"]
    assert (shown.label, shown.title) == ("CSLE", None)


def test_an_untitled_paper_without_a_name_is_called_by_its_opening_words(real: Source) -> None:
    paper = next(paper for paper in real.sessions[0].papers if paper.line == 41)
    shown = build(real).papers[paper.key]
    assert shown.label == "Retrieval-augmented generation (RAG) enables LLMs to ground responses…"
    assert paper.key == "retrieval-augmented"


@pytest.mark.parametrize(
    ("title", "abstract", "label"),
    [
        ("Caching", "Words.", "Caching"),
        (r"\textbf{Fast} caching", None, "Fast caching"),
        (None, "We present CacheX, which helps.", "CacheX"),
        (None, "We present a method which helps.", "We present a method which helps"),
        (None, "One two three four five six seven eight nine.", "One two three four five six seven eight…"),
        (None, None, "the-key"),
        ("", "", "the-key"),
    ],
)
def test_every_paper_is_called_something(title: str | None, abstract: str | None, label: str) -> None:
    assert label_of(title, abstract, "the-key") == label


@pytest.mark.parametrize(
    ("title", "abstract", "name"),
    [
        ("db-SP: Accelerating Sparse Attention", None, "db-SP"),
        ("HELIOS : Adaptive Model", None, "HELIOS"),
        ("Blueprint, Bootstrap, and Bridge: A Security Look", None, None),
        ("Toward Principled LLM Safety Testing: Solving It", None, None),
        (None, "We introduce SONAR-2, a benchmark.", "SONAR-2"),
        (None, "We propose Methods that help.", None),
        (None, None, None),
    ],
)
def test_the_name_of_a_papers_own_system_is_found(title: str | None, abstract: str | None, name: str | None) -> None:
    assert system_name(title, abstract) == name


# --- papers that changed


def bare(source: Source) -> Source:
    return replace(
        source,
        sessions=tuple(
            replace(session, key="", papers=tuple(replace(paper, key="") for paper in session.papers))
            for session in source.sessions
        ),
    )


def recognised(before: SourcePaper, after: SourcePaper) -> str | None:
    """Return what one paper was recognised by, or None when it got another key; the title must have changed."""
    known = assign_keys(source_of(before))
    found = recognise(bare(source_of(after)), known)
    same = keys_of(found.source) == keys_of(known)
    assert same == bool(found.matches)
    return found.matches[0].by if same else None


SERVING = SourcePaper(
    title="Efficient LLM Serving with Early Exits",
    byline=("Ada Lovelace", "Bo Li"),
    abstract="Early exits let most tokens leave a model before its last layer, which our scheduler makes use of.",
)
OTHER_ABSTRACT = (
    "Nobody had measured how homomorphic encryption behaves on graphs of a billion edges, and so we did it."
)


@pytest.mark.parametrize("source_id", [None, "7"])
def test_two_papers_of_the_real_session_are_never_taken_for_one_another(real: Source, source_id: str | None) -> None:
    papers = [replace(paper, source_id=source_id) for paper in real.sessions[0].papers]
    for before, after in permutations(papers, 2):
        found = recognise(source_of(replace(after, key="")), source_of(before))
        assert keys_of(found.source) != [before.key]


def with_typo(text: str, random: Random) -> str:
    at = random.randrange(1, len(text) - 2)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def without_last_words(text: str, share: float) -> str:
    words = text.split()
    return " ".join(words[: round(len(words) * (1 - share))])


def test_the_real_papers_survive_a_typo_with_another_author_and_another_abstract(real: Source) -> None:
    random = Random(1)  # noqa: S311 - no secret
    papers = [
        replace(
            paper,
            key="",
            title=with_typo(paper.title, random) if paper.title else None,
            byline=(*paper.byline, "Neu Er"),
            abstract=without_last_words(paper.abstract or "", 0.2),
        )
        for paper in real.sessions[0].papers
    ]
    random.shuffle(papers)
    after = recognise(source_of(*papers), real)
    old = {paper.abstract: paper.key for paper in real.sessions[0].papers}
    for paper in after.source.sessions[0].papers:
        assert paper.key == next(key for text, key in old.items() if (text or "").startswith(paper.abstract or "?"))


@pytest.mark.parametrize("share", [0.05, 0.15, 0.25])
def test_the_real_papers_survive_a_shortened_abstract_under_another_title_and_other_names(
    real: Source, share: float
) -> None:
    for paper in real.sessions[0].papers:
        changed = replace(
            paper, title="Said Anew", byline=("Neu Er",), abstract=without_last_words(paper.abstract or "", share)
        )
        assert recognised(paper, changed) == "nearly the same abstract", paper.key


@pytest.mark.parametrize(
    ("title", "byline", "abstract", "by"),
    [
        ("Efficent LLM Serving with Early-Exit", ("Ada Lovelace",), OTHER_ABSTRACT, "nearly the same title"),
        (
            "Efficient LLM Serving with Early Exits: A Study",
            ("Ada M. Lovelace",),
            OTHER_ABSTRACT,
            "nearly the same title",
        ),
        ("Early Exits for Efficient LLM Serving", ("Bo Li", "Cy"), OTHER_ABSTRACT, "nearly the same title"),
        ("Effcient LLM Serving with Early Exits", (), None, "nearly the same title"),
        # The same theme, the same words, but other people and another text.
        ("Efficent LLM Serving with Early Exit", ("Cy Twombly", "Di Wu"), OTHER_ABSTRACT, None),
        ("Efficient LLM Serving with Early Exits: A Study", ("Cy Twombly",), OTHER_ABSTRACT, None),
        ("Efficient LLM Serving with Early Exits: A Study", (), OTHER_ABSTRACT, None),
        ("Efficent LLM Serving with Early Exit", ("Bin Li",), OTHER_ABSTRACT, None),
        # One word is no slip of another.
        ("Efficient LLM Training with Early Exits", ("Ada Lovelace",), OTHER_ABSTRACT, None),
        ("Efficient LLM Serving with Early Exits 2", ("Ada Lovelace",), OTHER_ABSTRACT, None),
        ("Other Words", ("bo  LI", "Áda Lovelace"), OTHER_ABSTRACT, "the same authors"),
        ("Other Words", ("Ada Lovelace", "Bo Li", "Cy"), OTHER_ABSTRACT, None),
        ("Other Words", ("Cy",), SERVING.abstract, "the same abstract"),
        (None, ("Cy",), SERVING.abstract, "the same abstract"),
    ],
)
def test_what_a_changed_paper_is_recognised_by(
    title: str | None, byline: tuple[str, ...], abstract: str | None, by: str | None
) -> None:
    assert recognised(SERVING, SourcePaper(title=title, byline=byline, abstract=abstract)) == by


@pytest.mark.parametrize(("title", "same"), [("HELIOS: Adaptive Models", True), ("HELIOS Adaptive Models", False)])
def test_a_systems_name_alone_may_get_a_subtitle(title: str, same: bool) -> None:
    before = SourcePaper(title="HELIOS", byline=("Ada Lovelace", "Cy"))
    assert (recognised(before, SourcePaper(title=title, byline=("Ada Lovelace",))) is not None) == same


def test_parts_of_a_series_are_not_one_another() -> None:
    one, two = (SourcePaper(title=f"Caching in Practice, Part {n}", byline=("Ada Lovelace", n)) for n in ("1", "2"))
    assert recognised(one, two) is None


def test_titles_without_spaces_are_nearly_the_same_too() -> None:
    before = SourcePaper(title="基于图的检索增强生成方法研究", byline=("王小明",))
    assert recognised(before, replace(before, title="基于图的检索增强生成方法", byline=("王小明", "李雷"))) is not None


def test_a_placeholder_is_no_mark() -> None:
    waiting = "The abstract of this paper will be made available shortly before the conference begins."
    old = [SourcePaper(title=title, byline=(title,), abstract=waiting) for title in ("Alpha", "Beta")]
    before = assign_keys(source_of(*old))
    after = assign_keys(source_of(SourcePaper(title="Gamma", byline=("Cy",), abstract=waiting), old[0]), before)
    assert keys_of(after) == ["gamma", "alpha"]
    assert recognised(replace(old[0], abstract="To appear."), SourcePaper(title="Gamma", abstract="To appear.")) is None


def test_a_title_that_several_have_does_not_decide() -> None:
    talks = [SourcePaper(title="Invited Talk", byline=(name,)) for name in ("Ada Lovelace", "Bo Li")]
    before = assign_keys(source_of(*talks))
    after = assign_keys(source_of(SourcePaper(title="Invited Talk", byline=("Cy",)), talks[1]), before)
    assert keys_of(after) == ["invited-talk-3", "invited-talk-2"]


def test_authors_of_several_papers_do_not_decide() -> None:
    papers = [SourcePaper(title=title, byline=("Ada Lovelace",)) for title in ("Alpha", "Beta")]
    after = assign_keys(
        source_of(SourcePaper(title="Gamma", byline=("Ada Lovelace",))), assign_keys(source_of(*papers))
    )
    assert keys_of(after) == ["gamma"]


def test_the_nearer_paper_wins_wherever_it_stands() -> None:
    old = SourcePaper(title="Efficient LLM Serving with Early Exits", byline=("Ada Lovelace", "Bo Li"))
    near = replace(old, title="Efficient LLM Serving with Early Exit", byline=("Ada Lovelace",))
    farther = replace(old, title="Efficient LLM Serving with Early Exits: A Second Study")
    before = assign_keys(source_of(old))
    for papers in ((near, farther), (farther, near)):
        keyed = assign_keys(source_of(*papers), before).sessions[0].papers
        assert [paper.title for paper in keyed if paper.key == "efficient-llm-serving"] == [near.title]


# --- ids and keys of the source


@pytest.mark.parametrize(
    ("after", "by"),
    [
        (SourcePaper(title="Said Anew", byline=("Ada Lovelace", "Cy"), abstract=OTHER_ABSTRACT), "the source's id"),
        (SourcePaper(title="Serving LLMs, Early", byline=("Cy",), abstract=OTHER_ABSTRACT), "the source's id"),
        (SourcePaper(title="Graphs", byline=("Cy",), abstract=SERVING.abstract), "the source's id"),
        (SourcePaper(title="Graphs", byline=("Cy",), abstract=OTHER_ABSTRACT), None),
        (SourcePaper(title="Graphs"), None),
    ],
)
def test_an_id_counts_when_something_else_is_alike(after: SourcePaper, by: str | None) -> None:
    assert recognised(replace(SERVING, source_id="7"), replace(after, source_id="7")) == by


def test_an_id_counts_where_nothing_can_be_compared() -> None:
    before = SourcePaper(title="Graphs", source_id="7")
    assert recognised(before, SourcePaper(abstract=OTHER_ABSTRACT, source_id="7")) == "the source's id"


def test_the_same_people_under_another_id_show_another_paper() -> None:
    after = SourcePaper(title="Graphs", byline=SERVING.byline, abstract=OTHER_ABSTRACT)
    assert recognised(replace(SERVING, source_id="7"), replace(after, source_id="8")) is None


def test_a_key_in_the_source_is_the_surest_mark() -> None:
    one, two = SourcePaper(title="One", byline=("Ada",)), SourcePaper(title="Two", byline=("Bo",))
    before = assign_keys(source_of(one, two))
    swapped = Source("test/1", (SourceSession(key="x", name="Y", papers=(replace(one, key="two"), two)),))
    found = recognise(swapped, before)
    assert keys_of(found.source) == ["two", "two-2"]
    assert found.matches == (Match("paper", "two", "Two", "One", "the key in the source"),)
    assert found.source.sessions[0].key == "x"


def test_a_key_in_the_source_stays_without_a_version_before_it(real: Source) -> None:
    renamed = replace(real.sessions[0].papers[3], key="my-own")
    source = replace(real, sessions=(replace(real.sessions[0], papers=(renamed, *real.sessions[0].papers[4:])),))
    assert recognise(source) == Recognition(source)


@pytest.mark.parametrize("key", ["", "Two Words", "a" * 33, "a:b", "-a", "ä"])
def test_what_is_no_key_is_not_kept(key: str) -> None:
    assert keys_of(assign_keys(source_of(SourcePaper(key=key, title="Graphs")))) == ["graphs"]


def test_a_key_that_is_there_twice_is_not_kept() -> None:
    one, two = SourcePaper(key="k", title="One"), SourcePaper(key="k", title="Two")
    assert keys_of(assign_keys(source_of(one, two))) == ["one", "two"]
    assert keys_of(assign_keys(source_of(two, one), source_of(one))) == ["two", "k"]


def test_a_new_key_avoids_those_that_come_later_in_the_source() -> None:
    papers = SourcePaper(title="Graphs"), SourcePaper(key="graphs", title="Other")
    assert keys_of(assign_keys(source_of(*papers))) == ["graphs-2", "graphs"]


def test_a_paper_that_got_its_title_is_named_by_what_it_was_called(real: Source) -> None:
    untitled = real.sessions[0].papers[2]
    found = recognise(source_of(replace(untitled, key="", title="CSLE: A Title at Last")), source_of(untitled))
    assert found.matches == (Match("paper", "csle", "CSLE", "CSLE: A Title at Last", "the same abstract"),)


def test_a_title_in_other_capitals_is_no_other_title() -> None:
    before = assign_keys(source_of(SERVING))
    assert recognise(source_of(replace(SERVING, title=(SERVING.title or "").upper())), before).matches == ()


# --- sessions that changed


def sessions_after(before: list[SourceSession], after: list[SourceSession]) -> list[str]:
    keyed = assign_keys(Source("test/1", tuple(after)), assign_keys(Source("test/1", tuple(before))))
    return [session.key for session in keyed.sessions]


def holding(name: str, *titles: str) -> SourceSession:
    return SourceSession(name=name, papers=tuple(SourcePaper(title=title) for title in titles))


@pytest.mark.parametrize(
    ("before", "after", "by"),
    [
        (holding("Poster Session 1", "A", "B"), holding("Evening Posters", "A", "B", "C"), "most of the same papers"),
        (holding("Poster Session 1", "A", "B"), holding("Evening Posters", "A", "C"), None),
        (holding("Machine Learnig"), holding("Machine Learning"), "nearly the same name"),
        (holding("Machine Learnig", "A"), holding("Machine Learning", "B"), None),
        (holding("Poster Session 1"), holding("Poster Session 2"), None),
        (holding("Posters A"), holding("Posters B"), None),
        (holding("Systems for ML"), holding("ML for Systems"), None),
        (holding("Systems for Training"), holding("Systems for Serving"), None),
        (
            holding("Poster Session 1", "A", "B"),
            holding("Poster Session 1 & Reception", "A", "C", "D"),
            "nearly the same name",
        ),
    ],
)
def test_what_a_renamed_session_is_recognised_by(before: SourceSession, after: SourceSession, by: str | None) -> None:
    known = assign_keys(Source("test/1", (before,)))
    found = recognise(Source("test/1", (after,)), known)
    assert [match.by for match in found.matches] == ([by] if by else [])
    assert (found.source.sessions[0].key == known.sessions[0].key) == bool(by)


def test_sessions_of_the_same_name_are_told_apart_by_their_papers() -> None:
    one, two, three = holding("Posters", "A"), holding("Posters", "B"), holding("Posters", "C")
    assert sessions_after([one, two], [three, two, one]) == ["posters-3", "posters-2", "posters"]


def test_sessions_of_the_same_name_without_papers_are_told_apart_by_their_start(real: Source) -> None:
    starts = [datetime(2026, 5, day, 9, tzinfo=UTC) for day in (18, 19, 20)]
    breaks = [SourceSession(name="Break", starts_at=start) for start in starts]
    assert sessions_after(breaks, breaks[1:]) == ["break-2", "break-3"]


def test_a_wholly_replaced_programme_is_new_and_takes_no_minutes(real: Source) -> None:
    words = [word for paper in real.sessions[0].papers for word in (paper.abstract or "").split()]

    def invented(seed: int) -> Source:
        random = Random(seed)  # noqa: S311 - no secret
        return source_of(
            *(
                SourcePaper(
                    title=" ".join(random.choices(words, k=9)),
                    byline=tuple(f"{random.choice('abcdefgh')} {random.choice(words)}{seed}" for _ in range(5)),
                    abstract=" ".join(random.choices(words, k=120)),
                )
                for _ in range(1000)
            )
        )

    before = assign_keys(invented(1))
    started = perf_counter()
    found = recognise(invented(2), before)
    print(f"1,000 papers replaced: {perf_counter() - started:.2f} s")
    assert set(keys_of(found.source)).isdisjoint(keys_of(before))


def test_a_key_of_something_long_gone_leads_nobody_to_something_else() -> None:
    def named(title: str) -> Source:
        return Source("test/1", (SourceSession(name="Posters", papers=(SourcePaper(title=title),)),))

    gone = {"helios": "HELIOS: Adaptive Model Selection", "posters": "Posters"}

    (session,) = recognise(named("HELIOS: A Solar Sail"), None, gone).source.sessions
    assert session.key == "posters"
    assert [paper.key for paper in session.papers] == ["helios-2"]
    (session,) = recognise(named("Helios: adaptive model selection"), None, gone).source.sessions
    assert [paper.key for paper in session.papers] == ["helios"], "what comes back is known again"
