"""Queries made from the papers of a corpus, each with one right answer."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.programme.model import Paper
from tests.search.bench_errors import with_error
from tests.search.bench_harder import harder_makers

SEED = 2026
_STOP = frozenset("a an and are as at by for from in is of on or the to via with".split())
_WORD = re.compile(r"[^\W\d_]{3,}")
_ACRONYM = re.compile(r"\(([A-Z][A-Za-z]?[A-Z]{1,5})s?\)")


@dataclass(frozen=True, slots=True)
class BenchQuery:
    """A query and the paper it was made from."""

    kind: str
    text: str
    key: str


def queries_of(papers: Sequence[Paper], count: int, seed: int = SEED) -> list[BenchQuery]:
    rng = random.Random(seed)  # noqa: S311 - nothing secret about a benchmark
    makers: dict[str, Callable[[random.Random, Paper], str | None]] = {
        "as spelt": _as_spelt,
        "one typing error": _misspelt,
        "shuffled": _shuffled,
        "prefix": _prefix,
        "author and word": _author_and_word,
        "acronym": _acronym(papers),
        "author and affiliation": _author_and_affiliation,
        "affiliation and word": _affiliation_and_word,
        "topic and word": _topic_and_word,
        **harder_makers(),
    }
    asked = []
    for kind, make in makers.items():
        order = rng.sample(range(len(papers)), len(papers))
        made = ((make(rng, papers[number]), papers[number].key) for number in order)
        kept = (BenchQuery(kind, text, key) for text, key in made if text)
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
    words[place] = with_error(rng, words[place])
    return " ".join(words)


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


def _author_and_affiliation(rng: random.Random, paper: Paper) -> str | None:
    affiliated = [author for author in paper.authors if any(map(_WORD.search, author.affiliations))]
    if not affiliated:
        return None
    author = rng.choice(affiliated)
    return f"{author.name.split()[-1]} {rng.choice(_WORD.findall(' '.join(author.affiliations)))}"


def _affiliation_and_word(rng: random.Random, paper: Paper) -> str | None:
    return _with_word(rng, paper, [place for author in paper.authors for place in author.affiliations])


def _topic_and_word(rng: random.Random, paper: Paper) -> str | None:
    return _with_word(rng, paper, [*paper.topics, *filter(None, (paper.track,))])


def _with_word(rng: random.Random, paper: Paper, names: Sequence[str]) -> str | None:
    """Return one of some names with a word of the title that is in none of them."""
    known = {word.lower() for name in names for word in _WORD.findall(name)}
    words = [word for word in _WORD.findall(paper.label) if word.lower() not in {*known, *_STOP} and len(word) > 4]
    return f"{rng.choice(names)} {rng.choice(words)}" if names and words else None


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
