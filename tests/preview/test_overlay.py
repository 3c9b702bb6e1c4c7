"""What is laid over SimCord's page, in a real browser: what a visitor of Discord expects and SimCord has not."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Route, ViewportSize, expect

from bot.permissions import Audience
from bot.preview.front import Front, Scene
from bot.preview.page import playing
from bot.preview.world import NEWS
from tests.preview.test_passing_time import OPENS, TIMED
from tests.support.running import until
from tests.support.server import MakeConfig
from tests.support.visit import Visit, needs_browser, visit

pytestmark = [needs_browser, pytest.mark.slow]
PHONE = ViewportSize(width=390, height=844)


@contextlib.asynccontextmanager
async def visiting(
    make_config: MakeConfig, before: timedelta = timedelta(minutes=30), **options: Any
) -> AsyncIterator[tuple[Scene, Visit]]:
    """A visit while time stands still, so long before the session opens."""
    async with Front() as front, playing(make_config(sessions=TIMED), OPENS - before) as scene:
        scene.time.runs = False
        front.show(scene)
        async with visit(front.url, **options) as visitor:
            yield scene, visitor


async def test_suggestions_are_there_before_anything_is_typed_and_each_time_anew(make_config: MakeConfig) -> None:
    async with visiting(make_config) as (_, visitor):
        for _ in range(2):
            await visitor.type_command("paper")
            await expect(visitor.suggestions).to_have_count(25)
            await visitor.page.locator(".command-context-close").click()
            await visitor.page.locator("#channel-composer-input").fill("")


async def test_a_command_typed_while_a_reminder_is_posted_is_answered(make_config: MakeConfig) -> None:
    async with visiting(make_config) as (scene, visitor):
        await visitor.go(NEWS)

        async def while_a_reminder_is_posted(route: Route) -> None:
            if '"kind":"run_command"' in (route.request.post_data or ""):
                there = len(scene.world.news.history())
                scene.time.runs, scene.time.speed = True, 1800
                await until(lambda: len(scene.world.news.history()) > there)
                scene.time.runs = False
            await route.continue_()

        await visitor.page.route("**/api/action", while_a_reminder_is_posted)
        await visitor.type_command("paper")
        await visitor.page.keyboard.type("agenticc")
        await visitor.suggestions.filter(has_text="AgenticCache").first.click()
        await visitor.send()
        await visitor.see("opens in 10 minutes")
        await visitor.see("Hojoon Kim, Yuheng Wu, Thierry Tambe")


async def test_enter_while_suggestions_are_still_on_their_way_is_not_lost(make_config: MakeConfig) -> None:
    async with visiting(make_config) as (_, visitor):

        async def slowly(route: Route) -> None:
            if '"kind":"autocomplete_command"' in (route.request.post_data or ""):
                await asyncio.sleep(1.5)
            await route.continue_()

        await visitor.page.route("**/api/action", slowly)
        await visitor.type_command("paper")
        async with visitor.page.expect_request(lambda one: "autocomplete_command" in (one.post_data or "")):
            await visitor.page.keyboard.type("agenticcache")
        await visitor.page.keyboard.press("Enter")
        await visitor.see("Hojoon Kim, Yuheng Wu, Thierry Tambe")


async def test_enter_sends_once_a_value_was_chosen_also_where_it_is_what_was_typed(make_config: MakeConfig) -> None:
    async with visiting(make_config) as (_, visitor):
        await visitor.type_command("paper")
        await visitor.page.keyboard.type("agenticcache")
        await expect(visitor.suggestions.first).to_contain_text("AgenticCache")
        await visitor.page.keyboard.press("Enter")
        await visitor.send()
        await visitor.see("Hojoon Kim, Yuheng Wu, Thierry Tambe")


async def test_relative_times_move_with_the_clock_and_the_clock_with_time(make_config: MakeConfig) -> None:
    async with visiting(make_config, timedelta(minutes=14)) as (scene, visitor):
        await visitor.go(NEWS)
        clock, times = visitor.page.locator("#preview-clock"), visitor.timeline.locator("time.discord-timestamp")
        await expect(clock).to_have_text("Mon, May 18, 17:46")
        await expect(times.get_by_text("in 14 minutes")).to_have_count(1)
        scene.time.runs, scene.time.speed = True, 120
        await until(lambda: scene.time.now >= OPENS - timedelta(minutes=11))
        scene.time.runs = False
        await expect(times.get_by_text("in 14 minutes")).to_have_count(0)
        await expect(clock).not_to_have_text("Mon, May 18, 17:46")
        absolute = [text for text in await times.all_inner_texts() if "2026" in text]
        assert absolute
        assert all("Monday, May 18, 2026 at 6:00\u202fPM" in text or "May 18" in text for text in absolute)


async def test_an_announcement_names_channels_and_roles_and_reaches_the_others(make_config: MakeConfig) -> None:
    async with visiting(make_config) as (scene, visitor):
        await visitor.become("organizer")
        await visitor.type_command("announce post")
        await visitor.send()
        await visitor.fill("Title", "Coffee has moved")
        await visitor.fill("Text", "It is in the foyer.")
        await visitor.submit()
        await visitor.see("Coffee has moved")
        await expect(visitor.newest).to_contain_text("#announcements")
        await expect(visitor.newest).not_to_contain_text("<#")
        assert "Coffee has moved" not in str([one.embeds for one in scene.world.news.history()])
        scene.time.runs = True
        await visitor.newest.get_by_role("button", name="Send", exact=True).click()
        badge = visitor.page.locator('[data-place="announcements"] .unread')
        await expect(badge).to_have_text("2")
        await visitor.become("attendee")
        await visitor.go(NEWS)
        await visitor.see("Coffee has moved")
        await expect(badge).to_have_count(0)


async def test_direct_messages_have_a_place_that_says_how_many_are_new(make_config: MakeConfig) -> None:
    async with visiting(make_config) as (scene, visitor):
        await visitor.type_command("paper")
        await visitor.page.keyboard.type("agenticc")
        await visitor.suggestions.filter(has_text="AgenticCache").first.click()
        await visitor.send()
        await visitor.page.get_by_role("button", name="Bookmark", exact=True).last.click()
        await expect(visitor.newest).to_contain_text("Remove bookmark")
        await visitor.type_command("remindme")
        await visitor.send()
        await visitor.see("direct message")
        await visitor.page.locator("#preview-skip").click()
        badge = visitor.page.locator('[data-place="direct-messages"] .unread')
        await expect(badge).to_be_visible()
        await visitor.go("direct-messages")
        await visitor.see("Poster Session 1 & Opening Reception")
        await expect(badge).to_have_count(0)
        # Commands work there as well, and nobody else looks in.
        await visitor.type_command("agenda")
        await visitor.send()
        await visitor.see("AgenticCache")
        await visitor.become("organizer")
        await expect(visitor.timeline).not_to_contain_text("AgenticCache")
        assert scene.world.people[Audience.ORGANIZER].user.dm_channel.history() == []


async def test_the_menu_of_a_message_bookmarks_what_it_shows(make_config: MakeConfig) -> None:
    async with visiting(make_config) as (_, visitor):
        shared = visitor.timeline.locator("[data-message-id]").filter(has_text="HELIOS").first
        await shared.click(button="right")
        await visitor.page.get_by_role("menuitem", name="Bookmark").click()
        await expect(visitor.page.get_by_role("menu")).to_have_count(0)
        await expect(visitor.newest).to_contain_text("Only you can see this")
        await visitor.type_command("agenda")
        await visitor.send()
        await expect(visitor.newest).to_contain_text("HELIOS")
        await visitor.go("direct-messages")
        await visitor.page.locator("#channel-timeline").click(button="right")
        await expect(visitor.page.get_by_role("menu")).to_have_count(0)


async def test_when_all_is_over_the_conference_begins_again(make_config: MakeConfig) -> None:
    async with visiting(make_config) as (scene, visitor):
        await visitor.page.locator("#preview-skip").click()
        await until(lambda: scene.time.now >= OPENS)
        await visitor.page.locator("#preview-speed").select_option("600")
        scene.time.skip()
        await expect(visitor.page.locator("#preview-clock")).to_contain_text("the conference is over")
        await expect(visitor.page.locator("#preview-again")).to_be_visible()
        await expect(visitor.page.locator("#preview-run")).to_be_hidden()


async def test_on_a_phone_nothing_is_cut_off_or_scrolls_sideways(make_config: MakeConfig) -> None:
    async with visiting(make_config, size=PHONE) as (_, visitor):
        await expect(visitor.page.locator("#preview-skip")).to_be_visible()
        for part in ("#preview-time", "#preview-skip", "#preview-clock", "#person-picker", "#channel-composer"):
            box = await visitor.page.locator(part).bounding_box()
            assert box
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= PHONE["width"]
        width = await visitor.page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"]
