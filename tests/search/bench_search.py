"""How good and how fast the index is, next to what others do: `python -m tests.search.bench_search CORPUS…`.

A corpus is a source in any form the bot reads. The queries are made from the papers themselves, with a fixed seed, so
each has an answer that is right. Which others are as right is told by `tests.search.bench_alike`: any of them may come
first, and of all of them, as many as fit among ten should be there. `--very` asks for the very paper instead.
"""

import argparse
import asyncio
import os
import statistics
import sys
import time
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.programme.build import build, rebuild
from bot.programme.model import Programme
from bot.programme.source import Source
from bot.search import Index, IndexBuilder
from bot.search.kept import dump, restore
from tests.search.bench_alike import Sheet
from tests.search.bench_corpora import joined, read_corpus, tiled
from tests.search.bench_finders import Finder, index_finder, other_finders
from tests.search.bench_queries import SEED, BenchQuery, queries_of
from tests.search.bench_timing import TIMED, timed

_TEN = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """What one finder did on the queries of one kind.

    Attributes:
        hit_1: how often a paper that answers comes first, 1 being always.
        hit_10: how many of the papers that answer are among ten, 1 being as many as can be.
        median: milliseconds of the processor.
        percentile_99: the same of the slowest hundredth.
    """

    hit_1: float
    hit_10: float
    median: float
    percentile_99: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.search.bench_search", description=__doc__)
    parser.add_argument("corpora", nargs="+", type=Path, metavar="CORPUS")
    parser.add_argument("--scale", nargs="*", type=int, default=[1, 5, 20], help="times the corpus (default: 1 5 20)")
    parser.add_argument("--queries", type=int, default=200, help="queries of each kind (default: 200)")
    parser.add_argument("--seed", type=int, default=SEED, help="which queries are made (default: %(default)s)")
    parser.add_argument("--very", action="store_true", help="count only the paper that a query was made from")
    parser.add_argument("--index-only", action="store_true", help="leave out what others do, which takes long")
    parser.add_argument("--questions", type=Path, help="attendees' questions about the first corpus, in TOML")
    options = parser.parse_args(arguments)
    if options.questions:
        corpus = read_corpus(options.corpora[0])
        _print_success(build(corpus), options.questions, index_only=options.index_only)
    source = joined([read_corpus(path) for path in options.corpora])
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    names = ", ".join(path.name for path in options.corpora)
    print(f"{datetime.now(UTC):%Y-%m-%d}, {names}, {os.cpu_count()} cores, load {load}")
    for scale in options.scale:
        _measure(tiled(source, scale), options, scale)
    return 0


def _print_success(programme: Programme, questions: Path, *, index_only: bool) -> None:
    """Print how often one of the papers that a question means comes first, or among the first five or ten."""
    asked = tomllib.loads(questions.read_text(encoding="utf-8"))["question"]
    print(f"\n{len(asked)} questions of {questions.name}\n")
    print("| finder | success@1 | success@5 | success@10 | MRR@10 |\n| --- | ---: | ---: | ---: | ---: |")
    for name, finder in _finders(Index(programme), index_only=index_only).items():
        places = [
            next((place for place, key in enumerate(finder(question["text"])) if key in question["means"]), None)
            for question in asked
        ]
        shares = [sum(place is not None and place < most for place in places) / len(places) for most in (1, 5, 10)]
        reciprocal = sum(1 / (place + 1) for place in places if place is not None) / len(places)
        print("|", " | ".join([name, *(f"{share:.3f}" for share in (*shares, reciprocal))]), "|", flush=True)


def _finders(index: Index, *, index_only: bool) -> dict[str, Finder]:
    """Return the index and, if wished, what others do, by name; the index comes first."""
    others = {} if index_only else other_finders(list(index.programme.papers.values()))
    return {"index": index_finder(index), **others}


def _measure(source: Source, options: argparse.Namespace, scale: int) -> None:
    built = rebuild(source)
    papers = list(built.programme.papers.values())
    title = replace(source.papers[-1], title=f"{source.papers[-1].title} Anew")
    changed = rebuild(replace(source, papers=(*source.papers[:-1], title)), built).programme
    print(f"\n## {len(papers)} papers ({scale}×), {len(built.programme.people)} people\n")
    index = asyncio.run(_build(built.programme, changed))
    queries = queries_of(papers, options.queries, options.seed)
    sheets = [(paper.key, Sheet.of(paper)) for paper in papers]
    finders = _finders(index, index_only=options.index_only)
    print("\nhit@1/hit@10 of each finder; where another is better than the index, it is bold; CPU ms of the index\n")
    print("| query |", " | ".join((*finders, "median ms", "p99 ms")), "|")
    print("| --- |", " | ".join("---:" for _ in range(len(finders) + 2)), "|")
    for kind in dict.fromkeys(asked.kind for asked in queries):
        these = [
            (asked.text, frozenset(_right(asked, () if options.very else sheets)))
            for asked in queries
            if asked.kind == kind
        ]
        figures = {name: _figures(finder, these) for name, finder in finders.items()}
        ours = figures["index"]
        cells = [_beside(one, ours) for one in figures.values()]
        cells += (f"{ours.median:.2f}", f"{ours.percentile_99:.2f}")
        print(f"| {kind} ({len(these)}) |", " | ".join(cells), "|", flush=True)


def _right(asked: BenchQuery, sheets: Iterable[tuple[str, Sheet]]) -> Iterator[str]:
    """Yield the key of the paper that a query was made from, and of those that answer it as well."""
    yield asked.key
    yield from (key for key, sheet in sheets if asked.fits(sheet))


def _beside(figures: Figures, ours: Figures) -> str:
    """Write hit rates, bold where they are better than ours."""
    pairs = ((figures.hit_1, ours.hit_1), (figures.hit_10, ours.hit_10))
    return "/".join(f"**{rate:.3f}**" if rate > own else f"{rate:.3f}" for rate, own in pairs)


def _figures(finder: Finder, questions: Sequence[tuple[str, frozenset[str]]]) -> Figures:
    """Ask questions, each with the keys of the papers that answer it."""
    times, firsts, shares = [], 0, 0.0
    for text, right in questions:
        start = time.thread_time()
        found = list(finder(text))
        times.append((time.thread_time() - start) * 1000)
        firsts += not right.isdisjoint(found[:1])
        shares += len(right.intersection(found)) / min(len(right), _TEN)
    times.sort()
    return Figures(
        firsts / len(times),
        shares / len(times),
        statistics.median(times),
        times[min(len(times) * 99 // 100, len(times) - 1)],
    )


async def _build(programme: Programme, changed: Programme) -> Index:
    """Build the index in a thread, as the bot does; change it, keep it and read it again, each time with its figures.

    Args:
        programme: the programme.
        changed: the same with another title for one paper.
    """
    print(TIMED)
    builder = IndexBuilder()
    index = await timed("built from nothing", lambda: builder.build(programme))
    await timed("built after one title changed", lambda: IndexBuilder(index).build(changed))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "index"

        def write() -> None:
            with path.open("wb") as file:
                file.writelines(dump(index))

        await timed("written", write)
        size = path.stat().st_size / 2**20
        restored = await timed(f"read again ({size:.1f} MiB)", lambda: restore(programme, path))
        assert restored, "what was written just now can be read"
    start = time.perf_counter()
    del restored
    print(f"| freed | | {time.perf_counter() - start:.4f} | {(time.perf_counter() - start) * 1000:.1f} | |")
    return index


if __name__ == "__main__":
    sys.exit(main())
