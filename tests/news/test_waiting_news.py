"""News that waits for what a dead process had begun to tell the same person: that comes first, and then both."""

from pathlib import Path

from bot.delivery.dispatcher import LEASE
from bot.delivery.rows import Outbox
from bot.news.model import DIRECT_NEWS, NEWS
from bot.news.rows import NewsStore
from bot.store.engine import Database
from tests.support.outbox import HOUR, NOON, SECOND, delivery


async def test_news_does_not_wait_in_front_of_what_it_waits_for(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "conference.sqlite3")
    outbox = Outbox(database, (NEWS, DIRECT_NEWS))
    store = NewsStore(database, outbox)
    try:
        async with database.write() as connection:
            await outbox.add(connection, [delivery("begun", 7, kind=DIRECT_NEWS)])
        begun = await outbox.claim(NOON, LEASE)
        async with database.write() as connection:
            await outbox.add(connection, [delivery("newer", 7, kind=DIRECT_NEWS)])
        newer = await outbox.claim(NOON + HOUR, LEASE, to_people=True)
        assert begun
        assert newer

        assert await store.regroup(newer, NOON + HOUR)
        first = await outbox.claim(NOON + HOUR, LEASE, to_people=True)
        assert first
        assert [one.key for one in first.deliveries] == ["begun"]
        assert await store.regroup(first, NOON + HOUR)
        both = await outbox.claim(NOON + HOUR + SECOND, LEASE, to_people=True)
    finally:
        await database.close()

    assert both
    assert [one.key for one in both.deliveries] == ["begun", "newer"]
