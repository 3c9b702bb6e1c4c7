"""Looking into the database's file, past the bot."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection


def cut_off(path: Path, *, at: float) -> None:
    """Leave only the first part of a file, as a full or broken disk may."""
    os.truncate(path, int(path.stat().st_size * at))


def rows(path: Path, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
    """Ask the file, or change it, and return what comes back."""
    with closing(sqlite3.connect(path)) as database, database:
        return database.execute(statement, parameters).fetchall()


def contents_as_statements(connection: Connection) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield what makes the same tables, with the same in them, in an empty database."""
    asked = (
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid"
    )
    things = connection.exec_driver_sql(asked).all()
    for _, _, statement in things:
        yield statement, ()
    for name in (name for kind, name, _ in things if kind == "table"):
        for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"').all():  # noqa: S608
            yield f'INSERT INTO "{name}" VALUES ({", ".join("?" * len(row))})', tuple(row)  # noqa: S608
