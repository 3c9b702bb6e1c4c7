"""What a dispatcher works with, on a file that writes down every step."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.dispatching import World
from tests.support.outbox import ALLOWED, empty_file, steps


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    world = World(tmp_path / "conference.sqlite3")
    world.path.write_bytes(empty_file())
    yield world
    assert steps(world.path) <= ALLOWED
