"""Sources whose papers and sessions are to be recognised."""

from dataclasses import replace

from bot.programme.identity import assign_keys, recognise
from bot.programme.source import Source, SourcePaper, SourceSession

SERVING = SourcePaper(
    title="Efficient LLM Serving with Early Exits",
    byline=("Ada Lovelace", "Bo Li"),
    abstract="Early exits let most tokens leave a model before its last layer, which our scheduler makes use of.",
)
OTHER_ABSTRACT = (
    "Nobody had measured how homomorphic encryption behaves on graphs of a billion edges, and so we did it."
)


def source_of(*papers: SourcePaper, name: str = "Posters") -> Source:
    return Source("test/1", (SourceSession(name=name, papers=papers),))


def keys_of(source: Source) -> list[str]:
    return [paper.key for session in source.sessions for paper in session.papers]


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
