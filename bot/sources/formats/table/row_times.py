"""Which cells of a row say when it is, and when its session is."""

from collections.abc import Iterable

from bot.sources.formats.table.grid import Row
from bot.sources.reading.problems import Problems, shown
from bot.sources.reading.time_cells import TimeCells, duration_of


def own_cells(row: Row) -> TimeCells:
    """Return the cells that say when what the row is about takes place."""
    starts = row.values("starts_at") or row.values("time")
    return TimeCells(
        (*starts, *row.values("date")),
        (*row.values("ends_at"), *row.values("end_date")),
        duration_of(next(iter(row.values("duration")), None)),
        row.text("zone") or "",
    )


def session_cells(row: Row) -> TimeCells:
    """Return the cells that say when the row's session is, where columns of their own tell that."""
    starts = row.values("session_starts_at")
    if not starts:
        return TimeCells()
    days = (*row.values("session_date"), *row.values("date"))
    return TimeCells((*starts, *days), row.values("session_ends_at"), None, row.text("zone") or "")


def note_durations(rows: Iterable[Row], problems: Problems) -> None:
    """Note when what is called a duration is none in any row, such as "Long paper" as a length."""
    cells = [(row.line, cell) for row in rows for cell in row.values("duration")]
    if cells and not any(duration_of(cell) for _, cell in cells):
        line, cell = cells[0]
        problems.note(
            "durations that are none",
            f"The column with durations has none, but such as “{shown(str(cell))}”, and is left out.",
            line,
        )
