"""The part of a text that answers a query."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import TypeAlias

from bot.programme.names import fold
from bot.programme.text import Span, Text

_WORD = re.compile(r"[^\W_]+(?:[-‑'’][^\W_]+)*")

_ADDRESS = re.compile(r"[^\w]*(?:www\.|[\w-]+(?:\.[^\W\d_][\w-]*)+/|[\w.+-]+@[\w-]+\.\w)")
_PARTS = re.compile(r"\d[.,:]\d")
_NUMBER = re.compile(r"[^\W\d_]*(?:[-‑][^\W\d_]+)*[-‑]?\d+(?:[.,:]\d+)+\w*")
"""A number of several parts, with what is written on to it: "3.5", "1,000", "GPT-3.5"."""

_PIECE = re.compile(r"\S+")
_COMPOSED = re.compile(r"@|/|www\.|\.\d|,\d|:\d")
"""Something of this every address has, and every number of several parts."""

_AROUND = 200
"""How far around a word it is looked for the address or the number that it may be a part of."""

_MOST_MARKS = 300
"""How many words are marked at the most: what is shown has room for a few."""


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


def composed(plain: str) -> Marks:
    """Return where a text has what may be an address or a number of several parts, from white space to white space."""
    if _COMPOSED.search(plain) is None:
        return ()
    return tuple(piece.span() for piece in _PIECE.finditer(plain) if _COMPOSED.search(piece[0]))


def whole_words(plain: str, marks: Iterable[tuple[int, int]], apart: Marks | None = None) -> Marks:
    """Return marks without those that are only parts of an address or of a number; a number is marked as a whole.

    Args:
        plain: the text.
        marks: the marks, none of which has white space in it.
        apart: what `composed` returns for the text, where it is known.
    """
    apart = composed(plain) if apart is None else apart
    if not apart:
        return tuple(dict.fromkeys(islice(marks, _MOST_MARKS)))
    kept: dict[tuple[int, int], None] = {}
    numbers: dict[tuple[int, int], int] = {}
    for left, right in islice(marks, _MOST_MARKS):
        at = bisect_right(apart, left, key=itemgetter(0)) - 1
        if at < 0 or apart[at][1] <= left:
            kept[left, right] = None
            continue
        before = plain[max(left - _AROUND, 0) : left]
        start = left if before[-1:].isspace() else left - len("".join(before.split()[-1:]))
        piece = plain[start : right + _AROUND].split(maxsplit=1)[0]
        if "://" in piece[: left - start] or piece[right - start :].startswith("://") or _ADDRESS.match(piece):
            continue
        found = _NUMBER.finditer(piece) if _PARTS.search(piece) else ()
        number = next((one for one in found if one.start() < right - start and left - start < one.end()), None)
        if number is None:
            kept[left, right] = None
            continue
        bounds = start + number.start(), start + number.end()
        numbers[bounds] = numbers.get(bounds, 0) + sum(map(str.isalnum, plain[left:right]))
        if numbers[bounds] >= sum(map(str.isalnum, number[0])):
            kept[bounds] = None
    return tuple(kept)


def is_address(printed: str) -> bool:
    """Tell whether a printed compound is one of the web, as far as that can be seen without what stands around it."""
    return _ADDRESS.match(printed) is not None


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
    lefts, rights = [left for left, _ in marks], [right for _, right in marks]
    words = [fold(plain[left:right]) for left, right in marks]
    for left in lefts or [0]:
        start = _word_start(plain, max(0, left - length // 4))
        inside = len({*words[bisect_left(lefts, start) : bisect_right(rights, start + length)]})
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
