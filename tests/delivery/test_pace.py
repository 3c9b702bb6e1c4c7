"""Direct messages when very many are overdue: so many in a minute, the nearest first, none too late."""

from collections import Counter
from datetime import datetime, timedelta
from functools import partial

import pytest

from bot.delivery.model import Delivery
from tests.support.dispatching import World, deliver_due, failing
from tests.support.outbox import DIRECT, HOUR, MINUTE, NOON, SECOND, THRESHOLD, delivery, rows

pytestmark = pytest.mark.usefixtures("abandoning")


def direct(person: int, starts_at: datetime = NOON, lead: timedelta = HOUR) -> Delivery:
    return delivery(f"direct {person} {starts_at:%H:%M}", person, starts_at, lead, DIRECT)


async def by_minute(world: World, minutes: int, per_minute: int = 60) -> list[int]:
    """Let a dispatcher look whenever it has asked to, and count what arrived in each minute."""
    begin = world.clock.now()
    async with world.dispatcher(direct_per_minute=per_minute) as (_, dispatcher):
        while (now := world.clock.now()) < begin + minutes * MINUTE:
            await deliver_due(dispatcher)
            due = await dispatcher._next_due()
            world.clock.moment = min(max(due, now), now + MINUTE) if due else now + MINUTE
    counted = Counter((moment - begin) // MINUTE for _, _, moment in world.sender.history)
    return [counted[minute] for minute in range(minutes)]


async def test_however_much_is_overdue_so_many_go_out_in_a_minute(world: World) -> None:
    await world.plan(*(direct(person) for person in range(100, 700)))

    assert await by_minute(world, 2) == [60, 60]


async def test_the_pace_is_the_configured_one(world: World) -> None:
    await world.plan(*(direct(person) for person in range(100, 130)))

    assert await by_minute(world, 4, per_minute=6) == [6, 6, 6, 6]


async def test_a_clock_that_is_set_does_not_quicken_the_pace(world: World) -> None:
    await world.plan(*(direct(person) for person in range(100, 130)))

    async with world.dispatcher(direct_per_minute=6) as (_, dispatcher):
        for _ in range(5):
            world.clock.leap(10 * MINUTE)
            await deliver_due(dispatcher)

    assert len(world.sender.history) == 1


async def test_channels_do_not_wait_for_people(world: World) -> None:
    await world.plan(*(direct(person) for person in range(100, 200)), delivery("channel", 7))

    await world.served(NOON - HOUR)

    assert "channel" in world.sender.told
    assert len(world.sender.told) == 2


async def test_people_who_can_not_be_reached_hold_up_no_channel_and_are_tried_at_the_same_pace(world: World) -> None:
    for person in range(100, 120):
        world.sender.before_arrival[person] = failing(OSError("no network"))
    await world.plan(*(direct(person) for person in range(100, 120)), delivery("channel", 7, NOON + 5 * SECOND))

    await by_minute(world, 3, per_minute=6)

    assert world.sender.told == ["channel"]
    assert sum(tried for person, tried in world.sender.tried.items() if person >= 100) == 18


async def test_the_nearest_sessions_come_first(world: World) -> None:
    await world.plan(
        *(direct(person, NOON + HOUR, 3 * HOUR) for person in range(100, 110)),
        *(direct(person, NOON - 90 * MINUTE, 3 * HOUR) for person in range(200, 210)),
        *(direct(person, NOON + 10 * MINUTE, 2 * HOUR) for person in range(300, 310)),
    )
    world.clock.moment = NOON

    await by_minute(world, 1)

    hundreds = [batch.target_id // 100 for _, batch, _ in world.sender.history]
    assert hundreds == [3] * 10 + [1] * 10 + [2] * 10


async def test_what_would_come_too_late_is_given_up_and_what_is_near_still_goes_out(world: World) -> None:
    """One session is over in five minutes, when not everybody who wanted to hear of it has."""
    await world.plan(
        *(direct(person, NOON - 2 * HOUR + 5 * MINUTE) for person in range(100, 160)),
        *(direct(person, NOON + 30 * MINUTE) for person in range(1000, 1012)),
    )
    world.clock.moment = NOON

    assert await by_minute(world, 9, per_minute=6) == [6] * 5 + [0] * 4
    assert rows(world.path, "SELECT target_id >= 1000, state, count(*) FROM delivery GROUP BY 1, 2") == [
        (0, "missed", 42),
        (0, "sent", 18),
        (1, "sent", 12),
    ]
    assert all(moment < batch.useful_until for _, batch, moment in world.sender.history)


async def test_one_person_whose_message_hangs_holds_up_nobody(world: World) -> None:
    async with world.outbox() as outbox:
        await outbox.plan([direct(person) for person in (100, 101, 102)], THRESHOLD)
    hung: list[int] = []

    async def hang(person: int) -> None:
        hung.append(person)
        world.clock.moment += 2 * SECOND
        if len(hung) < 3:
            raise TimeoutError

    for person in (100, 101, 102):
        world.sender.before_arrival[person] = partial(hang, person)
    await by_minute(world, 2)

    assert sorted(set(hung)) == [100, 101, 102]
    assert len(world.sender.told) == 3
