"""Answers about time: a day's sessions, what is on, what opens next."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from discord.utils import format_dt

from bot.lookup.talks import next_talk, talks_on
from bot.programme.model import Session
from bot.ui.answer import Answer, Row
from bot.ui.card import Card
from bot.ui.menus import session_menu
from bot.ui.pager import Page
from bot.ui.places import day_name, session_summary
from bot.ui.questions import Question, QuestionKind
from bot.ui.wording import entry, plural

_LENGTH_WITH_TALKS = 8
"""How many sessions a page has where each may say which talk is on: so many fit into an embed, however long."""

_TALK = 130
"""How many characters a talk has there."""


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
    return _answer("Schedule", lines or [nothing], page, here)


def now_answer(sessions: Sequence[Session], coming: Sequence[Session], now: datetime, number: int = 0) -> Answer:
    """Show what is on, with the talks that are; when nothing is, what opens next."""
    page = Page.of(sessions, number, _LENGTH_WITH_TALKS)
    lines = ["\n".join((session_summary(session), *_talks(session, now))) for session in page.entries]
    if not sessions:
        lines.append("Nothing is on right now.")
        lines += [f"Next:\n{session_summary(session)}" for session in coming[:3]]
    return _answer("On now", lines, page, Question(QuestionKind.NOW, page=page.number))


def next_answer(sessions: Sequence[Session], untimed: int, number: int = 0) -> Answer:
    """Show what opens next; when nothing does, say why that may be."""
    page = Page.of(sessions, number)
    lines = [session_summary(session) for session in page.entries]
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


def _talks(session: Session, now: datetime) -> Iterator[str]:
    """Tell which talk of a session is on, or which one comes next."""
    if on := talks_on(session, now):
        first, others = on[0], f" and {len(on) - 1} more" if len(on) > 1 else ""
        until = f"until {format_dt(first.ends_at, 't')}" if first.ends_at else ""
        yield f"Now: {entry(first.paper, _TALK, shown=first.shown, note=until)}{others}"
    elif coming := next_talk(session, now):
        time = format_dt(coming.starts_at, "t")
        yield f"Next: {entry(coming.paper, _TALK, shown=coming.shown, note=time)}"
