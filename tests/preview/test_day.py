"""A day at a conference, played in a real browser as an attendee would."""

import pytest

from bot.config import load
from bot.preview import example
from bot.preview.front import Front
from bot.preview.page import playing
from tests.support import day
from tests.support.visit import needs_browser, visit


@needs_browser
@pytest.mark.slow(seconds=60)
async def test_a_day_of_an_attendee() -> None:
    async with Front() as front, playing(load(example.CONFIGURATION), example.BEGINS) as scene:
        front.show(scene)
        async with visit(front.url) as visitor:
            for step in day.WHOLE:
                await step(visitor)
            assert scene.world.env.errors == []
            # What was for one alone was seen by nobody else.
            for channel in scene.world.channels:
                public = [message.embeds for message in channel.history() if not message.flags.ephemeral]
                assert day.NOTE not in str([embed.to_dict() for embeds in public for embed in embeds])
