"""Where the versions of the programme are kept, on a file of the test's own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.editions.rows import EditionStore
from bot.store.engine import Database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "conference.sqlite3"


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    database = await Database.open(path)
    yield database
    await database.close()


@pytest.fixture
def store(database: Database) -> EditionStore:
    return EditionStore(database)
