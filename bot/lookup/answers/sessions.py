"""Answers about sessions."""

from collections.abc import Container, Sequence

from bot.discussion.answers import discuss_button, talk_text
from bot.discussion.model import Talk
from bot.programme.model import Session
from bot.ui.answer import Answer, AnyButton, Button, Row
from bot.ui.card import Card
from bot.ui.limits import EMBED_TITLE, size
from bot.ui.links import link_buttons, link_lines
from bot.ui.markdown import escaped, render
from bot.ui.menus import bookmark_menu, paper_menu, person_menu, session_menu
from bot.ui.pager import Page
from bot.ui.places import about, entry_in, session_summary, when, where
from bot.ui.questions import Question, QuestionKind
from bot.ui.rooms import room_question
from bot.ui.wording import byline, in_quotes, starred

_ABSTRACT_BESIDE_PAPERS = 700
"""How much of a session's abstract is shown above its papers."""


def session_answer(
    session: Session,
    number: int,
    marked: Container[str] | None = None,
    talk: Talk | None = None,
    more: Sequence[Button] = (),
) -> Answer:
    """Show a session: when, where, what it is about, and its papers a page at a time.

    Args:
        session: the session.
        number: which page.
        marked: what the reader has bookmarked, which has a star; None where there are many readers.
        talk: how people come to talk about it; None where they can't.
        more: what else is offered.
    """
    page = Page.of(session.papers, number)
    question = Question(QuestionKind.SESSION, session.key, page.number)
    card = Card(escaped(session.name, EMBED_TITLE), footer=page.note)
    card.add("Chairs", byline(session.chairs, 500))
    card.add("Discussion", talk_text(talk.place) if talk and talk.place else "")
    links = link_buttons(session.links)
    card.add("Links", link_lines(session.links, links))
    facts = "\n".join(filter(None, (where(session), when(session), about(session))))
    papers = "\n\n".join(starred(entry_in(session, paper, 300), paper, marked) for paper in page.entries)
    abstract = ""
    if session.abstract and page.number == 0:
        left = card.room - size(facts) - size(papers) - 4  # for two empty lines between the parts
        abstract = render(session.abstract, min(left, _ABSTRACT_BESIDE_PAPERS) if papers else left)
    card.description = "\n\n".join(filter(None, (facts, abstract, papers)))
    buttons: list[AnyButton] = [*page.buttons(question)]
    if session.room:
        buttons.append(Button("Where is it?", room_question(session.room)))
    if talk:
        buttons.append(discuss_button(talk.subject))
    buttons += more
    rows: list[Row] = [tuple(buttons)] if buttons else []
    rows += paper_menu(page.entries)
    rows += bookmark_menu(page.entries, marked, question)
    rows += person_menu("Open a chair", ((chair, "") for chair in session.chairs))
    rows += links
    return Answer(card.embed(), tuple(rows), question)


def sessions_answer(sessions: Sequence[Session], number: int = 0, title: str = "Sessions") -> Answer:
    """Show all sessions of the programme, to pick one."""
    page = Page.of(sessions, number)
    question = Question(QuestionKind.SESSIONS, page=page.number)
    card = Card(title, footer=page.note)
    card.description = "\n\n".join(map(session_summary, page.entries))
    if not sessions:
        card.description = "No session has been announced yet."
    rows: list[Row] = [buttons] if (buttons := page.buttons(question)) else []
    rows += session_menu(page.entries)
    return Answer(card.embed(), tuple(rows), question)


def no_session_answer(typed: str, sessions: Sequence[Session]) -> Answer:
    """Say that there is no such session, and which there are."""
    return sessions_answer(sessions, title=f"No session like {in_quotes(escaped(typed, 100))}; there are")
