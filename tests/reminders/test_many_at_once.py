"""Many people wish for direct messages in the same moments: all are planned, few at a time, and a later wish wins."""

import asyncio
import shutil
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bot.services import Services
from tests.support.database import rows
from tests.support.running import until
from tests.support.server import Server, StartServer

SESSION = "poster-session-1-opening"
THREE = {SESSION: {"start": "2026-01-01T03:00:00Z", "end": "2026-01-01T05:00:00Z"}}
CROWD = range(1, 201)


def planned(path: Path) -> dict[int, timedelta]:
    """Return how long before the session whose messages are due."""
    asked = "SELECT target_id, starts_at, due_at FROM delivery WHERE kind = 'direct' AND state = 'planned'"
    return {who: datetime.fromisoformat(start) - datetime.fromisoformat(due) for who, start, due in rows(path, asked)}


async def bookmarking(server: Server) -> Services:
    """Have the whole crowd bookmark something of the session."""
    services = server.services
    session = services.library.edition.programme.session(SESSION)
    assert session
    await asyncio.gather(*(services.agenda.service.bookmark(who, [session.papers[who % 20].key]) for who in CROWD))
    return services


class Held:
    """A plan that is on its way: its first row is about to be written."""

    def __init__(self) -> None:
        self.reached, self._go_on = threading.Event(), threading.Event()

    def look(self, _connection: object, _cursor: object, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT INTO delivery") and not self.reached.is_set():
            self.reached.set()
            self._go_on.wait(60)

    def go_on(self) -> None:
        self._go_on.set()


@asynccontextmanager
async def held_plan(services: Services) -> AsyncIterator[Held]:
    """Hold the next plan up just before it writes something."""
    held = Held()
    event.listen(services.database._in_one_go, "before_cursor_execute", held.look)
    try:
        yield held
    finally:
        held.go_on()


async def test_hundreds_who_wish_at_once_are_all_planned_in_a_few_transactions(start_server: StartServer) -> None:
    server = await start_server(sessions=THREE)
    services, path = await bookmarking(server), server.config.database.path

    begun: list[object] = []
    event.listen(services.database._in_one_go, "begin", begun.append)
    await asyncio.gather(*(services.agenda.service.remind(who, 15) for who in CROWD))
    assert len(rows(path, "SELECT 1 FROM wish")) == len(CROWD), "not kept when it was told"
    await until(lambda: len(planned(path)) == len(CROWD))

    assert len(begun) < 10
    assert set(planned(path).values()) == {timedelta(minutes=15)}


async def test_the_last_of_many_wishes_wins_whatever_was_being_planned(start_server: StartServer) -> None:
    server = await start_server(sessions=THREE)
    services, path = await bookmarking(server), server.config.database.path

    async def change_ones_mind(who: int) -> None:
        for minutes in (60, 5, None, 30):
            await services.agenda.service.remind(who, minutes)
        if who % 2:
            await services.agenda.service.remind(who, None)

    async with held_plan(services) as held:
        changing = [asyncio.create_task(change_ones_mind(who)) for who in CROWD]
        await until(held.reached.is_set)
        held.go_on()
        await asyncio.gather(*changing)

    wanted = dict.fromkeys(CROWD[1::2], timedelta(minutes=30))
    await until(lambda: planned(path) == wanted)
    await server.restart()
    assert planned(path).keys() == wanted.keys()


async def test_who_is_forgotten_while_a_plan_is_on_its_way_stands_nowhere_afterwards(
    start_server: StartServer,
) -> None:
    server = await start_server(sessions=THREE)
    services, path = await bookmarking(server), server.config.database.path

    async with held_plan(services) as held:
        await services.agenda.service.remind(1, 15)
        await until(held.reached.is_set)
        wishing = asyncio.gather(*(services.agenda.service.remind(who, 15) for who in CROWD[1:]))
        forgetting = [asyncio.create_task(services.agenda.service.forget(who)) for who in CROWD[:10]]
        await asyncio.sleep(0.05)
        assert not any(one.done() for one in forgetting)
        held.go_on()
        await asyncio.gather(wishing, *forgetting)

    await until(lambda: planned(path).keys() == set(CROWD[10:]))
    for table, column in (("wish", "user_id"), ("bookmark", "user_id"), ("delivery", "target_id")):
        assert not rows(path, f"SELECT {column} FROM {table} WHERE {column} BETWEEN 1 AND 10"), table  # noqa: S608


async def test_a_bot_that_dies_between_wish_and_plan_plans_when_it_is_started_again(
    start_server: StartServer, tmp_path: Path
) -> None:
    server = await start_server(sessions=THREE)
    services, path = await bookmarking(server), server.config.database.path
    left = tmp_path / "left"
    async with held_plan(services) as held:
        await asyncio.gather(*(services.agenda.service.remind(who, 15) for who in CROWD))
        await until(held.reached.is_set)
        # What a killed process leaves on the disk.
        await asyncio.to_thread(shutil.copytree, path.parent, left)
    found = left / path.name
    with closing(sqlite3.connect(found)) as database:
        assert database.execute("SELECT count(*) FROM wish").fetchone() == (len(CROWD),)
        assert database.execute("SELECT count(*) FROM delivery WHERE kind = 'direct'").fetchone() == (0,)

    again = server.config.model_copy(update={"database": server.config.database.model_copy(update={"path": found})})
    await server.restart(again)

    await until(lambda: planned(found).keys() == set(CROWD))
