"""What of somebody's own is at the same time as a meetup."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.agenda.model import Item, by_session, items_of, with_end
from bot.meetups.model import Meetup
from bot.programme.days import ends_at
from bot.programme.model import Paper, Programme, Session


@dataclass(frozen=True, slots=True)
class Clash:
    """Something that somebody wants to see, or another meetup of theirs.

    Attributes:
        name: what it is called.
        starts_at: when it begins, in UTC.
        ends_at: when it is over, as far as that is known.
    """

    name: str
    starts_at: datetime
    ends_at: datetime | None


def clashes_with(
    meetup: Meetup, programme: Programme, papers: Iterable[Paper], others: Iterable[Meetup]
) -> list[Clash]:
    """Return what is at the same time as a meetup, in the order of time: talks, sessions of all else, and meetups.

    Args:
        meetup: the meetup.
        programme: the programme.
        papers: the papers that somebody has bookmarked.
        others: the meetups they come to.
    """
    items = items_of(programme, papers)
    talks = (with_end(item) for item in items if item.has_slot)
    own: list[Item | Session] = [*talks, *(session for session, _ in by_session(items))]
    found = [
        Clash(one.name, one.starts_at, one.ends_at)
        for one in own
        if one.starts_at and _overlap(meetup, one.starts_at, ends_at(one, one.starts_at))
    ]
    found += [
        Clash(other.topic, other.starts_at, other.ends_at)
        for other in others
        if other.id != meetup.id and _overlap(meetup, other.starts_at, other.ends_at)
    ]
    return sorted(found, key=lambda one: (one.starts_at, one.name))


def _overlap(meetup: Meetup, starts_at: datetime, over_at: datetime) -> bool:
    # What lasts no time is at its moment all the same.
    return starts_at < meetup.ends_at and max(over_at, starts_at + timedelta(minutes=1)) > meetup.starts_at
