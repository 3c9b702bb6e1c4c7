"""A database on a file of the test's own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.engine import Database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "conference.sqlite3"


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    database = await Database.open(path)
    yield database
    await database.close()
