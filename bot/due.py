"""What is due: pure functions of the programme and of what the configuration wants. `bot.delivery` sends it."""

import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.programme.days import ends_at
from bot.programme.model import Programme

_FOR_TIME = "@"


class Kind(StrEnum):
    """What a delivery is."""

    REMINDER = "reminder"
    """A channel hears that a session opens."""

    DIRECT = "direct"
    """A person hears that a session opens that holds their bookmarks."""

    ANNOUNCEMENT = "announcement"
    """A channel hears what the organizers have to say."""

    NEWS = "news"
    """A channel hears which sessions have moved, were cancelled or added."""

    DIRECT_NEWS = "direct-news"
    """A person hears that of the sessions that hold their bookmarks."""

    @property
    def to_person(self) -> bool:
        """Whether the target is a person; else it is a channel."""
        return self in (Kind.DIRECT, Kind.DIRECT_NEWS)

    @property
    def is_planned(self) -> bool:
        """Whether it follows from the programme, and is planned again and again; the rest is written down once."""
        return self in (Kind.REMINDER, Kind.DIRECT)

    @property
    def folds(self) -> bool:
        """Whether what is due together for one target becomes one message."""
        return self is not Kind.ANNOUNCEMENT


class State(StrEnum):
    """How far a delivery is; `bot.delivery` has the steps between them."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    MISSED = "missed"
    CANCELLED = "cancelled"


NEWS_FOR = timedelta(days=1)
"""How long news of a change help."""

_OPEN = (State.PLANNED, State.CANCELLED)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing that must reach somebody.

    Attributes:
        key: what, about what, to whom, how long before: the same each time it is planned.
        target_id: Discord's id of the channel, or of the person.
        subject: what it is about: a session's key, or the number of an announcement or of a change.
        starts_at: when that session begins, in UTC; for what is about no session, when it is due.
        due_at: when it is to be sent, in UTC.
        useful_until: from when on it would help nobody any more, in UTC.
        kind: what it is.
    """

    key: str
    target_id: int
    subject: str
    starts_at: datetime
    due_at: datetime
    useful_until: datetime
    kind: Kind = Kind.REMINDER


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody's wish for a direct message before the sessions that hold their bookmarks.

    Attributes:
        minutes: how long before.
        unreachable: whether Discord refused the last one; nothing is sent until they wish again.
        told: whether they have been told so.
    """

    minutes: int
    unreachable: bool = False
    told: bool = False


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


@dataclass(frozen=True, slots=True)
class Changes:
    """What planning changes in the ledger.

    Attributes:
        write: deliveries to be planned: new ones, moved ones, and cancelled ones that are to be sent after all.
        cancel: the keys of planned deliveries that are not to be sent.
    """

    write: Sequence[Delivery]
    cancel: Sequence[str]


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
            key=f"reminder:{channel}:{session.key}:{int(lead.total_seconds()) // 60}",
            target_id=channel,
            subject=session.key,
            starts_at=session.starts_at,
            due_at=session.starts_at - lead,
            useful_until=ends_at(session, session.starts_at),
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
                ahead = pace.window(key) * _share(user, key)
                due.append(
                    Delivery(
                        key=f"{Kind.DIRECT}:{user}:{key}",
                        target_id=user,
                        subject=key,
                        starts_at=session.starts_at,
                        due_at=session.starts_at - timedelta(minutes=wish.minutes) - ahead,
                        useful_until=ends_at(session, session.starts_at),
                        kind=Kind.DIRECT,
                    )
                )
    return due


def plan_news(
    number: int, made_at: datetime, channels: Iterable[int], people: Sequence[int], pace: int
) -> list[Delivery]:
    """Return who is to hear news: the channels at once, the people one after the other.

    Args:
        number: under which the news are kept.
        made_at: when the programme was changed, in UTC.
        channels: the ids of the channels.
        people: Discord's ids of those who have bookmarked something that is concerned and wish to hear.
        pace: how many direct messages go out in a minute.
    """
    ahead = timedelta(minutes=1) / pace
    targets = [(Kind.NEWS, channel, made_at) for channel in channels]
    targets += [(Kind.DIRECT_NEWS, person, made_at + ahead * place) for place, person in enumerate(people)]
    return [
        Delivery(f"{kind}:{target}:{number}", target, str(number), made_at, due_at, made_at + NEWS_FOR, kind)
        for kind, target, due_at in targets
    ]


def _sessions_of(programme: Programme, papers: Iterable[str]) -> set[str]:
    return {paper.session_key for key in papers if (paper := programme.papers.get(key))}


def _share(user: int, session_key: str) -> float:
    """Return a person's part of the time that all messages take, from 0 to 1: always the same, and evenly spread."""
    return zlib.crc32(f"{user}:{session_key}".encode()) / 2**32


def reconcile(wanted: Iterable[Delivery], known: Mapping[str, tuple[State, Delivery]], threshold: timedelta) -> Changes:
    """Compare what is to be sent with what the ledger has.

    What was sent already is not sent again, unless its session's start moved by more than the threshold: then there is
    a delivery for the new time, under a key of its own.

    Args:
        wanted: the plan.
        known: the ledger's deliveries by key, with their states.
        threshold: see above.
    """
    versions: dict[str, list[tuple[State, Delivery]]] = {}
    for key, entry in known.items():
        versions.setdefault(key.partition(_FOR_TIME)[0], []).append(entry)
    write: list[Delivery] = []
    keys: set[str] = set()
    for delivery in wanted:
        current = _for_its_time(delivery, versions.get(delivery.key, ()), threshold)
        keys.add(current.key)
        state, before = known.get(current.key, (None, None))
        if state in (None, State.CANCELLED) or (state is State.PLANNED and before != current):
            write.append(current)
    cancel = [key for key, (state, _) in known.items() if state is State.PLANNED and key not in keys]
    return Changes(write, cancel)


def _for_its_time(delivery: Delivery, versions: Iterable[tuple[State, Delivery]], threshold: timedelta) -> Delivery:
    """Return the delivery under the key that stands for its session's present start.

    That is the key of what was told about this start, or nearly this one; else that of what is still to be told; else
    a new one.
    """
    told = [before for state, before in versions if state not in _OPEN]
    for before in told:
        if abs(before.starts_at - delivery.starts_at) <= threshold:
            return replace(delivery, key=before.key)
    if not told:
        return delivery
    untold = next((before.key for state, before in versions if state in _OPEN), None)
    return replace(delivery, key=untold or f"{delivery.key}{_FOR_TIME}{delivery.starts_at:%Y%m%dT%H%MZ}")
