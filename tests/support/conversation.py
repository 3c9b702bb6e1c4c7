"""A question to a session in the preview, step by step: a test plays it, and the README's picture shows its end.

Ada asks, Olga shows that she is an author and answers, Mo votes, and marks the question as answered.
"""

from playwright.async_api import Locator, expect

from tests.support.visit import Visit

SESSION = "Reliability"
PAPER = "Canaries for Prompts"
AUTHOR = "Nils Haddad"
QUESTION = "How many users may a canary lose?"
OTHER = "Is there coffee?"
PROOF = "My page at Orchard Computing names this account."
ANSWER = "None at all: one who gets a bad answer gets the old prompt's answer a second later."


def message(visitor: Visit, text: str) -> Locator:
    """Return the message that says something; the first one that does."""
    return visitor.timeline.locator("[data-message-id]", has_text=text).first


async def to_discussion(visitor: Visit, name: str, says: str) -> None:
    """Go to a discussion, once it is there."""
    await visitor.places.filter(has_text=f"💬 {name}").click()
    await visitor.ready()
    await visitor.see(says)


async def use(visitor: Visit, command: str) -> None:
    """Use a command about the session."""
    await visitor.type_command(command)
    await visitor.add_option("session")
    await visitor.page.keyboard.type(SESSION)
    await visitor.suggestions.first.click()
    await visitor.send()


async def ask(visitor: Visit) -> None:
    """Put two questions to a session."""
    for question in (QUESTION, OTHER):
        await use(visitor, "questions ask")
        await visitor.fill("Your question", question)
        await visitor.submit()
        await expect(visitor.newest).to_contain_text("Your question is on the list")
        await expect(visitor.newest).to_contain_text(question)


async def claim(visitor: Visit) -> None:
    """Tell the moderators that one is an author of a paper."""
    await visitor.become("organizer")
    await visitor.ask("paper", "canaries")
    await visitor.newest.get_by_role("button", name="I am an author").click()
    await visitor.see("Are you an author of this paper?")
    await visitor.newest.get_by_role("button", name="Ask the moderators").click()
    await visitor.fill("Your name as on the paper", AUTHOR)
    await visitor.fill("For the moderators", PROOF)
    await visitor.submit()
    await visitor.see("The moderators decide")


async def confirm(visitor: Visit) -> None:
    """Confirm it as a moderator."""
    await visitor.become("moderator")
    await visitor.go("organizers")
    await visitor.see("Is this an author?")
    asked = message(visitor, "Is this an author?")
    for text in (AUTHOR, PAPER, PROOF):
        await expect(asked).to_contain_text(text)
    await asked.get_by_role("button", name="Confirm").click()
    await expect(message(visitor, "@Mo (moderator) confirmed")).to_contain_text(AUTHOR)


async def hear_of_it(visitor: Visit) -> None:
    """Hear by direct message that one is an author now."""
    await visitor.become("organizer")
    await visitor.go("direct-messages")
    await visitor.see("A moderator has confirmed that you are an author of this paper.")


async def find_the_author(visitor: Visit) -> None:
    """See who of the authors is here, on the paper and in its discussion."""
    await visitor.become("attendee")
    await visitor.go("ask-the-bot")
    await visitor.ask("paper", "canaries")
    here = f"✓ {AUTHOR} is here as @Olga (organizer)"
    await expect(visitor.newest).to_contain_text(here)
    await visitor.newest.get_by_role("button", name="Discuss").click()
    await to_discussion(visitor, PAPER, here)


async def vote(visitor: Visit) -> None:
    """Vote for a question."""
    await to_discussion(visitor, SESSION, f"Questions to {SESSION}")
    await visitor.become("moderator")
    listed = message(visitor, "Press ▲")
    await listed.get_by_role("button", name="▲ 1").click()
    await visitor.see("Your vote counts")
    await expect(listed).to_contain_text("1 vote")


async def answer(visitor: Visit) -> None:
    """Write the answer, as the author."""
    await visitor.become("organizer")
    await visitor.write(ANSWER)


async def mark(visitor: Visit) -> None:
    """Mark both questions as the chair: one by the message that answers it, one by the list."""
    await visitor.become("moderator")
    await message(visitor, ANSWER).click(button="right")
    await visitor.page.get_by_role("menuitem", name="Answers a question").click()
    await visitor.open("Pick the question", QUESTION)
    await visitor.see("Question 1 is answered")
    await message(visitor, "Press ▲").get_by_role("button", name="For the chair").click()
    await visitor.see("Mark, merge or hide a question")
    await visitor.open("Mark, merge or hide a question", OTHER)
    await visitor.newest.get_by_role("button", name="Answered", exact=True).click()
    await visitor.see("Question 2 is answered")


async def read_the_answer(visitor: Visit) -> None:
    """See that both are answered, and follow the link to the answer."""
    await visitor.become("attendee")
    answered = message(visitor, "No question waits")
    for question in (QUESTION, OTHER):
        await expect(answered).to_contain_text(question)
    await visitor.go("ask-the-bot")
    await use(visitor, "questions show")
    await visitor.see("1 vote")
    await visitor.newest.get_by_role("link", name="The answer").click()
    await expect(message(visitor, ANSWER)).to_be_in_viewport()


WHOLE = (ask, claim, confirm, hear_of_it, find_the_author, vote, answer, mark, read_the_answer)
"""All of it, in order."""
