"""Small pieces of wording that several answers share. Whatever comes from the programme leaves here escaped."""

from dataclasses import replace

import discord

from bot.programme.model import Paper, Session, Unnamed
from bot.ui.answer import Answer
from bot.ui.card import Card
from bot.ui.fitting import joined
from bot.ui.limits import OPTION_TEXT, clip, size
from bot.ui.markdown import escaped, render

NO_TITLE = "title not in the source"
NO_TIME = "time not announced"


def plural(count: int, one: str, many: str = "") -> str:
    """Return "1 paper" or "2 papers"."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def byline(paper: Paper, limit: int) -> str:
    """Name a paper's authors in their order, and say where the source leaves some out."""
    return joined(
        (
            f"*{plural(entry.count, 'author')} not named in the source*"
            if isinstance(entry, Unnamed)
            else escaped(entry.name, 100)
            for entry in paper.byline
        ),
        limit,
    )


def heading(paper: Paper, limit: int, *, bold: bool = True) -> str:
    """Return a paper's number and title as Markdown, with the title's own emphasis; `bold=False` leaves out bold."""
    number = f"#{escaped(paper.number, 12)} · "
    if paper.title is None:
        mark = f" ({NO_TITLE})"
        return number + escaped(paper.label, limit - size(number) - size(mark)) + mark
    spans = paper.title.spans if bold else (replace(span, bold=False) for span in paper.title.spans)
    return number + render(spans, limit - size(number))


def entry(paper: Paper, limit: int) -> str:
    """Return a line of a list: the paper's heading in bold with its first author."""
    by = first_author(paper)
    author = f" — {escaped(by, 60)}" if by else ""
    return f"**{heading(paper, limit - size(author) - 4, bold=False)}**{author}"


def first_author(paper: Paper) -> str:
    """Return the first author's plain name with "et al." where there are more, or nothing."""
    if not paper.authors:
        return ""
    others = len(paper.authors) + paper.unnamed > 1
    return paper.authors[0].name + (" et al." if others else "")


def label(paper: Paper) -> str:
    """Return a paper's title and first author as plain text that fits a choice or a menu's option."""
    author = paper.authors[0].name if paper.authors else ""
    title = paper.label if paper.title else f"{paper.label} ({NO_TITLE})"
    tail = f" — {clip(author, 30)}" if author else ""
    return clip(title, OPTION_TEXT - size(tail)) + tail


def option_note(paper: Paper) -> str:
    """Return the second line of a menu's option."""
    return clip(f"#{paper.number} · {', '.join(author.name for author in paper.authors)}".strip(" ·"), OPTION_TEXT)


def place(paper: Paper, session: Session) -> str:
    """Tell which of its session's posters a paper is."""
    of = f" of {len(session.papers)}" if paper.number.isdigit() else ""
    return f"Poster {escaped(paper.number, 12)}{of}"


def when(session: Session) -> str:
    """Tell when a session is, in each reader's own zone."""
    if session.starts_at is None:
        return NO_TIME
    start = discord.utils.format_dt(session.starts_at, "F")
    end = f" – {discord.utils.format_dt(session.ends_at, 't')}" if session.ends_at else ""
    return f"{start}{end} ({discord.utils.format_dt(session.starts_at, 'R')})"


def where(session: Session, limit: int = 80) -> str:
    """Tell in which room a session is."""
    return escaped(session.room, limit) if session.room else "room not announced"


def session_lines(session: Session) -> str:
    """Tell a session's name, room and time on a line each."""
    return f"**{escaped(session.name, 120)}**\n{where(session)}\n{when(session)}"


def gone_answer(what: str) -> Answer:
    """Say that what a button asks about is not in the programme any more."""
    return Answer(
        Card(
            f"This {what} is gone",
            description=f"The programme has changed, and this {what} is no longer in it. Ask again with a command.",
        ).embed()
    )
