"""What is on in each room, and what comes next there."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.programme.days import ends_at, in_time_order
from bot.programme.model import Session
from bot.programme.names import fold
from bot.programme.natural_order import natural
from bot.programme.talks import Talk, talks_of, talks_on


@dataclass(frozen=True, slots=True)
class OnNow:
    """A session that is on in a room, with its talks that are on there; none between two talks."""

    session: Session
    talks: tuple[Talk, ...] = ()


@dataclass(frozen=True, slots=True)
class Coming:
    """What begins next in a room: a session, or a talk of one that is on already.

    Attributes:
        starts_at: when it begins, aware and in UTC.
        session: the session.
        talk: the talk.
    """

    starts_at: datetime
    session: Session
    talk: Talk | None = None


@dataclass(slots=True)
class Room:
    """A room at a moment.

    Attributes:
        name: what it is called; None for what has no announced room.
        on: what is on there, the earliest first.
        coming: what begins there next: all that begins at the earliest moment still to come.
    """

    name: str | None
    on: list[OnNow] = field(default_factory=list)
    coming: list[Coming] = field(default_factory=list)


def in_rooms(sessions: Iterable[Session], now: datetime, until: datetime | None = None) -> list[Room]:
    """Return the rooms in which something is on or is still to come, in the order of their names.

    What has no announced room comes last, together. A talk in another room than its session is told of in its own.

    Args:
        sessions: the sessions.
        now: the moment.
        until: what begins at this moment or later is not told of.
    """
    rooms: dict[str | None, Room] = {}
    for session in in_time_order(sessions):
        if session.starts_at is None or ends_at(session, session.starts_at) <= now:
            continue
        if session.starts_at > now and until and session.starts_at >= until:
            continue
        for name, talks in _by_room(session).items():
            on, coming = _at(
                session, session.starts_at, talks, now, itself=session.room is None or _same(name, session.room)
            )
            coming = [one for one in coming if until is None or one.starts_at < until]
            if on or coming:
                room = rooms.setdefault(fold(name) if name else None, Room(name))
                room.on += on
                room.coming += coming
    for room in rooms.values():
        first = min((one.starts_at for one in room.coming), default=None)
        room.coming = [one for one in room.coming if one.starts_at == first]
    return sorted(rooms.values(), key=lambda room: (room.name is None, natural(room.name or "")))


def room_names(sessions: Iterable[Session]) -> list[str]:
    """Return the names of all rooms in their order; what is only written differently is one room."""
    names: dict[str, str] = {}
    for session in sessions:
        if session.room:
            names.setdefault(fold(session.room), session.room)
        for paper in session.papers:
            for shown in paper.appearances_in(session.key):
                if shown.room and shown.room != session.room:
                    names.setdefault(fold(shown.room), shown.room)
    return sorted(names.values(), key=natural)


def sessions_in(sessions: Iterable[Session], room: str) -> list[Session]:
    """Return the sessions that are in a room, or have a talk there, in the order of time."""
    return [
        session for session in in_time_order(sessions) if any(_same(name, room) for name in _by_room(session) if name)
    ]


def next_change(sessions: Iterable[Session], now: datetime) -> datetime | None:
    """Return the next moment at which a session or a talk begins or ends; None where nothing does any more."""
    return min((moment for moment in _moments(sessions) if moment > now), default=None)


def _moments(sessions: Iterable[Session]) -> Iterator[datetime]:
    for session in sessions:
        if session.starts_at is None:
            continue
        yield session.starts_at
        yield ends_at(session, session.starts_at)
        for talk in talks_of(session):
            yield talk.starts_at
            if talk.ends_at:
                yield talk.ends_at


def _by_room(session: Session) -> dict[str | None, list[Talk]]:
    """Return the rooms of a session, each with the talks that are given there; its own room comes first."""
    talks = talks_of(session)
    if not talks:
        return {session.room: []}
    rooms: dict[str | None, list[Talk]] = {session.room: []} if session.room else {}
    for talk in talks:
        name = next((one for one in rooms if _same(one, talk.shown.room)), talk.shown.room)
        rooms.setdefault(name, []).append(talk)
    return rooms


def _at(
    session: Session, starts_at: datetime, talks: Sequence[Talk], now: datetime, *, itself: bool
) -> tuple[list[OnNow], list[Coming]]:
    """Return what of a session is on in one of its rooms, and what of it begins there next.

    Args:
        session: the session.
        starts_at: its start.
        talks: its talks in that room.
        now: the moment.
        itself: whether the room is the session's own.
    """
    later = [talk for talk in talks if talk.starts_at > now]
    if starts_at > now:
        return [], [Coming(starts_at if itself or not later else later[0].starts_at, session)]
    on = tuple(talks_on(talks, now))
    coming = [Coming(talk.starts_at, session, talk) for talk in later if talk.starts_at == later[0].starts_at]
    return [OnNow(session, on)] if on or itself else [], coming


def _same(one: str | None, other: str | None) -> bool:
    return one == other or (one is not None and other is not None and fold(one) == fold(other))
