"""The papers that are searched: corpora from files, and many times as many made of them."""

import random
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.programme.identity import assign_keys
from bot.programme.source import Source, SourcePaper, SourceSession
from bot.sources.read import read
from tests.search.bench_queries import SEED

_WORD = re.compile(r"[^\W\d_]{3,}")


def read_corpus(path: Path) -> Source:
    return assign_keys(read(path.read_bytes(), path.name).source)


def joined(sources: Sequence[Source]) -> Source:
    papers: list[SourcePaper] = []
    sessions: list[SourceSession] = []
    for source in sources:
        sessions += _moved(source.sessions, len(papers))
        papers += source.papers
    return Source("bench", tuple(sessions), tuple(papers))


def tiled(source: Source, scale: int) -> Source:
    """Return a source with so many times the papers; in each copy, seven words of ten are others of the corpus.

    Topics, kinds and affiliations stay: a larger conference has hardly more of them.
    """
    words = sorted(
        {
            word.lower()
            for paper in source.papers
            for word in _WORD.findall(f"{paper.title} {' '.join(paper.byline)} {paper.abstract}")
        }
    )
    papers, sessions = list(source.papers), list(source.sessions)
    for copy in range(1, scale):
        rng = random.Random(SEED + copy)  # noqa: S311 - nothing secret about a benchmark
        others = dict(zip(words, rng.sample(words, len(words)), strict=True))
        altered = {word: others[word] if rng.random() < 0.7 else word for word in words}

        def alter(text: str, altered: dict[str, str] = altered) -> str:
            return _WORD.sub(lambda match: _as_cased(altered[match.group().lower()], match.group()), text)

        sessions += (
            replace(session, key="", name=f"{session.name} {copy}") for session in _moved(source.sessions, len(papers))
        )
        papers += (
            replace(
                paper,
                key="",
                title=alter(paper.title) if paper.title else None,
                authors=tuple(replace(author, name=alter(author.name)) for author in paper.authors),
                abstract=alter(paper.abstract) if paper.abstract else None,
            )
            for paper in source.papers
        )
    return assign_keys(Source("bench", tuple(sessions), tuple(papers)))


def _moved(sessions: Sequence[SourceSession], by: int) -> list[SourceSession]:
    """Return sessions whose papers come so many places later in their source."""
    return [
        replace(session, appearances=tuple(replace(one, paper=one.paper + by) for one in session.appearances))
        for session in sessions
    ]


def _as_cased(word: str, like: str) -> str:
    return word.capitalize() if like[0].isupper() else word
