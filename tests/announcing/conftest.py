"""A server with an organizer who announces things."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.errors import UserError
from tests.support.announcing import CONFIGURED, DISCORD, Hall, OpenHall
from tests.support.server import StartServer

ABSTRACT = "It says in a few long sentences what it is about, and why that matters to those who run caches. " * 3

_halls: list[Hall] = []


@pytest.fixture(autouse=True)
def nothing_but_refusals() -> Iterator[None]:
    """Check that no command failed but by refusing, which SimCord takes for an error as well."""
    _halls.clear()
    yield
    errors = [error for hall in _halls for error in hall.server.env._errors]
    assert [error for error in errors if not isinstance(error.__cause__, UserError)] == []


@pytest.fixture
def open_hall(start_server: StartServer, tmp_path: Path) -> OpenHall:
    """Start a server with a small programme; keywords replace tables of the configuration."""

    async def opened(**tables: Any) -> Hall:
        page = tmp_path / "page.txt"
        page.write_text(f"Session\nSystems\nHall A\nA Paper\nAda Lovelace ⋅ Bo Li\n{ABSTRACT}\n", encoding="utf-8")
        fixed = {"programme": {"source": page}, "announcements": CONFIGURED, "discord": DISCORD}
        hall = Hall(await start_server(check_errors=False, **{**fixed, **tables}))
        _halls.append(hall)
        await hall.server.env.settle()
        return hall

    return opened


@pytest.fixture
async def hall(open_hall: OpenHall) -> Hall:
    return await open_hall()
