"""The form "table": CSV, TSV and workbooks whose header says which column is what, from whatever tool they come."""

from dataclasses import replace
from typing import Final

from bot.errors import UserError
from bot.sources.formats.table import conftool, easychair
from bot.sources.formats.table.columns import Header, bare_name, listed
from bot.sources.formats.table.grid import bounded, grid_of, is_workbook, text_header
from bot.sources.formats.table.own_table import is_own_table, read_own_table
from bot.sources.formats.table.rows import gather_rows
from bot.sources.reading.file import File, Hints, Reading
from bot.sources.reading.gather import Gathering

NAME = "table"
DESCRIPTION = "CSV, TSV or Excel (a row that names the columns, one of them title)"
FORMAT = f"{NAME}/1"

_OF_PAPERS: Final = frozenset(
    "uid pid paperid submissionid submission# submission papernumber paperno paper# submissionnumber".split()
)


def recognises(file: File) -> bool:
    """Tell whether a file is a workbook, or a text with a row that names columns of papers or sessions."""
    if is_workbook(file):
        return True
    header = text_header(file)
    if header is None:
        return False
    return header.is_programme or easychair.is_author_list(header) or conftool.is_export(header)


def read(file: File, hints: Hints) -> Reading:
    """Read a table of papers or sessions.

    Raises:
        UserError: it is in another encoding, its quotation marks are wrong, it has no rows, no titles or no such sheet
            or column as the configuration names.
    """
    gathering = Gathering(file.name, FORMAT, hints)
    own = text_header(file)
    if own is not None and is_own_table(own):
        # It is read exactly, and what is said of another table's columns is not meant for it.
        hints = replace(hints, columns={})
    grid = grid_of(file, hints, gathering.problems)
    rows = grid.read(gathering.problems)
    if is_own_table(grid.header):
        read_own_table(rows, gathering)
    elif easychair.is_author_list(grid.header):
        easychair.gather_authors(rows, gathering)
    elif conftool.is_export(grid.header):
        gather_rows(list(bounded(conftool.rows_of(grid), file.name)), gathering, grid.affiliations, of_papers=True)
    elif not grid.header.is_programme:
        raise UserError(
            f"{grid.where}: no column has titles; the columns are: {listed(grid.header.names)}. Call the column with "
            "the titles “Title”, or name it in the configuration."
        )
    else:
        _say_unknown(grid.header, gathering)
        gather_rows(
            list(bounded(rows, file.name)), gathering, grid.affiliations, of_papers=_has_ids_of_papers(grid.header)
        )
    return gathering.finish()


def _has_ids_of_papers(header: Header) -> bool:
    return any(bare_name(header.names[at]) in _OF_PAPERS for at in header.fields.get("id", ()))


def _say_unknown(header: Header, gathering: Gathering) -> None:
    if header.unknown:
        gathering.problems.note(
            "unknown column", f"Left out, because the bot knows no such column: {listed(header.unknown)}."
        )
