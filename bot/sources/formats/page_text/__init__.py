"""The reader of page text: a page of sessions as copied by hand from a conference's web site.

A session has heading lines (kind, name, room, perhaps its time), then each paper a title, a line of names and an
abstract of one or more paragraphs. Any of them may have been lost on the way, and blank lines mean nothing. What a
line is shows in its own shape and in its neighbours; the lines of names are what everything else hangs on.
"""

from collections.abc import Sequence
from typing import Final

from bot.errors import UserError
from bot.sources.formats.page_text.gathered import gather_session
from bot.sources.formats.page_text.headings import blocks
from bot.sources.formats.page_text.lines import numbered_lines
from bot.sources.formats.page_text.looks import looks_like_page
from bot.sources.formats.page_text.page import Page
from bot.sources.formats.page_text.papers import Draft, papers_in, usual_abstract
from bot.sources.reading.file import File, Hints, Reading
from bot.sources.reading.gather import Gathering

NAME = "page-text"
DESCRIPTION = "page text (heading lines, then for each paper its title, a line of names and an abstract)"
FORMAT = f"{NAME}/2"

_EXPECTED: Final = (
    "Expected heading lines (kind of session, name, room), then for each paper its title, its authors separated by ⋅ "
    "or commas, and its abstract, on lines of their own"
)
_ELSE: Final = "Copy the page again with the authors shown, or use another export, such as CSV or JSON."


def recognises(file: File) -> bool:
    """Tell, from its beginning, whether this is a page of papers with their authors, and not just any text."""
    return looks_like_page(file)


def read(file: File, hints: Hints) -> Reading:
    """Read a page.

    Raises:
        UserError: it is not UTF-8, has no papers, or most of them have no authors.
    """
    page = Page(numbered_lines(file.text, file.name))
    if not page.has_bylines:
        raise UserError(
            f"{file.name}: {'no line of authors' if page.lines else 'no paper'} found. {_EXPECTED}. {_ELSE}"
        )
    parts = list(blocks(page.lines, has_abstracts=page.has_abstracts))
    usual = usual_abstract((part.body for part in parts), has_abstracts=page.has_abstracts)
    found = [list(papers_in(part.body, usual, has_abstracts=page.has_abstracts)) for part in parts]
    _check([draft for drafts in found for draft in drafts], file.name)
    gathering = Gathering(file.name, FORMAT, hints)
    titles: dict[str, int] = {}
    for part, drafts in zip(parts, found, strict=True):
        gather_session(gathering, page, part, drafts, titles)
    return gathering.finish()


def _check(drafts: Sequence[Draft], name: str) -> None:
    """Refuse a page that is none, or whose authors were not copied: its titles would be guesses."""
    without = [draft for draft in drafts if draft.byline is None]
    if 2 * len(without) > len(drafts):
        raise UserError(
            f"{name}: line {without[0].texts[0].number}: {len(without)} of {len(drafts)} papers have no "
            f"line of authors, and without one it is a guess where a paper begins. {_EXPECTED}. {_ELSE}"
        )
