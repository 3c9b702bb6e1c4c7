"""What a table says only once for several rows: the day, or the session, in the first row of each."""

from collections.abc import Sequence

from bot.sources.formats.table.grid import Row
from bot.sources.reading.problems import Problems

_TIMES = ("starts_at", "time", "session_starts_at")
_SESSION = ("session", "session_id", "session_kind", "session_track", "session_room", "session_starts_at")
_SESSION_TOO = ("session_ends_at", "session_date")


def filled(rows: Sequence[Row], problems: Problems) -> list[Row]:
    """Return rows with what stands above them and is meant for them, too; that it was filled in is noted."""
    return _with_sessions(_with_days(rows, problems), problems)


def _with_days(rows: Sequence[Row], problems: Problems) -> list[Row]:
    """Give rows that have a time and no day the day above them."""
    found = []
    above: Row | None = None
    first: int | None = None
    for row in rows:
        if row.values("date"):
            above = row
        elif above is not None and any(row.values(name) for name in _TIMES):
            first = first or row.line
            found.append(Row(row.line, {**row.cells, "date": above.cells["date"]}))
            continue
        found.append(row)
    if first:
        problems.note("a day that stands above", "A row without a day is taken to be on the day above it.", first)
    return found


def _with_sessions(rows: Sequence[Row], problems: Problems) -> list[Row]:
    """Give papers without a session the session above them, in tables that name each session in one row only.

    Those are tables whose sessions have rows of their own above their papers, or stand in the first of their papers'
    rows and nowhere else, where most papers would be in no session otherwise.
    """
    named = [row for row in rows if row.texts("session")]
    bare = [row for row in rows if not row.texts("session") and row.text("title")]
    with_title = sum(row.text("title") is not None for row in named)
    names = {tuple(row.texts("session")) for row in named}
    if not named or not bare or rows[0] is not named[0]:
        return list(rows)
    if with_title and not (with_title == len(named) == len(names) and len(bare) > len(named)):
        return list(rows)
    found = []
    above: Row | None = None
    for row in rows:
        if row.texts("session"):
            above = row
            found.append(row)
        elif above is not None:
            session = {name: above.cells[name] for name in (*_SESSION, *_SESSION_TOO) if name in above.cells}
            found.append(Row(row.line, {**session, **row.cells}))
    problems.note(
        "a session that stands above",
        "Each session is named in one row only; papers without one are taken to be in the session above them.",
        bare[0].line,
    )
    return found
