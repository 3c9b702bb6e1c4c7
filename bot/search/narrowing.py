"""What a search can be narrowed down to: the papers of a session, an author, a topic or an affiliation."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import numpy as np

from bot.programme.model import Programme
from bot.search.facets import Facets
from bot.search.postings import Mask, mask_of

_NEVER: Final = datetime.max.replace(tzinfo=UTC)


class Narrowing:
    """The papers of each session, author, topic and affiliation of one programme."""

    def __init__(self, programme: Programme, topics: Facets, affiliations: Facets) -> None:
        self._papers = tuple(programme.papers.values())
        self._topics = topics
        self._affiliations = affiliations
        places = {paper.key: place for place, paper in enumerate(self._papers)}
        self._sessions = {
            session.key: [places[paper.key] for paper in session.papers] for session in programme.sessions
        }
        self._authors = {
            key: [places[paper.key] for paper in person.papers] for key, person in programme.people.items()
        }

    def to(self, session: str | None, author: str | None, topic: str | None, affiliation: str | None) -> Mask | None:
        """Return which papers are of everything that is given, by its key; None for all, where nothing is."""
        chosen: Mask | None = None
        for papers, key in (
            (self._sessions, session),
            (self._authors, author),
            (self._topics.papers, topic),
            (self._affiliations.papers, affiliation),
        ):
            if key is not None:
                having = mask_of(papers.get(key, ()), len(self._papers))
                chosen = having if chosen is None else chosen & having
        return chosen

    def in_time_order(self, chosen: Mask, session: str | None) -> Sequence[int]:
        """Return the chosen papers by their time, which is that in a session if one is given, and then as they come."""
        if session is not None:
            return [place for place in self._sessions.get(session, ()) if chosen[place]]
        return sorted(np.flatnonzero(chosen).tolist(), key=self._starts_at)

    def _starts_at(self, place: int) -> datetime:
        return next((one.starts_at for one in self._papers[place].appearances if one.starts_at), _NEVER)
