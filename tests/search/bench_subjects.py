"""How well the topics that are found agree with a conference's own tracks, beside simpler ways: see tests/README.md.

Run as `python -m tests.search.bench_subjects CORPUS…`; a corpus with one track only is timed, and its topics printed.
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.programme.build import build
from bot.search import Index
from bot.search.flat import owners
from bot.search.subjects import find_topics, grouped, in_topics, matrix_of
from tests.search.bench_corpora import read_corpus

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


def main(paths: Sequence[str]) -> None:
    """Print a table for each corpus."""
    for path in paths:
        programme = build(read_corpus(Path(path)))
        papers, contents = list(programme.papers.values()), Index(programme).contents
        tracks = [paper.track for paper in papers]
        begun = time.process_time()
        topics = find_topics(papers, contents)
        spent = time.process_time() - begun
        counts = f"{len(papers)} papers, {len(set(tracks))} tracks, {len(topics)} topics"
        print(f"{Path(path).name}: {counts}, {spent:.1f} CPU s")
        if len(set(tracks)) > 2:
            rng, matrix = np.random.default_rng(_SEED), matrix_of(contents)
            whole = np.zeros((len(papers), len(matrix.stems)), np.float32)
            whole[owners(matrix.rows.bounds), matrix.rows.values] = matrix.values
            ways: dict[str, Sequence[int]] = {
                "found topics": in_topics(topics, contents),
                "k-means on TF-IDF": grouped(whole, len(topics)).tolist(),
                "by chance": rng.integers(len(topics), size=len(papers)).tolist(),
            }
            for name, groups in ways.items():
                print(f"| {name} | {shared_information(groups, tracks):.3f} | {purity(groups, tracks):.3f} |")
        places = in_topics(topics, contents)
        for number, topic in enumerate(topics):
            print(f"  {places.count(number):4} {topic.name}")


if __name__ == "__main__":
    main(sys.argv[1:])
