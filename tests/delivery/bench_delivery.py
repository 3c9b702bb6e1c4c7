"""How long planning and claiming a large conference's direct messages takes: `python -m tests.delivery.bench_delivery`.

Everybody has bookmarked some papers of one session and wants a direct message before it. The baseline is one insert a
row in one transaction with the standard library's sqlite3, which is the least that keeping as many rows can take.
"""

import argparse
import asyncio
import os
import resource
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.agenda.model import Wish
from bot.delivery.dispatcher import LEASE
from bot.delivery.model import Delivery
from bot.delivery.rows import Outbox
from bot.programme.build import Times, build
from bot.programme.identity import assign_keys
from bot.programme.model import Programme
from bot.reminders.model import DIRECT_REMINDER, Pace, audiences, plan_direct
from bot.sources.read import read
from bot.store.engine import Database

_STARTS_AT = datetime(2026, 5, 19, 1, tzinfo=UTC)
_NOW = _STARTS_AT - timedelta(days=2)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.delivery.bench_delivery", description=__doc__)
    parser.add_argument("source", type=Path, nargs="?", default=Path("data/mlsys-2026-poster-session-1.txt"))
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--bookmarks", type=int, default=10)
    parser.add_argument("--per-minute", type=int, default=60)
    options = parser.parse_args(arguments)
    source = assign_keys(read(options.source.read_bytes(), options.source.name).source)
    programme = build(source, {session.key: Times(_STARTS_AT) for session in source.sessions[:1]})
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(Path(folder), programme, options.people, options.bookmarks, options.per_minute))


async def _measure(folder: Path, programme: Programme, people: int, count: int, per_minute: int) -> None:
    keys = [paper.key for paper in programme.sessions[0].papers]
    bookmarks = {user: [keys[(user + step) % len(keys)] for step in range(count)] for user in range(1, people + 1)}
    wishes = {user: Wish(15) for user in bookmarks}
    print(f"{datetime.now(UTC):%Y-%m-%d}, {people} people with {count} bookmarks each, {os.cpu_count()} cores")

    start = time.perf_counter()
    pace = Pace(per_minute, audiences(programme, bookmarks))
    due = plan_direct(programme, wishes, bookmarks, pace, _NOW)
    planned = time.perf_counter() - start
    baseline = _insert_plainly(folder / "baseline.sqlite3", due)

    database = await Database.open(folder / "outbox.sqlite3")
    outbox = Outbox(database, (DIRECT_REMINDER,))
    kept = await _timed(outbox, due)
    again = await _timed(outbox, due)
    start = time.perf_counter()
    claimed = 0
    while batch := await outbox.claim(_STARTS_AT, LEASE):
        await outbox.settle_sent(batch, 1, _STARTS_AT)
        claimed += 1
    served = time.perf_counter() - start
    await database.close()

    first = min(delivery.due_at for delivery in due)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"baseline: {len(due)} plain inserts {baseline:.2f} s")
    for name, seconds in (("planning", planned), ("keeping the plan", kept), ("keeping it again", again)):
        print(f"{name}: {seconds:.2f} s, {seconds / baseline:.1f} times the baseline")
    print(f"claiming and settling: {served:.2f} s for {claimed} messages, {served / claimed * 1000:.2f} ms each")
    print(
        f"at {per_minute} a minute the messages take {pace.window(programme.sessions[0].key)}; the first is due "
        f"{_STARTS_AT - first} before the session"
    )
    print(f"peak memory of the process: {memory:.0f} MiB")


async def _timed(outbox: Outbox, due: list[Delivery]) -> float:
    start = time.perf_counter()
    await outbox.plan(due, timedelta(minutes=10))
    return time.perf_counter() - start


def _insert_plainly(path: Path, due: list[Delivery]) -> float:
    rows = [(delivery.key, delivery.target_id, delivery.subject, delivery.due_at.isoformat()) for delivery in due]
    start = time.perf_counter()
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE delivery (key TEXT PRIMARY KEY, target_id, session_key, due_at)")
        database.executemany("INSERT INTO delivery VALUES (?, ?, ?, ?)", rows)
    database.close()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
