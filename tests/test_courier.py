"""The courier: everything that is due is sent once, whatever happens to it, to Discord, to the clock or to the rest."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Generator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock

import pytest

from bot.delivery import courier as couriers
from bot.delivery.courier import LEASE, Courier, Refused
from bot.due import Delivery
from bot.store.ledger import Batch, Ledger
from tests.test_ledger import ALLOWED, delivery, empty_file, reopened, rows, states, steps

pytestmark = pytest.mark.usefixtures("abandoning")

NOON = datetime(2026, 5, 18, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
THRESHOLD = 10 * MINUTE
QUICK = 0.02
"""A nap that is over soon, in seconds, where a test's clock is not the clock that the nap goes by."""


class HandClock:
    """A clock that a test sets."""

    def __init__(self, moment: datetime = NOON - HOUR) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


class Box:
    """Stands in for Discord's side, and outlives every courier: it takes each message, however often it comes.

    Attributes:
        history: every message: its number, its batch, and when it came.
        reports: the targets that were reported, and why.
        looked: how often somebody looked for a message.
        tried: how often somebody began to send to a target.
        trouble: what happens to whoever sends to a target, before the message is there.
        aftermath: what happens to whoever sends to a target, once the message is there.
    """

    def __init__(self, clock: HandClock) -> None:
        self.clock = clock
        self.history: list[tuple[int, Batch, datetime]] = []
        self.reports: list[tuple[int, str]] = []
        self.looked = 0
        self.tried: dict[int, int] = {}
        self.trouble: dict[int, Callable[[], Awaitable[None]]] = {}
        self.aftermath: dict[int, Callable[[], Awaitable[None]]] = {}

    async def find(self, batch: Batch) -> int | None:
        self.looked += 1
        await asyncio.sleep(0)
        found = next((number for number, sent, _ in self.history if sent.token == batch.token), None)
        await asyncio.sleep(0)
        return found

    async def send(self, batch: Batch) -> int:
        self.tried[batch.target_id] = self.tried.get(batch.target_id, 0) + 1
        await asyncio.sleep(0)
        if trouble := self.trouble.get(batch.target_id):
            await trouble()
        self.history.append((len(self.history) + 1, batch, self.clock.now()))
        number = len(self.history)
        await asyncio.sleep(0)
        if aftermath := self.aftermath.get(batch.target_id):
            await aftermath()
        return number

    async def report(self, batch: Batch, reason: str) -> None:
        await asyncio.sleep(0)
        self.reports.append((batch.target_id, reason))

    @property
    def told(self) -> list[str]:
        """The keys of all deliveries that arrived, sorted; a repeated one as often as it came."""
        return sorted(delivery.key for _, batch, _ in self.history for delivery in batch.deliveries)


def failing(error: BaseException, times: int = 10**9) -> Callable[[], Awaitable[None]]:
    """Fail so many times."""
    left = times

    async def fail() -> None:
        nonlocal left
        left -= 1
        if left >= 0:
            raise error

    return fail


async def never() -> None:
    await asyncio.Event().wait()


class Office:
    """All that a courier works with, on one file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.clock = HandClock()
        self.box = Box(self.clock)

    @asynccontextmanager
    async def ledger(self) -> AsyncIterator[Ledger]:
        """A ledger on the file, for as long as a process would have it."""
        engine = await reopened(self.path)
        try:
            yield Ledger(engine)
        finally:
            await engine.dispose()

    @asynccontextmanager
    async def courier(self) -> AsyncIterator[tuple[Ledger, Courier]]:
        async with self.ledger() as ledger:
            yield ledger, Courier(ledger, self.box, self.clock)

    @asynccontextmanager
    async def working(self) -> AsyncIterator[tuple[Ledger, Courier]]:
        """A courier that runs in a task of its own."""
        async with self.courier() as (ledger, courier):
            task = asyncio.create_task(courier.run())
            try:
                yield ledger, courier
            finally:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async def plan(self, *wanted: Delivery) -> None:
        async with self.ledger() as ledger:
            await ledger.plan(wanted, THRESHOLD)

    async def served(self, *moments: datetime) -> None:
        """Let a new courier do what is due at each of the moments."""
        for self.clock.moment in moments:
            async with self.courier() as (_, courier):
                await courier.deliver_due()

    def states(self) -> dict[str, str]:
        return states(self.path)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    office = Office(tmp_path / "conference.sqlite3")
    office.path.write_bytes(empty_file())
    yield office
    assert steps(office.path) <= ALLOWED


async def until(true: Callable[[], bool]) -> None:
    """Wait until something is so; a nap of the courier's that nobody ends is longer than this waits."""
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - what it waits for is in a file, which gives no signal
            await asyncio.sleep(0.002)


def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the courier look at the clock so often that a test can set it."""
    monkeypatch.setattr(couriers, "LONGEST_NAP", QUICK)


async def test_what_is_due_is_sent_once_and_nothing_before(office: Office) -> None:
    await office.plan(delivery("a"), delivery("b"), delivery("elsewhere", 8), delivery("later", 7, NOON + HOUR))

    await office.served(NOON - HOUR - SECOND)
    assert office.box.told == []
    await office.served(NOON - HOUR, NOON - HOUR, NOON - HOUR + MINUTE)
    assert office.box.told == ["a", "b", "elsewhere"]
    assert len(office.box.history) == 2
    await office.served(NOON, NOON + MINUTE)
    assert office.box.told == ["a", "b", "elsewhere", "later"]
    assert set(office.states().values()) == {"sent"}
    assert office.box.looked == 0
    numbers = {number for (number,) in rows(office.path, "SELECT message_id FROM delivery")}
    assert numbers == {number for number, _, _ in office.box.history}


async def test_the_courier_sends_in_time_by_itself(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)
    await office.plan(delivery("a"), delivery("b", 7, NOON + MINUTE))
    office.clock.moment = NOON - HOUR - MINUTE

    async with office.working():
        await asyncio.sleep(5 * QUICK)
        assert office.box.told == []
        office.clock.moment = NOON - HOUR
        await until(lambda: office.box.told == ["a"])
        office.clock.moment = NOON - HOUR + MINUTE
        await until(lambda: office.box.told == ["a", "b"])
        await asyncio.sleep(5 * QUICK)

    assert office.box.told == ["a", "b"]


async def test_the_courier_is_woken_when_something_earlier_is_planned(office: Office) -> None:
    async with office.working() as (ledger, courier):
        await ledger.plan([delivery("later", 7, NOON + 5 * HOUR)], THRESHOLD)
        courier.wake()
        await asyncio.sleep(0.1)
        assert office.box.told == []
        await ledger.plan([delivery("later", 7, NOON + 5 * HOUR), delivery("now")], THRESHOLD)
        courier.wake()
        await until(lambda: office.box.told == ["now"])


async def test_a_courier_that_is_woken_while_it_looks_looks_again(office: Office) -> None:
    """Something is planned just after the courier read when the next thing is due, and before it sleeps."""

    class Overtaken(Ledger):
        async def next_due(self) -> datetime | None:
            due = await super().next_due()
            if not office.states():
                await self.plan([delivery("now")], THRESHOLD)
                courier.wake()
            return due

    engine = await reopened(office.path)
    courier = Courier(Overtaken(engine), office.box, office.clock)
    task = asyncio.create_task(courier.run())
    try:
        await until(lambda: office.box.told == ["now"])
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await engine.dispose()


async def test_a_courier_that_is_woken_while_it_sends_looks_again(office: Office) -> None:
    async with office.working() as (ledger, courier):

        async def planned_meanwhile() -> None:
            await ledger.plan([delivery("a"), delivery("b", 8)], THRESHOLD)
            courier.wake()

        office.box.aftermath[7] = planned_meanwhile
        await ledger.plan([delivery("a")], THRESHOLD)
        courier.wake()
        await until(lambda: office.box.told == ["a", "b"])


async def test_a_courier_sees_what_another_process_planned(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody wakes it: the other process planned, and was gone before it could send."""
    quick(monkeypatch)
    async with office.working():
        await asyncio.sleep(5 * QUICK)
        await office.plan(delivery("a"))
        await until(lambda: office.box.told == ["a"])


@pytest.mark.parametrize("away", [timedelta(hours=1), timedelta(hours=2, minutes=59)])
async def test_a_suspended_machine_sends_when_it_is_back(
    away: timedelta, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick(monkeypatch)
    await office.plan(delivery("hour"), delivery("start", 7, NOON, timedelta()))
    office.clock.moment = NOON - 2 * HOUR

    async with office.working():
        await asyncio.sleep(5 * QUICK)
        office.clock.moment += away + HOUR
        await until(lambda: office.box.told == ["hour", "start"])

    assert len(office.box.history) == 1


async def test_a_clock_that_is_set_back_neither_repeats_nor_forgets(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick(monkeypatch)
    await office.plan(delivery("a"), delivery("b", 7, NOON + MINUTE))

    async with office.working():
        await until(lambda: office.box.told == ["a"])
        office.clock.moment -= 2 * HOUR
        await asyncio.sleep(5 * QUICK)
        assert office.box.told == ["a"]
        office.clock.moment = NOON - HOUR + MINUTE
        await until(lambda: office.box.told == ["a", "b"])


async def test_a_clock_that_is_set_back_while_something_is_tried_again(office: Office) -> None:
    office.box.trouble[7] = failing(OSError("no network"), 1)
    await office.plan(delivery("a"))

    await office.served(NOON - HOUR, NOON - 3 * HOUR, NOON - 2 * HOUR)
    assert office.box.told == []
    await office.served(NOON - HOUR + MINUTE)

    assert office.box.told == ["a"]


def test_the_longest_nap_is_short_enough_for_any_jump_of_the_clock() -> None:
    assert couriers.LONGEST_NAP <= 60


async def test_one_target_that_can_not_be_reached_holds_up_no_other(office: Office) -> None:
    office.box.trouble[7] = failing(OSError("no network"))
    office.box.trouble[8] = failing(Refused("no permission"))
    await office.plan(*(delivery(f"delivery {target}", target) for target in (7, 8, 9)))

    await office.served(NOON - HOUR)

    assert office.box.told == ["delivery 9"]
    assert office.states() == {"delivery 7": "claimed", "delivery 8": "failed", "delivery 9": "sent"}


async def test_many_targets_that_hang_do_not_starve_another(office: Office) -> None:
    """Each costs the courier 45 seconds, whenever it is its turn; a healthy target must get its turn too."""

    async def hang() -> None:
        office.clock.moment += timedelta(seconds=45)
        raise TimeoutError

    hanging = range(20, 30)
    for target in hanging:
        office.box.trouble[target] = hang
    await office.plan(
        *(delivery(f"delivery {target}", target) for target in hanging), delivery("healthy", 7, NOON + MINUTE)
    )

    async with office.courier() as (ledger, courier):
        while office.box.told == [] and office.clock.now() < NOON:
            with suppress(TimeoutError):
                async with asyncio.timeout(0.05):
                    await courier.deliver_due()
            office.clock.moment = max(office.clock.now() + SECOND, await ledger.next_due() or NOON)

    assert office.box.told == ["healthy"]
    assert office.box.history[0][2] < NOON - HOUR + 15 * MINUTE


async def test_the_next_tries_come_later_and_later_but_not_too_late(office: Office) -> None:
    office.box.trouble[7] = failing(OSError("no network"))
    await office.plan(delivery("a"))
    waits = []

    async with office.courier() as (ledger, courier):
        for _ in range(9):
            before = office.clock.now()
            await courier.deliver_due()
            next_try = await ledger.next_due()
            assert next_try
            office.clock.moment = next_try
            waits.append((next_try - before).total_seconds())

    assert waits == [15, 30, 60, 120, 240, 300, 300, 300, 300]
    assert office.box.tried == {7: 9}
    assert office.box.looked == 8
    assert rows(office.path, "SELECT state, attempts, reason FROM delivery") == [("claimed", 9, "no network")]


async def test_a_failure_that_passes_costs_one_message_and_no_more(office: Office) -> None:
    office.box.trouble[7] = failing(OSError("no network"), 3)
    await office.plan(delivery("a"), delivery("b"))

    await office.served(*(NOON - HOUR + number * MINUTE for number in range(20)))

    assert office.box.told == ["a", "b"]
    assert rows(office.path, "SELECT DISTINCT state, attempts, reason FROM delivery") == [("sent", 4, None)]


async def test_a_target_that_refuses_is_given_up_and_reported_once(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    for target in (7, 8):
        office.box.trouble[target] = failing(Refused("no permission"))
    await office.plan(*(delivery(f"{target}, {n}", target, NOON + n * MINUTE) for target in (7, 8) for n in range(3)))

    await office.served(*(NOON - HOUR + number * MINUTE for number in range(5)))

    assert set(office.states().values()) == {"failed"}
    assert sorted(office.box.reports) == [(7, "no permission"), (8, "no permission")]
    assert office.box.tried == {7: 3, 8: 3}
    assert "failed: 7, 0: no permission" in caplog.text


async def test_a_target_that_refuses_to_be_looked_through_is_given_up_too(office: Office) -> None:
    office.box.trouble[7] = failing(OSError("no network"))
    await office.plan(delivery("a"), delivery("b", 8))

    async def refuse(batch: Batch) -> int | None:
        raise Refused("no history")

    await office.served(NOON - HOUR)
    office.box.find = refuse  # type: ignore[method-assign]
    await office.served(NOON - HOUR + MINUTE)

    assert office.states() == {"a": "failed", "b": "sent"}
    assert office.box.reports == [(7, "no history")]


@pytest.mark.parametrize("trouble", [failing(OSError("no network")), never], ids=["fails", "hangs"])
async def test_a_report_that_does_not_get_through_holds_up_nothing(
    trouble: Callable[[], Awaitable[None]], office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(couriers, "_SEND_TIMEOUT", 0.1)
    office.box.trouble[7] = failing(Refused("no permission"))
    await office.plan(delivery("a"), delivery("b", 8, NOON + SECOND))
    office.clock.moment = NOON - HOUR + SECOND

    async def report(batch: Batch, reason: str) -> None:
        await trouble()

    office.box.report = report  # type: ignore[method-assign]
    async with office.working():
        await until(lambda: office.states() == {"a": "failed", "b": "sent"})

    assert office.box.told == ["b"]


async def test_a_send_that_never_returns_is_abandoned_and_its_message_found_later(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(couriers, "_SEND_TIMEOUT", 0.1)
    office.box.aftermath[7] = never
    await office.plan(delivery("a"), delivery("b", 8))

    await office.served(NOON - HOUR)
    assert office.states() == {"a": "claimed", "b": "sent"}
    await office.served(NOON - HOUR + MINUTE)

    assert office.box.told == ["a", "b"]
    assert office.states() == {"a": "sent", "b": "sent"}
    assert rows(office.path, "SELECT attempts FROM delivery WHERE key = 'a'") == [(2,)]


async def test_a_send_that_never_returns_and_never_arrived_is_sent_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(couriers, "_SEND_TIMEOUT", 0.1)
    office.box.trouble[7] = never
    await office.plan(delivery("a"))

    await office.served(NOON - HOUR)
    office.box.trouble.clear()
    await office.served(NOON - HOUR + MINUTE)

    assert office.box.told == ["a"]


def test_a_send_is_abandoned_before_anybody_else_may_take_it() -> None:
    assert LEASE.total_seconds() > couriers._SEND_TIMEOUT


async def test_what_no_longer_helps_is_missed(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    await office.plan(delivery("a"), delivery("b", 8, NOON + SECOND))

    await office.served(NOON + 2 * HOUR)

    assert office.states() == {"a": "missed", "b": "sent"}
    assert [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING] == [
        "missed: a, which was due at 2026-05-18 11:00:00+00:00"
    ]


async def test_what_was_tried_until_it_no_longer_helped_is_missed(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    office.box.trouble[7] = failing(OSError("no network"))
    await office.plan(delivery("a"), delivery("b"))

    await office.served(*(NOON - HOUR + number * 6 * MINUTE for number in range(31)))

    assert office.states() == {"a": "missed", "b": "missed"}
    assert office.box.told == []
    assert "missed: a, b" in caplog.text


async def test_what_was_sent_but_not_written_down_is_found_even_when_it_no_longer_helps(office: Office) -> None:
    office.box.aftermath[7] = failing(OSError("the connection broke"), 1)
    await office.plan(delivery("a"))

    await office.served(NOON - HOUR, NOON + 5 * HOUR)

    assert office.states() == {"a": "sent"}
    assert office.box.told == ["a"]


async def test_a_ledger_that_can_not_be_used_for_a_while_is_tried_again(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    quick(monkeypatch)
    broken = 2

    class Breaking(Ledger):
        async def settle_sent(self, batch: Batch, message_id: int, now: datetime) -> None:
            nonlocal broken
            broken -= 1
            if broken >= 0:
                raise OSError("disk full")
            await super().settle_sent(batch, message_id, now)

    await office.plan(delivery("a"), delivery("b", 8))
    engine = await reopened(office.path)
    task = asyncio.create_task(Courier(Breaking(engine), office.box, office.clock).run())
    try:
        for _ in range(8):
            await asyncio.sleep(3 * QUICK)
            office.clock.moment += 30 * SECOND
        await until(lambda: set(office.states().values()) == {"sent"})
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await engine.dispose()

    assert office.box.told == ["a", "b"]
    assert "the ledger could not be served" in caplog.text


@pytest.mark.parametrize("busy", [False, True], ids=["asleep", "sending"])
async def test_a_courier_that_is_cancelled_ends_promptly(busy: bool, office: Office) -> None:
    if busy:
        office.box.trouble[7] = never
        await office.plan(delivery("a"))
    async with office.courier() as (_, courier):
        task = asyncio.create_task(courier.run())
        await (until(lambda: office.box.tried == {7: 1}) if busy else asyncio.sleep(0.1))

        task.cancel()

        async with asyncio.timeout(1):
            await asyncio.gather(task, return_exceptions=True)
        assert task.cancelled()
        await asyncio.sleep(0)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        assert not [other for other in others if other.get_name() == "courier's nap"]


class Dying:
    """Runs a coroutine and cancels its task at one of its pauses.

    Attributes:
        died: whether it has come so far.
    """

    def __init__(self, coroutine: Coroutine[Any, Any, None], pauses: int) -> None:
        self._coroutine = coroutine
        self._pauses = pauses
        self.died = False

    def __await__(self) -> Generator[Any, None, None]:
        task = asyncio.current_task()
        assert task
        steps = self._coroutine.__await__()
        try:
            pause = next(steps)
            while True:
                if self._pauses == 0:
                    self.died = True
                    task.cancel()
                self._pauses -= 1
                try:
                    yield pause
                except BaseException as error:  # noqa: BLE001 - it is handed on
                    pause = steps.throw(error)
                else:
                    pause = next(steps)
        except StopIteration:
            return


async def dies(coroutine: Coroutine[Any, Any, None], pauses: int) -> bool:
    """Run a coroutine that is cancelled after so many pauses; tell whether it got that far."""
    dying = Dying(coroutine, pauses)

    async def run() -> None:
        await dying

    await asyncio.gather(asyncio.create_task(run()), return_exceptions=True)
    return dying.died


@pytest.mark.parametrize("before", [0, 1], ids=["first try", "after a try that broke off"])
async def test_a_courier_killed_at_any_pause_leaves_one_message(before: int, office: Office) -> None:
    """Each of a great many couriers dies one pause later than the one before; the next one puts things right."""
    pause, alive = 0, True
    async with office.ledger() as ledger:
        while alive:
            start = NOON + pause * 5 * HOUR
            office.clock.moment = start - HOUR
            await ledger.plan([delivery(f"{pause}, {n}", 7, start) for n in (1, 2)], THRESHOLD)
            if before:
                office.box.aftermath[7] = failing(OSError("the connection broke"), 1)
                async with office.courier() as (_, courier):
                    await courier.deliver_due()
                office.clock.moment += LEASE
            async with office.courier() as (_, courier):
                alive = await dies(courier.deliver_due(), pause)

            await office.served(office.clock.now() + LEASE)

            about = [batch for _, batch, _ in office.box.history if batch.deliveries[0].starts_at == start]
            assert [len(batch.deliveries) for batch in about] == [2], f"killed at pause {pause}"
            pause += 1

    assert pause > 4
    await office.served(office.clock.now() + LEASE)
    assert len(office.box.history) == pause
    assert set(office.states().values()) == {"sent"}


async def test_a_courier_killed_again_and_again_leaves_one_message(office: Office) -> None:
    await office.plan(*(delivery(f"{target}", target) for target in (7, 8, 9)))
    for pause in range(0, 60, 3):
        async with office.courier() as (_, courier):
            await dies(courier.deliver_due(), pause)
        office.clock.moment += LEASE

    await office.served(office.clock.now())

    assert office.box.told == ["7", "8", "9"]
    assert set(office.states().values()) == {"sent"}


async def test_two_couriers_on_one_file_share_the_work(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    quick(monkeypatch)
    wanted = [delivery(f"{target}, {n}", target, NOON + n * MINUTE) for target in range(6) for n in range(3)]
    await office.plan(*wanted)
    office.clock.moment = NOON - 2 * HOUR

    async with office.working(), office.working() as (ledger, _):
        for minute in range(4):
            office.clock.moment = NOON - HOUR + minute * MINUTE
            await asyncio.sleep(10 * QUICK)
        await until(lambda: set(office.states().values()) == {"sent"})
        await ledger.plan(wanted, THRESHOLD)
        await asyncio.sleep(5 * QUICK)

    assert office.box.told == sorted(one.key for one in wanted)


@pytest.mark.parametrize("gone", [{"a"}, {"a", "b"}])
async def test_what_is_outdated_when_it_is_tried_again_is_planned_anew_and_the_rest_is_sent(
    gone: set[str], office: Office
) -> None:
    """Its session moved while Discord could not be reached."""
    moved = {"a": delivery("a", 7, NOON + 5 * HOUR), "b": delivery("b", 7, NOON + 5 * HOUR)}
    office.box.trouble[7] = failing(OSError("no network"), 1)
    await office.plan(delivery("a"), delivery("b"))
    await office.served(NOON - HOUR)

    async with office.ledger() as ledger:

        async def replan() -> None:
            await ledger.plan([moved[key] if key in gone else delivery(key) for key in ("a", "b")], THRESHOLD)

        async def outdated(batch: Batch) -> list[str]:
            return [one.key for one in batch.deliveries if one.key in gone and one.starts_at == NOON]

        courier = Courier(ledger, office.box, office.clock, outdated=outdated, replan=replan)
        office.clock.moment += MINUTE
        await courier.deliver_due()
        assert office.box.told == sorted({"a", "b"} - gone)
        office.clock.moment = NOON + 4 * HOUR
        await courier.deliver_due()

    assert office.box.told == ["a", "b"]
    assert set(office.states().values()) == {"sent"}


async def test_what_is_outdated_but_was_sent_already_is_not_planned_anew(office: Office) -> None:
    office.box.aftermath[7] = failing(OSError("the connection broke"), 1)
    await office.plan(delivery("a"))
    await office.served(NOON - HOUR)

    async with office.ledger() as ledger:
        office.clock.moment += MINUTE
        await Courier(ledger, office.box, office.clock, outdated=AsyncMock(return_value=["a"])).deliver_due()

    assert office.states() == {"a": "sent"}
    assert office.box.told == ["a"]


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
async def test_a_machine_that_is_suspended_at_any_moment_sends_everything_once(nth: int, office: Office) -> None:
    await office.plan(delivery("a", 7), delivery("b", 8))
    for target in (7, 8):  # a message takes longer to arrive than it takes to look for it
        office.box.trouble[target] = partial(asyncio.sleep, 0.01)

    async with office.ledger() as ledger:
        await Courier(ledger, office.box, SuspendedClock(nth)).deliver_due()

    assert office.box.told == ["a", "b"]
    assert set(office.states().values()) == {"sent"}
    assert len(office.box.history) == 2
