"""The local page that looks like Discord: what it holds at the start, how its time runs, and a visit in a browser."""

import asyncio
import re
import shutil
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import discord
import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

from bot.config import Config
from bot.preview.page import furnish, keep_time, serve, with_demonstration_times
from bot.preview.world import World, simulated
from tests.support.server import MakeConfig

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
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
            # The session opens in less than an hour, so its first reminder is there already.
            assert sum(" opens in " in text for text in others) == 1
            assert sum(text.startswith("Shared by ") for text in others) == len(others) - 1 >= 2
            assert all(message.author == world.bot.user for message in messages)


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


# --- its time


@pytest.mark.parametrize("speed", [1, 3600])
async def test_the_simulated_time_follows_the_real_one_and_the_bot_works_on(
    speed: float, make_config: MakeConfig
) -> None:
    async with simulated(make_config()) as world:
        preview = world.env.preview(world.channel, viewers=list(world.people.values()), layout="channel")
        async with preview:
            began, before = time.monotonic(), world.env.now()
            running = asyncio.create_task(keep_time(world, preview, speed))
            await asyncio.sleep(1.2)
            assert not running.done()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            advanced = (world.env.now() - before).total_seconds()
            elapsed = time.monotonic() - began
        person = next(iter(world.people.values()))
        answer = await person.slash(world.channel, "session")
    # It catches up twice a second.
    assert 0.3 * speed < advanced <= elapsed * speed + 1
    assert answer.response
    assert "Poster Session 1" in (answer.response.embeds[0].title or "")


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


class Visit:
    """A visitor's hands and eyes on the page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.timeline = page.locator("#channel-message-list")
        self.picker = page.locator(".command-entry")
        self.suggestions = page.locator(".command-suggestion")

    def option(self, name: str) -> Locator:
        return self.page.locator(f'.command-option-input[data-option="{name}"]')

    async def type_command(self, name: str) -> None:
        """Type a slash and the command's name, and pick it."""
        await self.page.locator("#channel-composer-input").click()
        await self.page.keyboard.type("/")
        await expect(self.picker.filter(has_text="/search")).to_be_visible()
        await self.page.keyboard.type(name)
        await expect(self.picker).to_have_count(1)
        await self.page.keyboard.press("Tab")
        await expect(self.page.locator(".command-chip")).to_have_text(f"/{name}")

    async def send(self) -> None:
        await self.page.keyboard.press("Enter")

    async def see(self, text: str) -> None:
        await expect(self.timeline).to_contain_text(text)


@asynccontextmanager
async def visit(url: str) -> AsyncIterator[Visit]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        try:
            page = await browser.new_page(viewport={"width": 1280, "height": 900})
            page.set_default_timeout(20_000)
            expect.set_options(timeout=20_000)
            await page.goto(url)
            yield Visit(page)
        finally:
            await browser.close()


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
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

            viewers = visitor.page.locator("#viewer-picker")
            labels = await viewers.locator("option").all_inner_texts()
            assert [re.sub(r".*\((.+)\)", r"\1", label) for label in labels] == ["attendee", "organizer", "moderator"]
            await viewers.select_option(label=labels[2])
            await expect(visitor.timeline).not_to_contain_text("Hojoon Kim, Yuheng Wu, Thierry Tambe")
            await visitor.see("Shared by @Grace")
            await visitor.type_command("help")
            await visitor.send()
            await visitor.see("For moderators")

    assert await serve(make_config(), ready=ready) == 0


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
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
