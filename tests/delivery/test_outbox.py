"""The outbox, on real SQLite files: each step it allows, none that it does not, also when two use one file."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from random import Random

import pytest
from sqlalchemy.exc import IntegrityError, StatementError

from bot.delivery.model import Batch, State
from bot.delivery.rows import Outbox
from bot.store.engine import Database
from tests.support.outbox import (
    ALLOWED,
    ANNOUNCEMENT,
    HOUR,
    MINUTE,
    NOON,
    REMINDER,
    SECOND,
    THRESHOLD,
    delivery,
    empty_file,
    outbox_on,
    reopened,
    rows,
    states,
    steps,
)

LEASE = MINUTE
BATCH = "0123456789abcdef"

OpenOutbox = Callable[[], Awaitable[Outbox]]


def keys(batch: Batch | None) -> list[str]:
    assert batch
    return [delivery.key for delivery in batch.deliveries]


async def claimed(outbox: Outbox, now: datetime) -> Batch:
    batch = await outbox.claim(now, LEASE)
    assert batch
    return batch


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "conference.sqlite3"
    path.write_bytes(empty_file())
    return path


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    database = await reopened(path)
    yield database
    await database.close()


@pytest.fixture
async def open_outbox(path: Path) -> AsyncIterator[OpenOutbox]:
    """Open another outbox on the same file, as another process would."""
    databases = []

    async def another() -> Outbox:
        databases.append(await reopened(path))
        return outbox_on(databases[-1])

    yield another
    for database in databases:
        await database.close()


@pytest.fixture
async def outbox(open_outbox: OpenOutbox) -> Outbox:
    return await open_outbox()


async def test_what_is_planned_is_claimed_when_due_and_sent(outbox: Outbox, path: Path) -> None:
    one = delivery()
    await outbox.plan([one], THRESHOLD)
    assert states(path) == {"one": "planned"}

    assert await outbox.claim(one.due_at - timedelta(microseconds=1), LEASE) is None
    batch = await claimed(outbox, one.due_at)
    assert (batch.target_id, batch.deliveries, batch.claimed_at, batch.attempts) == (7, (one,), one.due_at, 1)
    assert states(path) == {"one": "claimed"}

    await outbox.settle_sent(batch, 99, one.due_at + SECOND)
    assert rows(path, "SELECT state, message_id, sent_at, attempts FROM delivery") == [
        ("sent", 99, "2026-05-18 11:00:01.000000", 1)
    ]
    assert await outbox.claim(NOON + HOUR, LEASE) is None
    assert await outbox.next_due() is None


async def put(path: Path, state: State) -> Batch:
    """Put a delivery in a state that holds the batch's token, whatever the state, and return the batch."""
    one = delivery()
    moments = (NOON, NOON - HOUR, NOON + 2 * HOUR, NOON - HOUR, NOON - HOUR + LEASE)
    rows(
        path,
        "INSERT INTO delivery (key, target_id, subject, state, batch, attempts, starts_at, due_at, useful_until,"
        " claimed_at, claimed_until, awaits_permission) VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, 1)",
        *(one.key, one.target_id, one.subject, state.value, BATCH),
        *(f"{moment:%Y-%m-%d %H:%M:%S.%f}" for moment in moments),
    )
    rows(path, "DELETE FROM step")
    return Batch(BATCH, one.target_id, (one,), one.due_at, 1)


Act = Callable[[Outbox, Batch], Awaitable[object]]
ACTS: dict[str, Act] = {
    "plan": lambda outbox, batch: outbox.plan(batch.deliveries, THRESHOLD),
    "plan, moved a little": lambda outbox, _: outbox.plan([delivery(starts_at=NOON + MINUTE)], THRESHOLD),
    "plan, moved far": lambda outbox, _: outbox.plan([delivery(starts_at=NOON + HOUR)], THRESHOLD),
    "plan without it": lambda outbox, _: outbox.plan([], THRESHOLD),
    "miss too early": lambda outbox, _: outbox.miss(NOON),
    "miss": lambda outbox, _: outbox.miss(NOON + 2 * HOUR),
    "claim too early": lambda outbox, _: outbox.claim(NOON - HOUR - SECOND, LEASE),
    "claim": lambda outbox, _: outbox.claim(NOON, LEASE),
    "postpone": lambda outbox, batch: outbox.postpone(batch, NOON + MINUTE, "not now"),
    "sent": lambda outbox, batch: outbox.settle_sent(batch, 99, NOON),
    "missed": lambda outbox, batch: outbox.settle_missed(batch),
    "failed": lambda outbox, batch: outbox.settle_failed(batch, "no", NOON),
    "permission is back": lambda outbox, batch: outbox.take_up([batch.target_id], NOON),
    "withdraw": lambda outbox, batch: outbox.withdraw(batch, ["one"]),
    "put back": lambda outbox, batch: outbox.put_back(batch, ["one"]),
    "put back another": lambda outbox, batch: outbox.put_back(batch, ["another"]),
    "the clock was ahead": lambda outbox, _: outbox.take_back_missed(NOON),
    "the clock was right": lambda outbox, _: outbox.take_back_missed(NOON + 2 * HOUR),
    "withdraw another": lambda outbox, batch: outbox.withdraw(batch, ["another"]),
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
    (State.CLAIMED, "put back"): State.PLANNED,
    (State.FAILED, "permission is back"): State.CLAIMED,
    (State.MISSED, "the clock was ahead"): State.CLAIMED,
}
"""The steps that there are; everything else leaves the state as it is."""


@pytest.mark.parametrize("state", State)
async def test_every_allowed_step_is_taken_and_no_other(
    state: State, open_outbox: OpenOutbox, path: Path, subtests: pytest.Subtests
) -> None:
    outbox = await open_outbox()
    for name, act in ACTS.items():
        with subtests.test(name):
            rows(path, "DELETE FROM delivery")
            batch = await put(path, state)

            await act(outbox, batch)

            after = TAKEN.get((state, name), state)
            assert states(path)["one"] == after.value
            assert {step for step in steps(path) if step[0]} == ({(state.value, after.value)} - {(state, state)})


def test_the_steps_that_are_tested_are_all_there_are() -> None:
    taken = {(source.value, target.value) for (source, _), target in TAKEN.items()}
    # What was missed and never tried is none of these; `test_clock_set` has it.
    assert taken | {(None, "planned"), ("missed", "planned")} == ALLOWED


async def test_the_file_itself_refuses_unknown_states_and_claims_without_a_lease(outbox: Outbox, path: Path) -> None:
    await outbox.plan([delivery()], THRESHOLD)
    for change in ("state = 'lost'", "state = 'claimed'", "state = 'claimed', batch = 'x'", "state = NULL"):
        with pytest.raises(sqlite3.IntegrityError):
            rows(path, f"UPDATE delivery SET {change}")  # noqa: S608
    assert states(path) == {"one": "planned"}


async def test_two_that_settle_one_batch_at_once_agree_on_one_end(
    outbox: Outbox, open_outbox: OpenOutbox, path: Path
) -> None:
    other = await open_outbox()
    for number in range(6):
        key = f"delivery {number}"
        await outbox.plan([delivery(key, starts_at=NOON + number * SECOND)], THRESHOLD)
        batch = await claimed(outbox, NOON + MINUTE)

        await asyncio.gather(
            *(who.settle_sent(batch, 1, NOON + MINUTE) for who in (outbox, other)),
            *(who.settle_failed(batch, "no", NOON) for who in (other, outbox)),
            *(who.settle_missed(batch) for who in (outbox, other)),
            *(who.plan([], THRESHOLD) for who in (outbox, other)),
            *(who.miss(NOON + 9 * HOUR) for who in (outbox, other)),
        )

        taken = rows(path, "SELECT source, target FROM step WHERE key = ?", key)
        assert taken[:2] == [(None, "planned"), ("planned", "claimed")]
        assert [source for source, _ in taken[2:]] == ["claimed"]
    assert steps(path) <= ALLOWED


async def test_whatever_two_outboxes_do_at_once_no_other_step_is_taken(
    outbox: Outbox, open_outbox: OpenOutbox, path: Path
) -> None:
    other, random = await open_outbox(), Random(4)  # noqa: S311 - it decides what happens next, nothing else
    held: list[Batch] = []
    everything = [delivery(f"delivery {n}", n % 3, NOON + n * MINUTE) for n in range(12)]

    async def something(who: Outbox, now: datetime) -> None:
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
                await (who.settle_missed(batch) if random.random() < 0.5 else who.settle_failed(batch, "no", NOON))

    for number in range(40):
        now = NOON - HOUR + number * 5 * MINUTE
        await asyncio.gather(*(something(who, now) for who in (outbox, other, outbox, other)))

    assert steps(path) <= ALLOWED


async def test_a_claim_takes_all_that_is_due_for_one_target_and_only_that(outbox: Outbox, path: Path) -> None:
    due = [delivery("hour", 7), delivery("start", 7, NOON + HOUR, 2 * HOUR), delivery("late", 7, NOON - HOUR)]
    not_due = [delivery("later", 7, NOON + HOUR), delivery("elsewhere later", 8, NOON + HOUR)]
    await outbox.plan([*not_due, *due, delivery("elsewhere", 8)], THRESHOLD)
    now = NOON - HOUR

    first, second = await claimed(outbox, now), await claimed(outbox, now)

    assert keys(first) == ["late", "hour", "start"]
    assert (first.target_id, second.target_id) == (7, 8)
    assert keys(second) == ["elsewhere"]
    assert first.token != second.token
    assert await outbox.claim(now, LEASE) is None
    assert {key for key, state in states(path).items() if state == "planned"} == {"later", "elsewhere later"}


async def test_two_sessions_that_open_at_the_same_moment_in_one_channel_are_one_batch(outbox: Outbox) -> None:
    await outbox.plan([delivery("a"), delivery("b"), delivery("c", 8)], THRESHOLD)

    first, second = await claimed(outbox, NOON - HOUR), await claimed(outbox, NOON - HOUR)

    assert sorted([keys(first), keys(second)]) == [["a", "b"], ["c"]]


async def test_a_token_is_made_of_hexadecimal_digits_and_fits_a_nonce(outbox: Outbox) -> None:
    await outbox.plan([delivery(f"delivery {n}", n) for n in range(30)], THRESHOLD)
    tokens = {(await claimed(outbox, NOON)).token for _ in range(30)}
    assert len(tokens) == 30
    assert all(len(token) == 16 and int(token, 16) >= 0 for token in tokens)


async def test_a_batch_stays_the_same_once_its_lease_has_run_out(outbox: Outbox) -> None:
    now = NOON - HOUR
    await outbox.plan([delivery("a"), delivery("b"), delivery("later", 7, NOON + 2 * SECOND)], THRESHOLD)
    first = await claimed(outbox, now)

    assert keys(await claimed(outbox, now + LEASE - SECOND)) == ["later"]
    again = await claimed(outbox, now + LEASE)

    assert again == replace(first, attempts=2)


async def test_planning_leaves_a_claimed_batch_as_it_is(outbox: Outbox) -> None:
    await outbox.plan([delivery("a"), delivery("b")], THRESHOLD)
    first = await claimed(outbox, NOON)

    for wanted in ([], [delivery("a", starts_at=NOON + 5 * HOUR)], [delivery("a", 8)]):
        await outbox.plan(wanted, THRESHOLD)

    assert await claimed(outbox, NOON + LEASE) == replace(first, attempts=2)


async def test_planning_lets_a_claimed_batch_help_for_as_long_as_its_session_lasts_now(outbox: Outbox) -> None:
    one = delivery()
    await outbox.plan([one], THRESHOLD)
    await claimed(outbox, NOON)

    for until in (NOON + 3 * HOUR, NOON + HOUR):
        await outbox.plan([replace(one, useful_until=until)], THRESHOLD)
        assert [entry.delivery.useful_until for entry in await outbox.entries([State.CLAIMED])] == [until]


async def test_planning_leaves_what_no_longer_helps_to_be_given_up(outbox: Outbox, path: Path) -> None:
    await outbox.plan([delivery("a"), delivery("b", starts_at=NOON + HOUR)], THRESHOLD)

    await outbox.plan([], THRESHOLD, now=NOON + 2 * HOUR)

    assert states(path) == {"a": "planned", "b": "cancelled"}
    assert await outbox.miss(NOON + 2 * HOUR) == [delivery("a")]


async def test_attempts_are_counted_for_the_batch(outbox: Outbox, path: Path) -> None:
    await outbox.plan([delivery("a"), delivery("b"), delivery("other", 8)], THRESHOLD)
    await claimed(outbox, NOON - HOUR)
    await claimed(outbox, NOON - HOUR)

    attempts = [(await claimed(outbox, NOON + number * HOUR)).attempts for number in range(5)]

    assert attempts == [2, 2, 3, 3, 4]
    counted = rows(path, "SELECT DISTINCT target_id, attempts FROM delivery")
    assert len(counted) == 2
    assert {count for _, count in counted} == {3, 4}


async def test_a_postponed_batch_rests_and_comes_back(outbox: Outbox, path: Path) -> None:
    await outbox.plan([delivery("a"), delivery("b")], THRESHOLD)
    batch = await claimed(outbox, NOON)

    await outbox.postpone(batch, NOON + 5 * MINUTE, "Discord is busy")

    assert rows(path, "SELECT DISTINCT state, reason FROM delivery") == [("claimed", "Discord is busy")]
    assert await outbox.next_due() == NOON + 5 * MINUTE
    assert await outbox.claim(NOON + 5 * MINUTE - SECOND, LEASE) is None
    again = await claimed(outbox, NOON + 5 * MINUTE)
    assert again == replace(batch, attempts=2)
    await outbox.settle_sent(again, 1, NOON + 6 * MINUTE)
    assert rows(path, "SELECT DISTINCT state, reason FROM delivery") == [("sent", None)]


async def test_what_is_withdrawn_from_a_batch_leaves_the_rest_and_can_be_planned_again(
    outbox: Outbox, path: Path
) -> None:
    await outbox.plan([delivery("a"), delivery("b")], THRESHOLD)
    batch = await claimed(outbox, NOON)

    rest = await outbox.withdraw(batch, ["a"])

    assert rest == replace(batch, deliveries=(delivery("b"),))
    assert states(path) == {"a": "cancelled", "b": "claimed"}
    await outbox.plan([delivery("a", starts_at=NOON + 5 * HOUR), delivery("b")], THRESHOLD)
    assert states(path) == {"a": "planned", "b": "claimed"}
    assert keys(await claimed(outbox, NOON + LEASE)) == ["b"]
    assert keys(await claimed(outbox, NOON + 4 * HOUR)) == ["a"]


async def test_who_lost_the_lease_has_no_say_in_what_the_next_one_does(
    outbox: Outbox, open_outbox: OpenOutbox, subtests: pytest.Subtests, path: Path
) -> None:
    """The first dispatcher hung, for longer than its lease; meanwhile the second is about to send."""
    other = await open_outbox()
    losing: dict[str, Act] = {
        "postpone": lambda who, batch: who.postpone(batch, NOON + LEASE + SECOND, "it took too long"),
        "missed": lambda who, batch: who.settle_missed(batch),
        "failed": lambda who, batch: who.settle_failed(batch, "no", NOON),
        "withdraw": lambda who, batch: who.withdraw(batch, [one.key for one in batch.deliveries]),
    }
    for name, act in losing.items():
        with subtests.test(name):
            key = f"delivery, {name}"
            await outbox.plan([delivery(key)], THRESHOLD)
            late = await claimed(outbox, NOON)
            await claimed(other, NOON + LEASE)

            await act(outbox, late)

            assert states(path)[key] == "claimed"
            assert await outbox.claim(NOON + 2 * LEASE - SECOND, LEASE) is None
            await other.settle_sent(late, 1, NOON)


async def test_who_lost_the_lease_but_sent_the_message_may_say_so(outbox: Outbox, open_outbox: OpenOutbox) -> None:
    other = await open_outbox()
    await outbox.plan([delivery()], THRESHOLD)
    late = await claimed(outbox, NOON)
    await claimed(other, NOON + LEASE)

    await outbox.settle_sent(late, 1, NOON + LEASE + SECOND)

    assert await other.claim(NOON + HOUR, LEASE) is None


async def test_the_next_moment_is_the_earliest_of_what_is_due_and_what_was_left_behind(outbox: Outbox) -> None:
    assert await outbox.next_due() is None
    await outbox.plan([delivery("a", 7), delivery("b", 8, NOON + HOUR), delivery("c", 9, NOON + 2 * HOUR)], THRESHOLD)
    assert await outbox.next_due() == NOON - HOUR

    first = await claimed(outbox, NOON - HOUR)
    assert await outbox.next_due() == NOON - HOUR + LEASE
    await outbox.settle_sent(first, 1, NOON - HOUR)
    assert await outbox.next_due() == NOON

    second = await claimed(outbox, NOON)
    await outbox.settle_failed(second, "no", NOON)
    await outbox.plan([], THRESHOLD)
    assert await outbox.next_due() is None


async def test_what_was_never_tried_is_missed_once_it_helps_nobody(outbox: Outbox, path: Path) -> None:
    await outbox.plan([delivery("a"), delivery("b", 8), delivery("later", 7, NOON + SECOND)], THRESHOLD)
    await outbox.claim(NOON - HOUR, LEASE)

    assert await outbox.miss(NOON + 2 * HOUR - SECOND) == []
    missed = await outbox.miss(NOON + 2 * HOUR)

    assert len(missed) == 1
    assert missed[0] in (delivery("a"), delivery("b", 8))
    assert sorted(states(path).values()) == ["claimed", "missed", "planned"]
    assert await outbox.miss(NOON + 2 * HOUR) == []


async def test_a_batch_helps_as_long_as_one_of_its_deliveries_does(outbox: Outbox) -> None:
    await outbox.plan([delivery("a"), delivery("b", 7, NOON + HOUR, 2 * HOUR)], THRESHOLD)
    assert (await claimed(outbox, NOON)).useful_until == NOON + 3 * HOUR


async def test_the_first_failure_for_a_target_is_told_from_the_later_ones(outbox: Outbox) -> None:
    firsts = []
    for number, target in enumerate((7, 8, 7, 8, 9)):
        await outbox.plan([delivery(f"delivery {number}", target)], THRESHOLD)
        firsts.append(await outbox.settle_failed(await claimed(outbox, NOON), "no", NOON))
    assert firsts == [True, True, False, False, True]


async def test_what_fails_after_something_arrived_or_untold_is_a_first_failure(outbox: Outbox) -> None:
    async def failed(key: str) -> Batch:
        await outbox.plan([delivery(key)], THRESHOLD)
        batch = await claimed(outbox, NOON)
        firsts.append(await outbox.settle_failed(batch, "no", NOON))
        return batch

    firsts: list[bool] = []
    await outbox.told_nobody(await failed("a"))
    await failed("b")
    await failed("c")
    await outbox.plan([delivery("d")], THRESHOLD)
    await outbox.settle_sent(await claimed(outbox, NOON), 1, NOON)
    await failed("e")
    assert firsts == [True, True, False, True]


async def test_what_waits_for_a_permission_is_taken_up_as_the_same_batch_while_it_helps(
    outbox: Outbox, path: Path
) -> None:
    await outbox.plan([delivery("a"), delivery("b", 8), delivery("c", 9)], THRESHOLD)
    batches = {batch.target_id: batch for batch in [await claimed(outbox, NOON) for _ in range(3)]}
    for target in (7, 8):
        await outbox.settle_failed(batches[target], "no", NOON, awaits_permission=True)
    await outbox.settle_failed(batches[9], "gone", NOON)
    assert await outbox.awaiting_permission(NOON) == {7, 8}
    assert await outbox.awaiting_permission(NOON + 2 * HOUR) == set()

    await outbox.take_up([7, 9], NOON)

    again = await claimed(outbox, NOON)
    assert (again.token, again.attempts) == (batches[7].token, 2), "its message is looked for first"
    assert states(path) == {"a": "claimed", "b": "failed", "c": "failed"}
    assert await outbox.claim(NOON, LEASE) is None
    assert await outbox.awaiting_permission(NOON) == {8}


async def test_planning_the_same_again_changes_no_byte_of_what_is_kept(outbox: Outbox, path: Path) -> None:
    wanted = [delivery(f"delivery {n}", n % 4, NOON + n * HOUR) for n in range(20)]
    await outbox.plan(wanted, THRESHOLD)
    for end in (Outbox.settle_missed, lambda who, batch: who.settle_sent(batch, 1, NOON)):
        await end(outbox, await claimed(outbox, NOON))
    await claimed(outbox, NOON + HOUR)
    before, taken = rows(path, "SELECT * FROM delivery"), rows(path, "SELECT * FROM step")

    for _ in range(2):
        await outbox.plan(reversed(wanted), THRESHOLD)

    assert rows(path, "SELECT * FROM delivery") == before
    assert rows(path, "SELECT * FROM step") == taken


async def test_more_is_cancelled_than_one_statement_can_name(outbox: Outbox, path: Path) -> None:
    await outbox.plan([delivery(f"delivery {n}", n) for n in range(1_100)], THRESHOLD)
    await outbox.plan([delivery("delivery 5", 5)], THRESHOLD)
    assert {key for key, state in states(path).items() if state == "planned"} == {"delivery 5"}
    assert len(states(path)) == 1_100


async def test_a_plan_is_applied_whole_or_not_at_all(outbox: Outbox, path: Path) -> None:
    await outbox.plan([delivery("a")], THRESHOLD)
    naive = replace(delivery("c"), due_at=datetime(2026, 5, 18))  # noqa: DTZ001

    with pytest.raises(StatementError, match="naive"):
        await outbox.plan([delivery("b"), naive, delivery("d")], THRESHOLD)

    assert states(path) == {"a": "planned"}


@pytest.mark.parametrize("name", ["claim", "sent", "missed", "failed", "plan without it"])
async def test_a_step_is_taken_by_all_of_a_batch_or_by_none(name: str, outbox: Outbox, path: Path) -> None:
    await outbox.plan([delivery("a"), delivery("b"), delivery("c")], THRESHOLD)
    planned = name in ("claim", "plan without it")
    batch = Batch(BATCH, 7, (), NOON, 1) if planned else await claimed(outbox, NOON)
    before = rows(path, "SELECT * FROM delivery")
    rows(
        path,
        "CREATE TRIGGER broken BEFORE UPDATE ON delivery WHEN NEW.key = 'b' BEGIN SELECT RAISE(ABORT, 'disk'); END",
    )

    with pytest.raises(IntegrityError, match="disk"):
        await ACTS[name](outbox, batch)

    assert rows(path, "SELECT * FROM delivery") == before


async def test_who_claim_at_the_same_time_never_share_a_delivery(
    outbox: Outbox, open_outbox: OpenOutbox, path: Path
) -> None:
    claimers = [outbox, await open_outbox(), outbox, await open_outbox()]
    everything: set[str] = set()

    async def all_there_is(who: Outbox) -> list[Batch]:
        found = []
        while batch := await who.claim(NOON, LEASE):
            found.append(batch)
            await asyncio.sleep(0)
        return found

    for number in range(6):
        wanted = [delivery(f"{number}, {target}, {n}", target) for target in range(8) for n in range(4)]
        await outbox.plan(wanted, THRESHOLD)
        everything |= {one.key for one in wanted}

        batches = list(chain(*await asyncio.gather(*map(all_there_is, claimers))))

        assert sorted(key for batch in batches for key in keys(batch)) == sorted(one.key for one in wanted)
        assert sorted(batch.target_id for batch in batches) == list(range(8))
        assert {batch.attempts for batch in batches} == {1}
        for batch in batches:
            await outbox.settle_sent(batch, 1, NOON)

    assert set(states(path)) == everything
    assert set(states(path).values()) == {"sent"}


async def test_a_batch_whose_lease_ran_out_is_taken_over_by_one_alone(outbox: Outbox, open_outbox: OpenOutbox) -> None:
    claimers = [outbox, await open_outbox()] * 3
    await outbox.plan([delivery("a"), delivery("b")], THRESHOLD)
    await outbox.claim(NOON, LEASE)

    for number in range(1, 8):
        taken = await asyncio.gather(*(who.claim(NOON + number * LEASE, LEASE) for who in claimers))
        assert [batch.attempts for batch in taken if batch] == [number + 1]


async def test_what_does_not_fold_goes_out_alone(database: Database) -> None:
    outbox = outbox_on(database)
    async with database.write() as connection:
        await outbox.add(connection, [delivery(key, kind=ANNOUNCEMENT) for key in "ab"])
    await outbox.plan([delivery("c"), delivery("d")], THRESHOLD)

    batches = [keys(await claimed(outbox, NOON)) for _ in range(3)]

    assert sorted(batches) == [["a"], ["b"], ["c", "d"]]


async def test_what_is_added_is_there_with_the_transaction_it_belongs_to_or_not_at_all(
    database: Database, path: Path
) -> None:
    outbox = outbox_on(database)

    async def break_off() -> None:
        async with database.write() as connection:
            await outbox.add(connection, [delivery("a", kind=ANNOUNCEMENT)])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await break_off()
    assert states(path) == {}

    two = [delivery("b", kind=ANNOUNCEMENT), replace(delivery("c", 8, kind=ANNOUNCEMENT), subject="session of b")]
    async with database.write() as connection:
        await outbox.add(connection, [*two, delivery("d", kind=ANNOUNCEMENT)])
        entries = await outbox.entries_about(connection, ANNOUNCEMENT, ["session of b", "session of a"])
    assert {key: [entry.delivery for entry in found] for key, found in entries.items()} == {"session of b": two}


async def test_planning_leaves_alone_what_was_written_down_once(database: Database, path: Path) -> None:
    outbox = outbox_on(database)
    async with database.write() as connection:
        await outbox.add(connection, [delivery("a", kind=ANNOUNCEMENT)])

    await outbox.plan([delivery("b")], THRESHOLD)
    await outbox.plan([], THRESHOLD)

    assert states(path) == {"a": "planned", "b": "cancelled"}
    assert [entry.delivery.key for entry in await outbox.entries([State.PLANNED])] == ["a"]
    assert await outbox.count([State.CANCELLED], kinds=[REMINDER], subjects=["session of b"]) == 1
    assert await outbox.count([State.CANCELLED], kinds=[ANNOUNCEMENT]) == 0
