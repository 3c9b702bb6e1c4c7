"""How the outbox is felt: what that costs grows neither with what was sent nor with what is still to come."""

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import timedelta
from itertools import count

from sqlalchemy import text

from bot.delivery.model import Pulse
from bot.store.engine import Database
from tests.support.dispatching import World
from tests.support.outbox import HOUR, MINUTE, NOON, outbox_on, reopened

MANY = 20_000


def fill(world: World, number: int, state: str, due: timedelta, reason: str | None = None) -> None:
    """Write many deliveries into the outbox, in one state and due at one time."""
    due_at, sent_at = NOON + due, NOON - HOUR if state == "sent" else None
    common = (7, "session", "reminder", due_at, due_at, NOON + 5 * HOUR, state, 1, sent_at, reason)
    with closing(sqlite3.connect(world.path)) as database, database:
        database.execute("DROP TRIGGER IF EXISTS begun")  # it takes no steps to get there
        there = database.execute("SELECT count(*) FROM delivery").fetchone()[0]
        database.executemany(
            "INSERT INTO delivery (key, target_id, subject, kind, starts_at, due_at, useful_until, state, attempts, "
            "sent_at, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(str(there + key), *map(_stored, common)) for key in range(number)],
        )


def _stored(value: object) -> object:
    return f"{value:%Y-%m-%d %H:%M:%S.%f}" if hasattr(value, "year") else value


async def counted(database: Database, ask: Callable[[], Awaitable[object]]) -> int:
    """Return how many steps SQLite takes for something that is read, in tens; how fast the machine is matters not."""
    steps = count()
    async with database.read() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        assert raw
        await raw.set_progress_handler(lambda: next(steps) * 0, 10)
    # The pool has no other connection.
    await ask()
    return next(steps)


async def test_the_pulse_tells_what_is_overdue_and_why(world: World) -> None:
    fill(world, 3, "planned", -MINUTE)
    fill(world, 1, "planned", -2 * MINUTE, "Discord can't be reached")
    fill(world, 5, "planned", MINUTE)
    fill(world, 2, "sent", -HOUR)
    database = await reopened(world.path)

    pulse = await outbox_on(database).pulse(NOON)

    await database.close()
    assert pulse == Pulse(4, NOON - 2 * MINUTE, NOON - HOUR, "Discord can't be reached")


async def test_what_was_sent_and_what_is_to_come_cost_the_pulse_nothing(world: World) -> None:
    fill(world, 10, "planned", -MINUTE)
    fill(world, 1, "sent", -HOUR)
    database = await reopened(world.path)
    outbox = outbox_on(database)
    few = await counted(database, lambda: outbox.pulse(NOON))

    fill(world, MANY, "planned", MINUTE)
    fill(world, MANY, "sent", -HOUR)
    many = await counted(database, lambda: outbox.pulse(NOON))

    await database.close()
    assert few > 0
    assert many <= 2 * few


async def test_however_much_is_overdue_it_is_counted_and_not_read(world: World) -> None:
    fill(world, MANY, "planned", -MINUTE)
    database = await reopened(world.path)
    outbox = outbox_on(database)

    async def count_alone() -> None:
        async with database.read() as connection:
            overdue = (
                "SELECT count(*), min(due_at) FROM delivery WHERE state = 'planned' AND due_at <= '2026-05-18 12:00'"
            )
            await connection.execute(text(overdue))

    counting = await counted(database, count_alone)
    feeling = await counted(database, lambda: outbox.pulse(NOON))

    await database.close()
    assert counting > MANY / 10
    assert feeling < 1.3 * counting
