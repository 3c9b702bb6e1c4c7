"""How good and how fast the index is, next to what others do: `python -m tests.bench_search CORPUS…`.

A corpus is a source in any form the bot reads. The queries are made from the papers themselves, with a fixed seed, so
each has one right answer.
"""

import argparse
import asyncio
import gc
import os
import random
import re
import sqlite3
import statistics
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rapidfuzz import fuzz, process, utils

from bot.pauses import considerately
from bot.programme.build import build
from bot.programme.formats import read
from bot.programme.identity import assign_keys
from bot.programme.model import Paper, Programme
from bot.programme.source import Source, SourcePaper, SourceSession
from bot.search.index import Index
from bot.search.query import Query

_SEED = 2026
_STOP = frozenset("a an and are as at by for from in is of on or the to via with".split())
_WORD = re.compile(r"[^\W\d_]{3,}")
_ACRONYM = re.compile(r"\(([A-Z][A-Za-z]?[A-Z]{1,5})s?\)")

Finder = Callable[[str], Sequence[str]]
"""Returns the keys of the best ten papers for a query."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query and the paper it was made from."""

    kind: str
    text: str
    key: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What one finder did on the queries of one kind: shares from 0 to 1, times in milliseconds."""

    hit_1: float
    hit_10: float
    median: float
    percentile_99: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench_search", description=__doc__)
    parser.add_argument("corpora", nargs="+", type=Path, metavar="CORPUS")
    parser.add_argument("--scale", nargs="*", type=int, default=[1, 5, 20], help="times the corpus (default: 1 5 20)")
    parser.add_argument("--queries", type=int, default=200, help="queries of each kind (default: 200)")
    parser.add_argument("--questions", type=Path, help="attendees' questions about the first corpus, in TOML")
    options = parser.parse_args(arguments)
    if options.questions:
        _print_success(build(_read(options.corpora[0])), options.questions)
    source = _joined([_read(path) for path in options.corpora])
    print(f"{datetime.now(UTC):%Y-%m-%d}, {', '.join(path.name for path in options.corpora)}, {os.cpu_count()} cores")
    for scale in options.scale:
        _measure(build(_tiled(source, scale)), options.queries, scale)
    return 0


def _print_success(programme: Programme, questions: Path) -> None:
    """Print how often one of the papers that a question means comes first, or among the first five."""
    index = _index(Index(programme))
    places: list[int | None] = []
    for question in tomllib.loads(questions.read_text(encoding="utf-8"))["question"]:
        found = index(question["text"])
        places.append(next((place for place, key in enumerate(found) if key in question["means"]), None))
    shares = [sum(place is not None and place < most for place in places) / len(places) for most in (1, 5)]
    reciprocal = sum(1 / (place + 1) for place in places if place is not None) / len(places)
    print(f"{len(places)} questions: success@1 {shares[0]:.3f}, success@5 {shares[1]:.3f}, MRR@10 {reciprocal:.3f}")


def _measure(programme: Programme, count: int, scale: int) -> None:
    papers = list(programme.papers.values())
    index, seconds, memory, held = asyncio.run(_build(programme))
    print(f"\n## {len(papers)} papers ({scale}×)\n")
    print(
        f"index built in {seconds:.2f} s, {memory / len(papers):.1f} KiB a paper; the event loop waited {held:.1f} ms"
    )
    print("at the longest\n")
    queries = _queries(papers, count)
    finders = {"index": _index(index), **_baselines(papers)}
    print("| query | finder | hit@1 | hit@10 | median ms | p99 ms | median / index |")
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


def _figures(finder: Finder, queries: Sequence[Asked]) -> Figures:
    times, places = [], []
    for asked in queries:
        start = time.perf_counter()
        found = list(finder(asked.text))
        times.append((time.perf_counter() - start) * 1000)
        places.append(found.index(asked.key) if asked.key in found else None)
    times.sort()
    return Figures(
        sum(place == 0 for place in places) / len(places),
        sum(place is not None for place in places) / len(places),
        statistics.median(times),
        times[min(len(times) * 99 // 100, len(times) - 1)],
    )


async def _build(programme: Programme) -> tuple[Index, float, float, float]:
    """Build the index in a thread, as the bot does; return it with seconds, KiB and the loop's longest wait in ms."""
    waits = [0.0]
    done = asyncio.Event()

    async def tick() -> None:
        while not done.is_set():
            start = time.perf_counter()
            await asyncio.sleep(0.001)
            waits.append((time.perf_counter() - start) * 1000 - 1)

    gc.collect()
    before, ticking = _resident(), asyncio.create_task(tick())
    start = time.perf_counter()
    with considerately():
        index = await asyncio.to_thread(Index, programme)
    seconds = time.perf_counter() - start
    done.set()
    await ticking
    gc.collect()
    return index, seconds, _resident() - before, max(waits)


def _resident() -> float:
    """Return the process's resident memory in KiB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024


# --- queries


def _queries(papers: Sequence[Paper], count: int) -> list[Asked]:
    rng = random.Random(_SEED)  # noqa: S311 - nothing secret about a benchmark
    makers: dict[str, Callable[[random.Random, Paper], str | None]] = {
        "as spelt": _as_spelt,
        "one typing error": _misspelt,
        "shuffled": _shuffled,
        "prefix": _prefix,
        "author and word": _author_and_word,
        "acronym": _acronym(papers),
    }
    asked = []
    for kind, make in makers.items():
        order = rng.sample(range(len(papers)), len(papers))
        made = ((make(rng, papers[number]), papers[number].key) for number in order)
        kept = (Asked(kind, text, key) for text, key in made if text)
        asked += [query for query, _ in zip(kept, range(count), strict=False)]
    return asked


def _as_spelt(rng: random.Random, paper: Paper) -> str | None:
    words = paper.label.split()
    length = rng.randint(2, 4)
    if len(words) < length:
        return None
    start = rng.randrange(len(words) - length + 1)
    chosen = words[start : start + length]
    # Words such as "of the" name no paper.
    telling = [word for word in chosen if _WORD.search(word) and word.lower() not in _STOP]
    return " ".join(chosen) if len(telling) >= 2 else None


def _misspelt(rng: random.Random, paper: Paper) -> str | None:
    text = _as_spelt(rng, paper)
    if text is None:
        return None
    words = text.split()
    longest = [place for place, word in enumerate(words) if len(word) >= 4]
    if not longest:
        return None
    place = rng.choice(longest)
    words[place] = _with_error(rng, words[place])
    return " ".join(words)


def _with_error(rng: random.Random, word: str) -> str:
    at = rng.randrange(len(word) - 1)
    letter = rng.choice("abcdefghijklmnopqrstuvwxyz")
    return rng.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + letter + word[at + 1 :],
        )
    )


def _shuffled(rng: random.Random, paper: Paper) -> str | None:
    words = [word for word in _WORD.findall(paper.label) if word.lower() not in _STOP]
    return " ".join(rng.sample(words, min(len(words), rng.randint(3, 4)))) if len(words) >= 3 else None


def _prefix(rng: random.Random, paper: Paper) -> str | None:
    length = rng.randint(8, 20)
    return paper.label[:length].strip() if len(paper.label) > length else None


def _author_and_word(rng: random.Random, paper: Paper) -> str | None:
    words = [word for word in _WORD.findall(paper.label) if word.lower() not in _STOP and len(word) > 4]
    if not paper.authors or not words:
        return None
    return f"{rng.choice(paper.authors).name.split()[-1]} {rng.choice(words)}"


def _acronym(papers: Sequence[Paper]) -> Callable[[random.Random, Paper], str | None]:
    holders: dict[str, set[str]] = {}
    for paper in papers:
        for match in _ACRONYM.finditer(paper.abstract.plain if paper.abstract else ""):
            holders.setdefault(match[1], set()).add(paper.key)

    def make(rng: random.Random, paper: Paper) -> str | None:
        text = paper.abstract.plain if paper.abstract else ""
        own = [match[1] for match in _ACRONYM.finditer(text) if len(holders[match[1]]) == 1]
        return rng.choice(own) if own else None

    return make


# --- finders


def _index(index: Index) -> Finder:
    return lambda text: [paper.key for paper in index.search(Query.parse(text)).papers(10)]


def _baselines(papers: Sequence[Paper]) -> dict[str, Finder]:
    keys = [paper.key for paper in papers]
    titles = [utils.default_process(paper.label) for paper in papers]

    def fuzzy(scorer: Callable[..., float]) -> Finder:
        def find(text: str) -> list[str]:
            found = process.extract(utils.default_process(text), titles, scorer=scorer, limit=10)
            return [keys[number] for _, _, number in found]

        return find

    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE paper (key, title, authors, abstract)")
    for table, tokenizer in (("grams", "trigram"), ("words", "unicode61 remove_diacritics 2")):
        database.execute(
            f"CREATE VIRTUAL TABLE {table} USING fts5(key UNINDEXED, title, authors, abstract, tokenize='{tokenizer}')"
        )
    rows = [
        (
            paper.key,
            paper.label,
            ", ".join(author.name for author in paper.authors),
            paper.abstract.plain if paper.abstract else "",
        )
        for paper in papers
    ]
    for table in ("paper", "grams", "words"):
        database.executemany(f"INSERT INTO {table} VALUES (?, ?, ?, ?)", rows)  # noqa: S608 - names of ours

    def full_text(table: str, parts: Callable[[str], Iterator[str]]) -> Finder:
        statement = f"SELECT key FROM {table} WHERE {table} MATCH ? ORDER BY bm25({table}, 0, 10, 5, 1) LIMIT 10"  # noqa: S608

        def find(text: str) -> list[str]:
            match = " OR ".join(parts(text))
            return [key for (key,) in database.execute(statement, (match,))] if match else []

        return find

    def like(text: str) -> list[str]:
        statement = "SELECT key FROM paper WHERE title || ' ' || authors LIKE ? LIMIT 10"
        return [key for (key,) in database.execute(statement, (f"%{text}%",))]

    return {
        "partial_ratio": fuzzy(fuzz.partial_ratio),
        "WRatio": fuzzy(fuzz.WRatio),
        "FTS5 trigram": full_text(
            "grams", lambda text: (f'"{text[i : i + 3]}"' for i in range(len(text) - 2) if '"' not in text)
        ),
        "FTS5 prefix-OR": full_text("words", lambda text: (f'"{word}"*' for word in re.findall(r"\w+", text))),
        "LIKE": like,
    }


# --- corpora


def _read(path: Path) -> Source:
    data = path.read_bytes()
    return assign_keys(read(data, path.name))


def _joined(sources: Sequence[Source]) -> Source:
    return Source("bench", tuple(session for source in sources for session in source.sessions))


def _tiled(source: Source, scale: int) -> Source:
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
        rng = random.Random(_SEED + copy)  # noqa: S311 - nothing secret about a benchmark
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


if __name__ == "__main__":
    sys.exit(main())
