"""Queries made from the papers of a corpus, each with the paper it was made from and what else would answer it."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.programme.model import Paper
from tests.search.bench_alike import (
    Fits,
    Maker,
    Question,
    about,
    begun,
    either,
    from_place,
    holding,
    this_alone,
    titled,
    working_at,
    written_by,
)
from tests.search.bench_errors import with_error
from tests.search.bench_harder import harder_makers

SEED = 2026
_STOP = frozenset("a an and are as at by for from in is of on or the to via with".split())
_WORD = re.compile(r"[^\W\d_]{3,}")
_ACRONYM = re.compile(r"\(([A-Z][A-Za-z]?[A-Z]{1,5})s?\)")


@dataclass(frozen=True, slots=True)
class BenchQuery:
    """A query, the paper it was made from, and what tells which other papers answer it as well."""

    kind: str
    text: str
    key: str
    fits: Fits


def queries_of(papers: Sequence[Paper], count: int, seed: int = SEED) -> list[BenchQuery]:
    rng = random.Random(seed)  # noqa: S311 - nothing secret about a benchmark
    makers: dict[str, Maker] = {
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
        kept = (BenchQuery(kind, question.text, key, question.fits) for question, key in made if question)
        asked += [query for query, _ in zip(kept, range(count), strict=False)]
    return asked


def _as_spelt(rng: random.Random, paper: Paper) -> Question | None:
    words = paper.label.split()
    length = rng.randint(2, 4)
    if len(words) < length:
        return None
    start = rng.randrange(len(words) - length + 1)
    chosen = words[start : start + length]
    # Words such as "of the" name no paper.
    telling = [word for word in chosen if _WORD.search(word) and word.lower() not in _STOP]
    text = " ".join(chosen)
    return Question(text, titled(text)) if len(telling) >= 2 else None


def _misspelt(rng: random.Random, paper: Paper) -> Question | None:
    spelt = _as_spelt(rng, paper)
    if spelt is None:
        return None
    words = spelt.text.split()
    longest = [place for place, word in enumerate(words) if len(word) >= 4]
    if not longest:
        return None
    place = rng.choice(longest)
    words[place] = with_error(rng, words[place])
    text = " ".join(words)
    return Question(text, either(spelt.fits, titled(text)))


def _shuffled(rng: random.Random, paper: Paper) -> Question | None:
    words = [word for word in _WORD.findall(paper.label) if word.lower() not in _STOP]
    if len(words) < 3:
        return None
    chosen = rng.sample(words, min(len(words), rng.randint(3, 4)))
    return Question(" ".join(chosen), holding(chosen))


def _prefix(rng: random.Random, paper: Paper) -> Question | None:
    length = rng.randint(8, 20)
    text = paper.label[:length].strip()
    return Question(text, begun(text)) if len(paper.label) > length else None


def _author_and_word(rng: random.Random, paper: Paper) -> Question | None:
    words = [word for word in _WORD.findall(paper.label) if word.lower() not in _STOP and len(word) > 4]
    if not paper.authors or not words:
        return None
    name, word = rng.choice(paper.authors).name.split()[-1], rng.choice(words)
    return Question(f"{name} {word}", written_by(name, word))


def _author_and_affiliation(rng: random.Random, paper: Paper) -> Question | None:
    affiliated = [author for author in paper.authors if any(map(_WORD.search, author.affiliations))]
    if not affiliated:
        return None
    author = rng.choice(affiliated)
    name, place = author.name.split()[-1], rng.choice(_WORD.findall(" ".join(author.affiliations)))
    return Question(f"{name} {place}", working_at(name, place))


def _affiliation_and_word(rng: random.Random, paper: Paper) -> Question | None:
    return _with_word(rng, paper, [place for author in paper.authors for place in author.affiliations], from_place)


def _topic_and_word(rng: random.Random, paper: Paper) -> Question | None:
    return _with_word(rng, paper, [*paper.topics, *filter(None, (paper.track,))], about)


def _with_word(
    rng: random.Random, paper: Paper, names: Sequence[str], fits: Callable[[str, str], Fits]
) -> Question | None:
    """Return one of some names with a word of the title that is in none of them."""
    known = {word.lower() for name in names for word in _WORD.findall(name)}
    words = [word for word in _WORD.findall(paper.label) if word.lower() not in {*known, *_STOP} and len(word) > 4]
    if not names or not words:
        return None
    name, word = rng.choice(names), rng.choice(words)
    return Question(f"{name} {word}", fits(name, word))


def _acronym(papers: Sequence[Paper]) -> Maker:
    holders: dict[str, set[str]] = {}
    for paper in papers:
        for match in _ACRONYM.finditer(paper.abstract.plain if paper.abstract else ""):
            holders.setdefault(match[1], set()).add(paper.key)

    def make(rng: random.Random, paper: Paper) -> Question | None:
        text = paper.abstract.plain if paper.abstract else ""
        own = [match[1] for match in _ACRONYM.finditer(text) if len(holders[match[1]]) == 1]
        return Question(rng.choice(own), this_alone) if own else None

    return make
