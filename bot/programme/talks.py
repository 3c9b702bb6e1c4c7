"""Which talks of a session are on, and what comes next of everything."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from heapq import merge
from typing import NamedTuple

from bot.programme.days import ends_at, in_time_order, is_over
from bot.programme.model import Appearance, Paper, Programme, Session


class Talk(NamedTuple):
    """A paper with its slot in a session; the moments are aware and in UTC."""

    starts_at: datetime
    ends_at: datetime | None
    paper: Paper
    shown: Appearance


def talks_of(session: Session) -> list[Talk]:
    """Return a session's talks in the order of time."""
    talks = [
        Talk(shown.starts_at, shown.ends_at, paper, shown)
        for paper in session.papers
        for shown in paper.appearances_in(session.key)
        if shown.has_slot and shown.starts_at
    ]
    return sorted(talks, key=lambda talk: talk.starts_at)


def talks_on(talks: Sequence[Talk], now: datetime) -> list[Talk]:
    """Return those of some talks, in the order of time, that are on.

    One whose end was not announced is on until another one begins.
    """
    begun = [talk for talk in talks if talk.starts_at <= now]
    return [talk for talk in begun if (now < talk.ends_at if talk.ends_at else talk.starts_at == begun[-1].starts_at)]


def papers_by_time(programme: Programme, now: datetime) -> Iterator[Paper]:
    """Yield the papers, some more than once: what is on or comes next first, then what has no time, then what is over.

    Only what is asked for is looked at, since a few of them are suggested whenever somebody begins to type.
    """
    sessions = in_time_order(programme.sessions)
    to_come = [session for session in sessions if not is_over(session, now)]
    coming = merge(*(_coming(session, now) for session in to_come), key=lambda entry: entry[0])
    yield from (paper for _, paper in coming)
    for session in to_come:
        yield from (paper for paper in session.papers if any(one.starts_at is None for one in paper.appearances))
    yield from programme.unscheduled
    yield from (paper for session in sessions for paper in session.papers)


def _coming(session: Session, now: datetime) -> Iterator[tuple[datetime, Paper]]:
    """Yield the papers of a session whose time there is not over, with that time's start, in the order of time."""
    for paper in session.papers:
        for shown in paper.appearances_in(session.key):
            if shown.starts_at and ends_at(shown, shown.starts_at) > now:
                yield shown.starts_at, paper
