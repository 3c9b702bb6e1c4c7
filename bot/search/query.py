"""What somebody typed, understood: words, phrases in quotes, and words to leave out."""

import re
from dataclasses import dataclass
from typing import Self

from bot.search.words import tokens

TERM_LIMIT = 24
"""The most words of a query that are looked at: Discord lets people send thousands of characters."""

_CHARACTER_LIMIT = 1_000
_PIECE = re.compile(r"(?P<minus>(?<!\S)[-–−])?(?:[\"“”„](?P<phrase>[^\"“”„]*)(?:[\"“”„]|$)|(?P<word>[^\s\"“”„]+))")


@dataclass(frozen=True, slots=True)
class Query:
    """A query taken apart.

    Attributes:
        words: the folded words outside of quotes, in order.
        phrases: what was quoted, as tuples of folded words.
        without: words and phrases to leave out.
        unfinished: whether the last word may go on, since nothing follows it.
    """

    words: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...] = ()
    without: tuple[tuple[str, ...], ...] = ()
    unfinished: bool = False

    @classmethod
    def parse(cls, text: str) -> Self:
        """Take a query apart. Any string will do; what lies beyond the first thousand characters is not read."""
        text = text[:_CHARACTER_LIMIT]
        words: list[str] = []
        phrases: list[tuple[str, ...]] = []
        without: list[tuple[str, ...]] = []
        unfinished = False
        for match in _PIECE.finditer(text):
            quoted = match["phrase"] is not None
            found = tuple(tokens(match["phrase"] if quoted else match["word"]))[:TERM_LIMIT]
            if not found:
                continue
            if match["minus"]:
                without.append(found)
            elif quoted:
                phrases.append(found)
            else:
                words.extend(found)
            unfinished = not quoted and not match["minus"] and match.end() == len(text)
        return cls(tuple(words[:TERM_LIMIT]), tuple(phrases[:TERM_LIMIT]), tuple(without[:TERM_LIMIT]), unfinished)

    @property
    def terms(self) -> tuple[str, ...]:
        """All words that are asked for, quoted or not."""
        return (*self.words, *(word for phrase in self.phrases for word in phrase))[:TERM_LIMIT]

    def __bool__(self) -> bool:
        return bool(self.words or self.phrases)
