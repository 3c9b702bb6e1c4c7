"""How a reminder looks. Its words follow the time that really remains, whenever it is sent."""

from collections.abc import Container, Sequence
from datetime import datetime, timedelta
from typing import Final

import discord

from bot.agenda.model import Item
from bot.programme.kinds import Kind
from bot.programme.model import Session
from bot.ui.card import Card
from bot.ui.limits import BUTTON_LABEL, EMBED_TITLE, ROW_BUTTONS, clip
from bot.ui.markdown import escaped
from bot.ui.places import entry_in, session_lines, session_summary, shown_in, when, where
from bot.ui.questions import Question, QuestionKind
from bot.ui.wording import byline, heading, plural

_NOW = timedelta(minutes=2)
"""What begins in less time than this is said to begin now."""

_MINUTES, _HOURS = 90, 48
"""How long a time is told in minutes alone, and from when on in days."""

_SHOWN = 8
"""How many sessions, or how many of a session's papers, one reminder lists."""

_EMBEDS = 3
"""How many sessions and talks one direct message tells of."""

_OPENING: Final = frozenset({Kind.POSTER, Kind.DEMO, Kind.EXHIBITION, Kind.OTHER})
"""What opens, where everything else begins."""


def reminder_embed(sessions: Sequence[Session], now: datetime) -> discord.Embed:
    """Tell what opens, or is on, in the order of time."""
    first = sessions[0]
    name = escaped(first.name, EMBED_TITLE - 40)
    state = _state(first, now)
    title = f"{name} {state}" if len(sessions) == 1 else f"{plural(len(sessions), 'session')}: the first {state}"
    card = Card(title)
    card.description = "\n\n".join(map(session_summary, sessions[:_SHOWN]))
    if len(sessions) > _SHOWN:
        card.description += f"\n\nand {plural(len(sessions) - _SHOWN, 'more session')}: see `/now` and `/next`"
    return card.embed()


def direct_embeds(subjects: Sequence[Session | Item], marked: Container[str], now: datetime) -> list[discord.Embed]:
    """Remind somebody of talks, and of sessions with what they bookmarked in them, in the order of time.

    Args:
        subjects: the sessions and the talks.
        marked: the keys of the papers they bookmarked.
        now: the present moment.
    """
    cards = [
        _talk_card(subject, now) if isinstance(subject, Item) else _session_card(subject, marked, now)
        for subject in subjects[:_EMBEDS]
    ]
    if len(subjects) > _EMBEDS:
        cards[-1].description += f"\n\nand {len(subjects) - _EMBEDS} more: see `/agenda`"
    for card in cards:
        card.footer = "You asked for this with /remindme."
    return [card.embed() for card in cards]


def browse_buttons(subjects: Sequence[Session | Item]) -> list[tuple[str, Question]]:
    """Return the buttons that open sessions and talks, and those that bookmark papers, as many as two rows hold."""
    shown, only = subjects[:ROW_BUTTONS], len(subjects) == 1
    buttons: dict[Question, str] = {}
    for one in shown:
        label, question = _open_button(one)
        # A talk that is given in two sessions has one button.
        buttons[question] = label if only else clip(one.name, BUTTON_LABEL)
    for one in shown:
        if isinstance(one, Session) and one.papers:
            label = f"Bookmark {shown_in(one, 2)}" if only else f"Bookmark: {one.name}"
            buttons[Question(QuestionKind.MARKING, one.key)] = clip(label, BUTTON_LABEL)
    return [(label, question) for question, label in buttons.items()]


def _open_button(subject: Session | Item) -> tuple[str, Question]:
    if isinstance(subject, Item):
        return "See the talk", Question(QuestionKind.PAPER, subject.paper.key)
    papers = shown_in(subject, len(subject.papers)) if subject.papers else "session"
    return f"See the {papers}", Question(QuestionKind.SESSION, subject.key)


def _session_card(session: Session, marked: Container[str], now: datetime) -> Card:
    card = Card(f"{escaped(session.name, EMBED_TITLE - 40)} {_state(session, now)}")
    card.description = session_lines(session)
    papers = [
        paper
        for paper in session.papers
        if paper.key in marked and not all(shown.has_slot for shown in paper.appearances_in(session.key))
    ]
    lines = [entry_in(session, paper, 90) for paper in papers[:_SHOWN]]
    if len(papers) > _SHOWN:
        lines.append(f"and {len(papers) - _SHOWN} more: see `/agenda`")
    return card.add(f"Your {shown_in(session, 2)}", "\n\n".join(lines))


def _talk_card(talk: Item, now: datetime) -> Card:
    card = Card(f"{heading(talk.paper, EMBED_TITLE - 40, shown=talk.shown)} {_state(talk, now)}")
    session = f"**{escaped(talk.session.name, 120)}**" if talk.session else ""
    lines = (byline(talk.paper.byline, 300), session, where(talk), when(talk))
    card.description = "\n".join(filter(None, lines))
    return card


def _state(subject: Session | Item, now: datetime) -> str:
    verb = "opens" if isinstance(subject, Session) and subject.kind in _OPENING else "begins"
    if subject.starts_at is None:
        return f"{verb} soon"
    left = subject.starts_at - now
    if left > _NOW:
        return f"{verb} in {_span(left)}"
    return f"{verb} now" if left > -_NOW else "is on"


def _span(left: timedelta) -> str:
    """Say how long it still is: from two days on in days, else in hours and minutes; up to 90 of these alone."""
    minutes = round(left / timedelta(minutes=1))
    if minutes <= _MINUTES:
        return plural(minutes, "minute")
    hours, minutes = divmod(minutes, 60)
    if hours >= _HOURS:
        return plural(round(hours / 24), "day")
    return plural(hours, "hour") + (f" {plural(minutes, 'minute')}" if minutes else "")
