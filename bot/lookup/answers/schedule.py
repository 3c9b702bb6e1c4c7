"""Answers about time: a day's sessions, what is on, what opens next."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.programme.model import Session
from bot.ui.answer import Answer, Row
from bot.ui.card import Card
from bot.ui.menus import session_menu
from bot.ui.pager import Page
from bot.ui.questions import Question, QuestionKind
from bot.ui.wording import plural, session_lines


def day_name(day: date) -> str:
    """Write a conference day."""
    return f"{day:%A}, {day.day} {day:%B %Y}"


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
        lines.append(_entry(session))
    return _answer("Schedule", lines or ["There is nothing on that day."], page, here)


def now_answer(sessions: Sequence[Session], coming: Sequence[Session], number: int = 0) -> Answer:
    """Show what is on; when nothing is, what opens next."""
    page = Page.of(sessions, number)
    lines = [_entry(session) for session in page.entries]
    if not sessions:
        lines.append("Nothing is on right now.")
        lines += [f"Next:\n{_entry(session)}" for session in coming[:3]]
    return _answer("On now", lines, page, Question(QuestionKind.NOW, page=page.number))


def next_answer(sessions: Sequence[Session], untimed: int, number: int = 0) -> Answer:
    """Show what opens next; when nothing does, say why that may be."""
    page = Page.of(sessions, number)
    lines = [_entry(session) for session in page.entries]
    if not sessions:
        lines.append("Nothing more is announced.")
        if untimed:
            lines.append(f"{plural(untimed, 'session has', 'sessions have')} no announced time: see `/schedule`.")
    return _answer("Opening next", lines, page, Question(QuestionKind.NEXT, page=page.number))


def _answer(
    title: str, lines: Sequence[str], page: "Page[Session] | Page[tuple[date | None, Session]]", question: Question
) -> Answer:
    card = Card(title, footer=page.note, description="\n\n".join(lines))
    rows: list[Row] = [buttons] if (buttons := page.buttons(question)) else []
    sessions = [entry[1] if isinstance(entry, tuple) else entry for entry in page.entries]
    rows += session_menu(sessions)
    return Answer(card.embed(), tuple(rows), question)


def _entry(session: Session) -> str:
    return f"{session_lines(session)}\n{plural(len(session.papers), 'poster')}"
