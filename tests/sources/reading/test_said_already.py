"""What a file says again is taken from what is in memory, and nothing is read in another way."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.programme.source import Credit, Link, SourcePaper
from bot.sources.reading.file import Hints
from bot.sources.reading.gather import Gathering
from bot.sources.reading.said_already import SaidAlready

CREDITS = st.builds(
    Credit, st.sampled_from(("Ada", "Bo")), st.sampled_from(((), ("Uni",))), identifier=st.sampled_from(("", "7"))
)
LINKS = st.builds(Link, st.just("Page"), st.sampled_from(("https://a.org", "https://b.org")), listed=st.booleans())
PAPERS = st.builds(
    SourcePaper,
    key=st.sampled_from(("", "one", "two")),
    line=st.sampled_from((None, 3)),
    title=st.sampled_from((None, "One", "Two")),
    authors=st.lists(CREDITS, max_size=2).map(tuple),
    abstract=st.sampled_from((None, "Of one.", "Of two.")),
    topics=st.lists(st.sampled_from(("bees", "ants")), max_size=2).map(tuple),
    links=st.lists(LINKS, max_size=2).map(tuple),
)


def read(papers: list[SourcePaper], in_use: list[SourcePaper]) -> list[SourcePaper]:
    gathering = Gathering("x.json", "test/1", Hints(in_use=SaidAlready(in_use)))
    for paper in papers:
        gathering.paper(paper)
    return list(gathering.finish().source.papers)


def told(papers: list[SourcePaper]) -> str:
    return repr(papers)  # also of what makes no difference when they are compared


@given(st.lists(PAPERS, min_size=1, max_size=4), st.lists(PAPERS, max_size=4))
def test_whatever_is_in_use_the_same_is_read(papers: list[SourcePaper], in_use: list[SourcePaper]) -> None:
    assert told(read(papers, in_use)) == told(read(papers, []))


def test_what_is_as_it_was_is_in_memory_once() -> None:
    was = SourcePaper("one", 3, "One", (Credit("Ada"),), "Of " + "one." * 9, links=(Link("Page", "https://a.org"),))
    (same,) = read([replace(was, title="".join("One"), authors=(Credit("Ada"),))], [was])
    assert same is was

    without_key, abstract = replace(was, key="", line=7, topics=("new",)), "".join(was.abstract or "")
    (like,) = read([replace(without_key, abstract=abstract, authors=(Credit("Ada"),))], [was])
    assert like == without_key
    assert like.abstract is was.abstract
    assert like.authors is was.authors
