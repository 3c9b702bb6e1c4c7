"""The dispatcher: what is due is sent once, whatever happens to it, to Discord, to the clock or to the rest."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from functools import partial

import pytest

from bot.delivery import nap
from bot.delivery.dispatcher import LEASE, Dispatcher
from bot.delivery.model import Batch, Refused
from bot.delivery.rows import Outbox
from tests.support.dispatching import HandClock, World, deliver_due, dies, failing, never
from tests.support.outbox import HOUR, MINUTE, NOON, SECOND, THRESHOLD, delivery, rows

pytestmark = pytest.mark.usefixtures("abandoning")

QUICK = 0.02
"""A nap that is over soon, in seconds, where a test's clock is not the clock that the nap goes by."""


async def until(true: Callable[[], bool]) -> None:
    """Wait until something is so; a nap of the dispatcher's that nobody ends is longer than this waits."""
    async with asyncio.timeout(45):
        while not true():  # noqa: ASYNC110 - what it waits for is in a file, which gives no signal
            await asyncio.sleep(0.002)


def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the dispatcher look at the clock so often that a test can set it."""
    monkeypatch.setattr(nap, "LONGEST_NAP", QUICK)


async def test_what_is_due_is_sent_once_and_nothing_before(world: World) -> None:
    await world.plan(delivery("a"), delivery("b"), delivery("elsewhere", 8), delivery("later", 7, NOON + HOUR))

    await world.served(NOON - HOUR - SECOND)
    assert world.sender.told == []
    await world.served(NOON - HOUR, NOON - HOUR, NOON - HOUR + MINUTE)
    assert world.sender.told == ["a", "b", "elsewhere"]
    assert len(world.sender.history) == 2
    await world.served(NOON, NOON + MINUTE)
    assert world.sender.told == ["a", "b", "elsewhere", "later"]
    assert set(world.states().values()) == {"sent"}
    assert world.sender.looked == 0
    numbers = {number for (number,) in rows(world.path, "SELECT message_id FROM delivery")}
    assert numbers == {number for number, _, _ in world.sender.history}


async def test_the_dispatcher_sends_in_time_by_itself(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)
    await world.plan(delivery("a"), delivery("b", 7, NOON + MINUTE))
    world.clock.moment = NOON - HOUR - MINUTE

    async with world.working():
        await asyncio.sleep(5 * QUICK)
        assert world.sender.told == []
        world.clock.moment = NOON - HOUR
        await until(lambda: world.sender.told == ["a"])
        world.clock.moment = NOON - HOUR + MINUTE
        await until(lambda: world.sender.told == ["a", "b"])
        await asyncio.sleep(5 * QUICK)

    assert world.sender.told == ["a", "b"]


async def test_the_dispatcher_is_woken_when_something_earlier_is_planned(world: World) -> None:
    async with world.working() as (outbox, dispatcher):
        await outbox.plan([delivery("later", 7, NOON + 5 * HOUR)], THRESHOLD)
        dispatcher.wake()
        await asyncio.sleep(0.1)
        assert world.sender.told == []
        await outbox.plan([delivery("later", 7, NOON + 5 * HOUR), delivery("now")], THRESHOLD)
        dispatcher.wake()
        await until(lambda: world.sender.told == ["now"])


async def test_the_dispatcher_sleeps_on_when_what_is_new_is_due_after_it_looks_anyway(world: World) -> None:
    looks: list[None] = []

    class Counted(Outbox):
        async def next_due(self, *, to_people: bool | None = None, without: Collection[str] = ()) -> datetime | None:
            looks.append(None)
            return await super().next_due(to_people=to_people, without=without)

    async with world.working(Counted) as (outbox, dispatcher):
        await outbox.plan([delivery("later", 7, NOON + 5 * HOUR)], THRESHOLD)
        dispatcher.wake()
        await asyncio.sleep(0.1)
        before = len(looks)
        for _ in range(20):
            dispatcher.wake(NOON + 5 * HOUR)
            await asyncio.sleep(0)
        await asyncio.sleep(0.1)
        assert len(looks) == before
        dispatcher.wake(world.clock.now())
        await until(lambda: len(looks) > before)


async def test_a_dispatcher_that_is_woken_while_it_looks_looks_again(world: World) -> None:
    """Something is planned just after the dispatcher read when the next thing is due, and before it sleeps."""

    class Overtaken(Outbox):
        async def next_due(self, *, to_people: bool | None = None, without: Collection[str] = ()) -> datetime | None:
            due = await super().next_due(to_people=to_people, without=without)
            if not world.states():
                await self.plan([delivery("now")], THRESHOLD)
                dispatcher.wake()
            return due

    async with world.working(Overtaken) as (_, dispatcher):
        await until(lambda: world.sender.told == ["now"])


async def test_a_dispatcher_that_is_woken_while_it_sends_looks_again(world: World) -> None:
    async with world.working() as (outbox, dispatcher):

        async def planned_meanwhile() -> None:
            await outbox.plan([delivery("a"), delivery("b", 8)], THRESHOLD)
            dispatcher.wake()

        world.sender.after_arrival[7] = planned_meanwhile
        await outbox.plan([delivery("a")], THRESHOLD)
        dispatcher.wake()
        await until(lambda: world.sender.told == ["a", "b"])


async def test_a_dispatcher_sees_what_another_process_planned(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody wakes it: the other process planned, and was gone before it could send."""
    quick(monkeypatch)
    async with world.working():
        await asyncio.sleep(5 * QUICK)
        await world.plan(delivery("a"))
        await until(lambda: world.sender.told == ["a"])


@pytest.mark.parametrize("away", [timedelta(hours=1), timedelta(hours=2, minutes=59)])
async def test_a_suspended_machine_sends_when_it_is_back(
    away: timedelta, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick(monkeypatch)
    await world.plan(delivery("hour"), delivery("start", 7, NOON, timedelta()))
    world.clock.moment = NOON - 2 * HOUR

    async with world.working():
        await asyncio.sleep(5 * QUICK)
        world.clock.moment += away + HOUR
        await until(lambda: world.sender.told == ["hour", "start"])

    assert len(world.sender.history) == 1


async def test_a_clock_that_is_set_back_neither_repeats_nor_forgets(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick(monkeypatch)
    await world.plan(delivery("a"), delivery("b", 7, NOON + MINUTE))

    async with world.working():
        await until(lambda: world.sender.told == ["a"])
        world.clock.moment -= 2 * HOUR
        await asyncio.sleep(5 * QUICK)
        assert world.sender.told == ["a"]
        world.clock.moment = NOON - HOUR + MINUTE
        await until(lambda: world.sender.told == ["a", "b"])


async def test_a_clock_that_is_set_back_while_something_is_tried_again(world: World) -> None:
    world.sender.before_arrival[7] = failing(OSError("no network"), 1)
    await world.plan(delivery("a"))

    await world.served(NOON - HOUR, NOON - 3 * HOUR, NOON - 2 * HOUR)
    assert world.sender.told == []
    await world.served(NOON - HOUR + MINUTE)

    assert world.sender.told == ["a"]


def test_the_longest_nap_is_short_enough_for_any_jump_of_the_clock() -> None:
    assert nap.LONGEST_NAP <= 60


async def test_one_target_that_can_not_be_reached_holds_up_no_other(world: World) -> None:
    world.sender.before_arrival[7] = failing(OSError("no network"))
    world.sender.before_arrival[8] = failing(Refused("no permission"))
    await world.plan(*(delivery(f"delivery {target}", target) for target in (7, 8, 9)))

    await world.served(NOON - HOUR)

    assert world.sender.told == ["delivery 9"]
    assert world.states() == {"delivery 7": "claimed", "delivery 8": "failed", "delivery 9": "sent"}


async def test_many_targets_that_hang_do_not_starve_another(world: World) -> None:
    """Each costs the dispatcher 45 seconds, whenever it is its turn; a healthy target must get its turn too."""

    async def hang() -> None:
        world.clock.moment += timedelta(seconds=45)
        raise TimeoutError

    hanging = range(20, 30)
    for target in hanging:
        world.sender.before_arrival[target] = hang
    await world.plan(
        *(delivery(f"delivery {target}", target) for target in hanging), delivery("healthy", 7, NOON + MINUTE)
    )

    async with world.dispatcher() as (outbox, dispatcher):

        def over() -> bool:
            return world.sender.told != [] or world.clock.now() >= NOON

        while not over():
            # While some hang, others fall due: it does not come to its end.
            task = asyncio.create_task(deliver_due(dispatcher))
            await until(lambda: over() or task.done())  # noqa: B023 - it is awaited at once
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            world.clock.moment = max(world.clock.now() + SECOND, await outbox.next_due() or NOON)

    assert world.sender.told == ["healthy"]
    assert world.sender.history[0][2] < NOON - HOUR + 15 * MINUTE


async def test_the_next_tries_come_later_and_later_but_not_too_late(world: World) -> None:
    world.sender.before_arrival[7] = failing(OSError("no network"))
    await world.plan(delivery("a"))
    waits = []

    async with world.dispatcher() as (outbox, dispatcher):
        for _ in range(9):
            before = world.clock.now()
            await deliver_due(dispatcher)
            next_try = await outbox.next_due()
            assert next_try
            world.clock.moment = next_try
            waits.append((next_try - before).total_seconds())

    assert waits == [15, 30, 60, 120, 240, 300, 300, 300, 300]
    assert world.sender.tried == {7: 9}
    assert world.sender.looked == 8
    assert rows(world.path, "SELECT state, attempts, reason FROM delivery") == [("claimed", 9, "no network")]


async def test_a_failure_that_passes_costs_one_message_and_no_more(world: World) -> None:
    world.sender.before_arrival[7] = failing(OSError("no network"), 3)
    await world.plan(delivery("a"), delivery("b"))

    await world.served(*(NOON - HOUR + number * MINUTE for number in range(20)))

    assert world.sender.told == ["a", "b"]
    assert rows(world.path, "SELECT DISTINCT state, attempts, reason FROM delivery") == [("sent", 4, None)]


async def test_a_target_that_refuses_is_given_up_and_reported_once(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    for target in (7, 8):
        world.sender.before_arrival[target] = failing(Refused("no permission"))
    await world.plan(*(delivery(f"{target}, {n}", target, NOON + n * MINUTE) for target in (7, 8) for n in range(3)))

    await world.served(*(NOON - HOUR + number * MINUTE for number in range(5)))

    assert set(world.states().values()) == {"failed"}
    assert sorted(world.sender.reports) == [(7, "no permission"), (8, "no permission")]
    assert world.sender.tried == {7: 3, 8: 3}
    assert "failed: 7, 0: no permission" in caplog.text


async def test_a_target_that_refuses_to_be_looked_through_is_given_up_too(world: World) -> None:
    world.sender.before_arrival[7] = failing(OSError("no network"))
    await world.plan(delivery("a"), delivery("b", 8))

    async def refuse(batch: Batch) -> int | None:
        raise Refused("no history")

    await world.served(NOON - HOUR)
    world.sender.find = refuse  # type: ignore[method-assign]
    await world.served(NOON - HOUR + MINUTE)

    assert world.states() == {"a": "failed", "b": "sent"}
    assert world.sender.reports == [(7, "no history")]


async def test_a_failure_that_nobody_expects_is_logged_with_its_traceback(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.sender.before_arrival[7] = failing(ValueError("a defect"), times=1)
    world.sender.before_arrival[8] = failing(OSError("no network"), times=1)
    await world.plan(delivery("a"), delivery("b", 8))
    world.clock.moment = NOON - HOUR + SECOND
    async with world.working():
        await until(lambda: len([one for one in caplog.records if "could not send" in one.message]) == 2)

    traced = {record.message: record.exc_info for record in caplog.records if "could not send" in record.message}
    assert {("a defect" in message): bool(traceback) for message, traceback in traced.items()} == {
        True: True,
        False: False,
    }


@pytest.mark.parametrize("end", [failing(OSError("no network")), never], ids=["fails", "hangs"])
async def test_a_report_that_does_not_get_through_holds_up_nothing(
    end: Callable[[], Awaitable[None]], world: World
) -> None:
    world.sender.before_arrival[7] = failing(Refused("no permission"))
    await world.plan(delivery("a"), delivery("b", 8, NOON + SECOND))
    world.clock.moment = NOON - HOUR + SECOND

    async def report(batch: Batch, reason: str) -> bool:
        await end()
        return False

    world.sender.report = report  # type: ignore[method-assign]
    async with world.working():
        await until(lambda: world.states() == {"a": "failed", "b": "sent"})

    assert world.sender.told == ["b"]


async def test_a_send_that_gets_no_answer_is_looked_for_before_it_is_sent_again(world: World) -> None:
    world.sender.after_arrival[7] = failing(TimeoutError(), times=1)
    world.sender.before_arrival[8] = failing(TimeoutError(), times=1)
    await world.plan(delivery("a"), delivery("b", 8))

    await world.served(NOON - HOUR)
    assert world.states() == {"a": "claimed", "b": "claimed"}
    await world.served(NOON - HOUR + MINUTE)

    assert world.sender.told == ["a", "b"]
    assert world.states() == {"a": "sent", "b": "sent"}
    assert rows(world.path, "SELECT attempts FROM delivery ORDER BY key") == [(2,), (2,)]


async def test_what_no_longer_helps_is_missed(world: World, caplog: pytest.LogCaptureFixture) -> None:
    await world.plan(delivery("a"), delivery("b", 8, NOON + SECOND))

    await world.served(NOON + 2 * HOUR)

    assert world.states() == {"a": "missed", "b": "sent"}
    assert [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING] == [
        "missed: a, which was due at 2026-05-18 11:00:00+00:00"
    ]


async def test_what_was_tried_until_it_no_longer_helped_is_missed(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.sender.before_arrival[7] = failing(OSError("no network"))
    await world.plan(delivery("a"), delivery("b"))

    await world.served(*(NOON - HOUR + number * 6 * MINUTE for number in range(31)))

    assert world.states() == {"a": "missed", "b": "missed"}
    assert world.sender.told == []
    assert "missed: a, b" in caplog.text


async def test_what_was_sent_but_not_written_down_is_found_even_when_it_no_longer_helps(world: World) -> None:
    world.sender.after_arrival[7] = failing(OSError("the connection broke"), 1)
    await world.plan(delivery("a"))

    await world.served(NOON - HOUR, NOON + 5 * HOUR)

    assert world.states() == {"a": "sent"}
    assert world.sender.told == ["a"]


async def test_a_outbox_that_can_not_be_used_for_a_while_is_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    quick(monkeypatch)
    broken = 2

    class Breaking(Outbox):
        async def settle_sent(self, batch: Batch, message_id: int, now: datetime) -> None:
            nonlocal broken
            broken -= 1
            if broken >= 0:
                raise OSError("disk full")
            await super().settle_sent(batch, message_id, now)

    await world.plan(delivery("a"), delivery("b", 8))
    async with world.working(Breaking):
        while set(world.states().values()) != {"sent"} and world.clock.now() < NOON + HOUR:
            await asyncio.sleep(QUICK)
            world.clock.moment += 10 * SECOND

    assert world.sender.told == ["a", "b"]
    assert "the outbox could not be served" in caplog.text


@pytest.mark.parametrize("busy", [False, True], ids=["asleep", "sending"])
async def test_a_dispatcher_that_is_closed_ends_promptly(busy: bool, world: World) -> None:
    if busy:
        world.sender.before_arrival[7] = never
        await world.plan(delivery("a"))
    async with world.dispatcher() as (_, dispatcher):
        dispatcher.open()
        dispatcher.open()
        await until(lambda: world.sender.tried == {7: 1} if busy else nap.NAP in tasks())
        assert tasks().count("dispatcher") == 1

        async with asyncio.timeout(10):
            await dispatcher.close()

        await asyncio.sleep(0)
        assert not [name for name in tasks() if name.startswith("dispatcher")]


def tasks() -> list[str]:
    return [task.get_name() for task in asyncio.all_tasks()]


@pytest.mark.parametrize("before", [0, 1], ids=["first try", "after a try that broke off"])
async def test_a_dispatcher_killed_at_any_pause_leaves_one_message(before: int, world: World) -> None:
    """Each of a great many dispatchers dies one pause later than the one before; the next one puts things right."""
    pause, alive = 0, True
    async with world.outbox() as outbox:
        while alive:
            start = NOON + pause * 5 * HOUR
            world.clock.moment = start - HOUR
            await outbox.plan([delivery(f"{pause}, {n}", 7, start) for n in (1, 2)], THRESHOLD)
            if before:
                world.sender.after_arrival[7] = failing(OSError("the connection broke"), 1)
                async with world.dispatcher() as (_, dispatcher):
                    await deliver_due(dispatcher)
                world.clock.moment += LEASE
            async with world.dispatcher() as (_, dispatcher):
                alive = await dies(deliver_due(dispatcher), pause)

            await world.served(world.clock.now() + LEASE)

            about = [batch for _, batch, _ in world.sender.history if batch.deliveries[0].starts_at == start]
            assert [len(batch.deliveries) for batch in about] == [2], f"killed at pause {pause}"
            pause += 1

    assert pause > 4
    await world.served(world.clock.now() + LEASE)
    assert len(world.sender.history) == pause
    assert set(world.states().values()) == {"sent"}


async def test_a_dispatcher_killed_again_and_again_leaves_one_message(world: World) -> None:
    await world.plan(*(delivery(f"{target}", target) for target in (7, 8, 9)))
    for pause in range(0, 60, 3):
        async with world.dispatcher() as (_, dispatcher):
            await dies(deliver_due(dispatcher), pause)
        world.clock.moment += LEASE

    await world.served(world.clock.now())

    assert world.sender.told == ["7", "8", "9"]
    assert set(world.states().values()) == {"sent"}


async def test_two_dispatchers_on_one_file_share_the_work(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)
    wanted = [delivery(f"{target}, {n}", target, NOON + n * MINUTE) for target in range(6) for n in range(3)]
    await world.plan(*wanted)
    world.clock.moment = NOON - 2 * HOUR

    async with world.working(), world.working() as (outbox, _):
        for minute in range(4):
            world.clock.moment = NOON - HOUR + minute * MINUTE
            await asyncio.sleep(10 * QUICK)
        await until(lambda: set(world.states().values()) == {"sent"})
        await outbox.plan(wanted, THRESHOLD)
        await asyncio.sleep(5 * QUICK)

    assert world.sender.told == sorted(one.key for one in wanted)


@pytest.mark.parametrize("gone", [{"a"}, {"a", "b"}])
async def test_what_is_outdated_when_it_is_tried_again_is_planned_anew_and_the_rest_is_sent(
    gone: set[str], world: World
) -> None:
    """Its session moved while Discord could not be reached."""
    moved = {"a": delivery("a", 7, NOON + 5 * HOUR), "b": delivery("b", 7, NOON + 5 * HOUR)}
    world.sender.before_arrival[7] = failing(OSError("no network"), 1)
    await world.plan(delivery("a"), delivery("b"))
    await world.served(NOON - HOUR)

    async with world.outbox() as outbox:

        async def replan() -> None:
            await outbox.plan([moved[key] if key in gone else delivery(key) for key in ("a", "b")], THRESHOLD)

        world.sender.stale = lambda batch: [
            one.key for one in batch.deliveries if one.key in gone and one.starts_at == NOON
        ]
        dispatcher = Dispatcher(outbox, world.sender, world.clock)
        dispatcher.replan = replan
        world.clock.moment += MINUTE
        await deliver_due(dispatcher)
        assert world.sender.told == sorted({"a", "b"} - gone)
        world.clock.moment = NOON + 4 * HOUR
        await deliver_due(dispatcher)

    assert world.sender.told == ["a", "b"]
    assert set(world.states().values()) == {"sent"}


async def test_what_was_withdrawn_once_is_settled_with_what_it_is_sent_with(world: World) -> None:
    """One was claimed, withdrawn and planned again; with another it becomes one message, and is then outdated again."""
    stale = {"a"}
    world.sender.stale = lambda batch: [one.key for one in batch.deliveries if one.key in stale]
    await world.plan(delivery("a"))
    await world.served(NOON - HOUR)
    assert world.states() == {"a": "cancelled"}
    await world.plan(delivery("a", starts_at=NOON + MINUTE), delivery("b"))
    world.sender.before_arrival[7] = failing(OSError("no network"), 1)
    stale.clear()
    await world.served(NOON - HOUR + MINUTE)
    assert rows(world.path, "SELECT DISTINCT attempts, reason FROM delivery") == [(1, "no network")]

    stale.add("a")
    await world.served(NOON - HOUR + 2 * MINUTE)

    assert world.sender.told == ["b"]
    assert world.states() == {"a": "cancelled", "b": "sent"}


async def test_when_planning_anew_fails_what_is_left_of_the_message_is_sent_all_the_same(world: World) -> None:
    world.sender.stale = lambda batch: [one.key for one in batch.deliveries if one.key == "a"]
    await world.plan(delivery("a"), delivery("b"))
    async with world.outbox() as outbox:
        dispatcher = Dispatcher(outbox, world.sender, world.clock)
        dispatcher.replan = failing(RuntimeError("the disk is full"))
        world.clock.moment = NOON - HOUR
        await deliver_due(dispatcher)
        world.clock.moment += MINUTE
        await deliver_due(dispatcher)

    assert world.sender.told == ["b"]
    assert world.states() == {"a": "cancelled", "b": "sent"}


async def test_what_is_outdated_but_was_sent_already_is_not_planned_anew(world: World) -> None:
    world.sender.after_arrival[7] = failing(OSError("the connection broke"), 1)
    await world.plan(delivery("a"))
    await world.served(NOON - HOUR)

    world.sender.stale = lambda _: ["a"]
    await world.served(NOON - HOUR + MINUTE)

    assert world.states() == {"a": "sent"}
    assert world.sender.told == ["a"]


class SuspendedClock(HandClock):
    """The clock of a machine that is suspended for longer than a lease when somebody looks at it for the nth time."""

    def __init__(self, nth: int) -> None:
        super().__init__(NOON - HOUR)
        self.left = nth

    def now(self) -> datetime:
        self.left -= 1
        if self.left == 0:
            self.moment += 2 * LEASE
        return self.moment


@pytest.mark.parametrize("nth", range(1, 16))
async def test_a_machine_that_is_suspended_at_any_moment_sends_everything_once(nth: int, world: World) -> None:
    await world.plan(delivery("a", 7), delivery("b", 8))
    for target in (7, 8):  # a message takes longer to arrive than it takes to look for it
        world.sender.before_arrival[target] = partial(asyncio.sleep, 0.01)

    async with world.outbox() as outbox:
        await deliver_due(Dispatcher(outbox, world.sender, SuspendedClock(nth)))

    assert world.sender.told == ["a", "b"]
    assert set(world.states().values()) == {"sent"}
    assert len(world.sender.history) == 2
