"""A conversation in the preview, played in a real browser: asked, claimed, voted for, answered and marked."""

import pytest

from bot.config import load
from bot.preview import example
from bot.preview.front import Front
from bot.preview.page import playing
from tests.support import conversation
from tests.support.visit import needs_browser, visit


@needs_browser
@pytest.mark.slow(seconds=40)
async def test_an_attendee_asks_an_author_claims_and_answers_others_vote_and_the_chair_marks_it() -> None:
    async with Front() as front, playing(load(example.CONFIGURATION), example.BEGINS) as scene:
        front.show(scene)
        async with visit(front.url) as visitor:
            for step in conversation.WHOLE:
                await step(visitor)
            assert scene.world.env.errors == []
