"""Which papers a query is about: those of a session or an author, with its phrases and without what it excludes."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.programme.model import Paper, Programme
from bot.search.papers import phrase_text
from bot.search.postings import Postings
from bot.search.query import Query
from bot.search.vocabulary import Vocabulary

Mask: TypeAlias = NDArray[np.bool_]
"""Which papers, by their places."""


class Filters:
    """The filters of one programme."""

    def __init__(self, programme: Programme, vocabulary: Vocabulary, postings: Postings) -> None:
        self._papers = tuple(programme.papers.values())
        self._vocabulary = vocabulary
        self._postings = postings
        self._phrases = [phrase_text(paper) for paper in self._papers]
        places = {paper.key: place for place, paper in enumerate(self._papers)}
        self._sessions = {
            session.key: np.fromiter((places[paper.key] for paper in session.papers), np.int32)
            for session in programme.sessions
        }
        self._authors = {
            person.key: [places[paper.key] for paper in person.papers] for person in programme.people.values()
        }

    def passes(self, paper: Paper, session: str | None, author: str | None) -> bool:
        """Tell whether a paper is in a session and by an author, by their keys, where these are given."""
        return (session is None or paper.session_key == session) and (
            author is None or any(person.key == author for person in paper.authors)
        )

    def allowed(self, query: Query, session: str | None, author: str | None) -> Mask | None:
        """Return which papers pass the filters, the phrases and the exclusions; None for all."""
        if not (query.phrases or query.without or session or author):
            return None
        allowed = np.ones(len(self._papers), np.bool_)
        if session is not None:
            allowed &= self._mask(self._sessions.get(session, ()))
        if author is not None:
            allowed &= self._mask(self._authors.get(author, ()))
        for phrase in query.phrases:
            allowed &= self._having(phrase, allowed)
        for phrase in query.without:
            allowed &= ~self._having(phrase, allowed)
        return allowed

    def _mask(self, papers: Sequence[int] | NDArray[np.int32]) -> Mask:
        mask = np.zeros(len(self._papers), np.bool_)
        mask[np.asarray(papers, np.int32)] = True
        return mask

    def _having(self, phrase: tuple[str, ...], among: Mask) -> Mask:
        """Return which of some papers have these words in a row; only those that have them all are read."""
        candidates = among.copy()
        for word in phrase:
            number = self._vocabulary.id(word)
            candidates &= self._mask(() if number is None else self._postings.of(number)[0])
        wanted = f" {' '.join(phrase)} "
        return self._mask([paper for paper in np.flatnonzero(candidates).tolist() if wanted in self._phrases[paper]])
