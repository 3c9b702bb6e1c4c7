"""Answers about what is somebody's own: their agenda, and what is kept about them."""

from collections.abc import Container, Sequence

from bot.programme.days import clashes, in_time_order
from bot.programme.model import Paper, Programme, Session
from bot.ui.answer import ActionButton, Answer, AnyButton, BookmarkButton, Button, Menu, Option, Row
from bot.ui.card import Card
from bot.ui.fitting import joined, lines_that_fit
from bot.ui.limits import EMBED_FIELD_VALUE, EMBED_TITLE, clip
from bot.ui.markdown import escaped
from bot.ui.menus import paper_menu
from bot.ui.pager import Page
from bot.ui.questions import Question, QuestionKind
from bot.ui.wording import entry, label, option_note, plural, when, where

EXPORT = "export"
FORGET = "forget"
FORGET_SURELY = "forget-surely"
STOP = "stop-reminders"
"""What the buttons here do, as their custom ids say it."""

UNREACHABLE = (
    "I could not send you the reminder you asked for: your direct messages are closed to me. Open them in the server's "
    "privacy settings and use `/remindme` again; until then I won't try."
)


def agenda_answer(programme: Programme, papers: Sequence[Paper], gone: int, number: int) -> Answer:
    """Show somebody's bookmarked papers by session, in the order of time and of the posters.

    Args:
        programme: the programme.
        papers: the bookmarked papers that are in it.
        gone: how many bookmarked papers are no longer in it.
        number: which page.
    """
    keys = {paper.key for paper in papers}
    ordered = [paper for session in _sessions(programme, papers) for paper in session.papers if paper.key in keys]
    page = Page.of(ordered, number)
    card = Card("Your agenda", footer=page.note)
    if gone and not papers:
        card.description = "Nothing of what you bookmarked is in the programme now."
    elif not papers:
        card.description = "Nothing is bookmarked yet. Press **Bookmark** under a paper, and it will be here."
    else:
        card.description = "\n".join(_lines(programme, page.entries))
        card.add("Your route", _routes(programme, papers))
        card.add("At the same time", _clashes(_sessions(programme, papers)))
    if gone:
        card.add("No longer in the programme", plural(gone, "bookmarked paper"))
    question = Question(QuestionKind.AGENDA, page=page.number)
    buttons: list[AnyButton] = [*page.buttons(question)]
    if papers:
        buttons.append(ActionButton("Export calendar", EXPORT))
    rows: list[Row] = [tuple(buttons)] if buttons else []
    rows += paper_menu(page.entries)
    if page.entries:
        rows.append(_removal_menu(page.entries, page.number))
    return Answer(card.embed(), tuple(rows))


def marked_answer(paper: Paper, *, marked: bool) -> Answer:
    """Tell somebody that a paper is bookmarked now, or no longer."""
    card = Card("Bookmarked" if marked else "Bookmark removed", description=entry(paper, 400))
    buttons = (BookmarkButton(paper.key, marked), Button("My agenda", Question(QuestionKind.AGENDA)))
    return Answer(card.embed(), (buttons,))


def marking_answer(session: Session, marked: Container[str], number: int) -> Answer:
    """Show a session's posters a page at a time, to bookmark several at once; what is bookmarked has a star."""
    page = Page.of(session.papers, number)
    question = Question(QuestionKind.MARKING, session.key, page.number)
    card = Card(clip(f"Bookmark posters of {escaped(session.name, EMBED_TITLE - 30)}", EMBED_TITLE), footer=page.note)
    card.description = "\n".join(("★ " if paper.key in marked else "") + entry(paper, 300) for paper in page.entries)
    options = tuple(
        Option(label(paper), Question(QuestionKind.PAPER, paper.key, page.number), option_note(paper))
        for paper in page.entries
        if paper.key not in marked
    )
    rows: list[Row] = [(*page.buttons(question), Button("My agenda", Question(QuestionKind.AGENDA)))]
    if options:
        rows.append(Menu("Bookmark these", options, verb="markall", most=len(options)))
    return Answer(card.embed(), tuple(rows))


def wish_answer(minutes: int | None, bookmarks: int) -> Answer:
    """Confirm somebody's wish for direct messages, or that they want none."""
    if minutes is None:
        return Answer(Card("No direct messages", description="I send you no reminders any more.").embed())
    card = Card("I will remind you")
    card.description = (
        f"You get a direct message {plural(minutes, 'minute')} before each session that holds one of your bookmarks "
        f"({plural(bookmarks, 'bookmark')} so far). Your privacy settings must let me write to you."
    )
    return Answer(card.embed(), ((ActionButton("Stop reminding me", STOP),),))


def my_data_answer(bookmarks: int, minutes: int | None, recent: int) -> Answer:
    """Tell somebody what is kept about them, and offer to delete it."""
    card = Card("What I keep about you")
    kept = []
    if bookmarks:
        kept.append(
            f"{plural(bookmarks, 'bookmark')}: your Discord id with the key of a paper and the time you marked it. "
            "`/agenda` shows them."
        )
    if minutes is not None:
        kept.append(
            f"Your wish for a direct message {plural(minutes, 'minute')} before your sessions, with your Discord id, "
            "and which of these messages were sent. `/remindme` changes it."
        )
    if recent:
        kept.append(
            f"The last {plural(recent, 'paper')} you looked at, to suggest them again: in memory only, until I restart."
        )
    if not kept:
        card.description = "Nothing."
        return Answer(card.embed())
    card.description = "\n".join([*kept, "Neither your name nor anything you wrote."])
    return Answer(card.embed(), ((ActionButton("Delete everything", FORGET, dangerous=True),),))


def forget_answer() -> Answer:
    """Ask whether everything shall really be deleted."""
    card = Card("Delete everything I keep about you?", description="Bookmarks and wishes will be gone for good.")
    return Answer(card.embed(), ((ActionButton("Yes, delete everything", FORGET_SURELY, dangerous=True),),))


def forgotten_answer() -> Answer:
    """Say that nothing is kept any more."""
    return Answer(Card("Deleted", description="I keep nothing about you any more.").embed())


def _sessions(programme: Programme, papers: Sequence[Paper]) -> list[Session]:
    keys = {paper.session_key for paper in papers}
    return in_time_order(session for session in programme.sessions if session.key in keys)


def _lines(programme: Programme, papers: Sequence[Paper]) -> list[str]:
    lines: list[str] = []
    shown = ""
    for paper in papers:
        if paper.session_key != shown:
            session = programme.session_of(paper)
            lines.append(f"\n**{escaped(session.name, 120)}**\n{where(session)} · {when(session)}")
            shown = paper.session_key
        lines.append(f"- {entry(paper, 220)}")
    return lines


def _routes(programme: Programme, papers: Sequence[Paper]) -> str:
    """Give the numbers of a session's bookmarked posters in the order in which they hang."""
    lines = []
    keys = {paper.key for paper in papers}
    for session in _sessions(programme, papers):
        numbers = [escaped(paper.number, 12) for paper in session.papers if paper.key in keys]
        lines.append(f"{escaped(session.name, 60)}: {joined(numbers, 200)}")
    return lines_that_fit(lines, EMBED_FIELD_VALUE)


def _clashes(sessions: Sequence[Session]) -> str:
    pairs = [f"{escaped(one.name, 80)} and {escaped(other.name, 80)}" for one, other in clashes(sessions)]
    return lines_that_fit(pairs, EMBED_FIELD_VALUE)


def _removal_menu(papers: Sequence[Paper], page: int) -> Menu:
    """Offer to remove papers; each option also says which page of the agenda it is on."""
    options = tuple(
        Option(label(paper), Question(QuestionKind.PAPER, paper.key, page), option_note(paper)) for paper in papers
    )
    return Menu("Remove a bookmark", options, verb="unmark")
