"""Answers about time: a day's sessions, what is on, what opens next."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from bot.programme.model import Session
from bot.programme.rooms import Room
from bot.ui.answer import Answer, Row
from bot.ui.card import Card
from bot.ui.limits import EMBED_DESCRIPTION, size
from bot.ui.menus import session_menu
from bot.ui.pager import Page
from bot.ui.places import day_name, session_summary
from bot.ui.questions import Question, QuestionKind
from bot.ui.rooms import LONG, SHORT, SHORTEST, Entry, room_entries, under_rooms
from bot.ui.wording import plural

_ROOMS = 6
"""How many entries a page has of what is on and next in rooms: in the fewest words, so many fit into an embed."""


def schedule_answer(days: Mapping[date | None, Sequence[Session]], question: Question) -> Answer:
    """Show the sessions of some days in the order of time, a page at a time."""
    entries = [(day, session) for day, sessions in days.items() for session in sessions]
    page = Page.of(entries, question.page)
    here = question.on_page(page.number)
    lines: list[str] = []
    shown: date | None = date.min
    for day, session in page.entries:
        if day != shown:
            lines.append(f"__{day_name(day) if day else 'Time not announced'}__")
            shown = day
        lines.append(session_summary(session))
    nothing = "There is nothing on that day." if question.key else "No session has been announced yet."
    return _answer("Schedule", lines or [nothing], page, [session for _, session in page.entries], here)


def now_answer(rooms: Sequence[Room], coming: Sequence[Session], today_ends: datetime, number: int = 0) -> Answer:
    """Show room by room what is on and what comes next today; when nothing is on, what opens next.

    Args:
        rooms: the rooms in which something is on or still to come today.
        coming: what opens next, on whatever day.
        today_ends: when the conference's own day ends.
        number: which page.
    """
    page, lines = _page_of_rooms(rooms, today_ends, number, LONG)
    for limit in (SHORT, SHORTEST):
        if size("\n\n".join(lines)) <= EMBED_DESCRIPTION:
            break
        page, lines = _page_of_rooms(rooms, today_ends, number, limit)
    if not rooms:
        lines += [f"Next:\n{session_summary(session)}" for session in coming[:3]]
    sessions = [session for one in page.entries for session in one.sessions] if rooms else coming[:3]
    return _answer("Now and next", lines, page, sessions, Question(QuestionKind.NOW, page=page.number))


def next_answer(sessions: Sequence[Session], untimed: int, number: int = 0) -> Answer:
    """Show what opens next; when nothing does, say why that may be."""
    page = Page.of(sessions, number)
    lines = [session_summary(session) for session in page.entries]
    if not sessions:
        lines.append("Nothing more is announced.")
        if untimed:
            lines.append(f"{plural(untimed, 'session has', 'sessions have')} no announced time: see `/schedule`.")
    return _answer("Opening next", lines, page, page.entries, Question(QuestionKind.NEXT, page=page.number))


def _page_of_rooms(
    rooms: Sequence[Room], today_ends: datetime, number: int, limit: int
) -> tuple[Page[Entry], list[str]]:
    """Return a page of what is on and next in rooms, with its lines, what has a name in so many characters."""
    page = Page.of([one for room in rooms for one in room_entries(room, limit, today_ends)], number, _ROOMS)
    nothing = [] if any(room.on for room in rooms) else ["Nothing is on right now."]
    return page, [*nothing, *under_rooms(page.entries)]


def _answer(
    title: str, lines: Sequence[str], page: Page[Any], sessions: Iterable[Session], question: Question
) -> Answer:
    card = Card(title, footer=page.note, description="\n\n".join(lines))
    rows: list[Row] = [buttons] if (buttons := page.buttons(question)) else []
    rows += session_menu({session.key: session for session in sessions}.values())
    return Answer(card.embed(), tuple(rows), question)
