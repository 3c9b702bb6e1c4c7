"""Looking into the database's file, past the bot."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any


def rows(path: Path, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
    """Ask the file, or change it, and return what comes back."""
    with closing(sqlite3.connect(path)) as database, database:
        return database.execute(statement, parameters).fetchall()
