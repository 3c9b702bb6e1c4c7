"""Answers about rooms: what is on there, what comes next, and where they are."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.lookup.maps import Map
from bot.programme.model import Session
from bot.programme.rooms import Room
from bot.ui.answer import Answer, Row
from bot.ui.card import Card
from bot.ui.fitting import lines_that_fit
from bot.ui.limits import EMBED_FIELD_VALUE, EMBED_TITLE
from bot.ui.markdown import escaped
from bot.ui.menus import session_menu
from bot.ui.moments import told, told_time
from bot.ui.pager import Page
from bot.ui.questions import Question, QuestionKind
from bot.ui.rooms import room_entries, room_menu, room_name, room_question
from bot.ui.wording import in_quotes

_ROOMS: Final = 20
"""How many rooms a page names."""

_LATER: Final = 8
"""How many sessions are named that come later in a room."""


def room_answer(
    name: str, room: Room | None, later: Sequence[Session], today_ends: datetime, shown_on: Map | None
) -> Answer:
    """Show a room: what is on there, what comes next, and the organizers' map.

    Args:
        name: what the room is called.
        room: what is on there and what comes next, on whatever day; None for nothing.
        later: what comes there after that.
        today_ends: when the conference's own day ends.
        shown_on: the map, or None where the organizers gave none.
    """
    entries = room_entries(room, today_ends=today_ends) if room else []
    card = Card(escaped(name, EMBED_TITLE))
    lines = [one.lines for one in entries]
    if not room or not room.on:
        lines.insert(0, "Nothing is on here right now.")
    coming = [
        f"{(told_time if one.starts_at < today_ends else told)(one.starts_at, one.zone)} **{escaped(one.name, 80)}**"
        for one in later
        if one.starts_at
    ]
    card.add("Later here", lines_that_fit(coming, EMBED_FIELD_VALUE, _LATER))
    # Each with an empty line after it: what does not fit is left out whole, and counted.
    card.description = lines_that_fit([f"{one}\n" for one in lines], card.room)
    embed = card.embed()
    if shown_on:
        embed.set_image(url=shown_on.address)
    sessions = {one.key: one for entry in entries for one in entry.sessions} | {one.key: one for one in later}
    files = shown_on.files if shown_on else ()
    return Answer(embed, session_menu(sessions.values()), room_question(name), files=files)


def rooms_answer(names: Sequence[str], number: int = 0, title: str = "Rooms") -> Answer:
    """Show all rooms, to pick one."""
    page = Page.of(names, number, _ROOMS)
    question = Question(QuestionKind.ROOMS, page=page.number)
    card = Card(title, footer=page.note, description=_list(page.entries))
    if not names:
        card.description = "No room has been announced yet."
    rows: list[Row] = [buttons] if (buttons := page.buttons(question)) else []
    return Answer(card.embed(), (*rows, *room_menu(page.entries)), question)


def no_room_answer(typed: str, names: Sequence[str]) -> Answer:
    """Say that there is no such room, and which there are."""
    return rooms_answer(names, title=f"No room like {in_quotes(escaped(typed, 100))}; there are")


def which_room_answer(typed: str, names: Sequence[str]) -> Answer:
    """Ask which of several rooms is meant."""
    card = Card(f"Which room like {in_quotes(escaped(typed, 100))}?", description=_list(names[:_ROOMS]))
    return Answer(card.embed(), room_menu(names[:_ROOMS]))


def _list(names: Sequence[str]) -> str:
    return "\n".join(f"- {room_name(name)}" for name in names)
