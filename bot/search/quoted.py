"""The papers whose whole titles stand in a text that somebody wrote."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import takewhile
from typing import Final

from bot.search.labels import Labels
from bot.search.words import tokens

_FEWEST_WORDS: Final = 3
"""A shorter title, such as "Opening Remarks", may stand in a text that means something else, unless it is a whole line.
"""

_MOST_WORDS: Final = 1_000
"""How many words are looked at: those of Discord's longest message."""

_LONGEST: Final = 60
"""How many words of a title are looked for."""


def quoted(titles: Labels, text: str) -> list[int]:
    """Return the papers whose titles stand in a text, also where a title goes on in the next line.

    A title within another one that stands there is not meant.
    """
    found: dict[int, None] = {}
    for piece in (*text.splitlines(), text):
        words = tokens(piece)[:_MOST_WORDS]
        place = 0
        while place < len(words):
            length = _title_at(titles, words[place : place + _LONGEST])
            if length >= _FEWEST_WORDS or length == len(words):
                found |= dict.fromkeys(titles.exactly(" ".join(words[place : place + length])))
            place += max(length, 1)
    return list(found)


def _title_at(titles: Labels, words: Sequence[str]) -> int:
    """Return how many of the words, from the first one on, are the longest title with which they begin; 0 for none."""
    while words:
        place = bisect_right(titles.texts, " ".join(words)) - 1
        title = titles.texts[place].split() if place >= 0 else []
        shared = takewhile(lambda pair: pair[0] == pair[1], zip(title, words, strict=False))
        common = sum(1 for _ in shared)
        if common == len(title):
            return common
        # A title with which the words begin comes before this one, and the two have no more in common than that.
        words = words[:common]
    return 0
