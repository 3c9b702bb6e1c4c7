"""What is compared: the bot's index, and what others do."""

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence

from rapidfuzz import fuzz, process, utils

from bot.programme.model import Paper
from bot.search.index import Index
from bot.search.query import Query

Finder = Callable[[str], Sequence[str]]
"""Returns the keys of the best ten papers for a query."""


def index_finder(index: Index) -> Finder:
    return lambda text: [paper.key for paper in index.search(Query.parse(text)).papers(10)]


def other_finders(papers: Sequence[Paper]) -> dict[str, Finder]:
    keys = [paper.key for paper in papers]
    titles = [utils.default_process(paper.label) for paper in papers]

    def fuzzy(scorer: Callable[..., float]) -> Finder:
        def find(text: str) -> list[str]:
            found = process.extract(utils.default_process(text), titles, scorer=scorer, limit=10)
            return [keys[number] for _, _, number in found]

        return find

    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE paper (key, title, authors, topics, affiliations, abstract)")
    for table, tokenizer in (("grams", "trigram"), ("words", "unicode61 remove_diacritics 2")):
        database.execute(
            f"CREATE VIRTUAL TABLE {table} USING fts5("
            f"key UNINDEXED, title, authors, topics, affiliations, abstract, tokenize='{tokenizer}')"
        )
    rows = [
        (
            paper.key,
            paper.label,
            ", ".join(author.name for author in paper.authors),
            ", ".join((*paper.topics, paper.track or "", paper.kind_name)),
            ", ".join(name for author in paper.authors for name in author.affiliations),
            paper.abstract.plain if paper.abstract else "",
        )
        for paper in papers
    ]
    for table in ("paper", "grams", "words"):
        database.executemany(f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?, ?)", rows)  # noqa: S608 - names of ours

    def full_text(table: str, parts: Callable[[str], Iterator[str]]) -> Finder:
        statement = f"SELECT key FROM {table} WHERE {table} MATCH ? ORDER BY bm25({table}, 0, 10, 5, 5, 2, 1) LIMIT 10"  # noqa: S608

        def find(text: str) -> list[str]:
            match = " OR ".join(parts(text))
            return [key for (key,) in database.execute(statement, (match,))] if match else []

        return find

    def like(text: str) -> list[str]:
        statement = "SELECT key FROM paper WHERE title || ' ' || authors || ' ' || topics LIKE ? LIMIT 10"
        return [key for (key,) in database.execute(statement, (f"%{text}%",))]

    database.execute("CREATE VIRTUAL TABLE stems USING fts5(key UNINDEXED, title, abstract, tokenize='porter')")
    database.executemany("INSERT INTO stems VALUES (?, ?, ?)", [(row[0], row[1], row[-1]) for row in rows])

    def bm25(text: str) -> list[str]:
        statement = "SELECT key FROM stems WHERE stems MATCH ? ORDER BY bm25(stems) LIMIT 10"
        match = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", text))
        return [key for (key,) in database.execute(statement, (match,))] if match else []

    return {
        "BM25": bm25,
        "partial_ratio": fuzzy(fuzz.partial_ratio),
        "WRatio": fuzzy(fuzz.WRatio),
        "FTS5 trigram": full_text(
            "grams", lambda text: (f'"{text[i : i + 3]}"' for i in range(len(text) - 2) if '"' not in text)
        ),
        "FTS5 prefix-OR": full_text("words", lambda text: (f'"{word}"*' for word in re.findall(r"\w+", text))),
        "LIKE": like,
    }
