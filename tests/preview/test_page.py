"""The local page that looks like Discord: what it holds at the start, how its time runs, and a visit in a browser."""

import asyncio
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import discord
import pytest
from playwright.async_api import expect

from bot.config import Config
from bot.preview.furnishing import furnish
from bot.preview.page import serve, with_demonstration_times
from bot.preview.world import World, simulated
from tests.support.server import MakeConfig
from tests.support.visit import needs_browser, visit

ROOT = Path(__file__).parents[2]
SESSION = "poster-session-1-opening"
TIMED = {SESSION: {"start": "2026-05-18T18:00:00", "end": "2026-05-18T20:00:00"}}
NOTICE = "demonstration"
MINUTES = timedelta(minutes=1)


@asynccontextmanager
async def furnished(config: Config, opens_in: timedelta = 15 * MINUTES) -> AsyncIterator[World]:
    """The world as the page shows it at the start."""
    async with simulated(await with_demonstration_times(config, opens_in)) as world:
        await furnish(world)
        yield world


def text_of(message: discord.Message) -> str:
    """Everything a message says."""
    parts = [message.content]
    for embed in message.embeds:
        parts += [
            embed.title or "",
            embed.description or "",
            *(f"{field.name}\n{field.value}" for field in embed.fields),
        ]
    return "\n".join(parts)


# --- what is there at the start


async def test_the_channel_begins_with_the_welcome_and_answers_shared_with_everybody(make_config: MakeConfig) -> None:
    async with furnished(make_config()) as world:
        for person in world.people.values():
            messages = world.channel.history(viewer=person)
            welcome, *others = [text_of(message) for message in messages]
            assert "Welcome to MLSys 2026" in welcome
            assert "Poster Session 1 & Opening Reception" in welcome
            assert len(others) >= 2
            assert all(text.startswith("Shared by ") for text in others)
            assert all(message.author == world.bot.user for message in messages)
            # The session opens in less than an hour, so its first reminder is there already.
            assert [" opens in " in text_of(message) for message in world.news.history(viewer=person)] == [True]


async def test_a_made_up_time_is_said_to_be_one_and_is_minutes_away(make_config: MakeConfig) -> None:
    async with furnished(make_config(), 15 * MINUTES) as world:
        welcome = text_of(world.channel.history()[0])
        now = world.env.now()
        assert world.bot.services.clock.now() == now
    assert abs(now - datetime.now(UTC)) < MINUTES
    assert NOTICE in welcome
    stamp = re.search(r"<t:(\d+)", welcome)
    assert stamp
    starts_at = datetime.fromtimestamp(int(stamp[1]), UTC)
    assert 13 * MINUTES < starts_at - now <= 15 * MINUTES


async def test_a_session_whose_time_is_configured_needs_no_demonstration(make_config: MakeConfig) -> None:
    config = make_config(sessions=TIMED)
    assert await with_demonstration_times(config, 15 * MINUTES) == config
    async with furnished(config) as world:
        welcome = text_of(world.channel.history()[0])
    assert NOTICE not in welcome
    assert f"<t:{int(datetime(2026, 5, 19, 1, tzinfo=UTC).timestamp())}" in welcome


async def test_only_the_sessions_without_a_time_get_a_made_up_one(make_config: MakeConfig, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    paper = "Caching\nAda Lovelace ⋅ Bo Li\nWe study caches. They help.\n"
    page.write_text(f"Session\nMorning\nHall\n{paper}Session\nEvening\nHall\n{paper}", encoding="utf-8")
    config = make_config(programme={"source": page}, sessions={"morning": {"start": "2026-05-18T09:00:00"}})
    times = (await with_demonstration_times(config, 15 * MINUTES)).times
    assert times["morning"].starts_at == datetime(2026, 5, 18, 16, tzinfo=UTC)
    assert timedelta(0) < times["evening"].starts_at - datetime.now(UTC) <= 15 * MINUTES
    async with furnished(config) as world:
        assert NOTICE in text_of(world.channel.history()[0])


async def test_the_organizers_own_notice_stays_beside_that_of_the_demonstration(make_config: MakeConfig) -> None:
    own = "The help desk is next to the main entrance."
    conference = {"name": "MLSys 2026", "timezone": "America/Los_Angeles", "notice": own}
    async with furnished(make_config(conference=conference)) as world:
        welcome = text_of(world.channel.history()[0])
    assert own in welcome
    assert NOTICE in welcome


# --- as a server


async def test_the_page_answers_while_it_is_served_and_no_longer(make_config: MakeConfig) -> None:
    visited: list[str] = []

    async def ready(url: str) -> None:
        visited.append(url)
        assert re.match(r"http://(127\.0\.0\.1|localhost):\d+/", url)
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            assert response.status == 200
            assert "SimCord" in await response.text()

    assert await serve(make_config(), ready=ready) == 0
    (url,) = visited
    with pytest.raises(aiohttp.ClientConnectionError):
        async with aiohttp.ClientSession() as session, session.get(url):
            pass


@pytest.mark.slow
async def test_the_command_prints_the_address_and_a_signal_ends_it() -> None:
    await asyncio.gather(visit_and_stop(signal.SIGINT), visit_and_stop(signal.SIGTERM))


async def visit_and_stop(stop: signal.Signals) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "preview", "--config", "config.example.toml"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout
        first = (await asyncio.wait_for(process.stdout.readline(), 30)).decode()
        address = re.search(r"http://\S+", first)
        assert address
        async with aiohttp.ClientSession() as session, session.get(address[0]) as response:
            assert response.status == 200
        process.send_signal(stop)
        output, errors = await asyncio.wait_for(process.communicate(), 10)
        assert process.returncode == 0
        assert errors.decode() == ""
        assert "Ctrl-C" in output.decode()
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


# --- in a browser


@needs_browser
@pytest.mark.slow
async def test_a_visitor_finds_a_paper_by_typing_and_looks_around(make_config: MakeConfig) -> None:
    async def ready(url: str) -> None:
        async with visit(url) as visitor:
            await visitor.see("Welcome to MLSys 2026")
            await visitor.see(NOTICE)
            await visitor.see("Shared by @Grace")

            await visitor.type_command("paper")
            await visitor.page.keyboard.type("age")
            await expect(visitor.suggestions.first).to_contain_text("AgenticCache")
            several = await visitor.suggestions.count()
            assert several > 1
            await visitor.page.keyboard.type("nticc")
            await expect(visitor.suggestions).to_have_count(1)
            await visitor.page.keyboard.press("Enter")
            await expect(visitor.option("paper")).to_have_value("agenticcache")
            await visitor.send()
            await visitor.see("AgenticCache: Cache-Driven Asynchronous Planning for Embodied AI Agents")
            await visitor.see("Hojoon Kim, Yuheng Wu, Thierry Tambe")
            await visitor.see("Only you can see this")

            await visitor.page.get_by_role("button", name="Similar papers").last.click()
            await visitor.see("Similar to AgenticCache")

            people = await visitor.page.locator("#person-picker option").all_inner_texts()
            assert people == ["Ada (attendee)", "Olga (organizer)", "Mo (moderator)"]
            await visitor.become("moderator")
            await expect(visitor.timeline).not_to_contain_text("Hojoon Kim, Yuheng Wu, Thierry Tambe")
            await visitor.see("Shared by @Grace")
            await visitor.type_command("help")
            await visitor.send()
            await visitor.see("For moderators")

    assert await serve(make_config(), ready=ready) == 0


@needs_browser
@pytest.mark.slow
async def test_buttons_work_and_nothing_is_shown_raw_while_time_runs_fast(make_config: MakeConfig) -> None:
    shown: list[str] = []

    async def ready(url: str) -> None:
        async with visit(url) as visitor:
            for number in range(1, 4):
                await visitor.page.get_by_role("button", name="See the posters").first.click()
                await expect(visitor.timeline.get_by_text("Page 1 of 4")).to_have_count(1)
                await visitor.page.get_by_role("button", name="Next").last.click()
                await expect(visitor.timeline.get_by_text("Page 2 of 4")).to_have_count(number)
            shown.append(await visitor.timeline.inner_text())

    assert await serve(make_config(), ready=ready, speed=60) == 0
    assert re.findall(r"</?[a-z@#:][^>]*>", shown[0]) == []
