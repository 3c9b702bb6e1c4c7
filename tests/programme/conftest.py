"""The real session, read and keyed."""

import pytest

from bot.programme.identity import assign_keys
from bot.programme.source import Source
from bot.sources.read import read
from tests.support.server import SESSION_PAGE


@pytest.fixture(scope="module")
def real() -> Source:
    return assign_keys(read(SESSION_PAGE.read_bytes(), SESSION_PAGE.name).source)
