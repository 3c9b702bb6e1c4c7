"""Menus that open one of several papers, people or sessions."""

from collections.abc import Iterable, Sequence

from bot.programme.model import Author, Paper, Person, Session
from bot.ui.answer import Menu, Option
from bot.ui.limits import MENU_OPTIONS, OPTION_TEXT, clip
from bot.ui.questions import Question, QuestionKind
from bot.ui.wording import label, option_note


def paper_menu(papers: Sequence[Paper], placeholder: str = "Open a paper") -> tuple[Menu, ...]:
    """Return the menu that opens one of some papers, or nothing when there are none."""
    options = {
        paper.key: Option(label(paper), Question(QuestionKind.PAPER, paper.key), option_note(paper)) for paper in papers
    }
    return _menu(placeholder, options.values())


def person_menu(placeholder: str, people: Iterable[tuple[Person | Author, str]]) -> tuple[Menu, ...]:
    """Return the menu that opens one of some people, each with a note, or nothing when there are none."""
    options = {
        person.key: Option(clip(person.name, OPTION_TEXT), Question(QuestionKind.AUTHOR, person.key), note)
        for person, note in people
    }
    return _menu(placeholder, options.values())


def session_menu(sessions: Iterable[Session]) -> tuple[Menu, ...]:
    """Return the menu that opens one of some sessions, or nothing when there are none."""
    return _menu(
        "Open a session",
        (
            Option(
                clip(session.name, OPTION_TEXT),
                Question(QuestionKind.SESSION, session.key),
                clip(session.room or "", OPTION_TEXT),
            )
            for session in sessions
        ),
    )


def _menu(placeholder: str, options: Iterable[Option]) -> tuple[Menu, ...]:
    shown = tuple(options)[:MENU_OPTIONS]
    return (Menu(placeholder, shown),) if shown else ()
