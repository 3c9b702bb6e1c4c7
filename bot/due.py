"""What is due: pure functions of the programme and of what the configuration wants. `bot.delivery` sends it."""

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.programme.days import ends_at
from bot.programme.model import Programme

DIRECT = "direct:"
"""Begins the key of a delivery whose target is a person."""


class State(StrEnum):
    """How far a delivery is; `bot.delivery` has the steps between them."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    MISSED = "missed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing that must reach somebody.

    Attributes:
        key: what, about what, to whom, how long before: the same each time it is planned.
        target_id: Discord's id of the channel, or of the person.
        session_key: the session it is about.
        starts_at: when that session begins, in UTC.
        due_at: when it is to be sent, in UTC.
        useful_until: from when on it would help nobody any more, in UTC.
    """

    key: str
    target_id: int
    session_key: str
    starts_at: datetime
    due_at: datetime
    useful_until: datetime

    @property
    def direct(self) -> bool:
        """Whether the target is a person."""
        return self.key.startswith(DIRECT)


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
            session_key=session.key,
            starts_at=session.starts_at,
            due_at=session.starts_at - lead,
            useful_until=ends_at(session, session.starts_at),
        )
        for session in programme.sessions
        if session.starts_at and ends_at(session, session.starts_at) > now
        for channel in channels
        for lead in leads
    ]


def plan_direct(
    programme: Programme,
    wishes: Mapping[int, Wish],
    bookmarks: Callable[[int], Iterable[str]],
    per_minute: int,
    now: datetime,
) -> list[Delivery]:
    """Return the direct messages that can still help, paced so that the last one is out when it should be.

    So many people at once would take longer than a moment. Everybody's message is therefore due some time earlier, by
    a part of that time which is theirs, the same at each planning.

    Args:
        programme: the programme.
        wishes: who wants direct messages.
        bookmarks: gives the keys of the papers somebody bookmarked.
        per_minute: how many messages go out in a minute.
        now: the present moment.
    """
    audiences: dict[str, list[int]] = {}
    for user, wish in wishes.items():
        if not wish.unreachable:
            papers = (programme.papers.get(key) for key in bookmarks(user))
            for session_key in {paper.session_key for paper in papers if paper}:
                audiences.setdefault(session_key, []).append(user)
    due: list[Delivery] = []
    for session in programme.sessions:
        users = audiences.get(session.key)
        if users and session.starts_at and ends_at(session, session.starts_at) > now:
            window = timedelta(minutes=len(users) / per_minute)
            due += [
                Delivery(
                    key=f"{DIRECT}{user}:{session.key}",
                    target_id=user,
                    session_key=session.key,
                    starts_at=session.starts_at,
                    due_at=session.starts_at
                    - timedelta(minutes=wishes[user].minutes)
                    - window * _share(user, session.key),
                    useful_until=ends_at(session, session.starts_at),
                )
                for user in users
            ]
    return due


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
    write: list[Delivery] = []
    keys: set[str] = set()
    for delivery in wanted:
        current = _for_its_time(delivery, known, threshold)
        keys.add(current.key)
        state, before = known.get(current.key, (None, None))
        if state in (None, State.CANCELLED) or (state is State.PLANNED and before != current):
            write.append(current)
    cancel = [key for key, (state, _) in known.items() if state is State.PLANNED and key not in keys]
    return Changes(write, cancel)


def _for_its_time(delivery: Delivery, known: Mapping[str, tuple[State, Delivery]], threshold: timedelta) -> Delivery:
    """Return the delivery under the key that stands for its session's present start."""
    state, before = known.get(delivery.key, (None, None))
    if before is None or state in (State.PLANNED, State.CANCELLED):
        return delivery
    if abs(before.starts_at - delivery.starts_at) <= threshold:
        return delivery
    return replace(delivery, key=f"{delivery.key}@{delivery.starts_at:%Y%m%dT%H%MZ}")
