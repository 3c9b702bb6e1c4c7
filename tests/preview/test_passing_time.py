"""The time of a simulated server: it runs, stands still, hurries on, and stops when all is over."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.preview.page import playing
from bot.preview.passing_time import PassingTime
from bot.preview.spots import Spots
from bot.preview.world import World, simulated
from tests.support.running import until
from tests.support.server import MakeConfig

OPENS = datetime(2026, 5, 19, 1, tzinfo=UTC)
ENDS = OPENS + timedelta(hours=2)
TIMED = {"poster-session-1-opening": {"start": "2026-05-18T18:00:00", "end": "2026-05-18T20:00:00"}}


@contextlib.asynccontextmanager
async def running(world: World, speed: float) -> AsyncIterator[PassingTime]:
    async with Spots(world) as spots:
        passing = PassingTime(world, spots, speed)
        task = asyncio.create_task(passing.run())
        try:
            yield passing
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@pytest.mark.parametrize("speed", [1, 3600])
async def test_it_follows_the_real_one_and_the_bot_works_on(speed: float, make_config: MakeConfig) -> None:
    async with simulated(make_config()) as world:
        began, before = time.monotonic(), world.env.now()
        async with running(world, speed):
            await until(lambda: world.env.now() > before)
        advanced = (world.env.now() - before).total_seconds()
        assert 0 < advanced <= (time.monotonic() - began) * speed
        answer = await next(iter(world.people.values())).slash(world.channel, "session")
    assert answer.response
    assert "Poster Session 1" in (answer.response.embeds[0].title or "")


async def test_it_stands_still_when_told_and_runs_on(make_config: MakeConfig) -> None:
    async with simulated(make_config(sessions=TIMED), OPENS) as world, running(world, 60) as passing:
        passing.runs = False
        await asyncio.sleep(0.6)
        stood = world.env.now()
        await asyncio.sleep(0.6)
        assert world.env.now() == stood
        passing.runs = True
        await until(lambda: world.env.now() > stood)


async def test_it_stops_when_the_last_session_is_over_so_that_something_was_just_on(make_config: MakeConfig) -> None:
    async with (
        simulated(make_config(sessions=TIMED), ENDS - timedelta(minutes=5)) as world,
        running(world, 3600) as passing,
    ):
        assert not passing.is_over
        await until(lambda: passing.is_over)
        await asyncio.sleep(0.6)
        assert world.env.now() == ENDS


async def test_it_hurries_on_to_the_next_session_and_nothing_on_the_way_is_left_out(make_config: MakeConfig) -> None:
    async with playing(make_config(sessions=TIMED), OPENS - timedelta(hours=3)) as scene:
        opening = scene.time.next_opening()
        assert opening
        assert (opening.name, opening.starts_at) == ("Poster Session 1 & Opening Reception", OPENS)
        scene.time.skip()
        await until(lambda: not scene.time.skips)
        assert OPENS <= scene.time.now < OPENS + timedelta(minutes=1)
        titles = [message.embeds[0].title or "" for message in scene.world.news.history()]
        assert [title.rpartition(" opens ")[2] for title in titles] == ["in 60 minutes", "in 10 minutes", "now"]
        assert scene.time.next_opening() is None
        scene.time.skip()
        await until(lambda: scene.time.is_over)
        assert scene.time.now == ENDS
