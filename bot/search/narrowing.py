"""What a search can be narrowed down to: the papers of a session, an author, a topic or an affiliation."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

import numpy as np

from bot.programme.model import Programme
from bot.search.facets import Facets
from bot.search.postings import Mask, mask_of

_NEVER: Final = datetime.max.replace(tzinfo=UTC)


class Narrowing:
    """The papers of each session, author, topic and affiliation of one programme."""

    def __init__(self, programme: Programme, places: Mapping[str, int], topics: Facets, affiliations: Facets) -> None:
        """Take a programme, the places of its papers by their keys, and what these have in common."""
        self._programme = programme
        self._papers = tuple(programme.papers.values())
        self._places = places
        self._topics = topics
        self._affiliations = affiliations

    def to(self, session: str | None, author: str | None, topic: str | None, affiliation: str | None) -> Mask | None:
        """Return which papers are of everything that is given, by its key; None for all, where nothing is."""
        chosen: Mask | None = None
        filters: Sequence[tuple[Callable[[str], Sequence[int]], str | None]] = (
            (self._of_session, session),
            (self._by_author, author),
            (self._topics.having, topic),
            (self._affiliations.having, affiliation),
        )
        for having, key in filters:
            if key is not None:
                mask = mask_of(having(key), len(self._papers))
                chosen = mask if chosen is None else chosen & mask
        return chosen

    def in_time_order(self, chosen: Mask, session: str | None) -> Sequence[int]:
        """Return the chosen papers by their time, which is that in a session if one is given, and then as they come."""
        if session is not None:
            return [place for place in self._of_session(session) if chosen[place]]
        return sorted(np.flatnonzero(chosen).tolist(), key=self._starts_at)

    def _of_session(self, key: str) -> list[int]:
        session = self._programme.session(key)
        return [self._places[paper.key] for paper in session.papers] if session else []

    def _by_author(self, key: str) -> list[int]:
        person = self._programme.people.get(key)
        return [self._places[paper.key] for paper in person.papers] if person else []

    def _starts_at(self, place: int) -> datetime:
        return next((one.starts_at for one in self._papers[place].appearances if one.starts_at), _NEVER)
