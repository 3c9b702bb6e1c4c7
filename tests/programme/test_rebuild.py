"""A programme made after another one is the one that its source alone would make."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.programme.build import Built, rebuild
from bot.programme.identity import recognise
from bot.programme.source import Credit, Link, Source, SourceAppearance, SourcePaper, SourceSession
from bot.sources.read import read
from tests.support.server import SESSION_PAGE

# Words cut by a line break, and the same words whole: what one paper says decides how another one reads.
WORDS = ["net- works", "networks", "net", "works", "peer- to", "peer", r"\ours", "Db-SP:", "presenting CSLE", "a -- b"]
TEXTS = st.one_of(st.none(), st.lists(st.sampled_from([*WORDS, "x", "$5", "ü"]), max_size=4).map(" ".join))
NAMES = st.sampled_from(["Ada Lovelace", "BO LI", "", "None", "Émile Zola", "di wu"])
PAPERS = st.builds(
    SourcePaper,
    line=st.one_of(st.none(), st.integers(1, 9)),
    title=TEXTS,
    abstract=TEXTS,
    authors=st.lists(st.builds(Credit, NAMES, st.sampled_from([(), ("MIT",), ("MIT ", "ETH")])), max_size=3).map(tuple),
    kind=st.sampled_from(["", "Poster", "Talk"]),
    track=st.sampled_from([None, "ML", "net- works"]),
    topics=st.sampled_from([(), ("Caches",), ("Caches", "Nets")]),
    links=st.sampled_from([(), (Link("PDF", "https://a.b/c"),)]),
)


@st.composite
def sources(draw: st.DrawFn) -> Source:
    keys = draw(st.lists(st.sampled_from("abcdefg"), unique=True, max_size=6))
    papers = tuple(replace(draw(PAPERS), key=key) for key in keys)
    shown = st.builds(
        SourceAppearance,
        st.integers(0, len(papers) - 1),
        room=st.sampled_from([None, "Hall", "Foyer "]),
        board=st.sampled_from([None, "1"]),
    )
    appearances = st.lists(shown, max_size=4).map(tuple) if papers else st.just(())
    session = st.builds(
        SourceSession,
        name=st.sampled_from(["Posters", "Talks", "net- works"]),
        room=st.sampled_from([None, "Hall"]),
        abstract=TEXTS,
        chairs=st.lists(st.builds(Credit, NAMES), max_size=2).map(tuple),
        appearances=appearances,
    )
    sessions = (replace(draw(session), key=key) for key in draw(st.lists(st.sampled_from("xyz"), unique=True)))
    return Source("test/1", tuple(sessions), papers)


def said(built: Built) -> object:
    """Everything there is to tell one from another, orders included."""
    programme, memory = built.programme, built.memory
    people = list(programme.people.values())
    return programme, list(programme.papers), people, dict(memory.words.items()), memory.answers


@settings(max_examples=300)
@given(st.lists(sources(), min_size=2, max_size=4))
def test_it_does_not_matter_what_was_made_before(versions: list[Source]) -> None:
    built = None
    for source in versions:
        built = rebuild(source, built)
        assert said(built) == said(rebuild(source))


@settings(max_examples=200)
@given(sources(), TEXTS, st.data())
def test_a_word_in_one_paper_changes_how_another_reads(source: Source, text: str | None, data: st.DataObject) -> None:
    before = rebuild(source)
    papers = list(source.papers)
    if papers:
        place = data.draw(st.integers(0, len(papers) - 1))
        papers[place] = replace(papers[place], abstract=text)
    changed = replace(source, papers=tuple(papers))
    assert said(rebuild(changed, before)) == said(rebuild(changed))


def test_only_what_has_changed_is_made_again() -> None:
    source = recognise(read(SESSION_PAGE.read_bytes(), "page.txt").source).source
    before = rebuild(source)
    papers = (replace(source.papers[0], abstract="Another abstract."), *source.papers[1:])
    after = rebuild(replace(source, papers=papers), before)
    same = [key for key, paper in after.programme.papers.items() if before.programme.papers[key] is paper]
    assert len(after.programme.papers) == 34
    assert same == [paper.key for paper in papers[1:]]
    assert rebuild(source, before).programme.sessions[0] is before.programme.sessions[0]
