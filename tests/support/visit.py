"""A visitor of the preview, in a real browser: hands and eyes on the page."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Locator, Page, ViewportSize, async_playwright, expect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")

DESKTOP = ViewportSize(width=1280, height=900)
_PATIENCE = 20_000
"""How long something may take to be seen on a busy machine, in milliseconds."""
_NIGHT = 180_000
"""How long a night may take to pass there, in milliseconds."""


class Visit:
    """What a visitor does, and sees."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.timeline = page.locator("#channel-message-list")
        self.picker = page.locator(".command-entry")
        self.suggestions = page.locator(".command-suggestion")
        self.places = page.locator(".place")

    def option(self, name: str) -> Locator:
        """Return the field of a command's option."""
        return self.page.locator(f'.command-option-input[data-option="{name}"]')

    @property
    def newest(self) -> Locator:
        """The newest message."""
        return self.timeline.locator("[data-message-id]").last

    async def type_command(self, name: str) -> None:
        """Type a slash and the command's name, and pick it."""
        await self.page.locator("#channel-composer-input").click()
        await self.page.keyboard.type("/")
        await expect(self.picker.filter(has_text="/search")).to_be_visible()
        await self.page.keyboard.type(name)
        await expect(self.picker.first).to_contain_text(f"/{name}")
        await self.page.keyboard.press("Tab")
        await expect(self.page.locator(".command-chip")).to_have_text(f"/{name}")

    async def add_option(self, name: str) -> None:
        """Add an option that a command does not need."""
        await self.page.locator(".command-ghost").click()
        await self.suggestions.filter(has_text=name).first.click()
        await expect(self.option(name)).to_be_focused()

    async def send(self) -> None:
        """Send what was typed."""
        await self.page.keyboard.press("Enter")
        await expect(self.page.locator(".command-chip")).to_have_count(0)

    async def write(self, text: str) -> None:
        """Write a message."""
        await self.page.locator("#channel-composer-input").click()
        await self.page.keyboard.type(text)
        await self.page.keyboard.press("Enter")
        await self.see(text)

    async def ask(self, command: str, value: str = "") -> None:
        """Use a command, with a value for its first option, and wait for its answer."""
        there = await self.timeline.locator("[data-message-id]").count()
        await self.type_command(command)
        if value:
            await self.page.keyboard.type(value)
            await self.suggestions.first.click()
        await self.send()
        await expect(self.timeline.locator("[data-message-id]")).to_have_count(there + 1)

    async def open(self, menu: str, wanted: str) -> None:
        """Take one of what the newest message's menu has."""
        await self.newest.get_by_role("combobox", name=menu).click()
        await self.page.locator(".select-option:visible", has_text=wanted).first.click()

    async def skip_past(self, session: str) -> None:
        """Let time hurry on until a session has begun."""
        skip = self.page.locator("#preview-skip")
        reached = False
        while not reached:
            next_one = await skip.inner_text()
            reached = session in next_one
            await skip.click()
            await expect(skip).not_to_have_text(next_one)
            await expect(skip).not_to_contain_text("Skipping", timeout=_NIGHT)

    async def choose(self, menu: str, *wanted: str) -> None:
        """Take some of what the newest message's menu has."""
        await self.newest.get_by_role("combobox", name=menu).click()
        options = self.page.locator(".select-option:visible")
        for text in wanted:
            await options.filter(has_text=text).first.click()
        await self.page.locator("button:visible", has_text="Apply").first.click()

    async def fill(self, label: str, text: str) -> None:
        """Fill a field of the form that is open."""
        await self.page.locator(".modal-dialog").get_by_label(label, exact=False).first.fill(text)

    async def submit(self) -> None:
        """Submit the form that is open."""
        await self.page.locator(".modal-dialog").get_by_role("button", name="Submit").click()

    async def see(self, text: str) -> None:
        """Wait until the conversation says something."""
        await expect(self.timeline).to_contain_text(text)

    async def go(self, place: str) -> None:
        """Go to a channel, or to the direct messages."""
        await self.page.locator(f'[data-place="{place}"]').click()
        await expect(self.page.locator(f'[data-place="{place}"][aria-selected="true"]')).to_be_visible()
        await self.ready()

    async def become(self, audience: str) -> None:
        """Look as an attendee, an organizer or a moderator."""
        await self.page.locator("#person-picker").select_option(audience)
        await expect(self.page.locator("#person-picker")).to_have_value(audience)
        await self.ready()

    async def ready(self) -> None:
        """Wait until the page has shown everything."""
        await self.page.wait_for_function(
            "() => window.simcordPreview?.ready && document.querySelector('#preview-places')"
        )


@asynccontextmanager
async def visit(url: str, size: ViewportSize = DESKTOP) -> AsyncIterator[Visit]:
    """Open the preview in a browser of its own."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        try:
            page = await browser.new_page(viewport=size)
            page.set_default_timeout(_PATIENCE)
            expect.set_options(timeout=_PATIENCE)
            await page.goto(url)
            visitor = Visit(page)
            await visitor.ready()
            yield visitor
        finally:
            await browser.close()
