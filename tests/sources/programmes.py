"""Any source that a reader may make, for what writes and reads sources."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from bot.programme.source import Credit, Link, Source, SourceAppearance, SourcePaper, SourceSession

SNIPPETS = st.sampled_from(
    [
        *("'", "''", "=1+1", " =1", "+", "-", "@", "\t", "\r", "\n", "\r\n", "＝", "＠"),
        *('"', '""', ";", "; ", ",", "|", " and ", "<", ">", " <", "\\", "+", " + "),
        *("\0", "\x1b", "\x85", "\u2028", "\ufeff", "\u200b", " ", "é", "😀", "word", "null", "NaN", "&amp;", "<b>"),
    ]
)
WILD = st.one_of(
    st.lists(SNIPPETS, max_size=4).map("".join), st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
)
KEYS = st.one_of(st.just(""), st.from_regex(r"[a-z0-9][a-z0-9-]{0,31}", fullmatch=True))
ADDRESSES = st.one_of(
    st.sampled_from(["https://example.org/a;b,c", 'HTTP://example.org/"x"', "https://example.org/'=1|2"]),
    st.from_regex(r"https?://[a-z;,|\"'=]{1,6}", fullmatch=True),
)
MOMENTS = st.none() | st.integers(0, 7_000_000_000_000_000).map(
    lambda microseconds: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
)


def _some(values: st.SearchStrategy[object], most: int = 3) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(values, max_size=most).map(tuple)


@st.composite
def sources(draw: st.DrawFn, texts: st.SearchStrategy[str] = WILD) -> Source:
    """Any source there may be: with keys that are once, web addresses, and ends after their starts."""
    optional = st.none() | texts
    people = _some(st.builds(Credit, texts, _some(texts)))
    links = st.lists(st.builds(Link, texts, ADDRESSES), max_size=3, unique=True).map(tuple)
    papers = draw(
        st.lists(
            st.builds(
                SourcePaper,
                key=KEYS,
                line=st.none() | st.integers(1, 99),
                title=optional,
                authors=people,
                abstract=optional,
                kind=texts,
                track=optional,
                topics=_some(texts),
                source_id=optional,
                other_ids=_some(texts),
                links=links,
            ),
            max_size=4,
        )
    )
    places = st.integers(0, len(papers) - 1)
    appearances = st.builds(
        SourceAppearance, paper=places, starts_at=MOMENTS, ends_at=MOMENTS, room=optional, board=optional
    )
    sessions = draw(
        st.lists(
            st.builds(
                SourceSession,
                key=KEYS,
                kind=texts,
                name=texts,
                track=optional,
                room=optional,
                starts_at=MOMENTS,
                ends_at=MOMENTS,
                chairs=people,
                abstract=optional,
                source_id=optional,
                links=links,
                appearances=_some(appearances, 4) if papers else st.just(()),
            ),
            min_size=0 if papers else 1,
            max_size=4,
        )
    )
    return Source("any/1", tuple(map(_in_order, _unique(sessions))), tuple(_unique(papers)))


def bare(source: Source) -> tuple[tuple[SourceSession, ...], tuple[SourcePaper, ...]]:
    """A source without its lines and problems, which are those of a file."""
    return (
        tuple(replace(session, line=None) for session in source.sessions),
        tuple(replace(paper, line=None) for paper in source.papers),
    )


def _unique(owners: list) -> list:  # type: ignore[type-arg]
    taken: set[str] = set()
    found = []
    for owner in owners:
        found.append(replace(owner, key="" if owner.key in taken else owner.key))
        taken.add(owner.key)
    return found


def _in_order(session: SourceSession) -> SourceSession:
    def times(one: SourceSession | SourceAppearance) -> dict[str, datetime | None]:
        if one.starts_at and one.ends_at and one.ends_at < one.starts_at:
            return {"starts_at": one.ends_at, "ends_at": one.starts_at}
        return {}

    appearances = tuple(replace(one, **times(one)) for one in session.appearances)  # type: ignore[arg-type]
    return replace(session, appearances=appearances, **times(session))  # type: ignore[arg-type]
