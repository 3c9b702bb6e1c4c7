"""What is said of the bot's condition: in Discord, and on the command line."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

import discord

from bot.admin.condition import Condition, Trouble
from bot.delivery.model import Pulse
from bot.store.notices import Notice
from bot.ui.answer import Answer
from bot.ui.markdown import escaped_line
from bot.ui.moments import told
from bot.ui.wording import plural


@dataclass(frozen=True, slots=True)
class Style:
    """How sentences are written where they are read.

    Attributes:
        ago: writes how long ago a moment was.
        text: writes a text that comes from outside, with at most so many characters.
    """

    ago: Callable[[datetime], str]
    text: Callable[[str, int], str]


IN_DISCORD = Style(lambda moment: discord.utils.format_dt(moment, "R"), escaped_line)
"""As Markdown; everybody's Discord writes the times in their words."""


def in_terminal(now: datetime) -> Style:
    """Return how sentences are written as plain text."""

    def ago(moment: datetime) -> str:
        seconds = max(int((now - moment).total_seconds()), 0)
        for length, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
            if seconds >= length:
                return f"{plural(seconds // length, unit)} ago"
        return f"{plural(seconds, 'second')} ago"

    return Style(ago, lambda text, limit: " ".join(text.split())[:limit])


def trouble_lines(condition: Condition, style: Style) -> list[str]:
    """Return what is wrong, a sentence each."""
    return [_trouble(trouble, condition, style) for trouble in condition.troubles]


def fact_lines(condition: Condition, style: Style) -> Iterator[str]:
    """Yield what there is to know, a line each: the connection, what was sent, what is overdue, and the sources."""
    since = style.ago(condition.connection_since)
    yield f"Connected to Discord {since}" if condition.connected else f"Not connected to Discord; that began {since}"
    if condition.pulse:
        last = condition.pulse.last_sent_at
        yield f"The last message was sent {style.ago(last)}" if last else "No message was sent yet"
        overdue = condition.pulse.overdue
        yield f"Not sent yet: {_overdue(condition.pulse, style)}" if overdue else "Nothing is overdue"
    for source in condition.sources:
        seen = f"last seen {style.ago(source.seen_at)}" if source.seen_at else "not seen yet"
        yield f"Source {style.text(source.name, 100)}: {seen}"


def trouble_answer(trouble: Trouble, condition: Condition) -> Answer:
    """Tell the organizers of a trouble."""
    text = f"⚠ {_trouble(trouble, condition, IN_DISCORD)} I keep trying, and say when this is over."
    return Answer(None, content=text)


def over_answer(trouble: Trouble, notice: Notice, condition: Condition, zone: tzinfo) -> Answer:
    """Tell the organizers that a trouble is over; of one they could not be told of, this is all that they hear."""
    since, until = (told(moment, zone) for moment in (notice.since, condition.at))
    if trouble is Trouble.STUCK:
        lost = "What no longer helped was left out; `/status` lists it."
        return Answer(None, content=f"Messages get out again. From {since} to {until} none did. {lost}")
    return Answer(None, content=f"The programme's source is looked at again. It was not from {since} to {until}.")


def _trouble(trouble: Trouble, condition: Condition, style: Style) -> str:
    match trouble:
        case Trouble.DISCONNECTED:
            return f"The bot is not connected to Discord; that began {style.ago(condition.connection_since)}."
        case Trouble.STUCK:
            pulse = condition.pulse or Pulse()
            reason = style.text(pulse.reason or "", 300).rstrip(".")
            why = f" The last reason: {reason}." if reason else ""
            return f"No message gets out: {_overdue(pulse, style)}.{why}"
        case Trouble.UNWATCHED:
            names = ", ".join(style.text(source.name, 100) for source in condition.unwatched)
            return f"The programme's source is not looked at any more, though its time has come: {names}."
        case Trouble.UNREADABLE:
            return "The database can't be read; the log says why."


def _overdue(pulse: Pulse, style: Style) -> str:
    first = f", the first {style.ago(pulse.overdue_since)}" if pulse.overdue_since else ""
    return f"{plural(pulse.overdue, 'message was', 'messages were')} due{first}"
