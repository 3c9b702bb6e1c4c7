"""Whether a text looks like a page of papers: most of its lines must be titles, names and paragraphs in this order."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from bot.sources.formats.page_text.headings import begins_like_heading, title_before
from bot.sources.formats.page_text.lines import TEXTS, Line, Shape, numbered_lines
from bot.sources.formats.page_text.names import Separator, byline_of, is_name, name_and_affiliation
from bot.sources.formats.page_text.page import Page
from bot.sources.reading.file import File

_BEGINNING: Final = 64 * 1024
"""How many bytes of a file are looked at."""

_MOST_LINES: Final = 600
_OTHER_FORMATS: Final = ("{", "[", "<", "%PDF", "BEGIN:", "---", "#!", "<?xml")
_CODE = re.compile(
    r"[-*+>|] |#{1,6} |//|/\*|\*/|@\w+|\$ |[}\])]|\d{4}-\d\d-\d\d[ T]\d\d:\d\d|\[?(?:INFO|DEBUG|WARN|WARNING|ERROR)\b"
    r"|[\w.\"'-]+\s?(?:=|:=|=>|->)\s?\S|(?:import|from|def|class|return|if|for|while|elif|else|try|var|let|const|function)\b"
)
_CODE_ENDS: Final = ("{", "}", ";", "\\", "|", "=", "(", "[")

# What a page must reach, by the share of its lines of names.
_TITLED: Final = 0.8
_NAMED: Final = 0.6
_NAMES_AT_MOST: Final = 0.3
_CODE_AT_MOST: Final = 0.1
_LINES_TO_A_PAPER: Final = 8
_LINES_TO_A_PAPER_WITH_HEADING: Final = 40


def looks_like_page(file: File) -> bool:
    """Tell whether the beginning of a file looks like a page of papers. Never raises, and takes no time.

    Its lines of names hold what looks like names, nearly each has a title before it, and there is little else and
    nearly nothing that looks like code. Without any line of names it looks like a page only if it begins with the
    heading of a session and titles and paragraphs alternate: then the reader can say what is missing.
    """
    text = file.beginning
    if not text or "\0" in text or text.startswith(_OTHER_FORMATS):
        return False
    numbered = numbered_lines(text, file.name)
    if len(file.data) > _BEGINNING and len(numbered) > 1:
        numbered.pop()  # it may have been cut off
    page = Page(numbered[:_MOST_LINES])
    lines = [line for line in page.lines if line.shape in TEXTS]
    if not lines or sum(map(_is_code, lines)) > _CODE_AT_MOST * len(lines):
        return False
    has_heading = begins_like_heading(page.lines[0].text)
    bylines = [place for place, line in enumerate(page.lines) if line.shape is Shape.NAMES]
    if not bylines:
        return has_heading and _alternates(lines)
    most = _LINES_TO_A_PAPER_WITH_HEADING if has_heading else _LINES_TO_A_PAPER
    if len(lines) > most * len(bylines) or not _are_titled(page, bylines):
        return False
    if page.separator is Separator.COMMAS or not page.has_abstracts:
        # Without paragraphs, or with mere commas, any list may look like this.
        return len(bylines) >= 3 and has_heading and _share_of_names(page, bylines) >= _TITLED
    return _share_of_names(page, bylines) >= _NAMED


def _are_titled(page: Page, bylines: Sequence[int]) -> bool:
    """Tell whether lines of names have titles before them, and not other names as in a list of people."""
    before = (title_before(page.lines, place, has_abstracts=page.has_abstracts) for place in bylines)
    titles = [page.lines[place].text for place in before if place is not None]
    names = sum(bool(byline_of(title, page.separator)) for title in titles)
    return len(titles) >= _TITLED * len(bylines) and names <= _NAMES_AT_MOST * len(titles)


def _is_code(line: Line) -> bool:
    return line.shape is not Shape.NAMES and (
        bool(_CODE.match(line.text)) or (line.shape is Shape.SHORT and line.text.endswith(_CODE_ENDS))
    )


def _alternates(lines: Sequence[Line]) -> bool:
    """Tell whether behind a heading short lines and long paragraphs alternate."""
    pairs = sum(
        one.shape is Shape.SHORT and other.shape is Shape.PARAGRAPH and other.is_long for one, other in pairwise(lines)
    )
    return pairs >= 3 and 3 * pairs >= len(lines) - 3


def _share_of_names(page: Page, bylines: Sequence[int]) -> float:
    names = [name_and_affiliation(name)[0] for place in bylines for name in page.names_of(page.lines[place]) if name]
    return sum(map(is_name, names)) / len(names) if names else 0.0
