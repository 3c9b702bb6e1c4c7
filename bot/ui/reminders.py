"""How a reminder looks. Its words follow the time that really remains, whenever it is sent."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import discord

from bot.programme.model import Paper, Session
from bot.questions import About
from bot.ui.answer import ActionButton, Answer, Card
from bot.ui.limits import BUTTON_LABEL, EMBED_TITLE, ROW_BUTTONS, clip
from bot.ui.markdown import escaped
from bot.ui.words import entry, plural, session_lines

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


def direct_embed(session: Session, papers: Sequence[Paper], now: datetime) -> discord.Embed:
    """Remind somebody of a session with the posters they bookmarked, in the order in which these hang."""
    card = Card(f"{escaped(session.name, EMBED_TITLE - 40)} {_state(session, now)}")
    card.description = session_lines(session)
    card.add("Your posters", _posters(papers))
    card.footer = "You asked for this with /remindme."
    return card.embed()


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


UNREACHABLE = (
    "I could not send you the reminder you asked for: your direct messages are closed to me. Open them in the server's "
    "privacy settings and use `/remindme` again; until then I won't try."
)
STOP = "stop-reminders"


def _posters(papers: Sequence[Paper]) -> str:
    lines = [entry(paper, 90) for paper in papers[:8]]
    if len(papers) > 8:
        lines.append(f"and {len(papers) - 8} more: see `/agenda`")
    return "\n".join(lines)


def browse_labels(sessions: Sequence[Session]) -> list[tuple[str, About, Session]]:
    """Return the buttons that open the sessions, and those that bookmark their posters, as many as two rows hold."""
    if len(sessions) == 1:
        return [("See the posters", About.SESSION, sessions[0]), ("Bookmark posters", About.MARKING, sessions[0])]
    shown = sessions[:ROW_BUTTONS]
    browse = [(clip(session.name, BUTTON_LABEL), About.SESSION, session) for session in shown]
    return browse + [(clip(f"Bookmark: {session.name}", BUTTON_LABEL), About.MARKING, session) for session in shown]


def _state(session: Session, now: datetime) -> str:
    if session.starts_at is None or session.starts_at - now > _SOON:
        return "opens soon"
    return "opens now" if session.starts_at - now > -_SOON else "is on"
