"""Where the versions of the programme are kept, on a file of the test's own."""

import pytest

from bot.editions.rows import EditionStore
from bot.store.engine import Database


@pytest.fixture
def store(database: Database) -> EditionStore:
    return EditionStore(database)
