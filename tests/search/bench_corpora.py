"""The papers that are searched: corpora from files, and many times as many made of them."""

import random
import re
from collections.abc import Sequence
from pathlib import Path

from bot.programme.identity import assign_keys
from bot.programme.source import Source, SourcePaper, SourceSession
from bot.sources.read import read
from tests.search.bench_queries import SEED

_WORD = re.compile(r"[^\W\d_]{3,}")


def read_corpus(path: Path) -> Source:
    data = path.read_bytes()
    return assign_keys(read(data, path.name))


def joined(sources: Sequence[Source]) -> Source:
    return Source("bench", tuple(session for source in sources for session in source.sessions))


def tiled(source: Source, scale: int) -> Source:
    """Return a source with so many times the papers; in each copy, seven words of ten are others of the corpus."""
    words = sorted(
        {
            word.lower()
            for session in source.sessions
            for paper in session.papers
            for word in _WORD.findall(f"{paper.title} {' '.join(paper.byline)} {paper.abstract}")
        }
    )
    sessions = list(source.sessions)
    for copy in range(1, scale):
        rng = random.Random(SEED + copy)  # noqa: S311 - nothing secret about a benchmark
        others = dict(zip(words, rng.sample(words, len(words)), strict=True))
        altered = {word: others[word] if rng.random() < 0.7 else word for word in words}

        def alter(text: str, altered: dict[str, str] = altered) -> str:
            return _WORD.sub(lambda match: _as_cased(altered[match.group().lower()], match.group()), text)

        for session in source.sessions:
            papers = tuple(
                SourcePaper(
                    title=alter(paper.title) if paper.title else None,
                    byline=tuple(map(alter, paper.byline)),
                    abstract=alter(paper.abstract) if paper.abstract else None,
                )
                for paper in session.papers
            )
            sessions.append(SourceSession(name=f"{session.name} {copy}", papers=papers))
    return assign_keys(Source("bench", tuple(sessions)))


def _as_cased(word: str, like: str) -> str:
    return word.capitalize() if like[0].isupper() else word
