"""How well the topics that are found agree with a conference's own tracks, beside simpler ways: see tests/README.md.

Run as `python -m tests.search.bench_subjects CORPUS…`; a corpus with one track only is timed, and its topics printed.
"""

import argparse
import asyncio
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from bot.browsing.kept import KeptTopics, keep, restore
from bot.programme.build import build
from bot.programme.model import Paper
from bot.search import Index
from bot.search.contents import Contents
from bot.search.flat import owners
from bot.search.grouping import grouped
from bot.search.subjects import FoundTopic, find_topics, in_topics
from bot.search.weighing import Matrix, matrix_of
from tests.search.bench_corpora import read_corpus, tiled
from tests.search.bench_timing import TIMED, timed

_SEED = 1


def table_of(one: Sequence[object], other: Sequence[object]) -> NDArray[np.float64]:
    """Count how often each of one grouping goes with each of the other."""
    left, right = (np.unique(np.array(list(map(str, side))), return_inverse=True)[1] for side in (one, other))
    table = np.zeros((left.max() + 1, right.max() + 1))
    np.add.at(table, (left, right), 1)
    shares: NDArray[np.float64] = table / table.sum()
    return shares


def shared_information(one: Sequence[object], other: Sequence[object]) -> float:
    """Return the normalised mutual information of two groupings: 0 for nothing in common, 1 for the same."""
    table = table_of(one, other)
    rows, columns = table.sum(1), table.sum(0)
    there = table > 0
    information = (table[there] * np.log(table[there] / np.outer(rows, columns)[there])).sum()
    entropies = [-(side[side > 0] * np.log(side[side > 0])).sum() for side in (rows, columns)]
    return float(information / np.sqrt(entropies[0] * entropies[1]))


def purity(one: Sequence[object], other: Sequence[object]) -> float:
    """Return the share of papers that are in the commonest track of their topic."""
    return float(table_of(one, other).max(1).sum())


async def _timed_topics(papers: Sequence[Paper], contents: Contents) -> tuple[Sequence[FoundTopic], Matrix]:
    """Find topics as the bot does, keep them and read them again, with the figures."""
    matrix = await timed("words weighed", lambda: matrix_of(contents))
    topics = await timed("found", lambda: find_topics(papers, contents, matrix))
    places = await timed("each paper's topic", lambda: in_topics(topics, matrix))
    found = KeptTopics(b"", topics, {paper.key: place for paper, place in zip(papers, places, strict=True)})
    with TemporaryDirectory() as folder:
        file = Path(folder) / "topics"
        await timed("kept", lambda: keep(file, found))
        assert await timed("read again", lambda: restore(file)) == found
    return topics, matrix


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table for each corpus."""
    parser = argparse.ArgumentParser(prog="python -m tests.search.bench_subjects", description=__doc__)
    parser.add_argument("corpora", nargs="+", type=Path, metavar="CORPUS")
    parser.add_argument("--scale", type=int, default=1, help="times the corpus (default: 1)")
    options = parser.parse_args(arguments)
    for path in options.corpora:
        programme = build(tiled(read_corpus(path), options.scale))
        papers, contents = list(programme.papers.values()), Index(programme).contents
        tracks = [paper.track for paper in papers]
        print(f"\n## {path.name} ({options.scale}×): {len(papers)} papers, {len(set(tracks))} tracks\n\n{TIMED}")
        topics, matrix = asyncio.run(_timed_topics(papers, contents))
        if len(set(tracks)) > 2:
            rng = np.random.default_rng(_SEED)
            whole = np.zeros((len(papers), len(matrix.stems)), np.float32)
            whole[owners(matrix.rows.bounds), matrix.rows.values] = matrix.values
            ways: dict[str, Sequence[int]] = {
                "found topics": in_topics(topics, matrix),
                "k-means on TF-IDF": grouped(whole, len(topics)).tolist(),
                "by chance": rng.integers(len(topics), size=len(papers)).tolist(),
            }
            print("\n| topics | information shared | purity |\n| --- | ---: | ---: |")
            for name, groups in ways.items():
                print(f"| {name} | {shared_information(groups, tracks):.3f} | {purity(groups, tracks):.3f} |")
        print()
        places = in_topics(topics, matrix)
        for number, topic in enumerate(topics):
            print(f"  {places.count(number):4} {topic.name}")


if __name__ == "__main__":
    main()
