"""Answers about sessions."""

from collections.abc import Container, Sequence

from bot.programme.model import Session
from bot.questions import About, Question
from bot.ui.answer import Answer, Button, Card, Menu, Option, Row
from bot.ui.limits import EMBED_TITLE, OPTION_TEXT, clip
from bot.ui.markdown import escaped
from bot.ui.pager import Page
from bot.ui.papers import paper_menu
from bot.ui.words import entry, label, option_note, plural, session_lines, when, where


def session_answer(session: Session, number: int) -> Answer:
    """Show a session: when, where, and its posters a page at a time."""
    page = Page.of(session.papers, number)
    question = Question(About.SESSION, session.key, page.number)
    card = Card(escaped(session.name, EMBED_TITLE), footer=page.note)
    lines = [where(session), when(session), plural(page.total, "poster"), ""]
    lines += [entry(paper, 300) for paper in page.entries]
    card.description = "\n".join(lines)
    rows: list[Row] = [buttons] if (buttons := page.buttons(question)) else []
    return Answer(card.embed(), (*rows, *paper_menu(page.entries)), question)


def marking_answer(session: Session, marked: Container[str], number: int) -> Answer:
    """Show a session's posters a page at a time, to bookmark several at once; what is bookmarked has a star."""
    page = Page.of(session.papers, number)
    question = Question(About.MARKING, session.key, page.number)
    card = Card(clip(f"Bookmark posters of {escaped(session.name, EMBED_TITLE - 30)}", EMBED_TITLE), footer=page.note)
    card.description = "\n".join(("★ " if paper.key in marked else "") + entry(paper, 300) for paper in page.entries)
    options = tuple(
        Option(label(paper), Question(About.PAPER, paper.key, page.number), option_note(paper))
        for paper in page.entries
        if paper.key not in marked
    )
    rows: list[Row] = [(*page.buttons(question), Button("My agenda", Question(About.AGENDA)))]
    if options:
        rows.append(Menu("Bookmark these", options, verb="markall", most=len(options)))
    return Answer(card.embed(), tuple(rows))


def sessions_answer(sessions: Sequence[Session], number: int = 0) -> Answer:
    """Show all sessions of the programme, to pick one."""
    page = Page.of(sessions, number)
    question = Question(About.SESSIONS, page=page.number)
    card = Card("Sessions", footer=page.note)
    card.description = "\n\n".join(
        f"{session_lines(session)}\n{plural(len(session.papers), 'poster')}" for session in page.entries
    )
    if not sessions:
        card.description = "No programme has been loaded yet."
    rows: list[Row] = [buttons] if (buttons := page.buttons(question)) else []
    options = tuple(
        Option(
            clip(session.name, OPTION_TEXT),
            Question(About.SESSION, session.key),
            clip(session.room or "", 100),
        )
        for session in page.entries
    )
    if options:
        rows.append(Menu("Open a session", options))
    return Answer(card.embed(), tuple(rows), question)


def no_session_answer(typed: str, sessions: Sequence[Session]) -> Answer:
    """Say that there is no such session, and which there are."""
    answer = sessions_answer(sessions)
    answer.embed.title = clip(f"No session like “{escaped(typed, 100)}”; there are", EMBED_TITLE)
    return answer
