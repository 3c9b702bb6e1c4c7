"""The table in a file: its header, found among what stands above it, and its rows by the names of the fields."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from bot.errors import UserError
from bot.programme.names import fold
from bot.sources.formats.table.cells import from_cell
from bot.sources.formats.table.columns import HEADER_WITHIN, Header, bare_name, check_named, find_header, listed
from bot.sources.formats.table.delimited import delimiter_of, rows_of
from bot.sources.formats.table.xlsx import Workbook
from bot.sources.reading.file import File, Hints
from bot.sources.reading.problems import Problems, shown
from bot.sources.reading.values import uncased
from bot.sources.reading.when import Cell

_NOTHING: Final = frozenset({"", "-", "--", "–", "—", "n/a", "#n/a", "nan", "none", "null", "tba", "tbd", "tbc", "?"})
"""What people and tools write into a cell that holds nothing."""


MOST_ROWS: Final = 200_000
"""The most rows a table may have: those of the most papers, each with one that is left out."""

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, with the cells of the fields that the bot knows.

    Attributes:
        line: its line in the file, or its number in the sheet.
        cells: the cells of each field that are not empty; a guard against formulas is taken off.
    """

    line: int
    cells: Mapping[str, tuple[Cell, ...]]

    def exact(self, name: str) -> str | None:
        """Return the text of a field exactly, or None when its cell is empty."""
        return next((str(cell) for cell in self.cells.get(name, ())), None)

    def values(self, name: str) -> tuple[Cell, ...]:
        """Return the cells of a field's columns, without those that only say that there is nothing."""
        cells = self.cells.get(name)
        return tuple(cell for cell in cells if str(cell).strip().casefold() not in _NOTHING) if cells else ()

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the texts of a field's columns, without those that only say that there is nothing."""
        return tuple(str(cell).strip() for cell in self.values(name))

    def text(self, name: str) -> str | None:
        """Return the text of a field, or None when it has none."""
        return next(iter(self.texts(name)), None) if name in self.cells else None


@dataclass(frozen=True, slots=True)
class Grid:
    """The table of a file.

    Attributes:
        where: what messages call it: the file, and the sheet of a workbook.
        header: its columns.
        rows: what stands below them.
        affiliations: where people work, by their folded names, as other sheets of the workbook list them.
        is_ragged: whether rows end with their last cell that is not empty, as in a workbook.
    """

    where: str
    header: Header
    rows: Sequence[tuple[int, Sequence[Cell]]]
    affiliations: Mapping[str, str] = field(default_factory=dict)
    is_ragged: bool = False

    def read(self, problems: Problems) -> Iterator[Row]:
        """Yield the rows that are not blank and do not only name the columns again; note those of another width."""
        width = len(self.header.names)
        for line, cells in self.rows:
            if any(cell is not None and str(cell).strip() for cell in cells) and not self._is_header(cells):
                if len(cells) != width:
                    self._note_width(cells, line, problems)
                yield _row(self.header, line, cells)

    def _note_width(self, cells: Sequence[Cell], line: int, problems: Problems) -> None:
        width = len(self.header.names)
        if len(cells) < width and not self.is_ragged:
            problems.note("a row with too few cells", f"{len(cells)} cells of {width}; the others are empty.", line)
        elif more := [str(cell) for cell in cells[width:] if cell is not None and str(cell).strip()]:
            problems.note(
                "a row with too many cells",
                f"{len(cells)} cells for {width} columns; “{shown(' '.join(more))}” is left out.",
                line,
            )

    def _is_header(self, cells: Sequence[Cell]) -> bool:
        """Tell whether a row names the columns once more."""
        names = self.header.names
        return len(cells) == len(names) and all(
            isinstance(cell, str) and bare_name(cell) == bare_name(name)
            for cell, name in zip(cells, names, strict=True)
            if name
        )


def bounded(rows: Iterable[_Row], name: str) -> Iterator[_Row]:
    """Yield rows, and raise `UserError` when there are more than `MOST_ROWS`; `name` is what messages call the file."""
    for count, row in enumerate(rows, 1):
        if count > MOST_ROWS:
            raise UserError(
                f"{name}: it has more than {MOST_ROWS:,} rows, which is more than the bot can serve. Leave out what is "
                "not of this conference."
            )
        yield row


def is_workbook(file: File) -> bool:
    """Tell whether a file is a workbook that can be read. Never raises."""
    return file.data.startswith(b"PK\x03\x04") and b"xl/workbook.xml" in file.data


def text_header(file: File) -> Header | None:
    """Return the header of a text file, from its beginning, or None when it has none. Never raises."""
    head = file.beginning
    return None if head[:1] in {"{", "[", "<", ""} else delimiter_of(head)[1]


def grid_of(file: File, hints: Hints, problems: Problems) -> Grid:
    """Find the table in a file.

    Raises:
        UserError: it has none, or has no column or sheet that the configuration names.
    """
    if is_workbook(file):
        return _grid_of_workbook(Workbook(file), file, hints, problems)
    delimiter, header = delimiter_of(file.text, hints.columns)
    if header is None:
        raise UserError(f"{file.name}: no row names its columns. Give each column a name in the first row.")
    check_named(header, hints.columns, file.name)
    rows = list(bounded(rows_of(file.text, delimiter, file.name), file.name))
    return Grid(file.name, header, rows[header.at + 1 :])


def _grid_of_workbook(book: Workbook, file: File, hints: Hints, problems: Problems) -> Grid:
    headers = {
        name: header for name in book.names if (header := find_header(book.rows(name, HEADER_WITHIN), hints.columns))
    }
    visible = [name for name in book.names if name not in book.hidden]
    if hints.sheet is not None:
        chosen = _named_sheet(book, file, hints.sheet)
    else:
        fitting = [name for name in visible if name in headers and headers[name].is_programme]
        if not fitting:
            raise _no_table(file, visible, headers)
        chosen = max(fitting, key=lambda name: len(headers[name].fields))
        _say_other_sheets(chosen, [name for name in visible if name != chosen], fitting, problems)
    where = f"{file.name}: sheet “{shown(chosen)}”"
    header = headers.get(chosen) or Header(0, (), {})
    check_named(header, hints.columns, where)
    affiliations: dict[str, str] = {}
    for name, found in headers.items():
        if name != chosen and found.lists_affiliations:
            affiliations |= _affiliations(found, book.rows(name))
    numbered = list(enumerate(book.rows(chosen), 1))
    return Grid(where, header, numbered[header.at + 1 :], affiliations, is_ragged=True)


def _named_sheet(book: Workbook, file: File, name: str) -> str:
    bare = uncased(name)
    found = next((one for one in book.names if uncased(one) == bare), None)
    if found is None:
        raise UserError(
            f"{file.name}: the configuration names the sheet “{shown(name)}”, but its sheets are: {listed(book.names)}."
        )
    return found


def _no_table(file: File, sheets: Sequence[str], headers: Mapping[str, Header]) -> UserError:
    lacking = "1 sheet, which has no" if len(sheets) == 1 else f"{len(sheets)} sheets; none has a"
    names = [
        f"“{shown(name)}” has {listed((one for one in headers[name].names if one), 6)}"
        if name in headers
        else f"“{shown(name)}” has no row that names columns"
        for name in sheets[:5]
    ]
    return UserError(
        f"{file.name}: this is an Excel file of {lacking} title column: {'; '.join(names)}. Call the column with the "
        "titles “Title”, or name it in the configuration."
    )


def _say_other_sheets(chosen: str, others: Sequence[str], fitting: Sequence[str], problems: Problems) -> None:
    if rivals := [name for name in fitting if name != chosen]:
        problems.action(
            "several sheets",
            f"Only the sheet “{shown(chosen)}” is read, but {listed(rivals)} may be programmes, too. Name the sheet in "
            "the configuration; a file may be given once for each sheet.",
        )
    elif others:
        problems.note("other sheets", f"The sheet “{shown(chosen)}” is read; not read are: {listed(others)}.")


def _affiliations(header: Header, rows: Sequence[Sequence[Cell]]) -> dict[str, str]:
    """Return where people work, by their folded names, as a sheet lists it."""
    found: dict[str, str] = {}
    for line, cells in enumerate(rows[header.at + 1 :], header.at + 2):
        row = _row(header, line, cells)
        name = row.text("name") or " ".join(filter(None, (row.text("first_name"), row.text("last_name"))))
        if name and (where := row.text("affiliations")):
            found.setdefault(fold(name), where)
    return found


def _row(header: Header, line: int, cells: Sequence[Cell]) -> Row:
    found: dict[str, tuple[Cell, ...]] = {}
    for name, places in header.fields.items():
        values = (cells[at] for at in places if at < len(cells))
        read = tuple(from_cell(cell) if isinstance(cell, str) else cell for cell in values)
        if kept := tuple(cell for cell in read if cell is not None):
            found[name] = kept
    return Row(line, found)
