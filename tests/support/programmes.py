"""Small programmes of a test's own, made of sessions and of what is shown in them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.programme.build import build
from bot.programme.identity import assign_keys
from bot.programme.model import Programme
from bot.programme.source import Credit, Problem, Source, SourceAppearance, SourcePaper, SourceSession


@dataclass(frozen=True)
class Shown:
    """A paper in a session, with its own time, room or board."""

    paper: SourcePaper
    appearance: SourceAppearance


@dataclass(frozen=True)
class Made:
    """A session that `source_of` makes part of a source."""

    session: SourceSession
    shown: tuple[Shown, ...]


def credited(*names: str) -> tuple[Credit, ...]:
    """Make authors or chairs; an empty name is a slot that the source left blank."""
    return tuple(map(Credit, names))


def paper(title: str | None = None, *authors: str, **fields: Any) -> SourcePaper:
    """Make a paper: its title, the names of its authors, and its other fields by name."""
    return SourcePaper(**{"title": title, "authors": credited(*authors), **fields})


def at(
    one: SourcePaper | str,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    *,
    room: str | None = None,
    board: str | None = None,
) -> Shown:
    """Show a paper, or one of that title, at a time, in a room or on a board of its own."""
    shown = paper(one) if isinstance(one, str) else one
    return Shown(shown, SourceAppearance(0, starts_at, ends_at, room, board))


def session(name: str, *shown: Shown | SourcePaper | str, **fields: Any) -> Made:
    """Make a session: its name, what is shown in it (a text stands for a paper of that title), and its other fields."""
    return Made(SourceSession(name=name, **fields), tuple(one if isinstance(one, Shown) else at(one) for one in shown))


def source_of(
    *sessions: Made,
    unscheduled: Sequence[SourcePaper] = (),
    problems: Iterable[Problem] = (),
    format: str = "test/1",  # noqa: A002 - what the source calls it
) -> Source:
    """Make a source. A paper that is handed to several sessions is one that is shown in all of them.

    Two papers that are merely equal are two.
    """
    papers: list[SourcePaper] = []
    places: dict[int, int] = {}
    for one in (*(shown.paper for made in sessions for shown in made.shown), *unscheduled):
        if id(one) not in places:
            places[id(one)] = len(papers)
            papers.append(one)
    return Source(
        format,
        tuple(
            replace(
                made.session,
                appearances=tuple(replace(one.appearance, paper=places[id(one.paper)]) for one in made.shown),
            )
            for made in sessions
        ),
        tuple(papers),
        tuple(problems),
    )


def programme_of(*sessions: Made, unscheduled: Sequence[SourcePaper] = ()) -> Programme:
    """Make the programme of such a source as people see it, with the keys it gets when it is loaded first."""
    return build(assign_keys(source_of(*sessions, unscheduled=unscheduled)))


def papers_in(source: Source, place: int = 0) -> list[SourcePaper]:
    """Return the papers of one of a source's sessions, in the order in which they appear there."""
    return [source.papers[one.paper] for one in source.sessions[place].appearances]
