"""Take the README's pictures of the preview: `python -m tests.support.picture FOLDER`. Needs Chromium."""

import asyncio
import shutil
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright.async_api import Page, ViewportSize, async_playwright

from bot.config import load
from bot.preview.page import serve

_SIZE = ViewportSize(width=1100, height=900)
_SETTLED = 1_000
"""How long the page takes to show what it was told, in milliseconds."""


async def _ask_for_a_paper(page: Page) -> None:
    """Ask as a newcomer would."""
    await _type(page, "/pap")
    await page.keyboard.type("agentic", delay=30)
    await page.get_by_role("option", name="AgenticCache").click()
    await _send(page)
    await page.get_by_role("button", name="Similar papers").last.scroll_into_view_if_needed()


async def _announce(page: Page) -> None:
    """Write an announcement, and look at its preview."""
    await _view_as(page, "Olga (organizer)")
    await _type(page, "/announce pos")
    await _send(page)
    await _fill(page, "Title", "Coffee has moved")
    await _fill(page, "Text", "Coffee is served in the **foyer** today, next to the posters.")
    await _submit(page, "Send")


async def _fix(page: Page) -> None:
    """Give a paper the title that its source lost."""
    await _view_as(page, "Mo (moderator)")
    await _type(page, "/programme fix p")
    await page.keyboard.type("csle", delay=30)
    await page.get_by_role("option", name="CSLE").click()
    await _send(page)
    title = "CSLE: A Reinforcement Learning Platform for Autonomous Security Management"
    await _fill(page, "Title", title)
    await _submit(page, "Apply")


async def _look_at_a_day(page: Page) -> None:
    """Look what a conference of talks has, and open one."""
    await _type(page, "/sched")
    await _send(page)
    await _type(page, "/pap")
    await page.keyboard.type("time zones", delay=30)
    await page.get_by_role("option", name="Time Zones").click()
    await _send(page)
    await page.get_by_role("button", name="Similar papers").last.scroll_into_view_if_needed()


TALKS = Path(__file__).parents[1] / "preview" / "talks.json"

PICTURES: dict[str, tuple[Callable[[Page], Awaitable[None]], Path | None]] = {
    "preview.png": (_ask_for_a_paper, None),
    "organizers.png": (_announce, None),
    "moderators.png": (_fix, None),
    "talks.png": (_look_at_a_day, TALKS),
}


async def _view_as(page: Page, who: str) -> None:
    await page.locator("#viewer-picker").select_option(label=who)
    await page.wait_for_timeout(_SETTLED)


async def _type(page: Page, command: str) -> None:
    """Begin a command, and complete it."""
    await page.locator("#channel-composer-input").press_sequentially(command)
    await page.wait_for_timeout(_SETTLED)
    await page.keyboard.press("Tab")
    await page.wait_for_timeout(_SETTLED)


async def _send(page: Page) -> None:
    await page.wait_for_timeout(_SETTLED)
    await page.locator("#channel-composer button[type=submit]").click()
    await page.wait_for_timeout(_SETTLED)


async def _fill(page: Page, label: str, text: str) -> None:
    await page.locator(".modal-dialog").get_by_label(label, exact=False).first.fill(text)


async def _submit(page: Page, awaited: str) -> None:
    """Submit a form, and wait for the answer with a button of that name."""
    await page.locator(".modal-dialog").get_by_role("button", name="Submit").click()
    await page.locator(".component-button", has_text=awaited).last.scroll_into_view_if_needed()


async def take(folder: Path) -> None:
    """Take all pictures, each in a server of its own."""
    for name, (act, programme) in PICTURES.items():

        async def look(url: str, name: str = name, act: Callable[[Page], Awaitable[None]] = act) -> None:
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(
                    executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
                )
                page = await browser.new_page(viewport=_SIZE)
                await page.goto(url)
                await page.locator("#messages-toggle").click()
                await act(page)
                await page.wait_for_timeout(_SETTLED)
                await page.screenshot(path=folder / name)
                await browser.close()

        config = load(Path("config.example.toml"))
        await serve(config.showing(programme, "Europe/Berlin") if programme else config, ready=look)


if __name__ == "__main__":
    asyncio.run(take(Path(sys.argv[1])))
