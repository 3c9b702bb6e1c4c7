"""The ledger, on real SQLite files: each step it allows, none that it does not, also when two use one file."""

import asyncio
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.due import Delivery, State
from bot.store import database
from bot.store.database import open_database
from bot.store.ledger import Batch, Ledger

NOON = datetime(2026, 5, 18, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
LEASE = MINUTE
THRESHOLD = 10 * MINUTE
BATCH = "0123456789abcdef"

ALLOWED = {
    (None, "planned"),
    ("planned", "claimed"),
    ("claimed", "sent"),
    ("claimed", "failed"),
    ("claimed", "missed"),
    ("claimed", "cancelled"),
    ("planned", "missed"),
    ("planned", "cancelled"),
    ("cancelled", "planned"),
}
"""The steps between different states, as `bot.delivery` lists them; out of nothing comes what is planned."""

OpenLedger = Callable[[], Awaitable[Ledger]]


def delivery(key: str = "one", target: int = 7, starts_at: datetime = NOON, lead: timedelta = HOUR) -> Delivery:
    return Delivery(key, target, f"session of {key}", starts_at, starts_at - lead, starts_at + 2 * HOUR)


def record_steps(path: Path) -> None:
    """Make the file itself write down every step that any delivery takes, whoever makes it take that."""
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            """
            CREATE TABLE step (key TEXT, source TEXT, target TEXT);
            CREATE TRIGGER begun AFTER INSERT ON delivery
            BEGIN INSERT INTO step VALUES (NEW.key, NULL, NEW.state); END;
            CREATE TRIGGER stepped AFTER UPDATE ON delivery WHEN OLD.state != NEW.state
            BEGIN INSERT INTO step VALUES (NEW.key, OLD.state, NEW.state); END;
            CREATE TRIGGER went AFTER DELETE ON delivery
            BEGIN INSERT INTO step VALUES (OLD.key, OLD.state, 'gone'); END;
            """
        )


@cache
def empty_file() -> bytes:
    """A database as the bot makes it, which writes down every step that a delivery takes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "conference.sqlite3"

        async def make() -> None:
            await (await open_database(path)).dispose()

        # Another thread, since a test's event loop may be running in this one.
        with ThreadPoolExecutor() as pool:
            pool.submit(asyncio.run, make()).result()
        record_steps(path)
        return path.read_bytes()


async def reopened(path: Path) -> AsyncEngine:
    """Open a file whose tables are there already, which need not be looked for each time."""
    with patch.object(database, "migrate", lambda _: None):
        return await open_database(path)


def rows(path: Path, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as database, database:
        return database.execute(statement, parameters).fetchall()


def steps(path: Path) -> set[tuple[str | None, str]]:
    return {(source, target) for source, target in rows(path, "SELECT source, target FROM step")}


def states(path: Path) -> dict[str, str]:
    return dict(rows(path, "SELECT key, state FROM delivery"))


def keys(batch: Batch | None) -> list[str]:
    assert batch
    return [delivery.key for delivery in batch.deliveries]


async def claimed(ledger: Ledger, now: datetime) -> Batch:
    batch = await ledger.claim(now, LEASE)
    assert batch
    return batch


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "conference.sqlite3"
    path.write_bytes(empty_file())
    return path


@pytest.fixture
async def open_ledger(path: Path) -> AsyncIterator[OpenLedger]:
    """Open another ledger on the same file, as another process would."""
    engines = []

    async def another() -> Ledger:
        engines.append(await reopened(path))
        return Ledger(engines[-1])

    yield another
    for engine in engines:
        await engine.dispose()


@pytest.fixture
async def ledger(open_ledger: OpenLedger) -> Ledger:
    return await open_ledger()


async def test_what_is_planned_is_claimed_when_due_and_sent(ledger: Ledger, path: Path) -> None:
    one = delivery()
    await ledger.plan([one], THRESHOLD)
    assert states(path) == {"one": "planned"}

    assert await ledger.claim(one.due_at - timedelta(microseconds=1), LEASE) is None
    batch = await claimed(ledger, one.due_at)
    assert (batch.target_id, batch.deliveries, batch.claimed_at, batch.attempts) == (7, (one,), one.due_at, 1)
    assert states(path) == {"one": "claimed"}

    await ledger.settle_sent(batch, 99, one.due_at + SECOND)
    assert rows(path, "SELECT state, message_id, sent_at, attempts FROM delivery") == [
        ("sent", 99, "2026-05-18 11:00:01.000000", 1)
    ]
    assert await ledger.claim(NOON + HOUR, LEASE) is None
    assert await ledger.next_due() is None


async def put(path: Path, state: State) -> Batch:
    """Put a delivery in a state that holds the batch's token, whatever the state, and return the batch."""
    one = delivery()
    moments = (NOON, NOON - HOUR, NOON + 2 * HOUR, NOON - HOUR, NOON - HOUR + LEASE)
    rows(
        path,
        "INSERT INTO delivery (key, target_id, subject, state, batch, attempts, starts_at, due_at, useful_until,"
        " claimed_at, claimed_until) VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?)",
        *(one.key, one.target_id, one.subject, state.value, BATCH),
        *(f"{moment:%Y-%m-%d %H:%M:%S.%f}" for moment in moments),
    )
    rows(path, "DELETE FROM step")
    return Batch(BATCH, one.target_id, (one,), one.due_at, 1)


Act = Callable[[Ledger, Batch], Awaitable[object]]
ACTS: dict[str, Act] = {
    "plan": lambda ledger, batch: ledger.plan(batch.deliveries, THRESHOLD),
    "plan, moved a little": lambda ledger, _: ledger.plan([delivery(starts_at=NOON + MINUTE)], THRESHOLD),
    "plan, moved far": lambda ledger, _: ledger.plan([delivery(starts_at=NOON + HOUR)], THRESHOLD),
    "plan without it": lambda ledger, _: ledger.plan([], THRESHOLD),
    "miss too early": lambda ledger, _: ledger.miss(NOON),
    "miss": lambda ledger, _: ledger.miss(NOON + 2 * HOUR),
    "claim too early": lambda ledger, _: ledger.claim(NOON - HOUR - SECOND, LEASE),
    "claim": lambda ledger, _: ledger.claim(NOON, LEASE),
    "postpone": lambda ledger, batch: ledger.postpone(batch, NOON + MINUTE, "not now"),
    "sent": lambda ledger, batch: ledger.settle_sent(batch, 99, NOON),
    "missed": lambda ledger, batch: ledger.settle_missed(batch),
    "failed": lambda ledger, batch: ledger.settle_failed(batch, "no"),
    "withdraw": lambda ledger, batch: ledger.withdraw(batch, ["one"]),
    "withdraw another": lambda ledger, batch: ledger.withdraw(batch, ["another"]),
}
TAKEN = {
    (State.PLANNED, "plan without it"): State.CANCELLED,
    (State.PLANNED, "miss"): State.MISSED,
    (State.PLANNED, "claim"): State.CLAIMED,
    (State.CANCELLED, "plan"): State.PLANNED,
    (State.CANCELLED, "plan, moved a little"): State.PLANNED,
    (State.CANCELLED, "plan, moved far"): State.PLANNED,
    (State.CLAIMED, "sent"): State.SENT,
    (State.CLAIMED, "missed"): State.MISSED,
    (State.CLAIMED, "failed"): State.FAILED,
    (State.CLAIMED, "withdraw"): State.CANCELLED,
}
"""The steps that there are; everything else leaves the state as it is."""


@pytest.mark.parametrize("state", State)
async def test_every_allowed_step_is_taken_and_no_other(
    state: State, open_ledger: OpenLedger, path: Path, subtests: pytest.Subtests
) -> None:
    ledger = await open_ledger()
    for name, act in ACTS.items():
        with subtests.test(name):
            rows(path, "DELETE FROM delivery")
            batch = await put(path, state)

            await act(ledger, batch)

            after = TAKEN.get((state, name), state)
            assert states(path)["one"] == after.value
            assert {step for step in steps(path) if step[0]} == ({(state.value, after.value)} - {(state, state)})


def test_the_steps_that_are_tested_are_all_there_are() -> None:
    assert {(source.value, target.value) for (source, _), target in TAKEN.items()} | {(None, "planned")} == ALLOWED


async def test_the_file_itself_refuses_unknown_states_and_claims_without_a_lease(ledger: Ledger, path: Path) -> None:
    await ledger.plan([delivery()], THRESHOLD)
    for change in ("state = 'lost'", "state = 'claimed'", "state = 'claimed', batch = 'x'", "state = NULL"):
        with pytest.raises(sqlite3.IntegrityError):
            rows(path, f"UPDATE delivery SET {change}")  # noqa: S608
    assert states(path) == {"one": "planned"}


async def test_two_that_settle_one_batch_at_once_agree_on_one_end(
    ledger: Ledger, open_ledger: OpenLedger, path: Path
) -> None:
    other = await open_ledger()
    for number in range(6):
        key = f"delivery {number}"
        await ledger.plan([delivery(key, starts_at=NOON + number * SECOND)], THRESHOLD)
        batch = await claimed(ledger, NOON + MINUTE)

        await asyncio.gather(
            *(who.settle_sent(batch, 1, NOON + MINUTE) for who in (ledger, other)),
            *(who.settle_failed(batch, "no") for who in (other, ledger)),
            *(who.settle_missed(batch) for who in (ledger, other)),
            *(who.plan([], THRESHOLD) for who in (ledger, other)),
            *(who.miss(NOON + 9 * HOUR) for who in (ledger, other)),
        )

        taken = rows(path, "SELECT source, target FROM step WHERE key = ?", key)
        assert taken[:2] == [(None, "planned"), ("planned", "claimed")]
        assert [source for source, _ in taken[2:]] == ["claimed"]
    assert steps(path) <= ALLOWED


async def test_whatever_two_ledgers_do_at_once_no_other_step_is_taken(
    ledger: Ledger, open_ledger: OpenLedger, path: Path
) -> None:
    other, random = await open_ledger(), Random(4)  # noqa: S311 - it decides what happens next, nothing else
    held: list[Batch] = []
    everything = [delivery(f"delivery {n}", n % 3, NOON + n * MINUTE) for n in range(12)]

    async def something(who: Ledger, now: datetime) -> None:
        batch = random.choice(held) if held else None
        match random.randrange(7):
            case 0:
                await who.plan(random.sample(everything, random.randrange(len(everything))), THRESHOLD)
            case 1:
                moved = [replace(one, starts_at=one.starts_at + random.randrange(90) * MINUTE) for one in everything]
                await who.plan(moved, THRESHOLD)
            case 2:
                await who.miss(now)
            case 3:
                held.extend(filter(None, [await who.claim(now, random.randrange(1, 9) * MINUTE)]))
            case 4 if batch:
                await who.postpone(batch, now + MINUTE, "not now")
            case 5 if batch:
                await who.settle_sent(batch, 1, now)
            case _ if batch:
                await (who.settle_missed(batch) if random.random() < 0.5 else who.settle_failed(batch, "no"))

    for number in range(40):
        now = NOON - HOUR + number * 5 * MINUTE
        await asyncio.gather(*(something(who, now) for who in (ledger, other, ledger, other)))

    assert steps(path) <= ALLOWED


async def test_a_claim_takes_all_that_is_due_for_one_target_and_only_that(ledger: Ledger, path: Path) -> None:
    due = [delivery("hour", 7), delivery("start", 7, NOON + HOUR, 2 * HOUR), delivery("late", 7, NOON - HOUR)]
    not_due = [delivery("later", 7, NOON + HOUR), delivery("elsewhere later", 8, NOON + HOUR)]
    await ledger.plan([*not_due, *due, delivery("elsewhere", 8)], THRESHOLD)
    now = NOON - HOUR

    first, second = await claimed(ledger, now), await claimed(ledger, now)

    assert keys(first) == ["late", "hour", "start"]
    assert (first.target_id, second.target_id) == (7, 8)
    assert keys(second) == ["elsewhere"]
    assert first.token != second.token
    assert await ledger.claim(now, LEASE) is None
    assert {key for key, state in states(path).items() if state == "planned"} == {"later", "elsewhere later"}


async def test_two_sessions_that_open_at_the_same_moment_in_one_channel_are_one_batch(ledger: Ledger) -> None:
    await ledger.plan([delivery("a"), delivery("b"), delivery("c", 8)], THRESHOLD)

    first, second = await claimed(ledger, NOON - HOUR), await claimed(ledger, NOON - HOUR)

    assert sorted([keys(first), keys(second)]) == [["a", "b"], ["c"]]


async def test_a_token_is_made_of_hexadecimal_digits_and_fits_a_nonce(ledger: Ledger) -> None:
    await ledger.plan([delivery(f"delivery {n}", n) for n in range(30)], THRESHOLD)
    tokens = {(await claimed(ledger, NOON)).token for _ in range(30)}
    assert len(tokens) == 30
    assert all(len(token) == 16 and int(token, 16) >= 0 for token in tokens)


async def test_a_batch_stays_the_same_once_its_lease_has_run_out(ledger: Ledger) -> None:
    now = NOON - HOUR
    await ledger.plan([delivery("a"), delivery("b"), delivery("later", 7, NOON + 2 * SECOND)], THRESHOLD)
    first = await claimed(ledger, now)

    assert keys(await claimed(ledger, now + LEASE - SECOND)) == ["later"]
    again = await claimed(ledger, now + LEASE)

    assert again == replace(first, attempts=2)


async def test_planning_leaves_a_claimed_batch_as_it_is(ledger: Ledger) -> None:
    await ledger.plan([delivery("a"), delivery("b")], THRESHOLD)
    first = await claimed(ledger, NOON)

    for wanted in ([], [delivery("a", starts_at=NOON + 5 * HOUR)], [delivery("a", 8)]):
        await ledger.plan(wanted, THRESHOLD)

    assert await claimed(ledger, NOON + LEASE) == replace(first, attempts=2)


async def test_attempts_are_counted_for_the_batch(ledger: Ledger, path: Path) -> None:
    await ledger.plan([delivery("a"), delivery("b"), delivery("other", 8)], THRESHOLD)
    await claimed(ledger, NOON - HOUR)
    await claimed(ledger, NOON - HOUR)

    attempts = [(await claimed(ledger, NOON + number * HOUR)).attempts for number in range(5)]

    assert attempts == [2, 2, 3, 3, 4]
    counted = rows(path, "SELECT DISTINCT target_id, attempts FROM delivery")
    assert len(counted) == 2
    assert {count for _, count in counted} == {3, 4}


async def test_a_postponed_batch_rests_and_comes_back(ledger: Ledger, path: Path) -> None:
    await ledger.plan([delivery("a"), delivery("b")], THRESHOLD)
    batch = await claimed(ledger, NOON)

    await ledger.postpone(batch, NOON + 5 * MINUTE, "Discord is busy")

    assert rows(path, "SELECT DISTINCT state, reason FROM delivery") == [("claimed", "Discord is busy")]
    assert await ledger.next_due() == NOON + 5 * MINUTE
    assert await ledger.claim(NOON + 5 * MINUTE - SECOND, LEASE) is None
    again = await claimed(ledger, NOON + 5 * MINUTE)
    assert again == replace(batch, attempts=2)
    await ledger.settle_sent(again, 1, NOON + 6 * MINUTE)
    assert rows(path, "SELECT DISTINCT state, reason FROM delivery") == [("sent", None)]


async def test_what_is_withdrawn_from_a_batch_leaves_the_rest_and_can_be_planned_again(
    ledger: Ledger, path: Path
) -> None:
    await ledger.plan([delivery("a"), delivery("b")], THRESHOLD)
    batch = await claimed(ledger, NOON)

    rest = await ledger.withdraw(batch, ["a"])

    assert rest == replace(batch, deliveries=(delivery("b"),))
    assert states(path) == {"a": "cancelled", "b": "claimed"}
    await ledger.plan([delivery("a", starts_at=NOON + 5 * HOUR), delivery("b")], THRESHOLD)
    assert states(path) == {"a": "planned", "b": "claimed"}
    assert keys(await claimed(ledger, NOON + LEASE)) == ["b"]
    assert keys(await claimed(ledger, NOON + 4 * HOUR)) == ["a"]


async def test_who_lost_the_lease_has_no_say_in_what_the_next_one_does(
    ledger: Ledger, open_ledger: OpenLedger, subtests: pytest.Subtests, path: Path
) -> None:
    """The first courier hung, for longer than its lease; meanwhile the second is about to send."""
    other = await open_ledger()
    losing: dict[str, Act] = {
        "postpone": lambda who, batch: who.postpone(batch, NOON + LEASE + SECOND, "it took too long"),
        "missed": lambda who, batch: who.settle_missed(batch),
        "failed": lambda who, batch: who.settle_failed(batch, "no"),
        "withdraw": lambda who, batch: who.withdraw(batch, [one.key for one in batch.deliveries]),
    }
    for name, act in losing.items():
        with subtests.test(name):
            key = f"delivery, {name}"
            await ledger.plan([delivery(key)], THRESHOLD)
            late = await claimed(ledger, NOON)
            await claimed(other, NOON + LEASE)

            await act(ledger, late)

            assert states(path)[key] == "claimed"
            assert await ledger.claim(NOON + 2 * LEASE - SECOND, LEASE) is None
            await other.settle_sent(late, 1, NOON)


async def test_who_lost_the_lease_but_sent_the_message_may_say_so(ledger: Ledger, open_ledger: OpenLedger) -> None:
    other = await open_ledger()
    await ledger.plan([delivery()], THRESHOLD)
    late = await claimed(ledger, NOON)
    await claimed(other, NOON + LEASE)

    await ledger.settle_sent(late, 1, NOON + LEASE + SECOND)

    assert await other.claim(NOON + HOUR, LEASE) is None


async def test_the_next_moment_is_the_earliest_of_what_is_due_and_what_was_left_behind(ledger: Ledger) -> None:
    assert await ledger.next_due() is None
    await ledger.plan([delivery("a", 7), delivery("b", 8, NOON + HOUR), delivery("c", 9, NOON + 2 * HOUR)], THRESHOLD)
    assert await ledger.next_due() == NOON - HOUR

    first = await claimed(ledger, NOON - HOUR)
    assert await ledger.next_due() == NOON - HOUR + LEASE
    await ledger.settle_sent(first, 1, NOON - HOUR)
    assert await ledger.next_due() == NOON

    second = await claimed(ledger, NOON)
    await ledger.settle_failed(second, "no")
    await ledger.plan([], THRESHOLD)
    assert await ledger.next_due() is None


async def test_what_was_never_tried_is_missed_once_it_helps_nobody(ledger: Ledger, path: Path) -> None:
    await ledger.plan([delivery("a"), delivery("b", 8), delivery("later", 7, NOON + SECOND)], THRESHOLD)
    await ledger.claim(NOON - HOUR, LEASE)

    assert await ledger.miss(NOON + 2 * HOUR - SECOND) == []
    missed = await ledger.miss(NOON + 2 * HOUR)

    assert len(missed) == 1
    assert missed[0] in (delivery("a"), delivery("b", 8))
    assert sorted(states(path).values()) == ["claimed", "missed", "planned"]
    assert await ledger.miss(NOON + 2 * HOUR) == []


async def test_a_batch_helps_as_long_as_one_of_its_deliveries_does(ledger: Ledger) -> None:
    await ledger.plan([delivery("a"), delivery("b", 7, NOON + HOUR, 2 * HOUR)], THRESHOLD)
    assert (await claimed(ledger, NOON)).useful_until == NOON + 3 * HOUR


async def test_the_first_failure_for_a_target_is_told_from_the_later_ones(ledger: Ledger) -> None:
    firsts = []
    for number, target in enumerate((7, 8, 7, 8, 9)):
        await ledger.plan([delivery(f"delivery {number}", target)], THRESHOLD)
        firsts.append(await ledger.settle_failed(await claimed(ledger, NOON), "no"))
    assert firsts == [True, True, False, False, True]


async def test_planning_the_same_again_changes_no_byte_of_what_is_kept(ledger: Ledger, path: Path) -> None:
    wanted = [delivery(f"delivery {n}", n % 4, NOON + n * HOUR) for n in range(20)]
    await ledger.plan(wanted, THRESHOLD)
    for end in (Ledger.settle_missed, lambda who, batch: who.settle_sent(batch, 1, NOON)):
        await end(ledger, await claimed(ledger, NOON))
    await claimed(ledger, NOON + HOUR)
    before, taken = rows(path, "SELECT * FROM delivery"), rows(path, "SELECT * FROM step")

    for _ in range(2):
        await ledger.plan(reversed(wanted), THRESHOLD)

    assert rows(path, "SELECT * FROM delivery") == before
    assert rows(path, "SELECT * FROM step") == taken


async def test_more_is_cancelled_than_one_statement_can_name(ledger: Ledger, path: Path) -> None:
    await ledger.plan([delivery(f"delivery {n}", n) for n in range(1_100)], THRESHOLD)
    await ledger.plan([delivery("delivery 5", 5)], THRESHOLD)
    assert {key for key, state in states(path).items() if state == "planned"} == {"delivery 5"}
    assert len(states(path)) == 1_100


async def test_a_plan_is_applied_whole_or_not_at_all(ledger: Ledger, path: Path) -> None:
    await ledger.plan([delivery("a")], THRESHOLD)
    naive = replace(delivery("c"), due_at=datetime(2026, 5, 18))  # noqa: DTZ001

    with pytest.raises(StatementError, match="naive"):
        await ledger.plan([delivery("b"), naive, delivery("d")], THRESHOLD)

    assert states(path) == {"a": "planned"}


@pytest.mark.parametrize("name", ["claim", "sent", "missed", "failed", "plan without it"])
async def test_a_step_is_taken_by_all_of_a_batch_or_by_none(name: str, ledger: Ledger, path: Path) -> None:
    await ledger.plan([delivery("a"), delivery("b"), delivery("c")], THRESHOLD)
    planned = name in ("claim", "plan without it")
    batch = Batch(BATCH, 7, (), NOON, 1) if planned else await claimed(ledger, NOON)
    before = rows(path, "SELECT * FROM delivery")
    rows(
        path,
        "CREATE TRIGGER broken BEFORE UPDATE ON delivery WHEN NEW.key = 'b' BEGIN SELECT RAISE(ABORT, 'disk'); END",
    )

    with pytest.raises(IntegrityError, match="disk"):
        await ACTS[name](ledger, batch)

    assert rows(path, "SELECT * FROM delivery") == before


async def test_who_claim_at_the_same_time_never_share_a_delivery(
    ledger: Ledger, open_ledger: OpenLedger, path: Path
) -> None:
    claimers = [ledger, await open_ledger(), ledger, await open_ledger()]
    everything: set[str] = set()

    async def all_there_is(who: Ledger) -> list[Batch]:
        found = []
        while batch := await who.claim(NOON, LEASE):
            found.append(batch)
            await asyncio.sleep(0)
        return found

    for number in range(6):
        wanted = [delivery(f"{number}, {target}, {n}", target) for target in range(8) for n in range(4)]
        await ledger.plan(wanted, THRESHOLD)
        everything |= {one.key for one in wanted}

        batches = list(chain(*await asyncio.gather(*map(all_there_is, claimers))))

        assert sorted(key for batch in batches for key in keys(batch)) == sorted(one.key for one in wanted)
        assert sorted(batch.target_id for batch in batches) == list(range(8))
        assert {batch.attempts for batch in batches} == {1}
        for batch in batches:
            await ledger.settle_sent(batch, 1, NOON)

    assert set(states(path)) == everything
    assert set(states(path).values()) == {"sent"}


async def test_a_batch_whose_lease_ran_out_is_taken_over_by_one_alone(ledger: Ledger, open_ledger: OpenLedger) -> None:
    claimers = [ledger, await open_ledger()] * 3
    await ledger.plan([delivery("a"), delivery("b")], THRESHOLD)
    await ledger.claim(NOON, LEASE)

    for number in range(1, 8):
        taken = await asyncio.gather(*(who.claim(NOON + number * LEASE, LEASE) for who in claimers))
        assert [batch.attempts for batch in taken if batch] == [number + 1]
