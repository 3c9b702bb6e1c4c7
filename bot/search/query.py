"""What somebody typed, understood: words, phrases in quotes, and words to leave out."""

import re
from collections.abc import Container
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Self

from bot.search.words import tokens

TERM_LIMIT = 24
"""The most words of a query that are looked at: Discord lets people send thousands of characters."""

_CHARACTER_LIMIT = 1_000
_FILLERS = frozenset(
    """
    a about am an and any are as at be by can could did do does find for from had has have how i if in into is it
    its like look looking me my of on one or our paper papers please poster posters presentation search see
    session show so some something talk talks tell than that the their them there these they thing this those to
    use used uses using want was we were what when where which who whose why will with work works would you your
    """.split()
)
"""Words of English, and of people who ask for a paper, that hardly ever tell one paper from another."""

_BEFORE_A_BOARD = frozenset("board boards no nr number stand".split())
"""Words, next to "poster", that people put before the number of a board."""

_PIECE = re.compile(r"(?P<minus>(?<!\S)[-–−])?(?:[\"“”„](?P<phrase>[^\"“”„]*)[\"“”„]|(?P<word>[^\s\"“”„]+))")


def is_filler(word: str) -> bool:
    """Tell whether a folded word hardly ever tells one paper from another."""
    return word in _FILLERS


@dataclass(frozen=True, slots=True)
class Query:
    """A query taken apart.

    Attributes:
        words: the folded words outside of quotes, in order.
        phrases: what was quoted, as tuples of folded words.
        without: words and phrases to leave out.
        unfinished: whether the last word may go on, since nothing follows it.
        whole: everything that was typed as folded words, whatever marks it had, in order.
    """

    words: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...] = ()
    without: tuple[tuple[str, ...], ...] = ()
    unfinished: bool = False
    whole: str = field(default="", compare=False)

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
        return cls(
            tuple(words[:TERM_LIMIT]),
            tuple(phrases[:TERM_LIMIT]),
            tuple(without[:TERM_LIMIT]),
            unfinished,
            " ".join(tokens(text)),
        )

    @property
    def terms(self) -> tuple[str, ...]:
        """The words to look for: quoted ones, and of the others those that say what is meant.

        Where nothing else is asked for, words such as "the" or "paper" are looked for as well.
        """
        quoted = tuple(word for phrase in self.phrases for word in phrase)
        return ((self._telling + quoted) or self.words)[:TERM_LIMIT]

    def quoting(self, known: Container[str]) -> Self:
        """Return the same query with those phrases read as mere words that have a word which nobody knows.

        Nothing has such a phrase; it was copied with a typing error, or its quotation marks belong to a title.
        """
        strange = [phrase for phrase in self.phrases if not all(word in known for word in phrase)]
        if not strange:
            return self
        in_order = len(strange) == len(self.phrases) and not self.without
        words = self.whole.split() if in_order else chain(self.words, *strange)
        return replace(
            self,
            words=tuple(words)[:TERM_LIMIT],
            phrases=tuple(phrase for phrase in self.phrases if phrase not in strange),
        )

    @property
    def board(self) -> str:
        """The number of the board that is asked for, such as the "5" of "poster no. 5"; nothing without a digit."""
        words = [word for word in self.terms if word not in _BEFORE_A_BOARD]
        return " ".join(words) if any(map(str.isdigit, "".join(words))) else ""

    @property
    def unfinished_term(self) -> int | None:
        """The place among the terms of the word that may go on, or None."""
        unquoted = self._telling or (() if self.phrases else self.words)
        return len(unquoted) - 1 if self.unfinished and unquoted and unquoted[-1] == self.words[-1] else None

    @property
    def _telling(self) -> tuple[str, ...]:
        return tuple(word for word in self.words if word not in _FILLERS)

    def __bool__(self) -> bool:
        return bool(self.words or self.phrases)
