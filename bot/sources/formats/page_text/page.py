"""A whole page with what each line is, its neighbours considered: a title with a dot, an only author, a short room."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from bot.sources.formats.page_text.headings import begins_like_heading
from bot.sources.formats.page_text.lines import TEXTS, Line, Shape, ends_sentence, is_sentence, shape_of
from bot.sources.formats.page_text.marks import is_place
from bot.sources.formats.page_text.names import (
    Separator,
    byline_of,
    is_name,
    may_be_names,
    names_between_commas,
    without_label,
)

_SURELY_DOTS: Final = 6
"""Where one line in so many has names between dots, commas are no longer counted."""

_FEWEST_BEFORE_BYLINE: Final = 2
"""How many lines come before an only author: one of a heading and a title."""

_LONGEST_NAME: Final = 5
"""The most words of a name in a line that may be names or not."""

_FEWEST_NUMBERS: Final = 3
"""How many bare numbers are needed to see what they are: two may be rooms."""

_NUMBER = re.compile(r"\d{1,5}[A-Za-z]?")

_MARKS_LIKE_TITLES: Final = frozenset({Shape.PLACE, Shape.BADGE, Shape.BUTTON})


class Page:
    """The lines of a page.

    Attributes:
        lines: every line that is not blank.
        separator: what stands between names.
        has_abstracts: whether its papers have abstracts at all.
    """

    def __init__(self, numbered: Sequence[tuple[int, str]]) -> None:
        self.separator = _separator(numbered)
        lines = _boards([Line(number, text, shape_of(text, self.separator)) for number, text in numbered])
        self.has_abstracts = _has_abstracts(lines)
        if not self.has_abstracts:
            # A short line of several sentences is a title here.
            lines = [
                replace(line, shape=Shape.SHORT) if line.shape is Shape.PARAGRAPH and not line.is_long else line
                for line in lines
            ]
        self.lines = _in_context(lines, self.separator, has_abstracts=self.has_abstracts)

    @property
    def has_bylines(self) -> bool:
        """Whether there is any line of names."""
        return any(line.shape is Shape.NAMES for line in self.lines)

    def names_of(self, byline: Line) -> tuple[str, ...]:
        """Return the names of a line that is a byline, in order, "" for a slot left blank."""
        text = without_label(byline.text)
        if self.separator is Separator.DOTS:
            return byline_of(text, Separator.DOTS) or byline_of(text, Separator.COMMAS) or (text,)
        return names_between_commas(text)


def _separator(numbered: Sequence[tuple[int, str]]) -> Separator:
    dots = sum(bool(byline_of(text, Separator.DOTS)) for _, text in numbered)
    if _SURELY_DOTS * dots >= len(numbered):
        return Separator.DOTS
    commas = sum(bool(byline_of(text, Separator.COMMAS)) for _, text in numbered)
    return Separator.COMMAS if commas > dots else Separator.DOTS


def _has_abstracts(lines: Sequence[Line]) -> bool:
    """Tell whether a third of the bylines are followed by a sentence or more, or there are many lines to each."""
    texts = [line for line in lines if line.shape in TEXTS]
    bylines = sum(line.shape is Shape.NAMES for line in texts)
    followed = sum(
        line.shape is Shape.NAMES
        and (after.shape is Shape.PARAGRAPH or (after.shape is Shape.SHORT and is_sentence(after.text)))
        for line, after in pairwise(texts)
    )
    return 3 * followed >= bylines or len(texts) > 5 * bylines


def _in_context(lines: list[Line], separator: Separator, *, has_abstracts: bool) -> list[Line]:
    lines = _titles_like_marks(lines)
    places = [place for place, line in enumerate(lines) if line.shape in TEXTS]
    for at, place in enumerate(places):
        near = [lines[places[other]] if 0 <= other < len(places) else None for other in range(at - 2, at + 3)]
        if at < _FEWEST_BEFORE_BYLINE and lines[place].shape is Shape.SHORT:
            continue
        if shape := _shape_in_context(near, separator, has_abstracts=has_abstracts):
            lines[place] = replace(lines[place], shape=shape)
    return lines


def _shape_in_context(near: Sequence[Line | None], separator: Separator, *, has_abstracts: bool) -> Shape | None:
    """Return what the middle one of five lines is, if its neighbours tell more than its own shape."""
    shapes = [line.shape if line else None for line in near]
    _, before, line, _, _ = near
    if line is None:
        return None
    if line.shape is Shape.NAMES and shapes[1] is not Shape.SHORT and shapes[3] is Shape.NAMES:
        return Shape.SHORT  # a title with a dot or commas in it
    if line.shape is not Shape.SHORT or before is None or before.shape is not Shape.SHORT:
        return None
    if has_abstracts:
        stands_like_one = shapes[3] is Shape.PARAGRAPH
        is_sure = near[0] is None or ends_sentence(near[0].text) or shapes[0] is not Shape.PARAGRAPH
    else:
        stands_like_one = shapes[0] is Shape.NAMES and shapes[3] in (Shape.SHORT, None)
        is_sure = True
    is_one_name = is_name(line.text) and not is_place(line.text)
    is_byline = is_one_name or (is_sure and _may_be_names(line.text, separator))
    if not (stands_like_one and is_byline) or begins_like_heading(before.text) or begins_like_heading(line.text):
        return None
    return Shape.NAMES


def _boards(lines: list[Line]) -> list[Line]:
    """Take bare numbers for boards where most papers have one before their title, unless they only count the papers."""
    shapes = [line.shape for line in lines]
    numbers = [
        place
        for place in range(1, len(lines) - 1)
        if shapes[place] is Shape.SHORT
        and _NUMBER.fullmatch(lines[place].text)
        and shapes[place + 1] is Shape.SHORT
        and (
            shapes[place - 1] in (Shape.PARAGRAPH, Shape.NAMES)
            or shapes[place + 2 : place + 3] == [Shape.NAMES]
            or is_name(lines[min(place + 2, len(lines) - 1)].text)
        )
    ]
    if len(numbers) < _FEWEST_NUMBERS or 2 * len(numbers) < shapes.count(Shape.NAMES):
        return lines
    counted = max(int(re.sub(r"\D", "", lines[place].text)) for place in numbers) <= 1.1 * len(numbers) + 2
    marks = {place: replace(lines[place], shape=Shape.BUTTON if counted else Shape.BOARD) for place in numbers}
    return [marks.get(place, line) for place, line in enumerate(lines)]


def _titles_like_marks(lines: list[Line]) -> list[Line]:
    """Take for a title what only looks like a place or the like: it stands before names, and no title before it."""
    return [
        replace(line, shape=Shape.SHORT)
        if line.shape in _MARKS_LIKE_TITLES
        and after is not None
        and after.shape is Shape.NAMES
        and (before is None or before.shape is not Shape.SHORT)
        else line
        for before, line, after in zip([None, *lines], lines, [*lines[1:], None], strict=False)
    ]


def _may_be_names(text: str, separator: Separator) -> bool:
    """Tell whether these can be several names, typed without the shift key or in the other way of the page."""
    if separator is Separator.DOTS:
        return bool(byline_of(text, Separator.COMMAS))
    names = names_between_commas(text)
    return len(names) > 1 and may_be_names(names) and all(len(name.split()) <= _LONGEST_NAME for name in names)
