"""The form "CSV": a table of papers whose header row says which column is what, as a spreadsheet writes it.

A row may have a session without a paper. The column `entry` (such as `s1p3`: of the first session the third paper)
is the bot's own: it tells sessions of the same name apart.

A text that a spreadsheet would take for a formula has an apostrophe before it, as has one that begins with an
apostrophe itself; an apostrophe alone is an empty text, where an empty cell is none.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence

from bot.errors import Trouble
from bot.programme.formats.fields import (
    LINK_LABELS,
    PAPER_NAMES,
    SESSION_NAMES,
    FieldNames,
    Problems,
    Sessions,
    beginning,
    check_count,
    decode,
    finish,
    joined,
    left_out,
    shown,
    split,
    split_names,
)
from bot.programme.source import Link, Source, SourcePaper

FORMAT = "csv/1"
DESCRIPTION = "CSV (a header row that names its columns, one of them title)"

_COLUMNS = FieldNames(entry="entry", **PAPER_NAMES, **SESSION_NAMES)
_DELIMITERS = (",", ";", "\t")
_ENTRY = re.compile(r"(?P<session>s[0-9]+)(?P<paper>p[0-9]+)?")
_GUARDED = re.compile(r"\Z| *[\t\r]|[\s\ufeff\u200b]*[=+\-@＝＋－＠']")
_LABELLED = re.compile(r"(?:(?P<label>.*) )?<(?P<url>[^<>]*)>", re.DOTALL)


def can_read(data: bytes) -> bool:
    """Tell whether the first row has a column of titles."""
    head = beginning(data)
    return head[:1] not in ("{", "[", "<") and "title" in _COLUMNS.find(_header(head, _delimiter(head)))


def read(data: bytes, name: str) -> Source:
    """Read a table of papers.

    Args:
        data: the file's bytes, UTF-8 or UTF-16 with a byte order mark.
        name: what messages call the file.

    Raises:
        Trouble: it is in another encoding, its quotation marks are wrong, or it has no rows or no titles.
    """
    text = decode(data, name)
    delimiter = _delimiter(text.lstrip()[: 64 * 1024])
    problems = Problems()
    rows = _rows(text, delimiter, name)
    line, header = next(rows, (1, []))
    columns = _COLUMNS.find(header)
    if "title" not in columns:
        raise Trouble(f"{name}: its first row names no column “title”. Give every column a name there.")
    known = set(columns.values())
    left_out((title or "(no name)" for at, title in enumerate(header) if at not in known), "column", problems, line)
    sessions = Sessions(problems)
    papers = 0
    for line, cells in rows:
        _check_width(cells, len(header), line, problems)
        values = {field: from_cell(cells[at]) if at < len(cells) else None for field, at in columns.items()}
        papers += _add(values, line, sessions, problems)
        check_count(name, papers, len(sessions.drafts()))
    if not sessions.drafts():
        raise Trouble(f"{name}: there are no papers and no sessions in it, only the names of the columns.")
    return finish(FORMAT, sessions.drafts(), problems)


# --- cells


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


def _links(values: Mapping[str, str | None]) -> Iterator[Link]:
    for part in split(values.get("links") or ""):
        labelled = _LABELLED.fullmatch(part)
        yield Link(labelled["label"] or "", labelled["url"]) if labelled else Link(LINK_LABELS["url"], part)
    for field, label in LINK_LABELS.items():
        if address := (values.get(field) or "").strip():
            yield Link(label, address)


# --- rows


def _rows(text: str, delimiter: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank, each with the line where it begins."""
    table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in table:
            if any(map(str.strip, cells)):
                yield line, cells
            line = table.line_num + 1
    except csv.Error as error:
        if "limit" in str(error):
            fault = f"a cell holds more than {csv.field_size_limit():,} characters. Is a quotation mark missing?"
        else:
            fault = f"the quotation marks are not in pairs ({error})."
        raise Trouble(
            f"{name}: in the row from line {line} on, {fault} A cell with line breaks or “{delimiter}” in it stands in "
            'quotation marks, and each " in it is written twice.'
        ) from None


def _header(head: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []


def _delimiter(head: str) -> str:
    """Return what separates the cells: what makes the most known columns of the first row."""
    return max(_DELIMITERS, key=lambda delimiter: len(_COLUMNS.find(_header(head, delimiter))))


def _check_width(cells: Sequence[str], width: int, line: int, problems: Problems) -> None:
    if len(cells) < width:
        problems.note("a row with too few cells", f"{len(cells)} cells of {width}; the others are empty.", line)
    elif any(map(str.strip, cells[width:])):
        problems.note(
            "a row with too many cells",
            f"{len(cells)} cells for {width} columns; “{shown(' '.join(cells[width:]))}” is left out.",
            line,
        )


def _add(values: Mapping[str, str | None], line: int, sessions: Sessions, problems: Problems) -> int:
    """Add a row to its session; return how many papers it holds: one or none."""
    entry = _ENTRY.fullmatch((values.get("entry") or "").strip())
    if values.get("entry") and not entry:
        problems.note(
            "an entry that is none", f"“{shown(values['entry'] or '')}” is no entry such as s1p3; left out.", line
        )
    texts = {field: values.get(field) for field in SESSION_NAMES}
    session = sessions.session(texts, line, place=entry["session"] if entry else None)
    if not (entry and entry["paper"]) and all(values.get(field) is None for field in PAPER_NAMES):
        return 0
    session.papers.append(_paper(values, line))
    return 1


def _paper(values: Mapping[str, str | None], line: int) -> SourcePaper:
    return SourcePaper(
        key=values.get("key") or "",
        line=line,
        title=values.get("title"),
        byline=split_names(values.get("authors") or ""),
        abstract=values.get("abstract"),
        number=values.get("number"),
        source_id=values.get("id"),
        links=tuple(_links(values)),
    )
