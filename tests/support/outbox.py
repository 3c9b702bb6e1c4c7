"""An outbox on a real SQLite file that writes down every step a delivery takes."""

import asyncio
import sqlite3
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bot.delivery.model import Delivery, Kind
from bot.delivery.rows import Outbox
from bot.store import engine
from bot.store.engine import Database

NOON = datetime(2026, 5, 18, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
THRESHOLD = 10 * MINUTE

REMINDER = Kind("reminder", replanned=True)
ANNOUNCEMENT = Kind("announcement", folds=False)
DIRECT = Kind("direct", to_person=True, replanned=True)

ALLOWED = {
    (None, "planned"),
    ("planned", "claimed"),
    ("claimed", "sent"),
    ("claimed", "failed"),
    ("failed", "claimed"),
    ("claimed", "missed"),
    ("claimed", "planned"),
    ("claimed", "cancelled"),
    ("planned", "missed"),
    ("planned", "cancelled"),
    ("cancelled", "planned"),
    ("missed", "planned"),
    ("missed", "claimed"),
}
"""The steps between different states, as `bot.delivery` lists them; out of nothing comes what is planned."""


def delivery(
    key: str = "one", target: int = 7, starts_at: datetime = NOON, lead: timedelta = HOUR, kind: Kind = REMINDER
) -> Delivery:
    due_at, useful_until = starts_at - lead, starts_at + 2 * HOUR
    return Delivery(key, target, f"session of {key}", starts_at, due_at, useful_until, kind)


def record_steps(path: Path) -> None:
    """Make the file itself write down every step that any delivery takes, whoever makes it take that."""
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            """
            CREATE TABLE step (key TEXT, source TEXT, target TEXT);
            CREATE TRIGGER begun AFTER INSERT ON delivery
            BEGIN INSERT INTO step VALUES (NEW.key, NULL, NEW.state); END;
            CREATE TRIGGER stepped AFTER UPDATE ON delivery WHEN OLD.state != NEW.state
            BEGIN INSERT INTO step VALUES (NEW.key, OLD.state, NEW.state); END;
            CREATE TRIGGER went AFTER DELETE ON delivery
            BEGIN INSERT INTO step VALUES (OLD.key, OLD.state, 'gone'); END;
            """
        )


@cache
def empty_file() -> bytes:
    """A database as the bot makes it, which writes down every step that a delivery takes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "conference.sqlite3"

        async def make() -> None:
            await (await Database.open(path)).close()

        # Another thread, since a test's event loop may be running in this one.
        with ThreadPoolExecutor() as pool:
            pool.submit(asyncio.run, make()).result()
        record_steps(path)
        return path.read_bytes()


async def reopened(path: Path) -> Database:
    """Open a file whose tables are there already, which need not be looked for each time."""
    with patch.object(engine, "migrate", lambda _: None):
        return await Database.open(path)


def outbox_on(database: Database, made: type[Outbox] = Outbox) -> Outbox:
    return made(database, (REMINDER, ANNOUNCEMENT, DIRECT))


def rows(path: Path, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as database, database:
        return database.execute(statement, parameters).fetchall()


def steps(path: Path) -> set[tuple[str | None, str]]:
    return {(source, target) for source, target in rows(path, "SELECT source, target FROM step")}


def states(path: Path) -> dict[str, str]:
    return dict(rows(path, "SELECT key, state FROM delivery"))
