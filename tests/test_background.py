"""What runs beside everything else."""

import asyncio
from collections.abc import AsyncIterator, Collection

import pytest

from bot.background import BackgroundTasks, ForMany, OneAtATime
from tests.support.running import until


@pytest.fixture
async def background() -> AsyncIterator[BackgroundTasks]:
    tasks = BackgroundTasks()
    yield tasks
    await tasks.close()


class Counting:
    """Reads a number slowly: it counts how often it is read, and how often at once."""

    def __init__(self) -> None:
        self.number = 0
        self.seen: list[int] = []
        self.at_once = self.most_at_once = 0
        self.go = asyncio.Event()
        self.failures = 0

    async def read(self) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.seen.append(self.number)
        try:
            await self.go.wait()
            if self.failures:
                self.failures -= 1
                raise ValueError("nothing to be read")
        finally:
            self.at_once -= 1


async def turns() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_what_is_asked_for_a_hundred_times_meanwhile_is_done_once_more(background: BackgroundTasks) -> None:
    counting = Counting()
    reading = OneAtATime(background, counting.read, "reading")
    reading.ask()
    await turns()
    for number in range(1, 101):
        counting.number = number
        reading.ask()
    await turns()
    assert counting.seen == [0]

    counting.go.set()
    await turns()
    assert (counting.seen, counting.most_at_once) == ([0, 100], 1)

    reading.ask()
    await turns()
    assert counting.seen == [0, 100, 100]


async def test_what_is_asked_for_while_it_fails_is_done_all_the_same(
    background: BackgroundTasks, caplog: pytest.LogCaptureFixture
) -> None:
    counting = Counting()
    counting.failures = 1
    reading = OneAtATime(background, counting.read, "reading")
    reading.ask()
    await turns()
    counting.number = 1
    reading.ask()
    counting.go.set()
    await turns()

    assert counting.seen == [0, 1]
    assert "reading failed" in caplog.text
    assert "nothing to be read" in caplog.text


async def test_nothing_is_begun_once_the_tasks_are_closed(background: BackgroundTasks) -> None:
    counting = Counting()
    reading = OneAtATime(background, counting.read, "reading")
    reading.ask()
    await turns()
    reading.ask()
    await background.close()
    reading.ask()
    await turns()
    assert (counting.seen, counting.at_once) == ([0], 0)


async def test_what_is_persistent_is_tried_again_until_it_succeeds(
    background: BackgroundTasks, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.background._FIRST_PAUSE", 0.001)
    counting, done = Counting(), asyncio.Event()
    counting.failures = 3
    counting.go.set()

    async def read() -> None:
        await counting.read()
        done.set()

    OneAtATime(background, read, "reading", persistent=True).ask()
    await asyncio.wait_for(done.wait(), 10)
    await turns()

    assert counting.seen == [0, 0, 0, 0]
    assert caplog.text.count("reading failed; trying again") == 3


async def test_who_comes_while_something_is_done_for_others_is_next_with_all_who_came(
    background: BackgroundTasks, caplog: pytest.LogCaptureFixture
) -> None:
    counting, done = Counting(), list[tuple[int, ...]]()

    async def work(whom: Collection[int]) -> None:
        done.append(tuple(whom))
        await counting.read()

    for_many = ForMany(background, work, "greeting")
    for number in (1, 2, 1):
        for_many.ask(number)
    for_many.ask()
    await turns()
    for_many.ask(2, 3)
    for_many.ask(4, 2)
    await turns()
    assert done == [(1, 2)]

    counting.failures = 1
    counting.go.set()
    await turns()
    assert (done, counting.most_at_once) == ([(1, 2), (2, 3, 4)], 1)
    assert "greeting failed" in caplog.text


async def test_for_those_who_keep_coming_it_is_done_less_and_less_often(background: BackgroundTasks) -> None:
    done = list[int](), list[int]()

    async def work(whom: Collection[int]) -> None:
        done[0].append(len(whom))
        done[1].extend(whom)

    for_many = ForMany(background, work, "greeting", longest_rest=60)
    for number in range(200):
        for_many.ask(number)
        await asyncio.sleep(0.002)
    await until(lambda: done[1] == list(range(200)))
    assert len(done[0]) < 20


async def test_who_comes_when_all_others_are_done_for_never_waits(background: BackgroundTasks) -> None:
    done = list[int]()

    async def work(whom: Collection[int]) -> None:
        done.extend(whom)

    for_many = ForMany(background, work, "greeting", longest_rest=0.05)
    for number in range(5):
        for_many.ask(number)
        await asyncio.sleep(0.06)
        for_many.ask(number + 10)
        await turns()
        assert done[-1] == number + 10
        await asyncio.sleep(0.06)
