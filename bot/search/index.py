"""The index: which papers and people a few words mean."""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np

from bot.programme.model import Paper, Programme
from bot.search.acronyms import Acronyms
from bot.search.affiliations import affiliation_words
from bot.search.facets import Facet, Facets
from bot.search.matching import Answering, Matching
from bot.search.narrowing import Narrowing
from bot.search.paper_words import PaperWords
from bot.search.papers import affiliations_of, introductions, searched_texts, topics_of
from bot.search.people import People, PersonHit
from bot.search.phrases import Phrases
from bot.search.postings import Mask, PostingsBuilder, Worths
from bot.search.query import Query
from bot.search.results import Certainty, Hit, Ranked, Results
from bot.search.scoring import LEAST_IN_TITLE_MISSPELT, Scoring
from bot.search.similar import Similar, Similarity
from bot.search.terms import Terms
from bot.search.titles import Titles
from bot.search.vocabulary import Vocabulary
from bot.search.words import index_words, tokens

_SHORT_LIST: Final = 40
"""How many papers are compared with the query by their titles as well, at every keystroke.

Among 6,186 papers twice as many find no more in `tests.search.bench_search`, and take one and a half times as long.
"""

_TITLES_READ: Final = 300
"""In how many titles with all the words these are looked for in a row; 2,000 find no more among 6,186 papers."""


class Index:
    """Everything of a programme that can be found. Building takes a while: do it in a thread."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self._papers = tuple(programme.papers.values())
        self._places = {paper.key: place for place, paper in enumerate(self._papers)}
        self._topics_of = [topics_of(paper, programme) for paper in self._papers]
        self._acronyms = Acronyms(introductions(self._papers))
        self._names: dict[str, list[int]] = {}
        self._boards: dict[str, list[int]] = {}
        text, facets = PostingsBuilder(), PostingsBuilder()
        titles: list[str] = []
        texts: list[str] = []
        for place, (paper, topics) in enumerate(zip(self._papers, self._topics_of, strict=True)):
            words = PaperWords(paper, topics)
            text.add(words.text_worths(self._acronyms))
            facets.add(words.facet_worths(self._acronyms))
            titles.append(title := " ".join(words.title))
            texts.append(words.in_a_row())
            boards = {" ".join(tokens(one.board)) for one in paper.appearances if one.board}
            for name in {title, paper.key, *boards} - {""}:
                self._names.setdefault(name, []).append(place)
            for board in boards:
                self._boards.setdefault(board, []).append(place)
        self._titles = Titles(titles)
        self._vocabulary = Vocabulary((*text.words, *facets.words))
        self._matching = Matching(self._vocabulary, self._acronyms)
        self._text = text.build(self._vocabulary.words)
        self._facets = facets.build(self._vocabulary.words)
        self._topics = Facets(self._topics_of, index_words)
        self._affiliations = Facets(map(affiliations_of, self._papers), affiliation_words)
        self._people = People(programme.people.values())
        self._narrowing = Narrowing(programme, self._topics, self._affiliations)
        self._phrases = Phrases(texts, self._vocabulary, (self._text, self._facets))
        self._scoring = Scoring(len(self._papers), self._text, self._facets)
        self._similarity = Similarity(self._papers, self._vocabulary, self._text, self._topics, self._scoring.weight)

    def search(
        self,
        query: Query,
        *,
        session: str | None = None,
        author: str | None = None,
        topic: str | None = None,
        affiliation: str | None = None,
    ) -> Results:
        """Return the papers that answer a query, the best first.

        Where nothing is asked for, these are all papers that the search is narrowed down to, in the order of time.

        Args:
            query: what is asked for.
            session: only papers of the session with this key.
            author: only papers by the person with this key.
            topic: only papers with a topic or a track of this name, folded.
            affiliation: only papers of somebody who works at the place of this name, folded.
        """
        query = query.quoting(self._vocabulary)
        chosen = self._narrowing.to(session, author, topic, affiliation)
        allowed = self._phrases.allowed(query, chosen)
        if not query and chosen is not None and allowed is not None:
            return self._all(self._narrowing.in_time_order(allowed, session))
        terms = Terms(query, self._vocabulary, self._spread)
        scores, titled = self._scoring.scores(terms.meanings, allowed)
        if not titled.any() and len(terms.meanings) > 1:
            # No paper has all the words in its title: one that exists may still be another's misspelling.
            terms.be_lenient()
            scores, titled = self._scoring.scores(terms.meanings, allowed, least=LEAST_IN_TITLE_MISSPELT)
        self._scoring.add_fillers(scores, terms.fillers)
        named = [place for place in self._named(query) if chosen is None or chosen[place]]
        first = [Ranked(place, math.inf, math.inf) for place in named]
        scores[named] = 0.0
        first += self._short_list(scores, terms.readings, titled)
        hit = partial(self._hit, answering=self._matching.answering(terms.meanings))
        return Results(self._papers, first, scores, hit, terms.corrected)

    def suggest(self, text: str, limit: int = 25) -> list[Paper]:
        """Return the papers to offer while somebody is still typing, none for no text."""
        return self.search(self._query(text)).papers(limit)

    def find(self, text: str, limit: int = 5) -> tuple[Certainty, list[Paper]]:
        """Return the paper that free text means, or those it may mean, the likeliest first."""
        query = self._query(text)
        named = self._named(query)
        if len(named) == 1:
            return Certainty.NAMED, [self._papers[named[0]]]
        results = self.search(query)
        if not results:
            return Certainty.NOTHING, []
        if results.clear:
            return Certainty.MEANT, results.papers(1)
        return Certainty.UNCLEAR, results.papers(limit)

    def people(self, text: str, *, unfinished: bool = False, limit: int = 25) -> list[PersonHit]:
        """Return who may be meant by a name, the surest first."""
        return self._people.find(text, unfinished=unfinished, limit=limit)

    def topics(self, typed: str = "", limit: int = 25) -> list[Facet]:
        """Return the topics and tracks that may be meant by what is typed so far, those of most papers first."""
        return self._topics.like(typed, limit)

    def affiliations(self, typed: str = "", limit: int = 25) -> list[Facet]:
        """Return the places where authors work that may be meant likewise."""
        return self._affiliations.like(typed, limit)

    def similar(self, key: str, limit: int = 5) -> list[Similar]:
        """Return the papers nearest in topic to the one with this key, by the topics and the rare words they share.

        Never the paper itself, and never nothing while there is another paper.
        """
        return self._similarity.nearest(self._places[key], limit)

    def _query(self, text: str) -> Query:
        """Take a text apart; a paper's key is read as it is, with its hyphens."""
        query = Query.parse(text)
        key = text.strip().lower()
        return replace(query, whole=key) if key in self._places else query

    def _named(self, query: Query) -> list[int]:
        """Return the papers that a query names outright: by key, by title, or by board."""
        if found := self._names.get(query.whole):
            return found
        board = " ".join(query.terms)
        return self._boards.get(board, []) if self._boards and any(map(str.isdigit, board)) else []

    def _spread(self, word: int) -> int:
        return self._text.spread(word) + self._facets.spread(word)

    def _all(self, places: Sequence[int]) -> Results:
        """Return papers that were not asked for by words, in their order."""
        ranked = [Ranked(place, 1.0, 1.0) for place in places]
        nothing = np.zeros(len(self._papers), np.float32)
        return Results(self._papers, ranked, nothing, partial(self._hit, answering=self._matching.answering(())), None)

    def _short_list(self, scores: Worths, readings: Sequence[str], titled: Mask) -> list[Ranked]:
        """Take the best papers out of the scores, and rank them by how they fit the titles as well."""
        found = np.flatnonzero(scores)
        if len(found) > _SHORT_LIST:
            best = found[np.argpartition(-scores[found], _SHORT_LIST)[:_SHORT_LIST]]
            alike = self._titles.alike(readings, np.flatnonzero(titled)[:_TITLES_READ].tolist())
            found = np.union1d(best, [paper for paper in alike if scores[paper]]).astype(np.int64)
        papers = found.tolist()
        ranked = [
            Ranked(paper, score * (1.0 + fit), score)
            for paper, score, fit in zip(
                papers, scores[found].tolist(), self._titles.fits(readings, papers), strict=True
            )
        ]
        scores[found] = 0.0
        beaten = float(scores.max()) if len(scores) else 0.0
        for entry in ranked:
            if entry.score < beaten:  # its title begins like the query, but its words are worth too little
                scores[entry.paper] = entry.by_words
        return sorted((entry for entry in ranked if entry.score >= beaten), key=lambda entry: -entry.score)

    def _hit(self, place: int, score: float, answering: Answering) -> Hit:
        """Make the hit of a paper, with the words by which it was found, as they stand in it."""
        texts = searched_texts(self._papers[place], self._topics_of[place])
        return Hit(self._papers[place], score, answering.words(texts))
