"""Text files of rows and cells: CSV, TSV and the like, as spreadsheets and other tools write them."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bot.errors import UserError
from bot.sources.formats.table.columns import HEADER_WITHIN, Header, find_header

_DELIMITERS: Final = (",", ";", "\t", "|")
_BEGINNING: Final = 64 * 1024
_NAMED_DELIMITER: Final = re.compile(r"\Asep=(.)\r?\n", re.IGNORECASE)


def delimiter_of(text: str, columns: Mapping[str, Sequence[str]] | None = None) -> tuple[str, Header | None]:
    """Return what separates the cells of a text and the row that names its columns, None when no row does.

    That is what makes the most columns which the bot knows. Never raises.

    Args:
        text: the text or its beginning.
        columns: which columns are what, as the configuration says.
    """
    head = text[:_BEGINNING]
    if named := _NAMED_DELIMITER.match(head):
        return named[1], find_header(_head(head, named[1]), columns)
    found = [(delimiter, find_header(_head(head, delimiter), columns)) for delimiter in _DELIMITERS]
    return max(found, key=lambda one: len(one[1].fields) if one[1] else 0)


def rows_of(text: str, delimiter: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank, each with the line where it begins.

    Raises:
        UserError: the quotation marks are not in pairs.
    """
    table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in table:
            if any(map(str.strip, cells)) and not (line == 1 and _NAMED_DELIMITER.match(text)):
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


def _head(text: str, delimiter: str) -> list[list[str]]:
    """Return the first rows of a text that are not blank, as far as they can be read."""
    rows: list[list[str]] = []
    table = csv.reader(io.StringIO(_NAMED_DELIMITER.sub("", text, count=1), newline=""), delimiter=delimiter)
    try:
        for cells in table:
            if any(map(str.strip, cells)):
                rows.append(cells)
            if len(rows) == HEADER_WITHIN:
                break
    except csv.Error:
        pass
    return rows
