"""Menus that open one of several papers, people or sessions, or bookmark several papers."""

from collections.abc import Container, Iterable, Sequence

from bot.programme.model import Author, Paper, Person, Session
from bot.ui.answer import Menu, Option
from bot.ui.limits import MENU_OPTIONS, OPTION_TEXT, clip
from bot.ui.questions import Question, QuestionKind
from bot.ui.wording import label, option_note

BOOKMARK_SEVERAL = "Bookmark one or more"
"""What the menu says that bookmarks papers of a list."""


def paper_menu(papers: Sequence[Paper], placeholder: str = "Open a paper") -> tuple[Menu, ...]:
    """Return the menu that opens one of some papers, or nothing when there are none."""
    options = {
        paper.key: Option(label(paper), Question(QuestionKind.PAPER, paper.key), option_note(paper)) for paper in papers
    }
    return _menu(placeholder, options.values())


def bookmark_menu(
    papers: Iterable[Paper], marked: Container[str] | None, question: Question | None = None
) -> tuple[Menu, ...]:
    """Return the menu that bookmarks some papers at once, or nothing when there are none.

    What the reader has bookmarked is ticked, and no longer bookmarked when its tick is taken away. A list with a button
    on each line would need a press for each paper; on a phone such a button takes a third of the line's width from the
    title, while a menu opens as a sheet of its own.

    Args:
        papers: what the list shows.
        marked: what the reader has bookmarked; None where there are many readers.
        question: what the list answers, to be asked again; None where it answers none.
    """
    ticked: Container[str] = () if marked is None else marked
    distinct = list({paper.key: paper for paper in papers}.values())[:MENU_OPTIONS]
    options = tuple(
        Option(label(paper), paper.key, option_note(paper), picked=paper.key in ticked) for paper in distinct
    )
    if not options:
        return ()
    fewest = 1 if marked is None else 0
    about = question.code if question else ""
    return (Menu(BOOKMARK_SEVERAL, options, "marks", most=len(options), fewest=fewest, about=about),)


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
