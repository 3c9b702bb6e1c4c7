"""What finding a word in a paper is worth, by where it stands there."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.search.entries import HIGHEST, MIDDLE, MOST_COUNTED, Marks
from bot.search.flat import AT_ONCE, Longs
from bot.search.implied import Implied
from bot.search.postings import Worths

# An abstract's words come to less than 0.5 and a title's to 0.8 or more, so an author's name at 0.7 is between the two.
# Any other order of the three puts authors' papers too low or too high: with 0.4, queries of an author and a word find
# their paper first in 74 of 100 cases instead of 83.
_TITLE_WORTH: Final = 1.0
_AUTHOR_WORTH: Final = 0.7
_ABSTRACT_WORTH: Final = 0.5

_SATURATION: Final = 0.7
"""How soon more of the same word in an abstract adds nothing: BM25's k1, of which 1.2 to 2 is usual.

Less than that, since a single mention tells much: of 150 phrases of abstracts of ACL 2020, COLM and ICLR, 130 find
their paper first with it, and 125 with 0.4. Titles of which the beginning is typed are found no worse, since that adds
more (`bot.search.titles`).
"""

_LENGTH_WEIGHT: Final = 0.25
"""How much more a word of a short title says about its paper: BM25's b, less than its usual 0.75.

With 0.75 a word of a title of twenty words would be worth less than an author's name.
"""

_USUAL_TITLE_LENGTH: Final = 10
"""How many words titles usually have: the median of ACL 2022's papers, and of MLSys 2026's posters."""

_TOPIC_WORTH: Final = 1.0
"""What a word of a topic, a track or a kind is worth: as much as one of a title of the usual length.

With 0.8, 9 of 600 queries of a topic and a word of the title, made from ACL 2020 and ICLR 2020, no longer have a paper
first that fits; of 600 of scattered words of an abstract one more does. With 1.3 they gain 3 and lose 2.
"""

_AFFILIATION_WORTH: Final = 0.3
"""What a word of an affiliation is worth: less than an author's name.

In ACL 2022, other queries find as much as without affiliations; with 0.4, two of 277 acronyms no longer come first.
With 0.2, queries of an author and an affiliation find their paper first in 533 of 1,028 cases instead of 540.
"""

_IMPLIED_SHARE: Final = 0.2
"""What an acronym is worth where only its long form stands, and the other way round, as a share of what stands there.

Without, acronyms find their paper first in 78 of 100 cases instead of 80; with 0.4, beginnings of titles lose as much.
"""

_COUNTS: Final = np.arange(MOST_COUNTED + 1)
_COUNTED: Final = _ABSTRACT_WORTH * _COUNTS / (_COUNTS + _SATURATION)
"""What a word is worth that is so often in an abstract."""


def text_worths(marks: Marks, title_lengths: NDArray[np.integer]) -> Worths:
    """Return what words are worth in titles, authors' names and abstracts.

    Args:
        marks: what is known of each word of each paper.
        title_lengths: how many words the paper's title has.
    """
    return _text_worths(marks, title_lengths, _COUNTED[marks & MOST_COUNTED])


def all_text_worths(marks: Marks, title_lengths: NDArray[np.integer], at: Longs, saying: Implied) -> Worths:
    """Return what words are worth in all texts, likewise, where some of them are implied too.

    Args:
        marks: see there.
        title_lengths: see there.
        at: the places of those that are implied, in order.
        saying: how often they are.
    """
    more = (saying.by_abstract * _ABSTRACT_WORTH + saying.by_title * _TITLE_WORTH) * _IMPLIED_SHARE
    every = np.empty(len(marks), np.float32)
    # In parts: what they need meanwhile is several times as large as what is made.
    for start in range(0, len(marks), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        first, last = np.searchsorted(at, (part.start, part.stop))
        worths = _COUNTED[marks[part] & MOST_COUNTED]
        worths[at[first:last] - start] += more[first:last]
        every[part] = _text_worths(marks[part], title_lengths[part], worths)
    return every


def _text_worths(marks: Marks, title_lengths: NDArray[np.integer], worths: NDArray[np.float64]) -> Worths:
    """Return what words are worth that are worth so much in an abstract."""
    np.maximum(worths, _AUTHOR_WORTH, out=worths, where=(marks & MIDDLE) > 0)
    titled = np.flatnonzero(marks & HIGHEST)
    lengths = np.minimum(title_lengths[titled] / _USUAL_TITLE_LENGTH, 2)
    worths[titled] += _TITLE_WORTH / (1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * lengths)
    return np.asarray(worths, np.float32)


def facet_worths(marks: Marks) -> Worths:
    """Return what words are worth in topics, kinds and affiliations; those without marks are implied."""
    implied = _TOPIC_WORTH * _IMPLIED_SHARE
    affiliated = np.where(marks & MIDDLE, _AFFILIATION_WORTH, implied)
    return np.where(marks & HIGHEST, _TOPIC_WORTH, affiliated).astype(np.float32)
