"""The lines of a page, and what each is by its own shape: names, a paragraph, a mark of a paper, or just short."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.errors import UserError
from bot.sources.formats.page_text.marks import LONGEST_MARK, board_and_place, is_badge, is_button, unbracketed
from bot.sources.formats.page_text.names import Separator, byline_of
from bot.sources.formats.page_text.times import clock_of
from bot.sources.reading.limits import MOST_PAPERS

MOST_LINES: Final = 5 * MOST_PAPERS
"""The most lines a page may have: five for each of its papers."""

_PARAGRAPH_WORDS: Final = 40
_PARAGRAPH_CHARACTERS: Final = 250
_LINE_END = re.compile(r"\r\n|\r|\n")
_SENTENCE_END = re.compile(r"[a-z\d%)][.!?](?:\s|$)|[。！？]")
_BLANKS: Final = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\ufeff\u200b"


class Shape(StrEnum):
    """What a line looks like."""

    NAMES = "names"
    PARAGRAPH = "paragraph"
    SHORT = "short"
    """A heading, a title, or a piece of an abstract: its neighbours tell which."""

    TIME = "time"
    BOARD = "board"
    """The number of a poster, with or without its place."""

    PLACE = "place"
    BADGE = "badge"
    """What kind of paper it is, such as "Oral"."""

    BUTTON = "button"
    """What one clicks on the page; it says nothing."""


TEXTS: Final = frozenset({Shape.NAMES, Shape.PARAGRAPH, Shape.SHORT})
"""The shapes of which papers are made; lines of the other shapes say something about a paper."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank.

    Attributes:
        number: where it is in the file, counted from 1.
        text: what it says, without white space around it.
        shape: what it looks like.
    """

    number: int
    text: str
    shape: Shape

    @property
    def is_long(self) -> bool:
        """Whether it is too long for a title, not only several sentences."""
        return len(self.text) >= _PARAGRAPH_CHARACTERS or len(self.text.split()) >= _PARAGRAPH_WORDS


def numbered_lines(text: str, file: str) -> list[tuple[int, str]]:
    """Return the lines that are not blank, each with its number.

    Raises:
        UserError: there are too many for a page.
    """
    if max(text.count("\n"), text.count("\r")) > MOST_LINES:
        raise UserError(f"{file}: it has more than {MOST_LINES:,} lines. Copy the page of one conference only.")
    return [
        (number, stripped)
        for number, line in enumerate(_LINE_END.split(text), start=1)
        if (stripped := line.strip(_BLANKS))
    ]


def shape_of(text: str, separator: Separator) -> Shape:
    """Return what a line looks like on a page whose names are separated in this way."""
    if len(text) < _PARAGRAPH_CHARACTERS and (mark := _mark(unbracketed(text))):
        return mark
    if byline_of(text, separator):
        return Shape.NAMES
    is_paragraph = (
        len(text) >= _PARAGRAPH_CHARACTERS
        or len(text.split()) >= _PARAGRAPH_WORDS
        or len(_SENTENCE_END.findall(text)) >= 2
    )
    return Shape.PARAGRAPH if is_paragraph else Shape.SHORT


def ends_sentence(text: str) -> bool:
    """Tell whether a line ends where a sentence does."""
    return text.rstrip("\"'”’»)]}*_$ ")[-1:] in set(".!?。！？")


def is_sentence(text: str) -> bool:
    """Tell whether a line ends with a full stop, as titles hardly ever do."""
    return text[-1:] in (".", "!") and (text[-2:-1].islower() or text[-2:-1].isdigit() or text[-2:-1] in ("%", ")"))


def _mark(bare: str) -> Shape | None:
    """Return what short line says something of a paper; None for any other line."""
    if len(bare) > LONGEST_MARK:
        return None
    if clock_of(bare):
        return Shape.TIME
    if is_button(bare):
        return Shape.BUTTON
    if is_badge(bare):
        return Shape.BADGE
    board, place = board_and_place(bare)
    return Shape.BOARD if board else Shape.PLACE if place else None
