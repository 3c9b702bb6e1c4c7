"""Discord's own events: what each session's should say, and what it takes to get there. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.programme.days import ends_at
from bot.programme.model import Programme, Session
from bot.ui.limits import EVENT_DESCRIPTION, EVENT_TEXT, MOST_EVENTS, clip
from bot.ui.places import contents

_MARK = "Session "
"""Begins the last line of an event's description, which names the session: so the bot knows its events again."""


@dataclass(frozen=True, slots=True)
class NativeEvent:
    """An event as Discord's members see it.

    Attributes:
        session_key: the session it stands for.
        name: its name.
        location: the room.
        description: what it says, with the session's key in the last line.
        starts_at: its start, in UTC.
        ends_at: its end, in UTC; Discord wants one.
    """

    session_key: str
    name: str
    location: str
    description: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Steps:
    """What it takes for a server to have the right events: keys of those to cancel, and events to make or change."""

    create: list[NativeEvent]
    edit: list[NativeEvent]
    cancel: list[str]


def wanted(programme: Programme, now: datetime) -> list[NativeEvent]:
    """Return the events a server should have: one for each session with a time that is not over."""
    return [
        _event(session, session.starts_at)
        for session in programme.sessions
        if session.starts_at and ends_at(session, session.starts_at) > now
    ]


def that_fit(want: Sequence[NativeEvent], have: Iterable[NativeEvent], others: int, now: datetime) -> list[NativeEvent]:
    """Return those of the events a server should have that it has room for: what has begun, and the next ones.

    Args:
        want: the events it should have.
        have: the bot's own events that are there and not over.
        others: how many more there are that are not over, somebody else's or already on.
        now: the present moment.
    """
    existing = {event.session_key: event for event in have}
    begun = {key for key, event in existing.items() if event.starts_at <= now}
    left = [event for event in want if event.starts_at <= now or event.session_key in begun]
    coming = [event for event in want if event.starts_at > now and event.session_key not in begun]
    # Of those that begin together, the ones that are there stay.
    coming.sort(key=lambda event: (event.starts_at, event.session_key not in existing))
    return left + coming[: max(MOST_EVENTS - others - len(begun), 0)]


def steps(want: Iterable[NativeEvent], have: Iterable[NativeEvent], now: datetime) -> Steps:
    """Compare what a server should have with what it has.

    What has begun is left as it is: Discord lets nobody make an event that has, or move one.
    """
    existing = {event.session_key: event for event in have}
    coming = {event.session_key: event for event in want}
    return Steps(
        create=[event for key, event in coming.items() if key not in existing and event.starts_at > now],
        edit=[
            event
            for key, event in coming.items()
            if key in existing and existing[key] != event and min(event.starts_at, existing[key].starts_at) > now
        ],
        cancel=[key for key, event in existing.items() if key not in coming and event.starts_at > now],
    )


def session_key_of(description: str | None) -> str | None:
    """Return the session an event of the bot's stands for, or None when it is no such event."""
    last = (description or "").rpartition("\n")[2]
    return last.removeprefix(_MARK) if last.startswith(_MARK) else None


def _event(session: Session, starts_at: datetime) -> NativeEvent:
    mark = f"\n{_MARK}{session.key}"
    facts = (contents(session), "" if session.ends_at else "The end is not announced", "Ask the bot with /session")
    about = "".join(f"{fact}. " for fact in facts if fact).rstrip()
    return NativeEvent(
        session_key=session.key,
        name=clip(session.name, EVENT_TEXT),
        location=clip(session.room or "room not announced", EVENT_TEXT),
        description=clip(about, EVENT_DESCRIPTION - len(mark)) + mark,
        starts_at=starts_at,
        ends_at=ends_at(session, starts_at),
    )
