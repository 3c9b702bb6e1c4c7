"""Marks: four private-use characters that stand in a text where emphasis begins and ends."""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from bot.programme.text.shields import SHIELDED_ADDRESS, unshield
from bot.programme.text.spans import Span

BOLD_ON, BOLD_OFF, ITALIC_ON, ITALIC_OFF = "\ue000\ue001\ue002\ue003"
_MARK = re.compile(r"([\ue000-\ue003])")
_SPACE_BEFORE_OFF = re.compile(r" ([\ue001\ue003]+)")
_SPACE_AFTER_ON = re.compile(r"([\ue000\ue002]+) ")
_BOLD_STEP: Final = {BOLD_ON: 1, BOLD_OFF: -1}
_ITALIC_STEP: Final = {ITALIC_ON: 1, ITALIC_OFF: -1}


def collapse_spaces(marked: str) -> str:
    """Fold white space, first moving it out of emphasis, which has to touch its words."""
    text = " ".join(marked.split())
    if not _MARK.search(text):
        return text
    text = _SPACE_BEFORE_OFF.sub(r"\1 ", text)
    text = _SPACE_AFTER_ON.sub(r" \1", text)
    return " ".join(text.split())


def spans_of(marked: str) -> Iterator[Span]:
    """Cut a text at its marks and around its shielded addresses."""
    for (bold, italic), group in groupby(_styled(marked), key=lambda piece: piece[:2]):
        text = "".join(piece for _, _, piece in group)
        for part in filter(None, SHIELDED_ADDRESS.split(text)):
            plain = unshield(part)
            yield Span(plain, bold, italic, url=plain if SHIELDED_ADDRESS.match(part) else None)


def _styled(marked: str) -> Iterator[tuple[bool, bool, str]]:
    """Yield each run of characters between two marks as (bold, italic, characters)."""
    bold = italic = 0  # depths: LaTeX nests bold in bold, and Markdown's pairs may straddle LaTeX's groups
    for piece in _MARK.split(marked):
        if piece in _BOLD_STEP:
            bold += _BOLD_STEP[piece]
        elif piece in _ITALIC_STEP:
            italic += _ITALIC_STEP[piece]
        elif piece:
            yield bold > 0, italic > 0, piece
