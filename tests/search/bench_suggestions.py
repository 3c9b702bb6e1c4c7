"""How good suggestions are: `python -m tests.search.bench_suggestions CORPUS…`.

Somebody has bookmarked all papers of an author but one, or five of a session or a track. The one that was held back, or
the others of the session, should be among the ten that are suggested. Beside the index stand the ten that most of these
people have bookmarked, and ten at random. What the bookmarks have in common is hidden from the index where the table
says so: then it knows neither names, or neither tracks nor topics. A session's name is never used.
"""

import argparse
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.programme.build import build
from bot.programme.model import Paper, Programme
from bot.programme.source import Source
from bot.search import Index
from tests.search.bench_corpora import read_corpus
from tests.search.bench_queries import SEED

_BOOKMARKS = 5
_TEN = 10


@dataclass(frozen=True, slots=True)
class Case:
    """Somebody's bookmarks, one paper that they would have liked too, and all that would be as good."""

    bookmarks: Sequence[str]
    held_out: str
    alike: frozenset[str]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.search.bench_suggestions", description=__doc__)
    parser.add_argument("corpora", nargs="+", type=Path, metavar="CORPUS")
    options = parser.parse_args(arguments)
    print(
        "| corpus | bookmarked | cases | index hit@10 | popular | random | of the ten alike | popular | random | ms |"
    )
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for path in options.corpora:
        source = read_corpus(path)
        programme = build(source)
        nameless, topicless = build(_without_names(source)), build(_without_topics(source))
        authors = _cases_of_authors(programme)
        _measure(path.name, "an author's other papers", programme, authors)
        _measure(path.name, "the same, names hidden", nameless, authors)
        _measure(path.name, "5 of a track, tracks hidden", topicless, _cases_of_groups(programme, _track_of))
        _measure(path.name, "5 of a session, tracks hidden", topicless, _cases_of_groups(programme, _session_of))
    return 0


def _measure(corpus: str, kind: str, programme: Programme, cases: Sequence[Case]) -> None:
    if not cases:
        return
    index = Index(programme)
    keys = list(programme.papers)
    often = Counter(key for case in cases for key in case.bookmarks)
    popular = sorted(keys, key=lambda key: -often[key])
    rng = random.Random(SEED)  # noqa: S311 - nothing secret about a benchmark
    times: list[float] = []

    def ours(case: Case) -> list[str]:
        start = time.thread_time()
        near = index.near(case.bookmarks)
        found = [paper.key for paper in near.papers[:_TEN]]
        times.append((time.thread_time() - start) * 1000)
        return found

    finders: list[Callable[[Case], list[str]]] = [
        ours,
        lambda case: [key for key in popular if key not in case.bookmarks][:_TEN],
        lambda case: rng.sample([key for key in keys if key not in case.bookmarks], _TEN),
    ]
    hits, shares = [], []
    for finder in finders:
        found = [finder(case) for case in cases]
        both = list(zip(cases, found, strict=True))
        hits.append(statistics.mean(case.held_out in ten for case, ten in both))
        shares.append(statistics.mean(len(case.alike.intersection(ten)) / _TEN for case, ten in both))
    print(
        f"| {corpus} | {kind} | {len(cases)} | {' | '.join(f'{share:.3f}' for share in (*hits, *shares))} "
        f"| {statistics.median(times):.2f} |"
    )


def _cases_of_authors(programme: Programme) -> list[Case]:
    """Return a case for each paper of each author who has at least three."""
    cases = []
    for person in programme.people.values():
        papers = [paper.key for paper in person.papers]
        if len(papers) >= 3:
            cases += [Case([key for key in papers if key != held], held, frozenset({held})) for held in papers]
    return cases


def _cases_of_groups(programme: Programme, group_of: Callable[[Paper], str | None]) -> list[Case]:
    """Return cases in which five papers of a group are bookmarked: more of a large group."""
    rng = random.Random(SEED)  # noqa: S311 - nothing secret about a benchmark
    groups: dict[str, list[str]] = {}
    for paper in programme.papers.values():
        if group := group_of(paper):
            groups.setdefault(group, []).append(paper.key)
    cases = []
    for papers in groups.values():
        # What holds most of a programme tells nobody's taste.
        if _BOOKMARKS < len(papers) <= len(programme.papers) // 2:
            for _ in range(max(4, len(papers) // 4)):
                drawn = rng.sample(papers, _BOOKMARKS + 1)
                alike = frozenset(papers).difference(drawn[:_BOOKMARKS])
                cases.append(Case(drawn[:_BOOKMARKS], drawn[-1], alike))
    return cases


def _track_of(paper: Paper) -> str | None:
    return paper.track


def _session_of(paper: Paper) -> str | None:
    return next(iter(paper.session_keys), None)


def _without_names(source: Source) -> Source:
    return replace(source, papers=tuple(replace(paper, authors=()) for paper in source.papers))


def _without_topics(source: Source) -> Source:
    return replace(
        source,
        papers=tuple(replace(paper, track=None, topics=()) for paper in source.papers),
        sessions=tuple(replace(session, track=None) for session in source.sessions),
    )


if __name__ == "__main__":
    sys.exit(main())
