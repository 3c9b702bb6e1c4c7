"""Take the README's picture of the preview: `python -m tests.picture FILE.png`. Needs Chromium."""

import asyncio
import shutil
import sys
from pathlib import Path

from playwright.async_api import ViewportSize, async_playwright

from bot.config import load
from bot.preview.page import serve

_SIZE = ViewportSize(width=1100, height=900)
_SETTLED = 1_000
"""How long the page takes to show what it was told, in milliseconds."""


async def take(picture: Path) -> None:
    """Ask for a paper as a newcomer would, and keep what the page shows."""

    async def look(url: str) -> None:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            page = await browser.new_page(viewport=_SIZE)
            await page.goto(url)
            await page.locator("#messages-toggle").click()
            await page.locator("#channel-composer-input").press_sequentially("/pap")
            await page.keyboard.press("Tab")
            await page.keyboard.type("agentic", delay=30)
            await page.get_by_role("option", name="AgenticCache").wait_for()
            await page.keyboard.press("Enter")
            await page.wait_for_timeout(_SETTLED)
            await page.keyboard.press("Enter")
            await page.get_by_text("used").last.wait_for()
            await page.get_by_role("button", name="Similar papers").last.scroll_into_view_if_needed()
            await page.wait_for_timeout(_SETTLED)
            await page.screenshot(path=picture)
            await browser.close()

    await serve(load(Path("config.example.toml")), ready=look)


if __name__ == "__main__":
    asyncio.run(take(Path(sys.argv[1])))
