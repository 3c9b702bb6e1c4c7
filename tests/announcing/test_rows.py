"""How announcements are kept, each with its deliveries."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.announcing.model import ANNOUNCEMENT, Announcement, Status
from bot.announcing.rows import AnnouncementStore
from bot.delivery.model import State
from bot.delivery.rows import Outbox
from bot.store.engine import Database
from tests.support.announcing import HOUR, LUNCH, NOW

LEASE = timedelta(minutes=1)


@dataclass
class Kept:
    store: AnnouncementStore
    outbox: Outbox

    async def add(self, *, due_at: datetime = NOW + HOUR) -> Announcement:
        return await self.get(await self.store.add(replace(LUNCH, due_at=due_at), [11, 12, 11]))

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
    yield Kept(AnnouncementStore(database, outbox), outbox)
    await database.close()


async def test_an_announcement_is_given_back_with_its_deliveries(kept: Kept) -> None:
    number = await kept.store.add(LUNCH, [11, 12, 11])

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
    assert not await kept.store.change(replace(LUNCH, id=1))
    assert await kept.store.cancel(1) is None


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

    assert await kept.store.change(dinner)

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

    assert not await kept.store.change(dinner)

    after = await kept.get(before.id)
    assert replace(after, deliveries=()) == replace(before, deliveries=())
    await kept.outbox.settle_sent(batch, 99, NOW + HOUR)
    assert not await kept.store.change(dinner)


async def test_of_a_cancelled_one_only_what_was_taken_goes_out(kept: Kept) -> None:
    other = await kept.add(due_at=NOW + 2 * HOUR)
    before = await kept.add()
    batch = await kept.outbox.claim(NOW + HOUR, LEASE)
    assert batch
    assert len(batch.deliveries) == 1

    after = await kept.store.cancel(before.id)

    assert after
    assert after.cancelled
    assert await kept.states(before.id) == {11: State.CLAIMED, 12: State.CANCELLED}
    assert set((await kept.states(other.id)).values()) == {State.PLANNED}


async def test_a_corrected_one_keeps_its_time_and_its_deliveries(kept: Kept) -> None:
    before = await kept.add()
    said = replace(before, text="In hall C.", link=None, image="https://example.org/c.png", due_at=NOW)

    await kept.store.correct(replace(said, corrected_at=NOW + 2 * HOUR))

    after = await kept.get(before.id)
    assert (after.title, after.text, after.link, after.image) == ("Lunch", "In hall C.", None, said.image)
    assert after.corrected_at == NOW + 2 * HOUR
    assert after.due_at == before.due_at
    assert set((await kept.states(before.id)).values()) == {State.PLANNED}
