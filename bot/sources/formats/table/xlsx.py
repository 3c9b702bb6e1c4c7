"""Workbooks of Excel and others (.xlsx): their sheets as rows of texts, dates and times."""

import io
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, Final

import openpyxl

from bot.errors import UserError
from bot.sources.reading.file import File
from bot.sources.reading.gather import without_surrogates
from bot.sources.reading.problems import shown
from bot.sources.reading.when import Cell

MOST_CELLS: Final = 2_000_000
"""The most cells that are read of a sheet: a hundred thousand rows of twenty columns."""

_MOST_ROWS: Final = 1_048_576
_MOST_UNPACKED: Final = 200 * 2**20
"""The most bytes a workbook may have when it is unpacked."""


class Workbook:
    """A workbook that is open.

    Attributes:
        names: the names of its sheets in their order.
        hidden: the names of those that nobody sees who opens it.
    """

    def __init__(self, file: File) -> None:
        """Open a workbook.

        Raises:
            UserError: it is broken, has a password, or is too large when unpacked.
        """
        self._name = file.name
        with self._library():
            with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
                unpacked = sum(part.file_size for part in archive.infolist())
            self._check(unpacked <= _MOST_UNPACKED, f"unpacked it has more than {_MOST_UNPACKED // 2**20} MiB")
            book = openpyxl.load_workbook(io.BytesIO(file.data), read_only=True, data_only=True)
            self._sheets: dict[str, Any] = {str(sheet.title): sheet for sheet in book.worksheets}
        self.names = tuple(self._sheets)
        self.hidden = frozenset(name for name, sheet in self._sheets.items() if sheet.sheet_state != "visible")

    def rows(self, name: str, most: int = _MOST_ROWS) -> list[list[Cell]]:
        """Return the rows of a sheet, also blank ones, so that the first is that of line 1.

        Args:
            name: the name of the sheet.
            most: how many rows at most.

        Raises:
            UserError: the sheet is broken, or has more than `MOST_CELLS` cells.
        """
        rows: list[list[Cell]] = []
        cells = 0
        with self._library():
            sheet = self._sheets[name]
            # What the file says of its size is often wrong.
            sheet.reset_dimensions()
            for row in islice(sheet.iter_rows(min_row=1, min_col=1, values_only=True), most):
                cells += 1 + len(row)
                self._check(cells <= MOST_CELLS, f"the sheet “{shown(name)}” has more than {MOST_CELLS:,} cells")
                rows.append([_cell(value) for value in row])
        return rows

    def _check(self, small_enough: bool, what: str) -> None:
        if not small_enough:
            raise UserError(
                f"{self._name}: the workbook is too large: {what}. Save the sheet with the programme alone, without "
                "empty rows and columns."
            )

    @contextmanager
    def _library(self) -> Iterator[None]:
        """Make errors of the library readable, and keep its warnings to itself."""
        try:
            with warnings.catch_warnings(action="ignore"):
                yield
        except UserError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever the library raises for a broken file
            reason = shown(f"{type(error).__name__}: {error}")
            raise UserError(
                f"{self._name}: this Excel file can't be opened ({reason}). It may be broken or have a password; open "
                "it in Excel and save it again, or save the sheet as CSV."
            ) from None


def _cell(value: object) -> Cell:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date | time | timedelta):
        return value
    if isinstance(value, str):
        # An error such as #N/A is no text.
        return None if value in _ERRORS else without_surrogates(value)
    return None if value is None else str(value)


_ERRORS: Final = frozenset({"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"})
