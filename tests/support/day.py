"""A day of an attendee in the preview, step by step: a test plays it, and the README's pictures show it."""

from playwright.async_api import expect

from tests.support.visit import Visit

TOPIC = "evaluation"
FIVE = ("Canaries for Prompts", "Honest Benchmarks", "Watts per Word", "Profilers Lie", "All Seeds Are Not Equal")
NOTE = "Ask how many users they lost."


async def browse(visitor: Visit) -> None:
    """Look around by topic."""
    await visitor.type_command("browse")
    await visitor.send()
    await visitor.open("Browse by", "By topic")
    await visitor.open("Open a topic", TOPIC)
    for title in FIVE:
        await expect(visitor.newest).to_contain_text(title)


async def bookmark_five(visitor: Visit) -> None:
    """Bookmark all five in two presses: the menu, and what it has."""
    await visitor.choose("Bookmark one or more", *FIVE)
    for title in FIVE:
        await expect(visitor.newest).to_contain_text(f"★ {title}")


async def look_at_agenda(visitor: Visit) -> None:
    """See what clashes."""
    await visitor.ask("agenda")
    await expect(visitor.newest).to_contain_text("At the same time")


async def write_note(visitor: Visit) -> None:
    """Keep a private note on a paper."""
    await visitor.ask("paper", "canaries")
    await visitor.newest.get_by_role("button", name="Add note").click()
    await visitor.fill("note", NOTE)
    await visitor.submit()
    await visitor.see(NOTE)


async def look_at_notes(visitor: Visit) -> None:
    """See what was noted."""
    await visitor.ask("notes")
    await expect(visitor.newest).to_contain_text(NOTE)


async def wish_for_reminders(visitor: Visit) -> None:
    """Ask for direct messages before what is bookmarked."""
    await visitor.ask("remindme")
    await expect(visitor.newest).to_contain_text("I will remind you")


async def wish_for_digest(visitor: Visit) -> None:
    """Ask for a digest in the morning."""
    await visitor.type_command("digest")
    await visitor.add_option("at")
    await visitor.page.keyboard.type("08:00")
    await visitor.send()
    await expect(visitor.newest).to_contain_text("Your morning digest")


async def sleep(visitor: Visit) -> None:
    """Let the night pass, until the first keynote."""
    await visitor.skip_past("In Praise of the Quiet Hour")


async def read_digest(visitor: Visit) -> None:
    """Read the digest of the morning."""
    await visitor.go("direct-messages")
    await visitor.see("Your Tuesday")


async def hear_of_talks(visitor: Visit) -> None:
    """Be reminded of the first talk that is bookmarked."""
    await visitor.skip_past("Reliability")
    await visitor.go("direct-messages")
    await visitor.see("Honest Benchmarks: Reporting What Was Thrown Away begins in 15 minutes")
    await visitor.newest.scroll_into_view_if_needed()


async def look_at_board(visitor: Visit) -> None:
    """See what is on in each room."""
    await visitor.go("now-and-next")
    for room in ("Cedar", "Maple"):
        await expect(visitor.newest).to_contain_text(room)


async def take_home(visitor: Visit) -> None:
    """Download everything that is kept."""
    await visitor.go("ask-the-bot")
    await visitor.ask("mydata")
    await visitor.newest.get_by_role("button", name="Download everything").click()
    for ending in (".md", ".bib", ".json", ".ics"):
        await expect(visitor.newest).to_contain_text(ending)


WHOLE = (
    browse,
    bookmark_five,
    look_at_agenda,
    write_note,
    look_at_notes,
    wish_for_reminders,
    wish_for_digest,
    sleep,
    read_digest,
    hear_of_talks,
    look_at_board,
    take_home,
)
"""All of it, in order."""
