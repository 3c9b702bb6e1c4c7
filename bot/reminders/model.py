"""Who is reminded of which session, and when: pure functions of the programme and of what people want."""

import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.agenda.model import Wish
from bot.delivery.model import Delivery, Kind
from bot.programme.days import ends_at
from bot.programme.model import Programme

REMINDER = Kind("reminder", replanned=True)
"""A channel hears that a session opens."""

DIRECT_REMINDER = Kind("direct", to_person=True, replanned=True)
"""A person hears that a session opens that holds their bookmarks."""

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast direct messages go out.

    Attributes:
        per_minute: how many in a minute.
        audiences: how many people hear of each session, by its key.
    """

    per_minute: int
    audiences: Mapping[str, int]

    def window(self, session_key: str) -> timedelta:
        """Return how long it takes to tell everybody about a session."""
        return timedelta(minutes=self.audiences.get(session_key, 0) / self.per_minute)


def plan(programme: Programme, channels: Iterable[int], leads: Iterable[timedelta], now: datetime) -> list[Delivery]:
    """Return the reminders of a programme that can still help, those that should have been sent already included.

    Args:
        programme: the programme; sessions without a time are left out.
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
        if session.starts_at and ends_at(session, session.starts_at) > now
        for channel in channels
        for lead in leads
    ]


def audiences(programme: Programme, bookmarks: Mapping[int, Iterable[str]]) -> Counter[str]:
    """Return how many people have bookmarked something in each session, by the session's key."""
    return Counter(key for papers in bookmarks.values() for key in _sessions_of(programme, papers))


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
        pace: how many messages go out in a minute, and how many people hear of each session in all.
        now: the present moment.
    """
    sessions = {session.key: session for session in programme.sessions}
    due: list[Delivery] = []
    for user, wish in wishes.items():
        if wish.unreachable:
            continue
        for key in _sessions_of(programme, bookmarks.get(user, ())):
            session = sessions[key]
            if session.starts_at and ends_at(session, session.starts_at) > now:
                # From 0 to 1, evenly spread.
                share = zlib.crc32(f"{user}:{key}".encode()) / 2**32
                due.append(
                    Delivery(
                        key=f"{DIRECT_REMINDER.name}:{user}:{key}",
                        target_id=user,
                        subject=key,
                        starts_at=session.starts_at,
                        due_at=session.starts_at - wish.minutes * _MINUTE - pace.window(key) * share,
                        useful_until=ends_at(session, session.starts_at),
                        kind=DIRECT_REMINDER,
                    )
                )
    return due


def _sessions_of(programme: Programme, papers: Iterable[str]) -> set[str]:
    return {paper.session_key for key in papers if (paper := programme.papers.get(key))}
