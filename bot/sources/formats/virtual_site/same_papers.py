"""Telling which records of a virtual site are of the same paper."""

from collections.abc import Hashable, Iterator, Sequence

from bot.sources.formats.virtual_site.events import (
    Event,
    id_of,
    kind_of_event,
    openreview_id,
    parents_of,
    people_of,
    relatives_of,
    title_of,
    uid_of,
)
from bot.sources.reading.values import uncased


def papers_of(events: Sequence[Event]) -> list[int]:
    """Return, for each record, the place of the first record of the same paper.

    Records are of the same paper when they have the same `uid`, the same identifier at OpenReview, the same title and
    authors, or when one names the other and they are of different kinds or have the same title.
    """
    leaders = list(range(len(events)))

    def leader(at: int) -> int:
        while leaders[at] != at:
            leaders[at] = leaders[leaders[at]]
            at = leaders[at]
        return at

    def join(one: int, other: int) -> None:
        first, second = sorted((leader(one), leader(other)))
        leaders[second] = first

    seen: dict[Hashable, int] = {}
    places: dict[str | None, int] = {}
    for at, event in enumerate(events):
        places.setdefault(id_of(event), at)
        for mark in _marks(event):
            join(seen.setdefault(mark, at), at)
    for at, event in enumerate(events):
        for name in (*relatives_of(event), *parents_of(event)):
            other = places.get(name)
            if other is not None and _may_be_the_same(event, events[other]):
                join(at, other)
    return [leader(at) for at in range(len(events))]


def _marks(event: Event) -> Iterator[Hashable]:
    if uid := uid_of(event):
        yield "uid", uid
    if paper := openreview_id(event):
        yield "openreview", paper
    authors = tuple(uncased(author.name) for author in people_of(event))
    if any(authors):
        yield "title", uncased(title_of(event)), authors


def _may_be_the_same(one: Event, other: Event) -> bool:
    of_one_kind = uncased(kind_of_event(one)) == uncased(kind_of_event(other))
    return not of_one_kind or uncased(title_of(one)) == uncased(title_of(other))
