"""Which rows of a table everybody may see, by the columns that tell of a decision or a state."""

from collections.abc import Sequence

from bot.sources.formats.table.grid import Row
from bot.sources.reading.gather import Gathering
from bot.sources.reading.visibility import is_public, truth


def public_rows(rows: Sequence[Row], gathering: Gathering) -> list[Row]:
    """Return the rows that everybody may see; the others are accounted for.

    A blank decision says nothing, unless other rows are rejected or the like: then it has not been taken yet. A blank
    in a column such as "Accepted?" means no, unless the whole column is blank.
    """
    decides = any(is_public(text, gathering.hints.public) is False for row in rows for text in _states(row, "status"))
    ticks = any(_states(row, "shown") for row in rows)
    return [row for row in rows if _may_show(row, gathering, decides=decides, ticks=ticks)]


def _may_show(row: Row, gathering: Gathering, *, decides: bool, ticks: bool) -> bool:
    if ticks and not _states(row, "shown"):
        gathering.leave_out("not public")
        return False
    what = row.text("title") or row.text("session") or row.text("id") or ""
    for name, meaning in (("shown", True), ("hidden", False)):
        for text in _states(row, name):
            said = truth(text)
            if said is None:
                if not gathering.may_show(text, what, row.line):
                    return False
            elif said is not meaning:
                gathering.leave_out("not public" if meaning else "deleted or withdrawn")
                return False
    states = _states(row, "status")
    if decides and not states:
        gathering.leave_out("no decision")
        return False
    return all(gathering.may_show(text, what, row.line) for text in states)


def _states(row: Row, name: str) -> list[str]:
    return [str(cell) for cell in row.cells.get(name, ()) if str(cell).strip()]
