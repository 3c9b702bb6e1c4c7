"""The outbox as the harness reads it, beside the bot."""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

from tests.delivery.crash.report import Row

_MOMENTS = ("starts_at", "due_at", "useful_until", "claimed_at", "claimed_until")
_PARTS = tuple(part.name for part in fields(Row))


def rows_of(database: Path) -> list[Row]:
    """Return what is in the outbox; nothing where it is not there yet, or no database any more."""
    statement = f"SELECT {', '.join(_PARTS)} FROM delivery ORDER BY starts_at, key"  # noqa: S608 - names of our own
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as file:
            found = [dict(zip(_PARTS, row, strict=True)) for row in file.execute(statement)]
    except sqlite3.DatabaseError:
        return []
    for row in found:
        row |= {name: datetime.fromisoformat(row[name]).replace(tzinfo=UTC) for name in _MOMENTS if row[name]}
    return [Row(**row) for row in found]


def claimed(rows: Iterable[Row]) -> list[Row]:
    """Return what somebody has taken, and not brought to its end."""
    return [row for row in rows if row.state == "claimed"]


def next_moment(rows: Sequence[Row]) -> datetime | None:
    """Return when something is to be begun or taken again, by what is written there; None for never."""
    moments = [row.due_at for row in rows if row.state == "planned"]
    batches: dict[str | None, list[Row]] = {}
    for row in claimed(rows):
        batches.setdefault(row.batch, []).append(row)
    for batch in batches.values():
        lease = max((row.claimed_until for row in batch if row.claimed_until), default=None)
        due = min(row.due_at for row in batch)
        moments.append(max(lease, due) if lease else due)
    return min(moments, default=None)
