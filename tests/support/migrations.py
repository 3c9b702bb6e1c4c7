"""Files of earlier revisions, and what is in a file."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

import bot.store
from bot.store.engine import Database
from bot.store.migrations import migrate
from tests.support.database import rows

MIGRATIONS = Path(bot.store.__file__).parent / "migrations"


def alembic(connection: Connection | None = None) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def downgrade(connection: Connection, revision: str) -> None:
    command.downgrade(alembic(connection), revision)


def revisions() -> list[str]:
    """Return all revisions, the oldest first."""
    return [script.revision for script in ScriptDirectory.from_config(alembic()).walk_revisions()][::-1]


async def made_at(path: Path, revision: str, script: str) -> None:
    """Bring an empty file to a revision, and fill its tables by a script in SQL."""
    database = await Database.open(path)
    async with database.write() as connection:
        await connection.run_sync(downgrade, "base")
        await connection.run_sync(migrate, revision)
    await database.close()
    with closing(sqlite3.connect(path)) as file, file:
        file.executescript(script)


async def brought_to(path: Path, revision: str) -> None:
    """Take a file that is up to date back to an earlier revision."""
    database = await Database.open(path)
    async with database.write() as connection:
        await connection.run_sync(downgrade, revision)
    await database.close()


def contents(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return everything that is in the file, by table."""
    tables = [name for (name,) in rows(path, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {
        table: sorted(rows(path, f"SELECT * FROM {table}"), key=repr)  # noqa: S608
        for table in tables
        if table != "alembic_version"
    }


def cut(after: list[tuple[Any, ...]], before: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return rows with the columns alone that they had before."""
    return [new[: len(old)] for new, old in zip(after, before, strict=True)]
