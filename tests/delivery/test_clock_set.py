"""Leases when somebody sets the clock: what is on its way is sent once, and what was left behind is taken up soon."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from bot.delivery.dispatcher import LEASE
from bot.delivery.rows import Outbox
from tests.support.dispatching import World, deliver_due, failing
from tests.support.outbox import HOUR, MINUTE, NOON, SECOND, THRESHOLD, delivery, rows

pytestmark = pytest.mark.usefixtures("abandoning")

SOON = LEASE + 2 * SECOND


async def left_behind(world: World, moment: timedelta = -HOUR) -> None:
    """Let a dispatcher die that has claimed something and not sent it."""
    world.clock.moment = NOON + moment
    async with world.outbox() as outbox:
        assert await outbox.claim(world.clock.now(), LEASE)


@pytest.mark.parametrize("back", [10 * MINUTE, HOUR, timedelta(days=400)])
async def test_what_a_dead_process_held_is_taken_up_soon_though_the_clock_was_set_back(
    back: timedelta, world: World
) -> None:
    await world.plan(delivery("a", starts_at=NOON - timedelta(days=401), lead=timedelta()), delivery("b"))
    await world.plan(delivery("a", lead=timedelta(days=500)))
    await left_behind(world)

    world.clock.leap(-back)
    await world.served(world.clock.now(), world.clock.now() + SOON)

    assert world.sender.told == ["a"]


async def test_a_clock_set_back_while_the_bot_runs_holds_up_what_another_process_left_behind(world: World) -> None:
    await world.plan(delivery("a", lead=5 * HOUR))
    await left_behind(world)

    async with world.dispatcher() as (_, dispatcher):
        await deliver_due(dispatcher)
        world.clock.leap(-2 * HOUR)
        await deliver_due(dispatcher)
        assert world.sender.told == []
        world.clock.moment += SOON
        await deliver_due(dispatcher)

    assert world.sender.told == ["a"]


async def test_what_another_process_is_sending_is_not_taken_from_it_by_a_clock_put_forward(world: World) -> None:
    """The other one has looked for its message and is about to send it."""
    await world.plan(delivery("a"), delivery("later", 8, NOON + 10 * HOUR))
    world.clock.moment = NOON - HOUR - SECOND
    async with world.dispatcher() as (_, second), world.dispatcher() as (_, first):
        await deliver_due(second)
        world.clock.moment += SECOND

        async def leap_while_sending() -> None:
            world.clock.leap(HOUR)
            await deliver_due(second)

        world.sender.before_arrival[7] = leap_while_sending
        await deliver_due(first)

    assert world.sender.told == ["a"]
    assert rows(world.path, "SELECT state, attempts FROM delivery WHERE key = 'a'") == [("sent", 1)]


@pytest.mark.parametrize("by", [-HOUR, -10 * MINUTE, 10 * MINUTE, HOUR], ids=str)
async def test_whatever_the_clock_is_set_to_while_something_is_sent_it_is_there_once(
    by: timedelta, world: World
) -> None:
    await world.plan(delivery("a"), delivery("b", 8))

    async def leap() -> None:
        world.clock.leap(by)

    world.sender.before_arrival[7] = leap
    world.sender.after_arrival[8] = leap
    async with world.dispatcher() as (_, dispatcher):
        # What was not sent before the clock was set back is not due before it shows that time again.
        for _ in range(75):
            await deliver_due(dispatcher)
            world.clock.moment += MINUTE

    assert world.sender.told == ["a", "b"]
    assert {state for (state,) in rows(world.path, "SELECT state FROM delivery")} == {"sent"}


async def test_nothing_comes_early_because_the_clock_was_set_back(world: World) -> None:
    """The clock was ahead when it was claimed; now it is right, and there is an hour left."""
    await world.plan(delivery("a"))
    await left_behind(world)

    world.clock.leap(-HOUR)
    await world.served(*(world.clock.now() + number * MINUTE for number in range(59)))
    assert world.sender.told == []
    await world.served(NOON - HOUR + SECOND)

    assert world.sender.told == ["a"]


async def test_a_send_that_takes_longer_than_a_lease_keeps_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as this process lives and waits, nobody else takes the message from it."""
    await world.plan(delivery("a"))
    taken = []
    async with world.outbox() as other, world.dispatcher() as (_, dispatcher):

        async def be_slow() -> None:
            for _ in range(10):
                world.clock.moment += 30 * SECOND
                await dispatcher._renew_leases()
                taken.append(await other.claim(world.clock.now(), LEASE))

        world.sender.before_arrival[7] = be_slow
        await deliver_due(dispatcher)

    assert taken == [None] * 10
    assert world.sender.told == ["a"]


async def test_who_was_stopped_for_longer_than_a_lease_leaves_the_message_to_the_other(world: World) -> None:
    await world.plan(delivery("a"))

    class Stopped(Outbox):
        """The process is stopped right after it has claimed, and another goes on meanwhile."""

        async def claim(self, *arguments: object, **options: object) -> object:  # type: ignore[override]
            batch = await super().claim(*arguments, **options)  # type: ignore[arg-type]
            if batch:
                world.clock.moment += 2 * LEASE
                await world.served(world.clock.now())
            return batch

    async with world.dispatcher(Stopped) as (_, dispatcher):
        await deliver_due(dispatcher)

    assert world.sender.told == ["a"]
    assert rows(world.path, "SELECT state, attempts FROM delivery") == [("sent", 2)]


async def test_what_is_due_does_not_wait_for_what_a_clock_that_was_ahead_claimed_with_it(world: World) -> None:
    """The clock was an hour ahead, and Discord away: one of the two is due, the other one in an hour."""
    await world.plan(delivery("due"), delivery("later", 7, NOON + HOUR))
    world.sender.before_arrival[7] = failing(OSError("no network"), 1)
    world.clock.moment = NOON
    async with world.dispatcher() as (_, dispatcher):
        await deliver_due(dispatcher)
        assert world.states() == {"due": "claimed", "later": "claimed"}

        world.clock.leap(-HOUR)
        await deliver_due(dispatcher)
        world.clock.moment += SOON
        await deliver_due(dispatcher)
        assert world.sender.told == ["due"]
        assert world.states() == {"due": "sent", "later": "planned"}

        world.clock.moment = NOON
        await deliver_due(dispatcher)

    assert world.sender.told == ["due", "later"]
    assert set(world.states().values()) == {"sent"}


async def test_what_arrived_by_a_clock_that_was_ahead_is_not_sent_again_when_it_is_due(world: World) -> None:
    await world.plan(delivery("due"), delivery("later", 7, NOON + HOUR))
    world.sender.after_arrival[7] = failing(OSError("the connection broke"), 1)
    world.clock.moment = NOON
    async with world.dispatcher() as (_, dispatcher):
        await deliver_due(dispatcher)
        world.clock.leap(-HOUR)
        for _ in range(4):
            await deliver_due(dispatcher)
            world.clock.moment += 30 * MINUTE

    assert world.sender.told == ["due", "later"]
    assert set(world.states().values()) == {"sent"}


async def test_what_was_claimed_just_before_the_clock_was_set_back_waits_until_it_is_due(world: World) -> None:
    await world.plan(delivery("due"), delivery("later", 7, NOON + HOUR), delivery("alone", 8, NOON + HOUR))
    world.clock.moment = NOON

    class SetBack(Outbox):
        """The clock is set back right after the last of it was claimed."""

        async def claim(self, *arguments: object, **options: object) -> object:  # type: ignore[override]
            batch = await super().claim(*arguments, **options)  # type: ignore[arg-type]
            if batch and batch.target_id == 8:
                world.clock.leap(-HOUR)
            return batch

    async with world.dispatcher(SetBack) as (_, dispatcher):
        await deliver_due(dispatcher)

    assert "alone" not in world.sender.told
    assert world.states()["alone"] == "planned"
    await world.served(NOON, NOON + SOON)
    assert world.sender.told == ["alone", "due", "later"]


@pytest.mark.parametrize("tried", [False, True])
@pytest.mark.parametrize("restarted", [False, True])
async def test_what_a_clock_that_was_ahead_gave_up_is_sent_when_it_is_right_again(
    restarted: bool, tried: bool, world: World
) -> None:
    await world.plan(delivery("a"))
    if tried:
        world.sender.before_arrival[7] = failing(OSError("no network"), 1)
        await world.served(NOON - HOUR)

    world.clock.leap(4 * HOUR)
    async with world.dispatcher() as (_, dispatcher):
        await deliver_due(dispatcher)
        world.clock.moment += SOON
        await deliver_due(dispatcher)
        assert world.states() == {"a": "missed"}
        world.clock.leap(-4 * HOUR)
        if not restarted:
            await deliver_due(dispatcher)
    if restarted:
        await world.served(world.clock.now())

    assert world.sender.told == ["a"]
    assert world.states() == {"a": "sent"}


async def test_what_arrived_and_was_given_up_by_a_clock_that_was_ahead_is_found(world: World) -> None:
    """It is looked for once more by the right time, since by the wrong one Discord could not be asked any more."""
    world.sender.after_arrival[7] = failing(OSError("the connection broke"), 1)
    await world.plan(delivery("a"))
    await world.served(NOON - HOUR)
    with closing(sqlite3.connect(world.path)) as database, database:
        database.execute("UPDATE delivery SET state = 'missed'")

    await world.served(NOON - HOUR + SOON)

    assert world.sender.told == ["a"]
    assert world.states() == {"a": "sent"}


async def test_what_was_given_up_by_a_clock_that_was_ahead_is_not_sent_if_nobody_wants_it_any_more(
    world: World,
) -> None:
    await world.plan(delivery("a"), delivery("b", 8))
    world.clock.leap(4 * HOUR)
    await world.served(world.clock.now())
    assert set(world.states().values()) == {"missed"}

    world.clock.leap(-4 * HOUR)
    async with world.dispatcher() as (outbox, dispatcher):

        async def replan() -> None:
            await outbox.plan([delivery("b", 8)], THRESHOLD)

        dispatcher.replan = replan
        await deliver_due(dispatcher)

    assert world.sender.told == ["b"]
    assert world.states() == {"a": "cancelled", "b": "sent"}
