"""The form "CSV": a table of papers whose header row says which column is what, as a spreadsheet writes it.

A row may have a session without a paper. The column `entry` (such as `s1p3`: of the first session the third paper)
is the bot's own: it tells sessions of the same name apart.

`cells` says how a text becomes a cell.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence

from bot.errors import UserError
from bot.programme.source import Link, Source, SourcePaper
from bot.sources.cells import from_cell, links_of
from bot.sources.encoding import beginning, decode
from bot.sources.field_names import LINK_LABELS, PAPER_NAMES, SESSION_NAMES, FieldNames, left_out
from bot.sources.gather import Sessions, check_count, finish
from bot.sources.lists import split_names
from bot.sources.problems import Problems, shown

FORMAT = "csv/1"
DESCRIPTION = "CSV (a header row that names its columns, one of them title)"

_COLUMNS = FieldNames(entry="entry", **PAPER_NAMES, **SESSION_NAMES)
_DELIMITERS = (",", ";", "\t")
_ENTRY = re.compile(r"(?P<session>s[0-9]+)(?P<paper>p[0-9]+)?")


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
        UserError: it is in another encoding, its quotation marks are wrong, or it has no rows or no titles.
    """
    text = decode(data, name)
    delimiter = _delimiter(text.lstrip()[: 64 * 1024])
    problems = Problems()
    rows = _rows(text, delimiter, name)
    line, header = next(rows, (1, []))
    columns = _COLUMNS.find(header)
    if "title" not in columns:
        raise UserError(f"{name}: its first row names no column “title”. Give every column a name there.")
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
        raise UserError(f"{name}: there are no papers and no sessions in it, only the names of the columns.")
    return finish(FORMAT, sessions.drafts(), problems)


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
        raise UserError(
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


def _links(values: Mapping[str, str | None]) -> Iterator[Link]:
    yield from links_of(values.get("links") or "")
    for field, label in LINK_LABELS.items():
        if address := (values.get(field) or "").strip():
            yield Link(label, address)
