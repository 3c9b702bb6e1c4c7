"""How the board looks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import discord

from bot.programme.model import Session
from bot.programme.rooms import Room
from bot.ui.card import Card
from bot.ui.fitting import lines_that_fit
from bot.ui.limits import EMBED_DESCRIPTION, size
from bot.ui.places import session_lines
from bot.ui.questions import Question, QuestionKind
from bot.ui.rooms import LONG, SHORT, room_entries, under_rooms

BUTTONS: Final = (
    ("What is on", Question(QuestionKind.NOW)),
    ("Coming up", Question(QuestionKind.NEXT)),
    ("My agenda", Question(QuestionKind.AGENDA)),
)
"""What the board's buttons ask: whoever presses one gets an answer of their own."""


def board_embed(rooms: Sequence[Room], coming: Sequence[Session], now: datetime, today_ends: datetime) -> discord.Embed:
    """Show room by room what is on and what comes next today; when nothing more is on today, what opens next.

    Args:
        rooms: the rooms in which something is on or still to come today.
        coming: what opens next, on whatever day.
        now: the present moment.
        today_ends: when the conference's own day ends.
    """
    card = Card("Now and next", footer="I keep this up to date")
    lines: list[str] = []
    if not any(room.on for room in rooms):
        lines.append("Nothing is on right now.")
    lines += _fitting(rooms, today_ends)
    if not rooms:
        lines += [f"Next:\n{session_lines(session)}" for session in coming[:3]] or ["Nothing more is announced."]
    card.description = "\n\n".join(lines)
    embed = card.embed()
    embed.timestamp = now
    return embed


def _fitting(rooms: Sequence[Room], today_ends: datetime) -> list[str]:
    """Tell of all rooms; where they are many, in fewer words, and at last of fewer rooms."""
    told: list[str] = []
    for limit in (LONG, SHORT):
        told = under_rooms([one for room in rooms for one in room_entries(room, limit, today_ends)])
        if size("\n\n".join(told)) <= EMBED_DESCRIPTION - 40:
            return told
    return [lines_that_fit([f"{lines}\n" for lines in told], EMBED_DESCRIPTION - 40)]
