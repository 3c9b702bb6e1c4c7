"""Answers about what is somebody's own: their agenda, and what is kept about them."""

from collections.abc import Container, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from bot.agenda.model import Item, by_session, items_of, with_end
from bot.agenda.route import board_of, routes_of
from bot.programme.days import clashes
from bot.programme.model import Paper, Programme, Session
from bot.ui.answer import ActionButton, Answer, AnyButton, BookmarkButton, Button, Menu, Option, Row
from bot.ui.card import Card
from bot.ui.fitting import joined, lines_that_fit
from bot.ui.limits import EMBED_TITLE, MENU_OPTIONS, clip
from bot.ui.markdown import escaped
from bot.ui.menus import bookmark_menu, paper_menu
from bot.ui.pager import Page
from bot.ui.places import NO_PLACE, dated_entry, day_name, entry_at, entry_in, session_lines, shown_in, when, where
from bot.ui.questions import Question, QuestionKind
from bot.ui.rooms import room_question
from bot.ui.wording import entry, in_quotes, label, option_note, plural, sentence, starred

DOWNLOAD = "download"
EXPORT = "export"
FORGET = "forget"
FORGET_SURELY = "forget-surely"
KEEP = "keep"
STOP = "stop-reminders"
"""What the buttons here do, as their custom ids say it."""

_FIELD = 800
"""How many characters the route and the clashes may have each, so that a page of papers has room beside them."""

_CLASHES = 6
"""How many clashes are named: as many as fit into that, however long the names."""

UNREACHABLE = (
    "I could not send you the reminder you asked for: your direct messages are closed to me. Open them in the server's "
    "privacy settings and use `/remindme` again; until then I won't try."
)


def agenda_answer(
    programme: Programme,
    papers: Sequence[Paper],
    gone: int,
    number: int,
    zone: ZoneInfo,
    buttons: Sequence[AnyButton] = (),
) -> Answer:
    """Show somebody's bookmarked papers at each time at which they are shown, by session.

    Args:
        programme: the programme.
        papers: the bookmarked papers that are in it.
        gone: how many bookmarked papers are no longer in it.
        number: which page.
        zone: the conference's zone, in which its days are.
        buttons: further buttons.
    """
    items = items_of(programme, papers)
    page = Page.of(items, number)
    card = Card("Your agenda", footer=page.note)
    if gone and not papers:
        card.description = "Nothing of what you bookmarked is in the programme now."
    elif not papers:
        card.description = "Nothing is bookmarked yet. Press **Bookmark** under a paper, and it will be here."
    else:
        several_days = len({_day(item, zone) for item in items if item.starts_at}) > 1
        card.description = "\n".join(agenda_lines(page.entries, zone if several_days else None))
        card.add("Your route", _routes(items))
        card.add("At the same time", clashes_in(items))
    if gone:
        card.add("No longer in the programme", plural(gone, "bookmarked paper"))
    question = Question(QuestionKind.AGENDA, page=page.number)
    own: list[AnyButton] = [*page.buttons(question)]
    if papers:
        own.append(ActionButton("Export calendar", EXPORT))
    if routes_of(items):
        own.append(Button("Route", Question(QuestionKind.ROUTE)))
    own += buttons
    rows: list[Row] = [tuple(own)] if own else []
    shown = list({item.paper.key: item.paper for item in page.entries}.values())
    rows += paper_menu(shown)
    if shown:
        rows.append(_removal_menu(shown, page.number))
    return Answer(card.embed(), tuple(rows))


def route_answer(routes: Sequence[tuple[Session, Sequence[Item]]], number: int) -> Answer:
    """Show somebody's bookmarked posters in the order in which to walk past them, session by session, in pages."""
    page = Page.of([(session, item) for session, items in routes for item in items], number)
    question = Question(QuestionKind.ROUTE, page=page.number)
    card = Card("Your route along the posters", footer=page.note)
    lines: list[str] = []
    shown = ""
    for session, item in page.entries:
        if session.key != shown:
            count = sum(len(items) for one, items in routes if one.key == session.key)
            lines.append(f"{session_lines(session)}\n{plural(count, 'poster')}, in the order of the boards:")
            shown = session.key
        lines.append(entry_at(session, item.paper, item.shown, 170) if item.shown else entry(item.paper, 170))
    card.description = "\n\n".join(lines) or "None of your bookmarked papers has a board in the programme."
    buttons: list[AnyButton] = [*page.buttons(question), Button("My agenda", Question(QuestionKind.AGENDA))]
    room = next((session.room for session, _ in page.entries), None)
    if room:
        buttons.append(Button("Where is it?", room_question(room)))
    rows: list[Row] = [tuple(buttons), *paper_menu([item.paper for _, item in page.entries])]
    return Answer(card.embed(), tuple(rows))


def marked_answer(paper: Paper, *, marked: bool) -> Answer:
    """Tell somebody that a paper is bookmarked now, or no longer."""
    card = Card("Bookmarked" if marked else "Bookmark removed", description=dated_entry(paper, 400))
    buttons = (BookmarkButton(paper.key, marked), Button("My agenda", Question(QuestionKind.AGENDA)))
    return Answer(card.embed(), (buttons,))


def several_marked_answer(papers: Sequence[Paper]) -> Answer:
    """Tell somebody which of some papers are bookmarked now."""
    card = Card("Bookmarked" if papers else "Bookmarks removed")
    card.description = lines_that_fit([dated_entry(paper, 240) for paper in papers], card.room)
    return Answer(card.embed(), ((Button("My agenda", Question(QuestionKind.AGENDA)),), *paper_menu(papers)))


def picking_answer(papers: Sequence[Paper], marked: Container[str], *, surely: bool) -> Answer:
    """Ask which of some papers of a message to bookmark.

    Args:
        papers: the papers.
        marked: what the reader has bookmarked, which has a star.
        surely: whether the message shows or names these, rather than only has words of theirs.
    """
    card = Card("Which of these?" if surely else "Did you mean one of these?")
    lines = [starred(dated_entry(paper, 200), paper, marked) for paper in papers[:MENU_OPTIONS]]
    card.description = lines_that_fit(lines, card.room)
    if not papers:
        card.title = "No paper in this message"
        card.description = (
            "I look for papers that I show in a message myself, and for whole titles and papers' addresses that "
            "somebody wrote. `/paper` finds any paper by a few words."
        )
    return Answer(card.embed(), (*bookmark_menu(papers, marked), *paper_menu(papers)))


def marking_answer(session: Session, marked: Container[str], number: int) -> Answer:
    """Show a session's papers a page at a time, to bookmark several at once; what is bookmarked has a star."""
    page = Page.of(session.papers, number)
    question = Question(QuestionKind.MARKING, session.key, page.number)
    title = f"Bookmark {shown_in(session, 2)} of {escaped(session.name, EMBED_TITLE - 30)}"
    card = Card(clip(title, EMBED_TITLE), footer=page.note)
    card.description = "\n\n".join(starred(entry_in(session, paper, 300), paper, marked) for paper in page.entries)
    buttons = (*page.buttons(question), Button("My agenda", Question(QuestionKind.AGENDA)))
    return Answer(card.embed(), (buttons, *bookmark_menu(page.entries, marked, question)))


def wish_answer(minutes: int | None, bookmarks: int, *, talks: bool) -> Answer:
    """Confirm somebody's wish for direct messages, or that they want none.

    Args:
        minutes: how long before, or None for none.
        bookmarks: how many papers they bookmarked.
        talks: whether the programme has talks with times of their own.
    """
    if minutes is None:
        return Answer(Card("No direct messages", description="I send you no reminders any more.").embed())
    card = Card("I will remind you")
    what = "each talk you bookmarked, and each session that holds others" if talks else "each session that holds one"
    card.description = (
        f"You get a direct message {plural(minutes, 'minute')} before {what} of your bookmarks "
        f"({plural(bookmarks, 'bookmark')} so far). Your privacy settings must let me write to you."
    )
    return Answer(card.embed(), ((ActionButton("Stop reminding me", STOP),),))


def my_data_answer(
    bookmarks: int,
    notes: int,
    minutes: int | None,
    recent: int,
    followed: Sequence[str] = (),
    others: Sequence[str] = (),
) -> Answer:
    """Tell somebody what is kept about them, and offer to hand it out and to delete it.

    Args:
        bookmarks: how many papers they bookmarked.
        notes: of how many they keep a note, or that they have seen or want to read them.
        minutes: how long before they want direct messages, or None for none.
        recent: how many papers are remembered that they looked at.
        followed: the topics and tracks they follow.
        others: what other parts keep, a line each.
    """
    card = Card("What I keep about you")
    kept = []
    if bookmarks:
        kept.append(
            f"{plural(bookmarks, 'bookmark')}: your Discord id with the key of a paper and the time you marked it. "
            "`/agenda` shows them."
        )
    if notes:
        kept.append(
            f"Notes on {plural(notes, 'paper')}: what you wrote, and whether you have seen it or want to read it, with "
            "your Discord id and the time. `/notes` shows them."
        )
    if minutes is not None:
        kept.append(
            f"Your wish for a direct message {plural(minutes, 'minute')} before your sessions, with your Discord id, "
            "and which of these messages were sent. `/remindme` changes it."
        )
    if followed:
        names = joined((in_quotes(escaped(name, 80)) for name in followed), 600)
        kept.append(
            f"Which topics and tracks you follow, with your Discord id and since when: {names}. `/browse` shows them."
        )
    kept += others
    if recent:
        kept.append(
            f"The {f'last {recent} papers' if recent > 1 else 'last paper'} you looked at, to suggest "
            f"{'them' if recent > 1 else 'it'} again: in memory only, until I restart."
        )
    if not kept:
        card.description = "Nothing."
        return Answer(card.embed())
    card.description = "\n\n".join([*kept, "Nothing else that you wrote, and not your name unless it says so here."])
    delete = ActionButton("Delete everything", FORGET, dangerous=True)
    return Answer(card.embed(), ((ActionButton("Download everything", DOWNLOAD), delete),))


def forget_answer() -> Answer:
    """Ask whether everything shall really be deleted."""
    card = Card("Delete everything I keep about you?", description="Bookmarks, notes and wishes will be gone for good.")
    return Answer(
        card.embed(),
        ((ActionButton("Yes, delete everything", FORGET_SURELY, dangerous=True), ActionButton("Cancel", KEEP)),),
    )


def forgotten_answer() -> Answer:
    """Say that nothing is kept any more."""
    return Answer(Card("Deleted", description="I keep nothing about you any more.").embed())


def agenda_lines(items: Sequence[Item], zone: ZoneInfo | None) -> list[str]:
    """List papers below their sessions, and with a zone below their days too."""
    lines: list[str] = []
    day, heading = "", ""
    for item in items:
        if zone and (its_day := _day_heading(item, zone)) != day:
            lines.append(f"{_gap_after(lines)}\n__{its_day}__")
            day, heading = its_day, ""
        gap = "\n"
        if (its_heading := _heading(item)) != heading:
            lines.append(f"{_gap_after(lines)}\n{its_heading}")
            heading, gap = its_heading, ""
        if item.session and item.shown:
            lines.append(f"{gap}- {entry_at(item.session, item.paper, item.shown, 170)}")
        else:
            lines.append(f"{gap}- {entry(item.paper, 170)}")
    return lines


def _gap_after(lines: Sequence[str]) -> str:
    """Return what an empty line needs to be seen: Discord leaves out those that follow a list.

    Such a line is needed too: elsewhere, as in the preview, all that follows a list directly is its last item's.
    """
    return "\n\u200b" if lines and lines[-1].lstrip().startswith("- ") else ""


def _day(item: Item, zone: ZoneInfo) -> date | None:
    return item.starts_at.astimezone(zone).date() if item.starts_at else None


def _day_heading(item: Item, zone: ZoneInfo) -> str:
    day = _day(item, zone)
    return day_name(day) if day else "Time not announced"


def _heading(item: Item) -> str:
    """Name a session with its room and time; a talk in a session that has none lends it its own."""
    if item.session is None:
        return f"**{sentence(NO_PLACE)}**"
    time = when(item.session if item.session.starts_at else item)
    return f"**{escaped(item.session.name, 80)}**\n{where(item.session, 40)} · {time}"


def _routes(items: Sequence[Item]) -> str:
    """Give the boards of a session's bookmarked posters in the order in which they hang; none without boards."""
    lines = [
        f"{escaped(session.name, 60)}: {joined([escaped(board_of(item), 12) for item in hanging], 200)}"
        for session, hanging in routes_of(items)
    ]
    return lines_that_fit(lines, _FIELD)


def clashes_in(items: Sequence[Item]) -> str:
    """Name what is on at the same time in different rooms: talks, and sessions of everything else."""
    sessions = [together[0] for _, together in by_session(items)]
    pairs = clashes([*sessions, *(with_end(item) for item in items if item.has_slot)])
    lines = [f"{escaped(one.name, 60)} and {escaped(other.name, 60)}" for one, other in pairs[:_CLASHES]]
    if len(pairs) > _CLASHES:
        lines.append(f"… and {len(pairs) - _CLASHES} more")
    return "\n".join(lines)


def _removal_menu(papers: Sequence[Paper], page: int) -> Menu:
    """Offer to remove papers; each option also says which page of the agenda it is on."""
    options = tuple(
        Option(label(paper), Question(QuestionKind.PAPER, paper.key, page), option_note(paper)) for paper in papers
    )
    return Menu("Remove bookmarks", options, verb="unmark", most=len(options))
