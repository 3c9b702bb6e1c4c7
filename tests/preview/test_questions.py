"""Questions to a session in the preview, played in a real browser: one asks, another votes, the chair answers."""

import pytest
from playwright.async_api import expect

from bot.config import load
from bot.preview import example
from bot.preview.front import Front
from bot.preview.page import playing
from tests.support.visit import Visit, needs_browser, visit

QUESTION = "What does quiet cost?"


async def to_discussion(visitor: Visit) -> None:
    """Go to the session's discussion, once it is there."""
    await visitor.places.filter(has_text="In Praise").click()
    await visitor.ready()
    await visitor.see("Questions to Keynote: In Praise of the Quiet Hour")


@needs_browser
@pytest.mark.slow
async def test_an_attendee_asks_others_vote_and_the_chair_marks_it_as_answered() -> None:
    async with Front() as front, playing(load(example.CONFIGURATION), example.BEGINS) as scene:
        front.show(scene)
        async with visit(front.url) as visitor:
            await visitor.type_command("questions ask")
            await visitor.add_option("session")
            await visitor.page.keyboard.type("Quiet Hour")
            await visitor.suggestions.first.click()
            await visitor.send()
            await visitor.fill("Your question", QUESTION)
            await visitor.submit()
            await visitor.see("Your question is on the list")

            await to_discussion(visitor)
            listed = visitor.timeline.locator("[data-message-id]", has_text="Press ▲").first
            await expect(listed).to_contain_text(QUESTION)
            await visitor.become("organizer")
            await listed.get_by_role("button", name="▲ 1").click()
            await visitor.see("Your vote counts")
            await expect(listed).to_contain_text("1 vote")

            await visitor.become("moderator")
            await listed.get_by_role("button", name="For the chair").click()
            await visitor.see("Mark, merge or hide a question")
            await visitor.open("Mark, merge or hide a question", "1: What does")
            await visitor.newest.get_by_role("button", name="Answered", exact=True).click()
            await visitor.see("Question 1 is answered")
            await visitor.become("attendee")
            answered = visitor.timeline.locator("[data-message-id]", has_text="No question waits").first
            await expect(answered).to_contain_text(QUESTION)
            assert scene.world.env.errors == []
