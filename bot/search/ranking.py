"""Which of the papers that answer a query come first."""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from bot.search.authored import Authored
from bot.search.flat import Longs, distinct
from bot.search.postings import Mask, Worths
from bot.search.terms import Terms
from bot.search.titles import TITLED, Titles

NOWHERE: Final[Longs] = np.zeros(0, np.int64)
"""No papers."""

_SHORT_LIST: Final = 40
"""How many papers are compared with the query by their titles as well, at every keystroke.

Among 6,186 papers twice as many find no more in `tests.search.bench_search`, and take one and a half times as long.
"""

_LONGER_LIST: Final = 100
"""The same where no title has all the words: then the paper is more often one of many that have some."""

_TITLES_READ: Final = 300
"""In how many titles with all the words these are looked for in a row; 2,000 find no more among 6,186 papers."""


_ALL_TITLED_ADDS: Final = 0.3
"""What it adds that a paper has the one word that is asked for in its title, its authors' names or its facets.

With 1, 7 of 100 acronyms no longer come first.
"""

_HAVING_ALL_COUNTS: Final = 1.8
"""How many times as much a paper is worth that has all of several words: in its title, its authors' names and its
facets if any paper has them there, and else anywhere.

It multiplies, so that such papers keep their order. Without, 3 of 100 questions of scattered words of an abstract, and
2 of 100 of a topic and a word, no longer find their paper first.
"""

_IN_A_ROW_ADDS: Final = 2.0
"""What it adds that a paper has all words in a row, where no title has them all."""


class Ranked(NamedTuple):
    """A paper of the short list, with its score and the part of it that its words alone make."""

    paper: int
    score: float
    by_words: float


def short_list(
    titles: Titles,
    scores: Worths,
    terms: Terms,
    titled: Mask,
    having_all: Mask,
    in_a_row: Callable[[Longs], Worths] | None,
    introducing: Longs = NOWHERE,
    authored: Authored | None = None,
    *,
    surely: bool = False,
) -> list[Ranked]:
    """Take the best papers out of the scores, and rank them by how they fit the titles as well.

    Args:
        titles: the titles.
        scores: what the words alone are worth.
        terms: what was asked for.
        titled: which papers have all words in the title.
        having_all: which have all words where they count.
        in_a_row: tells how many of the words stand in a row in each of some papers; None where that does not count.
        introducing: papers that introduce what was asked for, each of them as good as one that has it in its title.
        authored: tells how the words go together with an author of each of some papers; None where nobody is asked.
        surely: whether papers that have all words, though not in the title, are meant; these are the best already.
    """
    readings, meant, misspelt = terms.readings, terms.meant, terms.misspelt
    found = np.flatnonzero(scores > 0)  # of truth values they are found several times as fast as of numbers
    most = _SHORT_LIST if in_a_row is None or surely else _LONGER_LIST
    if len(found) > most:
        best = found[np.argpartition(-scores[found], most)[:most]]
        alike = titles.alike(readings, np.flatnonzero(titled)[:_TITLES_READ].tolist(), {**meant, **misspelt})
        found = distinct(np.array([*best.tolist(), *(paper for paper in alike if scores[paper])], np.int64))
    fits = titles.fits(readings[0] if readings else "", found, meant, misspelt)
    if len(terms.words) == 1:
        fits[titled[found]] += _ALL_TITLED_ADDS
    if authored is not None:
        fits += authored.fits(found, terms.meanings)
    if in_a_row is not None and len(found):
        fits += in_a_row(found) * _IN_A_ROW_ADDS
    if len(introducing):
        fits[np.isin(found, introducing)] += TITLED
    by_words = scores[found]
    total = by_words * (1.0 + fits)
    if len(terms.words) > 1:
        total[having_all[found]] *= _HAVING_ALL_COUNTS
    scores[found] = 0.0
    beaten = float(scores.max()) if len(scores) else 0.0
    # Its title may begin like the query, while its words are worth too little.
    behind = total < beaten
    scores[found[behind]] = by_words[behind]
    order = np.argsort(-total, kind="stable")[: len(found) - np.count_nonzero(behind)]
    listed = (found[order], total[order], by_words[order])
    return list(map(Ranked._make, zip(*(column.tolist() for column in listed), strict=True)))
