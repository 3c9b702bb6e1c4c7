"""Discord's limits, and cutting text to fit them.

The figures are those of Discord's developer documentation (Message, Embed Limits; Component Reference; Application
Commands). Discord does not say how it counts characters outside the Basic Multilingual Plane; counting each of them
as two, as its clients do, is right either way.
"""

from datetime import timedelta
from typing import Final

FIRST_ANSWER: Final = timedelta(seconds=3)
"""How long Discord waits for the first answer to an interaction
(https://docs.discord.com/developers/interactions/receiving-and-responding)."""

EMBED_TITLE = 256
EMBED_DESCRIPTION = 4096
EMBED_FIELDS = 25
EMBED_FIELD_NAME = 256
EMBED_FIELD_VALUE = 1024
EMBED_FOOTER = 2048
EMBED_TOTAL = 6000
ROWS = 5
ROW_BUTTONS = 5
BUTTON_LABEL = 80
MENU_OPTIONS = 25
MENU_PLACEHOLDER = 150
OPTION_TEXT = 100
LINK_BUTTON_URL = 512
EVENT_TEXT = 100
EVENT_DESCRIPTION = 1000
MOST_EVENTS = 100
"""How many events that are not over a server holds, whoever made them."""

CHOICES = 25
CHOICE_NAME = 100
MODAL_TITLE = 45
MODAL_TEXT = 4000


def size(text: str) -> int:
    """Return how many characters Discord may count in a text."""
    # Counting the characters one by one would take most of the time in which an answer is made.
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip(text: str, limit: int) -> str:
    """Cut a text to a limit, at a whole word where there is one, and show that something was cut."""
    if len(text) * 2 <= limit or size(text) <= limit:
        return text
    if limit < 1:
        return ""
    kept = text[: limit - 1]
    while size(kept) > limit - 1:
        kept = kept[:-1]
    if not text[len(kept)].isspace():
        at_word, space, _ = kept.rpartition(" ")
        # A single word longer than half the room is better cut inside than lost.
        kept = at_word if space and len(at_word) >= len(kept) // 2 else kept
    return kept.rstrip(" ,;:–-") + "…"
