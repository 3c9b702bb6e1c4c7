"""How a reminder looks. Its words follow the time that really remains, whenever it is sent."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import discord

from bot.programme.model import Session
from bot.ui.answer import Card
from bot.ui.limits import BUTTON_LABEL, EMBED_TITLE, ROW_BUTTONS, clip
from bot.ui.markdown import escaped
from bot.ui.words import plural, session_lines

_SOON = timedelta(minutes=2)


def reminder_embed(sessions: Sequence[Session], now: datetime) -> discord.Embed:
    """Tell what opens, or is on, in the order of time."""
    first = sessions[0]
    state = _state(first, now)
    name = escaped(first.name, EMBED_TITLE - 40)
    title = f"{name} {state}" if len(sessions) == 1 else f"{plural(len(sessions), 'session')}: the first {state}"
    card = Card(title)
    card.description = "\n\n".join(
        f"{session_lines(session)}\n{plural(len(session.papers), 'poster')}" for session in sessions[:8]
    )
    if len(sessions) > 8:
        card.description += f"\n\nand {plural(len(sessions) - 8, 'more session')}: see `/now` and `/next`"
    return card.embed()


def browse_labels(sessions: Sequence[Session]) -> list[tuple[str, Session]]:
    """Return the buttons that open the sessions, as many as a row holds."""
    if len(sessions) == 1:
        return [("See the posters", sessions[0])]
    return [(clip(session.name, BUTTON_LABEL), session) for session in sessions[:ROW_BUTTONS]]


def _state(session: Session, now: datetime) -> str:
    if session.starts_at is None or session.starts_at - now > _SOON:
        return "opens soon"
    return "opens now" if session.starts_at - now > -_SOON else "is on"
