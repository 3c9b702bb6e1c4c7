"""What tests of the search share: the real session's index, indexes of made-up papers, and texts to ask with."""

from collections.abc import Sequence

from hypothesis import strategies as st

from bot.programme.build import build
from bot.programme.identity import assign_keys
from bot.programme.model import Paper, Programme
from bot.programme.source import Source, SourcePaper, SourceSession
from bot.search import Certainty, Index, Query
from bot.sources.read import read
from tests.support.server import SESSION_PAGE

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
