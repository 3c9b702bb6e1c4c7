"""What in a session has a time or a room of its own, and what goes with the session when that is moved."""

from dataclasses import replace

from bot.programme.kinds import Kind, kind_of
from bot.programme.source import SourceAppearance, SourceSession


def kind_of_session(session: SourceSession) -> Kind:
    """Return what a session is by what the source calls that, or else by its name."""
    kind = kind_of(session.kind)
    return kind if kind is not Kind.OTHER else kind_of(session.name)


def lasts_throughout(session: SourceSession) -> bool:
    """Tell whether the times of what is shown in a session only repeat its own, as a source may do for each poster."""
    repeated = all(
        one.starts_at in (None, session.starts_at) and one.ends_at in (None, session.ends_at)
        for one in session.appearances
    )
    return repeated and (len(session.appearances) > 1 or kind_of_session(session) is Kind.POSTER)


def take_along(session: SourceSession, moved: SourceSession) -> SourceSession:
    """Return a session that was moved, with what is shown in it moved likewise.

    What lasts as long as the session goes on doing so, a talk begins as much later as the session does, and what is in
    the session's room follows it into another one. A talk in a room of its own stays there.

    Args:
        session: the session as it was.
        moved: the same with another time or room.
    """
    throughout = lasts_throughout(session)
    return replace(moved, appearances=tuple(_along(one, session, moved, throughout) for one in moved.appearances))


def _along(one: SourceAppearance, session: SourceSession, moved: SourceSession, throughout: bool) -> SourceAppearance:
    if one.room == session.room:
        one = replace(one, room=None)
    if throughout or one.starts_at is None:
        return replace(one, starts_at=None, ends_at=None)
    if (one.starts_at, one.ends_at) == (session.starts_at, session.ends_at):
        return replace(one, starts_at=moved.starts_at, ends_at=moved.ends_at)
    if not session.starts_at or not moved.starts_at or session.starts_at == moved.starts_at:
        return one
    later = moved.starts_at - session.starts_at
    return replace(
        one,
        starts_at=one.starts_at + later,
        ends_at=one.ends_at + later if one.ends_at else None,
    )
