"""The part of a text that answers a query."""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import TypeAlias

from bot.programme.names import fold
from bot.programme.text import Span, Text

_WORD = re.compile(r"[^\W_]+(?:[-‑'’][^\W_]+)*")


Marks: TypeAlias = tuple[tuple[int, int], ...]
"""Where the words stand that are to be made bold, from where to where, in order."""


def snippet(plain: str, marks: Marks, length: int) -> Text:
    """Cut out the stretch of a text with the most marked words and make those bold.

    Args:
        plain: the text.
        marks: see `Marks`.
        length: the most characters to return, ellipses included.
    """
    start, end = _window(plain, marks, max(length - 2, 1))
    spans: list[Span] = [Span("…")] if start else []
    position = start
    for left, right in marks:
        if start <= left and right <= end:
            spans += [Span(plain[position:left]), Span(plain[left:right], bold=True)]
            position = right
    spans.append(Span(plain[position:end].rstrip()))
    if end < len(plain):
        spans.append(Span("…"))
    return Text(tuple(span for span in spans if span.text))


def marks_of(plain: str, matched: AbstractSet[str]) -> Marks:
    """Return where the words of a text stand that answer, given the folded words that do."""
    differ = matched.isdisjoint
    return tuple(found.span() for found in _WORD.finditer(plain) if not differ(_forms_of(found[0])))


def marked_by(plain: str) -> Iterator[tuple[str, ...]]:
    """Yield for each word of a text the folded words that mark it: its parts, and all of them joined."""
    return map(_forms_of, _WORD.findall(plain))


@lru_cache(maxsize=2**14)
def _forms_of(word: str) -> tuple[str, ...]:
    # A text's words are mostly the same ones, and folding them takes longer than everything else here.
    parts = fold(word).split()
    return (*parts, "".join(parts)) if len(parts) != 1 else (parts[0],)


def _window(plain: str, marks: Sequence[tuple[int, int]], length: int) -> tuple[int, int]:
    """Return the bounds of the best stretch, at whole words: the earliest of those with the most marks."""
    if len(plain) <= length:
        return 0, len(plain)
    best_start, most = 0, -1
    words = [(left, right, fold(plain[left:right])) for left, right in marks]
    for left, _ in marks or [(0, 0)]:
        start = _word_start(plain, max(0, left - length // 4))
        inside = len({word for i, j, word in words if start <= i and j <= start + length})
        if inside > most:
            best_start, most = start, inside
    end = best_start + length
    if end >= len(plain):
        best_start = _word_start(plain, len(plain) - length)
        return best_start, len(plain)
    cut = plain.rfind(" ", best_start, end + 1)
    return best_start, cut if cut > best_start else end


def _word_start(plain: str, position: int) -> int:
    if position <= 0 or plain[position - 1] == " ":
        return max(position, 0)
    space = plain.find(" ", position)
    return space + 1 if 0 <= space - position < 40 else position
