"""Talks and breaks with times and rooms of their own, as the systems of conferences without printed sessions have them.

Such a source groups talks by track at most. What is one session then: the talks of one track in one room on one day;
a talk without a track; a break, a registration or a social event.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from bot.programme.kinds import Kind, kind_of
from bot.programme.source import Credit, Link, SourcePaper, SourceSession
from bot.sources.reading.gather import Gathering
from bot.sources.reading.html import to_text

NIGHT_ENDS: Final = time(4)
"""The local time at which a conference day ends where the source does not say when it does."""

_WITHOUT_SPEAKERS: Final = frozenset({Kind.BREAK, Kind.REGISTRATION, Kind.SOCIAL})


@dataclass(frozen=True, slots=True)
class Slot:
    """A place and a time of a talk.

    Attributes:
        starts_at: aware start in UTC, or None.
        ends_at: aware end in UTC, or None.
        room: the room, or None.
        day: the conference day, as anything that is the same for all talks of that day.
    """

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    room: str | None = None
    day: Hashable = None


@dataclass(frozen=True, slots=True)
class Talk:
    """One record: a talk, or something without speakers such as lunch.

    Attributes:
        mark: what all records of the same talk have in common, or None.
        title: its title.
        slots: where and when it is given; empty when that is not decided.
        authors: its speakers.
        abstract: what the source says of it, or None.
        kind: what the source calls its kind.
        track: its track, or None.
        topics: its topics.
        links: its links.
        source_id: the source's identifier.
        other_ids: further identifiers.
        states: what the source says of its state, of which each must let everybody see it.
        line: where it is in the file.
    """

    mark: Hashable
    title: str
    slots: tuple[Slot, ...] = ()
    authors: tuple[Credit, ...] = ()
    abstract: str | None = None
    kind: str = ""
    track: str | None = None
    topics: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    source_id: str | None = None
    other_ids: tuple[str, ...] = ()
    states: tuple[str | None, ...] = ()
    line: int | None = None


def gather_talk(gathering: Gathering, talk: Talk) -> None:
    """Account for one record, and put the talk into its sessions."""
    if not all(gathering.may_show(state, talk.title, talk.line) for state in talk.states):
        return
    if not talk.title.strip():
        gathering.leave_out("no title", talk.abstract or talk.source_id or "", talk.line)
        return
    if not _is_talk(talk):
        gathering.session_record()
        for slot in talk.slots or (Slot(),):
            _own_session(gathering, talk, slot)
        return
    paper = gathering.paper(
        SourcePaper(
            line=talk.line,
            title=talk.title,
            authors=talk.authors,
            abstract=talk.abstract,
            kind=talk.kind,
            track=talk.track,
            topics=talk.topics,
            source_id=talk.source_id,
            other_ids=talk.other_ids,
            links=talk.links,
        ),
        talk.mark,
    )
    for slot in talk.slots:
        if talk.track:
            session = gathering.session(
                SourceSession(line=talk.line, name=talk.track, track=talk.track, room=slot.room),
                ("track", talk.track, slot.room, slot.day),
            )
        else:
            session = gathering.session(
                SourceSession(
                    line=talk.line,
                    kind=talk.kind,
                    name=talk.title,
                    room=slot.room,
                    starts_at=slot.starts_at,
                    ends_at=slot.ends_at,
                    source_id=talk.source_id,
                ),
                ("talk", paper.place, slot),
            )
        gathering.appear(session, paper, starts_at=slot.starts_at, ends_at=slot.ends_at)


def conference_day(starts: datetime, zone: tzinfo, night_ends: time = NIGHT_ENDS) -> date:
    """Return the day to which a talk belongs: after midnight it is still the one before.

    Args:
        starts: when the talk starts; without an offset it is local time, with one other than UTC's too.
        zone: the zone of the conference.
        night_ends: the local time at which a conference day ends.
    """
    local = starts.astimezone(zone) if starts.tzinfo and not starts.utcoffset() else starts
    day = local.date()
    return day - timedelta(days=1) if local.time() < night_ends and day > date.min else day


def paragraphs(*texts: str | None) -> str | None:
    """Return several texts, with or without HTML, as one; what only repeats an earlier one is left out."""
    kept: list[str] = []
    for text in texts:
        plain = to_text(text or "").strip()
        if plain and plain not in kept:
            kept.append(plain)
    return "\n\n".join(kept) or None


def is_break(title: str, kind: str, authors: Sequence[Credit]) -> bool:
    """Tell whether this is a break, a registration or a social event, which nobody gives."""
    meant = kind_of(kind)
    if meant is Kind.OTHER:
        meant = kind_of(title)
    return not authors and meant in _WITHOUT_SPEAKERS


def _is_talk(talk: Talk) -> bool:
    """Tell a talk from what only takes up time, such as lunch, of which there is nothing to say."""
    if is_break(talk.title, talk.kind, talk.authors):
        return False
    return bool(talk.authors or talk.abstract or talk.track)


def _own_session(gathering: Gathering, talk: Talk, slot: Slot) -> None:
    gathering.session(
        SourceSession(
            line=talk.line,
            kind=talk.kind,
            name=talk.title,
            track=talk.track,
            room=slot.room,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            abstract=talk.abstract,
            source_id=talk.source_id,
            links=talk.links,
        ),
        ("event", talk.mark if talk.mark is not None else talk.title, slot),
    )
