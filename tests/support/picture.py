"""Take the README's pictures of the preview: `python -m tests.support.picture FOLDER`. Needs Chromium."""

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from PIL import Image
from playwright.async_api import ViewportSize

from bot.config import load
from bot.preview import example
from bot.preview.page import serve
from tests.support import conversation, day
from tests.support.visit import Visit, visit

_DESKTOP = ViewportSize(width=1100, height=900)
_PHONE = ViewportSize(width=390, height=900)
_GAP = 16
"""Between two pictures side by side, in pixels."""

_COLOURS = 128
"""What the page's few colours and the edges of its letters need; a third of the size of all of them."""

_SETTLED = 1_500
"""How long the page takes to show what it was told, in milliseconds."""

Step = Callable[[Visit], Awaitable[None]]


async def _ask_for_a_paper(visitor: Visit) -> None:
    """Ask as a newcomer would."""
    await visitor.ask("paper", "agenticc")


async def _announce(visitor: Visit) -> None:
    """Write an announcement, and look at its preview."""
    await visitor.become("organizer")
    await visitor.type_command("announce post")
    await visitor.send()
    await visitor.fill("Title", "Coffee has moved")
    await visitor.fill("Text", "Coffee is served in the **foyer** today, next to the posters.")
    await visitor.submit()
    await visitor.see("Coffee has moved")


async def _fix(visitor: Visit) -> None:
    """Give a paper the title that its source lost."""
    await visitor.become("moderator")
    await visitor.type_command("programme fix paper")
    await visitor.page.keyboard.type("csle")
    await visitor.suggestions.first.click()
    await visitor.send()
    await visitor.fill("Title", "CSLE: A Reinforcement Learning Platform for Autonomous Security Management")
    await visitor.submit()
    await visitor.see("Autonomous Security Management")


PICTURES: dict[str, tuple[ViewportSize, Sequence[Sequence[Step]]]] = {
    "preview.png": (_DESKTOP, [[_ask_for_a_paper]]),
    "organizers.png": (_DESKTOP, [[_announce]]),
    "moderators.png": (_DESKTOP, [[_fix]]),
    "evening.png": (
        _PHONE,
        [[day.browse, day.bookmark_five], [day.look_at_agenda], [day.write_note, day.look_at_notes]],
    ),
    "morning.png": (
        _PHONE,
        [
            [day.browse, day.bookmark_five, day.wish_for_reminders, day.wish_for_digest, day.sleep, day.read_digest],
            [day.hear_of_talks],
            [day.look_at_board],
        ],
    ),
    "conversation.png": (
        _PHONE,
        [
            [
                conversation.ask,
                conversation.claim,
                conversation.confirm,
                conversation.hear_of_it,
                conversation.find_the_author,
            ],
            [conversation.vote, conversation.answer],
            [conversation.mark, conversation.read_the_answer],
        ],
    ),
}
"""The pictures, each of one screen or several side by side, and what is done before each screen."""


async def take(folder: Path) -> None:
    """Take all pictures, each in a server of its own."""
    for name, (size, screens) in PICTURES.items():
        taken: list[Image.Image] = []

        async def look(
            url: str,
            size: ViewportSize = size,
            screens: Sequence[Sequence[Step]] = screens,
            taken: list[Image.Image] = taken,
        ) -> None:
            async with visit(url, size) as visitor:
                for steps in screens:
                    for step in steps:
                        await step(visitor)
                    await visitor.page.wait_for_timeout(_SETTLED)
                    taken.append(Image.open(io.BytesIO(await visitor.page.screenshot())))

        await serve(load(example.CONFIGURATION), begins=example.BEGINS, ready=look)
        side_by_side(taken).quantize(_COLOURS).save(folder / name, optimize=True)


def side_by_side(pictures: Sequence[Image.Image]) -> Image.Image:
    """Return pictures of one height as one."""
    width, height = pictures[0].size
    whole = Image.new("RGB", ((width + _GAP) * len(pictures) - _GAP, height), "white")
    for number, picture in enumerate(pictures):
        whole.paste(picture, ((width + _GAP) * number, 0))
    return whole


if __name__ == "__main__":
    asyncio.run(take(Path(sys.argv[1])))
