"""What waits when one message can't go out now: nothing else, all direct messages, or everything but a probe."""

from datetime import timedelta

import pytest

from bot.delivery.dispatcher import Dispatcher
from bot.delivery.model import Delivery, Holds, NotYet
from tests.support.dispatching import World, deliver_due, failing
from tests.support.outbox import DIRECT, HOUR, NOON, SECOND, delivery

pytestmark = pytest.mark.usefixtures("abandoning")

AWAY = NotYet("Discord can't be reached", 5, Holds.EVERYTHING)
DUE = NOON - HOUR


def direct(person: int) -> Delivery:
    return delivery(f"direct {person}", person, NOON, HOUR, DIRECT)


async def pass_time(world: World, dispatcher: Dispatcher, seconds: int) -> None:
    """Let time pass a second at a time, and deliver what may go out."""
    for _ in range(seconds):
        world.clock.moment += SECOND
        await deliver_due(dispatcher)


def tries(world: World) -> int:
    return sum(world.sender.tried.values())


async def test_while_discord_can_not_be_reached_one_message_every_few_seconds_tries_it(world: World) -> None:
    targets = range(100, 130)
    for target in targets:
        world.sender.before_arrival[target] = failing(AWAY)
    await world.plan(*(delivery(f"d{target}", target) for target in targets))
    world.clock.moment = DUE

    async with world.dispatcher() as (_, dispatcher):
        await deliver_due(dispatcher)
        begun = tries(world)
        await pass_time(world, dispatcher, 60)
        assert tries(world) - begun <= 60 / AWAY.seconds

        world.sender.before_arrival.clear()
        await pass_time(world, dispatcher, 2 * int(AWAY.seconds))

    assert world.sender.told == sorted(f"d{target}" for target in targets)
    assert set(world.states().values()) == {"sent"}


async def test_after_a_minute_of_trouble_a_message_is_no_later_than_the_next_try(world: World) -> None:
    back_at = DUE + timedelta(seconds=61)
    world.sender.before_arrival[7] = failing(AWAY)
    await world.plan(delivery("a"))
    world.clock.moment = DUE

    async with world.dispatcher() as (_, dispatcher):
        await deliver_due(dispatcher)
        await pass_time(world, dispatcher, 61)
        world.sender.before_arrival.clear()
        await pass_time(world, dispatcher, 20)

    ((_, _, arrived),) = world.sender.history
    assert arrived - back_at <= timedelta(seconds=AWAY.seconds)


async def test_trouble_that_lasts_is_tried_less_often_and_what_is_due_is_less_than_20_s_late(world: World) -> None:
    world.sender.before_arrival[7] = failing(AWAY)
    await world.plan(delivery("a"))
    world.clock.moment = DUE

    async with world.dispatcher() as (_, dispatcher):
        await deliver_due(dispatcher)
        await pass_time(world, dispatcher, 300)
        begun = tries(world)
        await pass_time(world, dispatcher, 300)
        assert tries(world) - begun <= 20

        world.sender.before_arrival.clear()
        back_at = world.clock.moment
        await pass_time(world, dispatcher, 20)

    ((_, _, arrived),) = world.sender.history
    assert arrived - back_at < timedelta(seconds=20)


async def test_when_discord_lets_nobody_be_written_to_only_direct_messages_wait(world: World) -> None:
    too_fast = NotYet("too fast", 600, Holds.DIRECT_MESSAGES)
    people = (100, 101, 102)
    for person in people:
        world.sender.before_arrival[person] = failing(too_fast, times=1)
    await world.plan(*map(direct, people), delivery("channel", 7, NOON + 5 * SECOND))
    world.clock.moment = DUE

    async with world.dispatcher(direct_per_minute=60) as (_, dispatcher):
        await deliver_due(dispatcher)
        await pass_time(world, dispatcher, 500)
        assert world.sender.told == ["channel"]
        assert sum(world.sender.tried.get(person, 0) for person in people) == 1
        world.sender.before_arrival.clear()
        await pass_time(world, dispatcher, 130)

    assert world.sender.told == ["channel", *(f"direct {person}" for person in people)]


async def test_a_message_that_has_to_wait_alone_holds_nothing_back_and_counts_as_no_failure(world: World) -> None:
    world.sender.before_arrival[7] = failing(NotYet("its server is not there", 10), times=20)
    await world.plan(delivery("a"), delivery("b", 8))
    world.clock.moment = DUE

    async with world.dispatcher() as (_, dispatcher):
        await deliver_due(dispatcher)
        assert world.sender.told == ["b"]
        await pass_time(world, dispatcher, 211)

    assert world.sender.told == ["a", "b"]
