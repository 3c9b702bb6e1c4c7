"""Small pieces of wording that several answers share. Whatever comes from the programme leaves here escaped."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from itertools import islice

from bot.programme.kinds import Kind
from bot.programme.model import Appearance, Author, Paper, Person, Session, Unnamed
from bot.programme.names import fold
from bot.ui.answer import Answer
from bot.ui.card import Card
from bot.ui.fitting import joined
from bot.ui.limits import OPTION_TEXT, clip, size
from bot.ui.markdown import escaped, render
from bot.ui.said import said_once

NO_TITLE = "title not in the source"
NO_TIME = "time not announced"

_AUTHOR = 60
"""How many characters the first author has in a line; a third of the line where it is short."""

_LEAST_HEADING = 28
"""How many the heading has at least: the number of a board and the beginning of a title."""

_QUOTATION_MARKS = '"“”„'

_SAYS_NOTHING = frozenset({"", "paper", "talk", "presentation", "session", "contribution"})
"""What a source may call a paper's kind without telling anything, as `fold` leaves it."""


def plural(count: int, one: str, many: str = "") -> str:
    """Return "1 paper" or "2 papers"."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def credits_of(person: Person) -> str:
    """Count somebody's papers, and the sessions they chair if there are any."""
    papers = plural(len(person.papers), "paper")
    if not person.chaired:
        return papers
    chaired = f"{plural(len(person.chaired), 'session')} as chair"
    return f"{papers} and {chaired}" if person.papers else chaired


def in_quotes(typed: str) -> str:
    """Return what somebody typed in quotation marks, or as it is where it has some of its own."""
    return typed if any(mark in typed for mark in _QUOTATION_MARKS) else f"“{typed}”"


def byline(credited: Sequence[Author | Unnamed], limit: int) -> str:
    """Name authors or chairs in their order, and say where the source leaves some out.

    It also says where they work, if everybody can be named nevertheless.
    """
    full = ", ".join(_names(credited, affiliated=True))
    return full if size(full) <= limit else joined(_names(credited, affiliated=False), limit)


def heading(paper: Paper, limit: int, *, bold: bool = True, shown: Appearance | None = None) -> str:
    """Return a paper's title as Markdown with its own emphasis, after the number of its board if it has one.

    Args:
        paper: the paper.
        limit: how many characters there may be.
        bold: whether bold is kept.
        shown: where it is shown, if it is about that place; the board is then the one there.
    """
    board = shown.board if shown else paper.board
    number = f"#{escaped(board, 12)} · " if board else ""
    if paper.title is None:
        mark = f" ({NO_TITLE})"
        return number + escaped(paper.label, limit - size(number) - size(mark)) + mark
    spans = paper.title.spans
    if not bold and any(span.bold for span in spans):
        spans = tuple(replace(span, bold=False) for span in spans)
    return number + render(spans, limit - size(number))


def entry(paper: Paper, limit: int, *, shown: Appearance | None = None, note: str = "") -> str:
    """Return a line of a list: the paper's heading in bold with its first author.

    Args:
        paper: the paper.
        limit: how many characters there may be, with the note.
        shown: where it is shown, if the list is about what is shown there; the board is then the one there.
        note: what else the line says at its end, ready as Markdown, which leaves room for the heading.
    """
    said = f" · {note}" if note else ""
    room = limit - size(said) - 4
    by = escaped(first_author(paper), min(_AUTHOR, room // 3)) if room >= _LEAST_HEADING else ""
    tail = (f" — {by}" if by else "") + said
    return f"**{heading(paper, max(limit - size(tail) - 4, _LEAST_HEADING), bold=False, shown=shown)}**{tail}"


def starred(line: str, paper: Paper, marked: Container[str] | None) -> str:
    """Return a paper's line with a star before it if the reader has bookmarked it; None for many readers."""
    return f"★ {line}" if marked is not None and paper.key in marked else line


def first_author(paper: Paper) -> str:
    """Return the first author's plain name with "et al." where there are more, or nothing."""
    author = _first_author(paper)
    return author + (" et al." if author and len(paper.byline) > 1 else "")


@said_once
def label(paper: Paper, *, numbered: bool = False) -> str:
    """Return a paper's title and first author as plain text that fits a choice or a menu's option.

    Args:
        paper: the paper.
        numbered: whether the number of its board comes first, if it has one.
    """
    author = _first_author(paper)
    board = f"#{clip(paper.board, 12)} · " if numbered and paper.board else ""
    title = board + (paper.label if paper.title else f"{paper.label} ({NO_TITLE})")
    tail = f" — {clip(author, 30)}" if author else ""
    return clip(title, OPTION_TEXT - size(tail)) + tail


@said_once
def option_note(paper: Paper) -> str:
    """Return the second line of a menu's option: the number of the board, if there is one, and the authors."""
    board = f"#{paper.board}" if paper.board else ""
    # No more of them than may fit, for there are papers by hundreds.
    named = (entry.name for entry in paper.byline if isinstance(entry, Author))
    authors = ", ".join(islice(named, OPTION_TEXT))
    return clip(" · ".join(filter(None, (board, authors))), OPTION_TEXT)


def kind_of_paper(paper: Paper, sessions: Iterable[Session]) -> str:
    """Return what the source calls a paper's kind, such as "Lightning talk"; nothing where its sessions say as much."""
    name = fold(paper.kind_name)
    told = any(
        name == fold(session.kind_name) or (paper.kind is session.kind and paper.kind not in (Kind.OTHER, Kind.PAPER))
        for session in sessions
    )
    return "" if told or name in _SAYS_NOTHING else sentence(paper.kind_name)


def sentence(name: str) -> str:
    """Return a name with a capital at its beginning."""
    return name[:1].upper() + name[1:]


def gone_answer(what: str) -> Answer:
    """Say that what a button asks about is not in the programme any more."""
    return Answer(
        Card(
            f"This {what} is gone",
            description=f"The programme has changed, and this {what} is no longer in it. Ask again with a command.",
        ).embed()
    )


def _first_author(paper: Paper) -> str:
    return next((entry.name for entry in paper.byline if isinstance(entry, Author)), "")


def _names(credited: Iterable[Author | Unnamed], *, affiliated: bool) -> list[str]:
    names = []
    for entry in credited:
        if isinstance(entry, Unnamed):
            names.append(f"*{plural(entry.count, 'author')} not named in the source*")
        elif affiliated and entry.affiliations:
            names.append(f"{escaped(entry.name, 100)} ({escaped('; '.join(entry.affiliations), 100)})")
        else:
            names.append(escaped(entry.name, 100))
    return names
