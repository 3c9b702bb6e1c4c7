"""How announcements are kept, each with its deliveries."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import DatabaseError

from bot.announcing.model import ANNOUNCEMENT, Announcement, Status
from bot.announcing.rows import AnnouncementStore
from bot.delivery.model import State
from bot.delivery.rows import Outbox
from bot.store.engine import Database
from tests.support.announcing import HOUR, LUNCH, NOW, RECORD
from tests.support.record import AuditStore

LEASE = timedelta(minutes=1)


@dataclass
class Kept:
    database: Database
    store: AnnouncementStore
    outbox: Outbox

    async def add(self, *, due_at: datetime = NOW + HOUR) -> Announcement:
        return await self.get(await self.store.add(replace(LUNCH, due_at=due_at), [11, 12, 11], RECORD))

    async def get(self, number: int) -> Announcement:
        found = await self.store.get(number)
        assert found
        return found

    async def states(self, number: int) -> dict[int, State]:
        return {entry.delivery.target_id: entry.state for entry in (await self.get(number)).deliveries}


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncIterator[Kept]:
    database = await Database.open(tmp_path / "announcements.sqlite3")
    outbox = Outbox(database, (ANNOUNCEMENT,))
    yield Kept(database, AnnouncementStore(database, outbox), outbox)
    await database.close()


async def test_an_announcement_is_given_back_with_its_deliveries(kept: Kept) -> None:
    number = await kept.store.add(LUNCH, [11, 12, 11], RECORD)

    assert number
    found = await kept.get(number)
    assert replace(found, deliveries=()) == replace(LUNCH, id=number)
    assert found.status is Status.SCHEDULED
    assert [entry.delivery.target_id for entry in found.deliveries] == [11, 12]
    delivery = found.deliveries[0].delivery
    assert (delivery.kind, delivery.subject) == (ANNOUNCEMENT, str(number))
    assert delivery.key == f"announcement:{number}:11"
    assert (delivery.due_at, delivery.useful_until) == (NOW + HOUR, NOW + 3 * HOUR)
    assert await kept.outbox.next_due() == NOW + HOUR


async def test_there_is_none_of_another_number(kept: Kept) -> None:
    assert await kept.store.get(1) is None
    assert await kept.store.latest() == []
    assert not await kept.store.change(replace(LUNCH, id=1), (11, 12), RECORD)
    assert await kept.store.cancel(1, RECORD) is None


async def test_the_one_that_goes_out_last_comes_first(kept: Kept) -> None:
    numbers = [(await kept.add(due_at=NOW + hours * HOUR)).id for hours in (2, 3, 1)]
    latest = await kept.store.latest()
    assert [announcement.id for announcement in latest] == [numbers[1], numbers[0], numbers[2]]
    assert all(len(announcement.deliveries) == 2 for announcement in latest)
    assert len(await kept.store.latest(limit=1)) == 1


async def test_a_changed_one_says_something_else_at_another_time(kept: Kept) -> None:
    other = await kept.add()
    before = await kept.add()
    dinner = replace(before, title="Dinner", text="In hall C.", link=None, image=None, due_at=NOW + 5 * HOUR)

    assert await kept.store.change(dinner, (11, 12), RECORD)

    after = await kept.get(before.id)
    assert replace(after, deliveries=()) == replace(dinner, deliveries=())
    assert {entry.delivery.due_at for entry in after.deliveries} == {NOW + 5 * HOUR}
    assert {entry.delivery.useful_until for entry in after.deliveries} == {NOW + 7 * HOUR}
    assert await kept.get(other.id) == other


async def test_one_that_was_taken_to_be_sent_is_not_changed(kept: Kept) -> None:
    before = await kept.add()
    dinner = replace(before, title="Dinner", text="In hall C.", due_at=NOW + 5 * HOUR)
    batch = await kept.outbox.claim(NOW + HOUR, LEASE)
    assert batch

    assert not await kept.store.change(dinner, (11, 12), RECORD)

    after = await kept.get(before.id)
    assert replace(after, deliveries=()) == replace(before, deliveries=())
    await kept.outbox.settle_sent(batch, 99, NOW + HOUR)
    assert not await kept.store.change(dinner, (11, 12), RECORD)


async def test_of_a_cancelled_one_only_what_was_taken_goes_out(kept: Kept) -> None:
    other = await kept.add(due_at=NOW + 2 * HOUR)
    before = await kept.add()
    batch = await kept.outbox.claim(NOW + HOUR, LEASE)
    assert batch
    assert len(batch.deliveries) == 1

    after = await kept.store.cancel(before.id, RECORD)

    assert after
    assert after.cancelled
    assert await kept.states(before.id) == {11: State.CLAIMED, 12: State.CANCELLED}
    assert set((await kept.states(other.id)).values()) == {State.PLANNED}


async def test_a_corrected_one_keeps_its_time_and_its_deliveries(kept: Kept) -> None:
    before = await kept.add()
    said = replace(before, text="In hall C.", link=None, image="https://example.org/c.png", due_at=NOW)

    await kept.store.correct(replace(said, corrected_at=NOW + 2 * HOUR), RECORD)

    after = await kept.get(before.id)
    assert (after.title, after.text, after.link, after.image) == ("Lunch", "In hall C.", None, said.image)
    assert after.corrected_at == NOW + 2 * HOUR
    assert after.due_at == before.due_at
    assert set((await kept.states(before.id)).values()) == {State.PLANNED}


CHANGES: dict[str, Callable[[AnnouncementStore, Announcement], Awaitable[object]]] = {
    "add": lambda store, before: store.add(replace(before, id=0), [13], RECORD),
    "change": lambda store, before: store.change(replace(before, text="In hall C."), (11, 12), RECORD),
    "cancel": lambda store, before: store.cancel(before.id, RECORD),
    "correct": lambda store, before: store.correct(replace(before, text="In hall C.", corrected_at=NOW), RECORD),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_what_can_not_be_recorded_is_not_done(kept: Kept, change: str) -> None:
    before = await kept.add()
    async with kept.database.write() as connection:
        full = "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END"
        await connection.exec_driver_sql(full)

    with pytest.raises(DatabaseError, match="full"):
        await CHANGES[change](kept.store, before)

    assert await kept.store.latest() == [before]
    assert len(await kept.outbox.entries()) == 2


@pytest.mark.parametrize("change", CHANGES)
async def test_what_is_done_is_recorded_once(kept: Kept, change: str) -> None:
    before = await kept.add()
    recorded = AuditStore(kept.database)
    earlier = len(await recorded.latest())
    await CHANGES[change](kept.store, before)
    assert len(await recorded.latest()) == earlier + 1


async def test_what_was_not_done_is_not_recorded(kept: Kept) -> None:
    await kept.store.change(replace(LUNCH, id=1), (11, 12), RECORD)
    await kept.store.cancel(1, RECORD)
    assert await AuditStore(kept.database).latest() == []
