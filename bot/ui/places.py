"""When and where things are, in words. Whatever comes from the programme leaves here escaped."""

from collections.abc import Iterator
from datetime import date, timedelta

from discord.utils import TimestampStyle, format_dt

from bot.programme.days import Timed
from bot.programme.kinds import Kind, kind_of, noun
from bot.programme.model import Appearance, Paper, Programme, Session
from bot.programme.names import fold
from bot.ui.fitting import lines_that_fit
from bot.ui.limits import EMBED_FIELD_VALUE, clip
from bot.ui.markdown import escaped
from bot.ui.moments import for_you, local_span, told, told_time
from bot.ui.said import said_once
from bot.ui.wording import NO_TIME, entry, sentence

NO_PLACE = "time and place not announced"

_ABOUT = 80
"""How many characters the line about a session has at most."""

_MOST_PLACES = 4
"""How many of a paper's appearances are told; an oral with its poster has two."""


def day_name(day: date) -> str:
    """Write a conference day."""
    return f"{day:%A}, {day.day} {day:%B %Y}"


def when(timed: Timed) -> str:
    """Tell when a session or a talk is, on the conference's clocks and on each reader's own."""
    if timed.starts_at is None:
        return NO_TIME
    end = ""
    if timed.ends_at:
        # What lasts for days, such as an exhibition, does not end at a time of the first day.
        style: TimestampStyle = "f" if timed.ends_at - timed.starts_at >= timedelta(days=1) else "t"
        end = f" – {format_dt(timed.ends_at, style)}"
    local = local_span(timed.starts_at, timed.ends_at, timed.zone)
    return f"{local} · {for_you(timed.starts_at)}{end} ({format_dt(timed.starts_at, 'R')})"


def where(timed: Timed, limit: int = 80) -> str:
    """Tell in which room a session or a talk is."""
    return escaped(timed.room, limit) if timed.room else "room not announced"


def session_lines(session: Session) -> str:
    """Tell a session's name, room and time on a line each."""
    return f"**{escaped(session.name, 120)}**\n{where(session)}\n{when(session)}"


def session_summary(session: Session) -> str:
    """Tell a session's name, room and time, and below these what there is in it."""
    return "\n".join(filter(None, (session_lines(session), about(session))))


def shown_in(session: Session, count: int) -> str:
    """Return what people call so many of what is shown in a session: "posters", "talk", "papers".

    Where its kind does not tell, it is talks if all have a time of their own.
    """
    slots = [shown.has_slot for paper in session.papers for shown in paper.appearances_in(session.key)]
    is_talks = noun(session.kind, 1) == noun(Kind.OTHER, 1) and bool(slots) and all(slots)
    return noun(Kind.TALK if is_talks else session.kind, count)


def contents(session: Session) -> str:
    """Tell how much is shown in a session: "34 posters", "1 talk"; nothing where it is itself all that is shown."""
    count = len(session.papers)
    itself = count == 1 and fold(session.papers[0].label) == fold(session.name)
    return f"{count} {shown_in(session, count)}" if count and not itself else ""


def about(session: Session) -> str:
    """Tell what a session is where its name does not, how much is shown in it, and its track; maybe nothing."""
    told = session.kind in (kind_of(session.name), Kind.PAPER)
    kind = "" if told else clip(sentence(session.kind_name), 30)
    track = session.track if fold(session.track or "") not in fold(session.name) else ""
    return escaped(" · ".join(filter(None, (kind, contents(session), track))), _ABOUT)


def places(programme: Programme, paper: Paper) -> str:
    """Tell when and where a paper is shown, a few lines for each time, so that they fit into a field."""
    lines = [_place(session, shown) for session, shown in _shown(programme, paper)]
    return lines_that_fit(lines, EMBED_FIELD_VALUE, _MOST_PLACES) or NO_PLACE


def short_places(programme: Programme, paper: Paper, limit: int) -> str:
    """Tell when and where a paper is shown, a line for each time."""
    lines = [place_line(session, shown) for session, shown in _shown(programme, paper)]
    return lines_that_fit(lines, limit) or NO_PLACE


def place_line(session: Session, shown: Appearance) -> str:
    """Tell on a line in which session, in which room and when a paper is shown."""
    time = told(shown.starts_at, shown.zone) if shown.starts_at else NO_TIME
    return f"{escaped(session.name, 40)} · {where(shown, 24)} · {time}"


def entry_in(session: Session, paper: Paper, limit: int) -> str:
    """Return a paper's line in the list of a session it is in."""
    shown = next(iter(paper.appearances_in(session.key)), None)
    return entry_at(session, paper, shown, limit) if shown else entry(paper, limit)


def entry_at(session: Session, paper: Paper, shown: Appearance, limit: int) -> str:
    """Return a paper's line for a time at which it is shown; a talk's has the time of day, and a room of its own."""
    room = where(shown, 40) if shown.room and shown.room != session.room else ""
    return entry(paper, limit, shown=shown, note=" · ".join(filter(None, (_slot(shown, dated=False), room))))


@said_once
def dated_entry(paper: Paper, limit: int) -> str:
    """Return a paper's line in a list of papers from anywhere; a talk's has the day and the time."""
    slot = next((shown for shown in paper.appearances if shown.has_slot), None)
    return entry(paper, limit, shown=slot, note=_slot(slot, dated=True) if slot else "")


def _shown(programme: Programme, paper: Paper) -> Iterator[tuple[Session, Appearance]]:
    sessions = {session.key: session for session in programme.sessions_of(paper)}
    return ((sessions[shown.session_key], shown) for shown in paper.appearances)


def _place(session: Session, shown: Appearance) -> str:
    lines = [f"**{escaped(session.name, 120)}**", where(shown), when(shown)]
    if shown.board:
        lines.append(f"Poster {escaped(shown.board, 12)}")
    return "\n".join(lines)


def _slot(shown: Appearance, *, dated: bool) -> str:
    if not shown.has_slot or shown.starts_at is None:
        return ""
    return told(shown.starts_at, shown.zone) if dated else told_time(shown.starts_at, shown.zone)
