"""Topics of a programme whose source names none: papers that share telling words, found in their titles and abstracts.

It takes a while: call it in a thread. Nothing is drawn by chance that is not drawn the same each time.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.programme.model import Paper
from bot.search.contents import Contents
from bot.search.flat import Ints, Rows, bounds_of, owners
from bot.search.query import is_filler
from bot.search.reading import Field
from bot.search.words import stems, tokens

_Floats: TypeAlias = NDArray[np.float32]

_SEED: Final = 2022
_MOST: Final = 24
"""How many topics there are at the most: a menu has 25 lines, and one is for all others."""

_FEWEST_PAPERS: Final = 12
"""Of fewer papers a list is short enough."""

_TITLE_COUNTS: Final = 3.0
"""How often a word of a title counts next to one of an abstract."""

_RAREST: Final = 3
_COMMONEST: Final = 0.2
"""How many papers a word is in at least, and which share of all at most, for it to tell a topic."""

_COMMON_AMONG_FEW: Final = 7
"""In how many papers a word may be where there are few: one topic may be a third of them."""

_DIMENSIONS: Final = 32
_MORE: Final = 16
_PASSES: Final = 3
_STARTS: Final = 8
_ROUNDS: Final = 40
_KEPT_WORDS: Final = 150
_ROWS_AT_ONCE: Final = 1024
_LABEL_WORDS: Final = 3
_FEWEST_IN_TOPIC: Final = 3
_PAIR_COUNTS: Final = 1.4
"""What two words that follow each other say, next to one."""

_LOOKED_AT: Final = 40


class FoundTopic(NamedTuple):
    """A topic that was found.

    Attributes:
        name: its telling words.
        words: how much each stem tells of it; the squares come to one.
    """

    name: str
    words: Mapping[str, float]


class Matrix(NamedTuple):
    """How much each stem tells of each paper, in rows of which the squares come to one.

    Attributes:
        stems: the stems that tell something.
        rows: the places of the stems of each paper.
        values: how much each tells.
    """

    stems: Sequence[str]
    rows: Rows
    values: _Floats

    def times(self, dense: _Floats) -> _Floats:
        """Return the product with a matrix that has a row for each stem."""
        bounds = self.rows.bounds
        made = np.zeros((len(bounds) - 1, dense.shape[1]), np.float32)
        for start in range(0, len(made), _ROWS_AT_ONCE):
            end = min(start + _ROWS_AT_ONCE, len(made))
            first, last = bounds[start], bounds[end]
            products = dense[self.rows.values[first:last]] * self.values[first:last, None]
            filled = np.flatnonzero(np.diff(bounds[start : end + 1]))
            if len(filled):
                made[start + filled] = np.add.reduceat(products, (bounds[start:end] - first)[filled], axis=0)
        return made

    def transposed(self) -> "Matrix":
        """Return the papers of each stem, in rows."""
        order = np.argsort(self.rows.values, kind="stable")
        lengths = np.bincount(self.rows.values, minlength=len(self.stems))
        papers = owners(self.rows.bounds).astype(np.int32)[order]
        return Matrix(self.stems, Rows(bounds_of(lengths), papers), self.values[order])


def matrix_of(contents: Contents) -> Matrix:
    """Weigh the stems of titles and abstracts: what is frequent in a paper and rare elsewhere tells most."""
    words = contents.vocabulary.words
    of_words = stems(list(words))
    names, numbers = np.unique(np.array(of_words, dtype=object).astype(str), return_inverse=True)
    values = contents.rows.values
    count = len(contents.rows.bounds) - 1
    ends = np.flatnonzero(values < 0)
    if not len(ends):
        return Matrix((), Rows(np.zeros(count + 1, np.int64), np.zeros(0, np.int32)), np.zeros(0, np.float32))
    fields = -values[ends[np.searchsorted(ends, np.arange(len(values)))]] - 1
    told = (values >= 0) & ((fields == Field.TITLE) | (fields == Field.ABSTRACT))
    of_papers = owners(contents.rows.bounds)[told]
    of_stems = numbers[values[told]].astype(np.int64)
    weights = np.where(fields[told] == Field.TITLE, _TITLE_COUNTS, 1.0)
    pairs, inverse = np.unique(of_papers * len(names) + of_stems, return_inverse=True)
    often = np.bincount(inverse, weights)
    papers, of_stems = pairs // len(names), pairs % len(names)
    spread = np.bincount(of_stems, minlength=len(names))
    most = max(count * _COMMONEST, min(_COMMON_AMONG_FEW, count * 2 * _COMMONEST))
    said = np.array([len(name) > 2 and name.isalpha() and not is_filler(name) for name in names.tolist()])
    tells = (spread >= min(_RAREST, max(2, count // 20))) & (spread <= most) & said
    place = np.cumsum(tells) - 1
    kept = tells[of_stems]
    papers, columns, often = papers[kept], place[of_stems[kept]], often[kept]
    idf = np.log(count / np.maximum(spread[tells], 1))
    made = (1 + np.log(often)) * idf[columns]
    lengths = np.bincount(papers, minlength=count)
    norms = np.sqrt(np.bincount(papers, made**2, minlength=count))
    made /= np.maximum(norms[papers], 1e-9)
    return Matrix(names[tells].tolist(), Rows(bounds_of(lengths), columns.astype(np.int32)), made.astype(np.float32))


def reduced(matrix: Matrix, dimensions: int) -> _Floats:
    """Return the papers in a few dimensions that keep most of what tells them apart (a randomised SVD)."""
    rng = np.random.default_rng(_SEED)
    back = matrix.transposed()
    size = min(dimensions + _MORE, len(matrix.stems), len(matrix.rows.bounds) - 1)
    basis = matrix.times(rng.standard_normal((len(matrix.stems), size)).astype(np.float32))
    for _ in range(_PASSES):
        basis, _ = np.linalg.qr(basis)
        basis = matrix.times(back.times(basis))
    basis, _ = np.linalg.qr(basis)
    small = back.times(basis)
    left, strengths, _ = np.linalg.svd(small.T, full_matrices=False)
    return np.asarray((basis @ left * strengths)[:, :dimensions], np.float32)


def grouped(points: _Floats, count: int) -> Ints:
    """Return the group of each point, so many groups, by the directions of the points (spherical k-means)."""
    lengths = np.linalg.norm(points, axis=1, keepdims=True)
    points = points / np.maximum(lengths, 1e-9)
    rng = np.random.default_rng(_SEED)
    best, best_worth = np.zeros(len(points), np.int32), -np.inf
    for _ in range(_STARTS):
        centres = _first_centres(points, count, rng)
        group = np.zeros(len(points), np.int64)
        for _ in range(_ROUNDS):
            near = points @ centres.T
            changed = near.argmax(axis=1)
            if (changed == group).all():
                break
            group = changed
            sums = np.zeros_like(centres)
            np.add.at(sums, group, points)
            norms = np.linalg.norm(sums, axis=1, keepdims=True)
            centres = np.where(norms > 1e-9, sums / np.maximum(norms, 1e-9), centres)
        worth = float((points @ centres.T).max(axis=1).sum())
        if worth > best_worth:
            best, best_worth = group.astype(np.int32), worth
    return best


def _first_centres(points: _Floats, count: int, rng: np.random.Generator) -> _Floats:
    chosen = [int(rng.integers(len(points)))]
    far = 1 - points @ points[chosen[0]]
    for _ in range(count - 1):
        odds = np.maximum(far, 0).astype(np.float64)
        total = odds.sum()
        chosen.append(int(rng.choice(len(points), p=odds / total) if total > 0 else rng.integers(len(points))))
        far = np.minimum(far, 1 - points @ points[chosen[-1]])
    return points[chosen].copy()


def find_topics(papers: Sequence[Paper], contents: Contents) -> tuple[FoundTopic, ...]:
    """Return the topics of some papers of which the contents are known; none for a few papers."""
    matrix = matrix_of(contents)
    if len(papers) < _FEWEST_PAPERS or len(matrix.stems) < _FEWEST_PAPERS:
        return ()
    count = max(min(_MOST, round((len(papers) / 1.4) ** 0.5)), 2)
    groups = grouped(reduced(matrix, _DIMENSIONS), count)
    centres = np.zeros((count, len(matrix.stems)), np.float32)
    np.add.at(centres, (groups[owners(matrix.rows.bounds)], matrix.rows.values), matrix.values)
    told = [_told(matrix.stems, centre) for centre in centres]
    found = [FoundTopic("", words) for words in told if words]
    of_papers = _nearest(matrix, found)
    large = [topic for number, topic in enumerate(found) if (of_papers == number).sum() >= _FEWEST_IN_TOPIC]
    of_papers = _nearest(matrix, large)
    return tuple(
        topic._replace(name=name) for topic, name in zip(large, _names(papers, of_papers, len(large)), strict=True)
    )


def in_topics(topics: Sequence[FoundTopic], contents: Contents) -> list[int]:
    """Return the place of each paper's topic, the nearest one; -1 where its texts have no word of any."""
    return _nearest(matrix_of(contents), topics).tolist() if topics else [-1] * (len(contents.rows.bounds) - 1)


def likeness(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Return how much two topics are about the same, by their words: 1 for the same."""
    return sum(weight * other.get(word, 0.0) for word, weight in one.items())


def _told(names: Sequence[str], centre: _Floats) -> dict[str, float]:
    best = np.argsort(-centre, kind="stable")[:_KEPT_WORDS]
    best = best[centre[best] > 0]
    length = float(np.linalg.norm(centre[best])) or 1.0
    return {names[place]: round(float(centre[place]) / length, 4) for place in best.tolist()}


def _nearest(matrix: Matrix, topics: Sequence[FoundTopic]) -> Ints:
    places = {name: place for place, name in enumerate(matrix.stems)}
    centres = np.zeros((len(matrix.stems), max(len(topics), 1)), np.float32)
    for number, topic in enumerate(topics):
        for word, weight in topic.words.items():
            if word in places:
                centres[places[word], number] = weight
    near = matrix.times(centres)
    return np.where(near.max(axis=1) > 0, near.argmax(axis=1), -1).astype(np.int32)


def _names(papers: Sequence[Paper], of_papers: Ints, count: int) -> list[str]:
    """Name each topic by the phrases that many of its papers have and few others."""
    spread: Counter[str] = Counter()
    within: list[Counter[str]] = [Counter() for _ in range(count)]
    for paper, topic in zip(papers, of_papers.tolist(), strict=True):
        phrases = _phrases(paper)
        spread.update(phrases)
        if topic >= 0:
            within[topic].update(phrases)
    names: list[str] = []
    for number, phrases_ in enumerate(within):
        size = int((of_papers == number).sum())
        name = _name(papers, np.flatnonzero(of_papers == number).tolist(), phrases_, spread, size)
        names.append(name if name not in names else f"{name} ({number + 1})")
    return names


def _phrases(paper: Paper) -> set[str]:
    """Return the words of a paper's title and abstract that may tell, and the pairs of neighbours."""
    found: set[str] = set()
    for text in (paper.label, paper.abstract.plain if paper.abstract else ""):
        words = [word if len(word) > 2 and word.isalpha() and not is_filler(word) else "" for word in tokens(text)]
        found.update(filter(None, words))
        found.update(f"{one} {other}" for one, other in pairwise(words) if one and other)
    return found


def _name(
    papers: Sequence[Paper], places: Sequence[int], phrases: Counter[str], spread: Counter[str], size: int
) -> str:
    count = len(papers)

    def worth(phrase: str) -> float:
        inside, outside = phrases[phrase], spread[phrase] - phrases[phrase]
        ratio = (inside / size) / ((outside + 1) / max(count - size, 1))
        return inside * math.log(max(ratio, 1e-6)) * (_PAIR_COUNTS if " " in phrase else 1.0)

    chosen: list[str] = []
    said: set[str] = set()
    for phrase in sorted((one for one in phrases if phrases[one] >= 2), key=lambda one: (-worth(one), one)):
        its = set(stems(phrase.split()))
        if its & said:
            continue
        chosen.append(_as_printed(phrase, papers, places))
        said |= its
        if len(chosen) == _LABEL_WORDS:
            break
    return " · ".join(chosen) or "other"


def _as_printed(phrase: str, papers: Sequence[Paper], places: Sequence[int]) -> str:
    """Write a phrase as the papers mostly do within their texts, such as NLP for nlp."""
    pattern = re.compile(r"\b" + r"[\s-]+".join(map(re.escape, phrase.split())) + r"\b", re.IGNORECASE)
    forms: Counter[str] = Counter()
    for place in places[:_LOOKED_AT]:
        abstract = papers[place].abstract
        forms.update(" ".join(form.split()) for form in pattern.findall(abstract.plain if abstract else ""))
    return forms.most_common(1)[0][0] if forms else phrase
