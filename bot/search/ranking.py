"""Which of the papers that answer a query come first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.search.flat import distinct
from bot.search.postings import Mask, Worths
from bot.search.titles import Titles

_SHORT_LIST: Final = 40
"""How many papers are compared with the query by their titles as well, at every keystroke.

Among 6,186 papers twice as many find no more in `tests.search.bench_search`, and take one and a half times as long.
"""

_TITLES_READ: Final = 300
"""In how many titles with all the words these are looked for in a row; 2,000 find no more among 6,186 papers."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A paper of the short list, with its score and the part of it that its words alone make."""

    paper: int
    score: float
    by_words: float


def short_list(titles: Titles, scores: Worths, readings: Sequence[str], titled: Mask) -> list[Ranked]:
    """Take the best papers out of the scores, and rank them by how they fit the titles as well."""
    found = np.flatnonzero(scores)
    if len(found) > _SHORT_LIST:
        best = found[np.argpartition(-scores[found], _SHORT_LIST)[:_SHORT_LIST]]
        alike = titles.alike(readings, np.flatnonzero(titled)[:_TITLES_READ].tolist())
        found = distinct(np.array([*best.tolist(), *(paper for paper in alike if scores[paper])], np.int64))
    papers = found.tolist()
    ranked = [
        Ranked(paper, score * (1.0 + fit), score)
        for paper, score, fit in zip(papers, scores[found].tolist(), titles.fits(readings, papers), strict=True)
    ]
    scores[found] = 0.0
    beaten = float(scores.max()) if len(scores) else 0.0
    for entry in ranked:
        if entry.score < beaten:  # its title begins like the query, but its words are worth too little
            scores[entry.paper] = entry.by_words
    return sorted((entry for entry in ranked if entry.score >= beaten), key=lambda entry: -entry.score)
