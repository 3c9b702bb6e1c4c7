"""Answers about sessions."""

from collections.abc import Sequence

from bot.programme.model import Session
from bot.ui.answer import Answer, Row
from bot.ui.card import Card
from bot.ui.limits import EMBED_TITLE
from bot.ui.markdown import escaped
from bot.ui.menus import paper_menu, session_menu
from bot.ui.pager import Page
from bot.ui.questions import Question, QuestionKind
from bot.ui.wording import entry, plural, session_lines, when, where


def session_answer(session: Session, number: int) -> Answer:
    """Show a session: when, where, and its posters a page at a time."""
    page = Page.of(session.papers, number)
    question = Question(QuestionKind.SESSION, session.key, page.number)
    card = Card(escaped(session.name, EMBED_TITLE), footer=page.note)
    lines = [where(session), when(session), plural(page.total, "poster"), ""]
    lines += [entry(paper, 300) for paper in page.entries]
    card.description = "\n".join(lines)
    rows: list[Row] = [buttons] if (buttons := page.buttons(question)) else []
    return Answer(card.embed(), (*rows, *paper_menu(page.entries)), question)


def sessions_answer(sessions: Sequence[Session], number: int = 0, title: str = "Sessions") -> Answer:
    """Show all sessions of the programme, to pick one."""
    page = Page.of(sessions, number)
    question = Question(QuestionKind.SESSIONS, page=page.number)
    card = Card(title, footer=page.note)
    card.description = "\n\n".join(
        f"{session_lines(session)}\n{plural(len(session.papers), 'poster')}" for session in page.entries
    )
    if not sessions:
        card.description = "No programme has been loaded yet."
    rows: list[Row] = [buttons] if (buttons := page.buttons(question)) else []
    rows += session_menu(page.entries)
    return Answer(card.embed(), tuple(rows), question)


def no_session_answer(typed: str, sessions: Sequence[Session]) -> Answer:
    """Say that there is no such session, and which there are."""
    return sessions_answer(sessions, title=f"No session like “{escaped(typed, 100)}”; there are")
