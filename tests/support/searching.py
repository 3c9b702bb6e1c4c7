"""What tests of the search share: the real session's index, indexes of made-up papers, and texts to ask with."""

from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from bot.programme.build import build
from bot.programme.identity import assign_keys
from bot.programme.model import Paper, Programme
from bot.programme.names import fold
from bot.programme.source import Credit, SourcePaper
from bot.search import Certainty, Index, Query
from bot.search.acronyms import Acronyms, introductions
from bot.sources.read import read
from tests.support.programmes import paper, programme_of, session
from tests.support.server import SESSION_PAGE

PROGRAMME = build(assign_keys(read(SESSION_PAGE.read_bytes(), SESSION_PAGE.name).source))
INDEX = Index(PROGRAMME)


def of(title: str | None = None, authors: str = "", abstract: str | None = None, **fields: Any) -> SourcePaper:
    """Make a paper; the authors are separated by semicolons, each with where they work in brackets or without."""
    return paper(title, abstract=abstract, authors=tuple(map(_credit, filter(None, authors.split(";")))), **fields)


def programme_with(*sessions: Iterable[SourcePaper]) -> Programme:
    """Make a programme of sessions called "Session 1", "Session 2" and so on."""
    return programme_of(*(session(f"Session {number}", *papers) for number, papers in enumerate(sessions, 1)))


def index_of(*papers: SourcePaper) -> Index:
    return Index(programme_with(papers))


def _credit(author: str) -> Credit:
    name, _, affiliation = author.rstrip(")").partition(" (")
    return Credit(name, (affiliation,) if affiliation else ())


def found(index: Index, text: str, **filters: str) -> list[str]:
    """Return what the papers found are called, in order."""
    return [hit.paper.label for hit in index.search(Query.parse(text), **filters)]


def keys(text: str, limit: int = 10) -> list[str]:
    """Return the keys of the first papers that a text finds in the real session."""
    return [paper.key for paper in INDEX.search(Query.parse(text)).papers(limit)]


def text_of(paper: Paper) -> str:
    return f"{paper.label} {paper.abstract.plain if paper.abstract else ''}"


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
    certainty, likely = index.find(text)
    assert len(likely) <= 5
    assert (certainty is Certainty.NOTHING) == (not likely)
    for unfinished in (False, True):
        people = index.people(text, unfinished=unfinished)
        assert len(people) <= 25
        assert len({hit.person.key for hit in people}) == len(people)
    for facets in (index.topics(text, 5), index.affiliations(text, 5)):
        assert len(facets) <= 5
        assert len({fold(facet.name) for facet in facets}) == len(facets)


def learnt_from(texts: Iterable[str]) -> Acronyms:
    """Return the acronyms of some texts."""
    return Acronyms(introduction for text in texts for introduction in introductions(text))
