"""The cells of a table: how a text or a list of links becomes one, and comes back.

A text that a spreadsheet would take for a formula has an apostrophe before it, as has one that begins with an
apostrophe itself; an apostrophe alone is an empty text, where an empty cell is none.
"""

import re
from collections.abc import Iterator, Sequence

from bot.programme.source import Link
from bot.sources.field_names import LINK_LABELS
from bot.sources.lists import joined, split

_GUARDED = re.compile(r"\Z| *[\t\r]|[\s\ufeff\u200b]*[=+\-@＝＋－＠']")
_LABELLED = re.compile(r"(?:(?P<label>.*) )?<(?P<url>[^<>]*)>", re.DOTALL)


def to_cell(text: str | None) -> str:
    """Return the cell for a text, or for none; `from_cell` reads it back exactly."""
    if text is None:
        return ""
    return f"'{text}" if _GUARDED.match(text) else text


def from_cell(cell: str) -> str | None:
    """Return the text of a cell, or None when it is empty."""
    if cell.startswith("'") and _GUARDED.match(cell, 1):
        return cell[1:]
    return cell or None


def links_text(links: Sequence[Link]) -> str:
    """Return links as one text: label and address, separated by semicolons."""
    return joined(f"{link.label} <{link.url}>" if link.label else f"<{link.url}>" for link in links)


def links_of(text: str) -> Iterator[Link]:
    """Yield the links of a cell; one without a label is a page."""
    for part in split(text):
        labelled = _LABELLED.fullmatch(part)
        yield Link(labelled["label"] or "", labelled["url"]) if labelled else Link(LINK_LABELS["url"], part)
