"""Sources whose papers and sessions are to be recognised."""

from dataclasses import replace

from bot.programme.identity import assign_keys, recognise
from bot.programme.source import Source, SourcePaper
from tests.support.programmes import paper, session, source_of

SERVING = paper(
    "Efficient LLM Serving with Early Exits",
    "Ada Lovelace",
    "Bo Li",
    abstract="Early exits let most tokens leave a model before its last layer, which our scheduler makes use of.",
)
OTHER_ABSTRACT = (
    "Nobody had measured how homomorphic encryption behaves on graphs of a billion edges, and so we did it."
)


def of_papers(*papers: SourcePaper, name: str = "Posters") -> Source:
    """Make a source of a single session."""
    return source_of(session(name, *papers))


def keys_of(source: Source) -> list[str]:
    return [paper.key for paper in source.papers]


def bare(source: Source) -> Source:
    return replace(
        source,
        sessions=tuple(replace(session, key="") for session in source.sessions),
        papers=tuple(replace(paper, key="") for paper in source.papers),
    )


def recognised(before: SourcePaper, after: SourcePaper) -> str | None:
    """Return what one paper was recognised by, or None when it got another key; the title must have changed."""
    known = assign_keys(of_papers(before))
    found = recognise(bare(of_papers(after)), known)
    same = keys_of(found.source) == keys_of(known)
    assert same == bool(found.matches)
    return found.matches[0].by if same else None
