"""Who is reminded of what, and when: pure functions of the programme and of what people want.

A subject is a session, by its key, or a talk with a time of its own within one, by both keys.
"""

import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.agenda.model import Item, Wish, with_end
from bot.delivery.model import Delivery, Kind
from bot.programme.days import ends_at
from bot.programme.kinds import Kind as SessionKind
from bot.programme.model import Programme, Session

REMINDER = Kind("reminder", replanned=True)
"""A channel hears that a session opens."""

DIRECT_REMINDER = Kind("direct", to_person=True, replanned=True)
"""A person hears that a session opens that holds their bookmarks, or that a bookmarked talk begins."""

_MINUTE = timedelta(minutes=1)

_QUIET: Final = frozenset({SessionKind.BREAK, SessionKind.REGISTRATION, SessionKind.SOCIAL})
"""Channels are not reminded of these: nobody needs to be told so often that there is coffee."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast direct messages go out.

    Attributes:
        per_minute: how many in a minute.
        audiences: how many people hear of each subject.
    """

    per_minute: int
    audiences: Mapping[str, int]

    def window(self, subject: str) -> timedelta:
        """Return how long it takes to tell everybody about a subject."""
        return timedelta(minutes=self.audiences.get(subject, 0) / self.per_minute)


def plan(programme: Programme, channels: Iterable[int], leads: Sequence[timedelta], now: datetime) -> list[Delivery]:
    """Return the reminders of a programme that can still help, those that should have been sent already included.

    Of a session of talks there is one reminder alone, the last: such sessions are many, and follow each other.

    Args:
        programme: the programme; sessions without a time, breaks and the like are left out.
        channels: the ids of the channels to be reminded.
        leads: how long before a session's start.
        now: the present moment; a session that is over is not reminded of.
    """
    return [
        Delivery(
            key=f"{REMINDER.name}:{channel}:{session.key}:{lead // _MINUTE}",
            target_id=channel,
            subject=session.key,
            starts_at=session.starts_at,
            due_at=session.starts_at - lead,
            useful_until=ends_at(session, session.starts_at),
            kind=REMINDER,
        )
        for session in programme.sessions
        if session.starts_at and session.kind not in _QUIET and ends_at(session, session.starts_at) > now
        for channel in channels
        for lead in (sorted(leads)[:1] if _has_only_talks(session) else leads)
    ]


def audiences(programme: Programme, bookmarks: Mapping[int, Iterable[str]]) -> Counter[str]:
    """Return how many people have bookmarked something of each subject."""
    return Counter(subject for papers in bookmarks.values() for subject in _subjects_of(programme, papers))


def plan_direct(
    programme: Programme,
    wishes: Mapping[int, Wish],
    bookmarks: Mapping[int, Iterable[str]],
    pace: Pace,
    now: datetime,
) -> list[Delivery]:
    """Return the direct messages that can still help, paced so that the last one is out when it should be.

    So many people at once would take longer than a moment. Everybody's message is therefore due some time earlier, by
    a part of that time which is theirs, the same at each planning.

    Args:
        programme: the programme.
        wishes: who wants direct messages, of all people or of some.
        bookmarks: the keys of the papers that each of them bookmarked.
        pace: how many messages go out in a minute, and how many people hear of each subject in all.
        now: the present moment.
    """
    due: list[Delivery] = []
    times: dict[str, tuple[datetime, datetime] | None] = {}
    for user, wish in wishes.items():
        if wish.unreachable:
            continue
        for subject in _subjects_of(programme, bookmarks.get(user, ())):
            if subject not in times:
                times[subject] = _next_time(programme, subject, now)
            if time := times[subject]:
                starts_at, useful_until = time
                # From 0 to 1, evenly spread.
                share = zlib.crc32(f"{user}:{subject}".encode()) / 2**32
                due.append(
                    Delivery(
                        key=f"{DIRECT_REMINDER.name}:{user}:{subject}",
                        target_id=user,
                        subject=subject,
                        starts_at=starts_at,
                        due_at=starts_at - wish.minutes * _MINUTE - pace.window(subject) * share,
                        useful_until=useful_until,
                        kind=DIRECT_REMINDER,
                    )
                )
    return due


def times_of(programme: Programme, subject: str) -> Sequence[Session | Item]:
    """Return the session that is meant, or each time at which a talk is given in its session; none where it is gone."""
    session_key, slash, paper_key = subject.partition("/")
    session, paper = programme.session(session_key), programme.papers.get(paper_key)
    if session is None:
        return ()
    if not slash:
        return (session,)
    slots = paper.appearances_in(session_key) if paper else ()
    return [Item(paper, session, shown) for shown in slots if paper and shown.has_slot]


def _next_time(programme: Programme, subject: str, now: datetime) -> tuple[datetime, datetime] | None:
    """Return the first time of a subject that is not over: its start, and until when it may be said to be on."""
    times = (with_end(one) if isinstance(one, Item) else one for one in times_of(programme, subject))
    coming = ((one.starts_at, end) for one in times if one.starts_at and (end := ends_at(one, one.starts_at)) > now)
    return min(coming, default=None)


def _subjects_of(programme: Programme, papers: Iterable[str]) -> set[str]:
    """Return what somebody with these bookmarks is reminded of: their talks, and the sessions of everything else."""
    return {
        f"{shown.session_key}/{shown.paper_key}" if shown.has_slot else shown.session_key
        for key in papers
        if (paper := programme.papers.get(key))
        for shown in paper.appearances
    }


def _has_only_talks(session: Session) -> bool:
    shown = [one.has_slot for paper in session.papers for one in paper.appearances_in(session.key)]
    return bool(shown) and all(shown)
