"""The welcome and the help."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.permissions import Audience
from bot.programme.days import in_time_order
from bot.programme.model import Programme, Session
from bot.ui.answer import Answer, Button, LinkButton
from bot.ui.card import Card
from bot.ui.fitting import fields_of
from bot.ui.markdown import escaped
from bot.ui.places import session_lines, shown_in
from bot.ui.questions import Question, QuestionKind
from bot.ui.wording import plural

_MENUS = (
    "In the menu of a message, under **Apps**: **Bookmark**, for the paper that it shows or names, and **Report this "
    "message**; in that of a person: **Their papers**. Those who chair a session: **Answers a question**."
)

_SECTIONS = {
    Audience.ATTENDEE: "For everyone",
    Audience.ORGANIZER: "For organizers",
    Audience.MODERATOR: "For moderators",
}


@dataclass(frozen=True, slots=True)
class CommandHelp:
    """A command as the help shows it: its mention, which can be pressed, and what it does."""

    mention: str
    description: str
    audience: Audience


def help_answer(
    conference: str,
    notice: str | None,
    commands: Sequence[CommandHelp],
    programme: Programme,
    personal: str | None = None,
) -> Answer:
    """List the commands somebody may use.

    Args:
        conference: its name.
        notice: the organizers' own line, or None.
        commands: what this person may use, and nothing else.
        programme: the programme in use.
        personal: the link by which people add the bot to their own account; None where they may not.
    """
    card = Card(f"{escaped(conference, 100)}: what I can do", footer=_covers(programme))
    card.description = (
        "Type a few letters and pick a suggestion. In a server my answers are for you alone, except in channels meant "
        f"for them; **Share** shows one to everybody.\n{_MENUS}"
    )
    if notice:
        card.description += f"\n\n{escaped(notice, 600)}"
    for audience, name in _SECTIONS.items():
        lines = [f"{entry.mention} {entry.description}" for entry in commands if entry.audience is audience]
        for part, text in enumerate(fields_of(lines)):
            card.add(f"{name} (continued)" if part else name, text)
    rows = ((LinkButton("Use me in any channel", personal),),) if personal else ()
    return Answer(card.embed(), rows)


def welcome_answer(conference: str, notice: str | None, mentions: Sequence[str], programme: Programme) -> Answer:
    """Introduce the bot to a server."""
    sessions = _first_sessions(programme)
    card = Card(f"Welcome to {escaped(conference, 100)}", footer=_covers(programme))
    card.description = (
        f"I know the programme: ask me {_what(programme)} to see next. "
        f"Start with {', '.join(mentions)}. Nobody else sees my answers unless you share them."
    )
    if notice:
        card.description += f"\n\n**{escaped(notice, 600)}**"
    for session in sessions:
        card.add("On the programme", session_lines(session))
    buttons = tuple(
        Button(f"See the {shown_in(session, 2)}", Question(QuestionKind.SESSION, session.key))
        for session in sessions[:1]
        if session.papers
    )
    return Answer(card.embed(), (buttons,) if buttons else ())


def _first_sessions(programme: Programme) -> Sequence[Session]:
    """Return the first few sessions; those in which something is shown, where there are any."""
    sessions = in_time_order(programme.sessions)
    return ([session for session in sessions if session.papers] or sessions)[:3]


def _what(programme: Programme) -> str:
    """Say "which poster", or what else is shown; where that differs, just "what"."""
    shown = {shown_in(session, 1) for session in programme.sessions if session.papers}
    return f"which {shown.pop()}" if len(shown) == 1 else "what"


def _covers(programme: Programme) -> str:
    counts = (
        plural(len(programme.sessions), "session"),
        plural(len(programme.papers), "paper"),
        plural(len(programme.people), "author"),
    )
    return " · ".join(counts)
