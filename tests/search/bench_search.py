"""How good and how fast the index is, next to what others do: `python -m tests.search.bench_search CORPUS…`.

A corpus is a source in any form the bot reads. The queries are made from the papers themselves, with a fixed seed, so
each has one right answer.
"""

import argparse
import asyncio
import gc
import os
import statistics
import sys
import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from bot.gc_pause import gc_paused
from bot.programme.build import build, rebuild
from bot.programme.model import Programme
from bot.programme.source import Source
from bot.search import Index, IndexBuilder
from bot.search.kept import dump, restore
from tests.search.bench_corpora import joined, read_corpus, tiled
from tests.search.bench_finders import Finder, index_finder, other_finders
from tests.search.bench_queries import SEED, BenchQuery, queries_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Figures:
    """What one finder did on the queries of one kind: shares from 0 to 1, times in milliseconds of the processor."""

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
    parser.add_argument("--index-only", action="store_true", help="leave out what others do, which takes long")
    parser.add_argument("--questions", type=Path, help="attendees' questions about the first corpus, in TOML")
    options = parser.parse_args(arguments)
    if options.questions:
        _print_success(build(read_corpus(options.corpora[0])), options.questions)
    source = joined([read_corpus(path) for path in options.corpora])
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    names = ", ".join(path.name for path in options.corpora)
    print(f"{datetime.now(UTC):%Y-%m-%d}, {names}, {os.cpu_count()} cores, load {load}")
    for scale in options.scale:
        _measure(tiled(source, scale), options, scale)
    return 0


def _print_success(programme: Programme, questions: Path) -> None:
    """Print how often one of the papers that a question means comes first, or among the first five."""
    index = index_finder(Index(programme))
    places: list[int | None] = []
    for question in tomllib.loads(questions.read_text(encoding="utf-8"))["question"]:
        found = index(question["text"])
        places.append(next((place for place, key in enumerate(found) if key in question["means"]), None))
    shares = [sum(place is not None and place < most for place in places) / len(places) for most in (1, 5)]
    reciprocal = sum(1 / (place + 1) for place in places if place is not None) / len(places)
    print(f"{len(places)} questions: success@1 {shares[0]:.3f}, success@5 {shares[1]:.3f}, MRR@10 {reciprocal:.3f}")


def _measure(source: Source, options: argparse.Namespace, scale: int) -> None:
    built = rebuild(source)
    papers = list(built.programme.papers.values())
    title = replace(source.papers[-1], title=f"{source.papers[-1].title} Anew")
    changed = rebuild(replace(source, papers=(*source.papers[:-1], title)), built).programme
    print(f"\n## {len(papers)} papers ({scale}×), {len(built.programme.people)} people\n")
    index = asyncio.run(_build(built.programme, changed))
    queries = queries_of(papers, options.queries, options.seed)
    finders = {"index": index_finder(index), **({} if options.index_only else other_finders(papers))}
    print("\n| query | finder | hit@1 | hit@10 | median ms | p99 ms | median / index |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for kind in dict.fromkeys(asked.kind for asked in queries):
        ours: Figures | None = None
        for name, finder in finders.items():
            figures = _figures(finder, [asked for asked in queries if asked.kind == kind])
            ours = ours or figures
            print(
                f"| {kind} | {name} | {figures.hit_1:.3f} | {figures.hit_10:.3f} | {figures.median:.3f} "
                f"| {figures.percentile_99:.3f} | {figures.median / ours.median:.1f} |"
            )


def _figures(finder: Finder, queries: Sequence[BenchQuery]) -> Figures:
    times, places = [], []
    for asked in queries:
        start = time.thread_time()
        found = list(finder(asked.text))
        times.append((time.thread_time() - start) * 1000)
        places.append(found.index(asked.key) if asked.key in found else None)
    times.sort()
    return Figures(
        sum(place == 0 for place in places) / len(places),
        sum(place is not None for place in places) / len(places),
        statistics.median(times),
        times[min(len(times) * 99 // 100, len(times) - 1)],
    )


async def _build(programme: Programme, changed: Programme) -> Index:
    """Build the index in a thread, as the bot does; change it, keep it and read it again, each time with its figures.

    Args:
        programme: the programme.
        changed: the same with another title for one paper.
    """
    print("| what | CPU s | wall s | event loop held, ms | memory, MiB more |")
    print("| --- | --- | --- | --- | --- |")
    builder = IndexBuilder()
    index = await _timed("built from nothing", lambda: builder.build(programme))
    await _timed("built after one title changed", lambda: IndexBuilder(index).build(changed))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "index"

        def write() -> None:
            with path.open("wb") as file:
                file.writelines(dump(index))

        await _timed("written", write)
        size = path.stat().st_size / 2**20
        restored = await _timed(f"read again ({size:.1f} MiB)", lambda: restore(programme, path))
        assert restored, "what was written just now can be read"
    start = time.perf_counter()
    del restored
    print(f"| freed | | {time.perf_counter() - start:.4f} | {(time.perf_counter() - start) * 1000:.1f} | |")
    return index


async def _timed(what: str, do: Callable[[], T]) -> T:
    """Do something in a thread, and print how long it took and how long the event loop waited meanwhile."""
    waits = [0.0]
    done = asyncio.Event()

    async def tick() -> None:
        while not done.is_set():
            start = time.perf_counter()
            await asyncio.sleep(0.001)
            waits.append((time.perf_counter() - start) * 1000 - 1)

    gc.collect()
    before, ticking = _resident(), asyncio.create_task(tick())
    wall, cpu = time.perf_counter(), time.process_time()
    with gc_paused():
        made = await asyncio.to_thread(do)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    done.set()
    await ticking
    more = (_resident() - before) / 1024
    print(f"| {what} | {cpu:.3f} | {wall:.3f} | {max(waits):.1f} | {more:.1f} |")
    return made


def _resident() -> float:
    """Return the process's resident memory in KiB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024


if __name__ == "__main__":
    sys.exit(main())
