"""What is on in each room and what comes next there, in words; the same wherever it is told."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from bot.programme.model import Session
from bot.programme.names import fold
from bot.programme.rooms import Coming, OnNow, Room
from bot.ui.answer import Menu, Option
from bot.ui.limits import MENU_OPTIONS, OPTION_TEXT, clip, size
from bot.ui.markdown import escaped
from bot.ui.moments import told, told_time
from bot.ui.places import contents
from bot.ui.questions import KEY_LENGTH, Question, QuestionKind
from bot.ui.wording import entry

NO_ROOM: Final = "Room not announced"

LONG: Final = 110
"""How many characters a session or a talk has where there is room."""

SHORT: Final = 60
"""How many it has where many rooms must fit into one message."""

SHORTEST: Final = 40
"""How many it has where few entries are to fit into an embed, however long all that is in them."""

_MOST_NEXT: Final = 2
"""How many things that begin together in one room are named."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Some lines about a room.

    Attributes:
        room: what the room is called; None for what has no announced room.
        lines: what is on there, or comes next.
        sessions: the sessions that these lines are about.
    """

    room: str | None
    lines: str
    sessions: tuple[Session, ...]


def room_entries(room: Room, limit: int = LONG, today_ends: datetime | None = None) -> list[Entry]:
    """Tell of a room: an entry for each session that is on, the last of them with what comes next.

    Args:
        room: the room.
        limit: how many characters a session or a talk has at most.
        today_ends: what begins at this moment or later is told with its day.
    """
    entries = [Entry(room.name, _on(one, limit, today_ends), (one.session,)) for one in room.on]
    if not room.coming:
        return entries
    last = entries.pop() if entries else Entry(room.name, "", ())
    coming = [_coming(one, limit, today_ends) for one in room.coming[:_MOST_NEXT]]
    if len(room.coming) > _MOST_NEXT:
        coming.append(f"and {len(room.coming) - _MOST_NEXT} more then")
    lines = "\n".join(filter(None, (last.lines, *coming)))
    sessions = {one.key: one for one in (*last.sessions, *(one.session for one in room.coming))}
    return [*entries, Entry(room.name, lines, tuple(sessions.values()))]


def under_rooms(entries: Iterable[Entry]) -> list[str]:
    """Write entries, each room's below its name; an empty line belongs between what is returned."""
    texts: list[str] = []
    shown: object = ""
    for one in entries:
        heading = f"__{room_name(one.room)}__\n" if one.room != shown else ""
        texts.append(heading + one.lines)
        shown = one.room
    return texts


def room_key(name: str) -> str:
    """Return what stands for a room in a question: its name as people compare it, or a short sign for a long one."""
    folded = fold(name)
    return folded if size(folded) <= KEY_LENGTH else hashlib.sha256(folded.encode()).hexdigest()[:16]


def room_question(name: str) -> Question:
    """Return the question about a room."""
    return Question(QuestionKind.ROOM, room_key(name))


def room_menu(names: Sequence[str]) -> tuple[Menu, ...]:
    """Return the menu that opens one of some rooms, or nothing when there are none."""
    options = {room_key(name): Option(clip(name, OPTION_TEXT), room_question(name)) for name in names[:MENU_OPTIONS]}
    return (Menu("Open a room", tuple(options.values())),) if options else ()


def room_name(name: str | None, limit: int = 60) -> str:
    """Name a room, as Markdown."""
    return escaped(name, limit) if name else NO_ROOM


def _on(one: OnNow, limit: int, today_ends: datetime | None) -> str:
    name = fold(one.session.name)
    talks = [talk for talk in one.talks if fold(talk.paper.label) != name]
    held = "" if talks else contents(one.session)
    facts = (f"**{escaped(one.session.name, limit)}**", held, _until(one.session.ends_at, one.session.zone, today_ends))
    session = " · ".join(filter(None, facts))
    if not talks:
        return session
    first, others = talks[0], f" and {len(talks) - 1} more" if len(talks) > 1 else ""
    until = _until(first.ends_at, one.session.zone, today_ends)
    return f"{session}\nNow: {entry(first.paper, limit + size(until) + 3, shown=first.shown, note=until)}{others}"


def _coming(one: Coming, limit: int, today_ends: datetime | None) -> str:
    time = _time(one.starts_at, one.session.zone, today_ends)
    if one.talk:
        return f"Next: {time} {entry(one.talk.paper, limit, shown=one.talk.shown)}"
    name = f"**{escaped(one.session.name, limit)}**"
    return f"Next: {time} " + " · ".join(filter(None, (name, contents(one.session))))


def _until(ends_at: datetime | None, zone: tzinfo, today_ends: datetime | None) -> str:
    return f"until {_time(ends_at, zone, today_ends)}" if ends_at else ""


def _time(moment: datetime, zone: tzinfo, today_ends: datetime | None) -> str:
    return told(moment, zone) if today_ends and moment > today_ends else told_time(moment, zone)
