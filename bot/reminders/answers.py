"""How a reminder looks. Its words follow the time that really remains, whenever it is sent."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import discord

from bot.programme.model import Paper, Session
from bot.ui.card import Card
from bot.ui.limits import BUTTON_LABEL, EMBED_TITLE, ROW_BUTTONS, clip
from bot.ui.markdown import escaped
from bot.ui.questions import QuestionKind
from bot.ui.wording import entry, plural, session_lines

_SOON = timedelta(minutes=2)
_SHOWN = 8
"""How many sessions, or how many of a session's posters, one reminder lists."""


def reminder_embed(sessions: Sequence[Session], now: datetime) -> discord.Embed:
    """Tell what opens, or is on, in the order of time."""
    first = sessions[0]
    state = _state(first, now)
    name = escaped(first.name, EMBED_TITLE - 40)
    title = f"{name} {state}" if len(sessions) == 1 else f"{plural(len(sessions), 'session')}: the first {state}"
    card = Card(title)
    card.description = "\n\n".join(
        f"{session_lines(session)}\n{plural(len(session.papers), 'poster')}" for session in sessions[:_SHOWN]
    )
    if len(sessions) > _SHOWN:
        card.description += f"\n\nand {plural(len(sessions) - _SHOWN, 'more session')}: see `/now` and `/next`"
    return card.embed()


def direct_embed(session: Session, papers: Sequence[Paper], now: datetime) -> discord.Embed:
    """Remind somebody of a session with the posters they bookmarked, in the order in which these hang."""
    card = Card(f"{escaped(session.name, EMBED_TITLE - 40)} {_state(session, now)}")
    card.description = session_lines(session)
    lines = [entry(paper, 90) for paper in papers[:_SHOWN]]
    if len(papers) > _SHOWN:
        lines.append(f"and {len(papers) - _SHOWN} more: see `/agenda`")
    card.add("Your posters", "\n".join(lines))
    card.footer = "You asked for this with /remindme."
    return card.embed()


def browse_labels(sessions: Sequence[Session]) -> list[tuple[str, QuestionKind, Session]]:
    """Return the buttons that open the sessions, and those that bookmark their posters, as many as two rows hold."""
    see, mark = QuestionKind.SESSION, QuestionKind.MARKING
    if len(sessions) == 1:
        return [("See the posters", see, sessions[0]), ("Bookmark posters", mark, sessions[0])]
    shown = sessions[:ROW_BUTTONS]
    browse = [(clip(session.name, BUTTON_LABEL), see, session) for session in shown]
    return browse + [(clip(f"Bookmark: {session.name}", BUTTON_LABEL), mark, session) for session in shown]


def _state(session: Session, now: datetime) -> str:
    if session.starts_at is None or session.starts_at - now > _SOON:
        return "opens soon"
    return "opens now" if session.starts_at - now > -_SOON else "is on"
