"""Looking into the database's file, past the bot."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any


def cut_off(path: Path, *, at: float) -> None:
    """Leave only the first part of a file, as a full or broken disk may."""
    os.truncate(path, int(path.stat().st_size * at))


def rows(path: Path, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
    """Ask the file, or change it, and return what comes back."""
    with closing(sqlite3.connect(path)) as database, database:
        return database.execute(statement, parameters).fetchall()
