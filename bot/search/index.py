"""The index: which papers and people a few words mean."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np

from bot.programme.model import Paper, Programme
from bot.remembered import Remembered
from bot.search.acronyms import NO_ACRONYMS, Acronyms, introducing
from bot.search.authored import Authored
from bot.search.building import contents_of
from bot.search.contents import Contents
from bot.search.facets import Facet
from bot.search.flat import Longs
from bot.search.hits import Hits
from bot.search.interests import Neighbours
from bot.search.matching import Matching
from bot.search.narrowing import Narrowing
from bot.search.people import PersonHit
from bot.search.phrases import Phrases
from bot.search.postings import Mask, Worths
from bot.search.query import Query
from bot.search.quoted import quoted
from bot.search.ranking import NOWHERE, Ranked, short_list
from bot.search.results import Certainty, Results
from bot.search.scoring import Scored, Scoring
from bot.search.similar import Similar, Similarity
from bot.search.terms import Terms
from bot.search.titles import Titles

_LEAST_CLEAR: Final = 0.75
"""How many of the words a paper must have to be what was meant without asking.

Somebody who types "Tri Dao" does not mean TriInfer. With it, 84 of 100 attendees' questions in `tests/search` are
opened without asking and none of these is wrong; with 0.5 that is 89 and three.
"""


_FEWEST_IN_A_ROW: Final = 3
_FEWEST_APART: Final = 4
"""How many words a paper must have in a row, or anywhere, to be meant by them although its title has not all of them.

With these, of 2,400 questions with one typing error none loses its paper, of phrases of abstracts 10 in 1,000 more come
first, and those are found in half the time. With 3 words anywhere 3 of the former are lost.
"""

_MOST_READ: Final = 100
"""In how many papers that have all the words these are looked for in a row."""

_FEW_TITLED: Final = 10
"""Where no more titles have all the words, those count too that have one of them as two words: as many as are shown."""

_RESULTS_SIZE: Final = 2**22
"""How many bytes the scores of all the searches take up that are remembered for their next pages: some hundred."""

_FEWEST_RESULTS: Final = 16

_SHORT: Final = 8
_MOST_SHORT: Final = 2**12
"""So few letters many people begin with: which papers are suggested for them is remembered, in 2 MB at the most."""


class Index:
    """Everything of a programme that can be found. Building takes a while: do it in a thread.

    Attributes:
        programme: the programme.
        contents: what is known of it, to be kept.
        acronyms: the acronyms that its papers introduce.
    """

    def __init__(
        self, programme: Programme, before: "Index | None" = None, *, contents: Contents | None = None
    ) -> None:
        """Build the index of a programme.

        Args:
            programme: the programme.
            before: an index of another programme; what is the same is not taken apart again.
            contents: what the index consists of, where that is known.
        """
        acronyms = before.acronyms if before else NO_ACRONYMS
        if contents is None and before:
            contents = contents_of(programme, before.programme, before.contents, acronyms)
        elif contents is None:
            contents = contents_of(programme)
        self.programme: Programme = programme
        self.contents: Contents = contents
        self._papers = tuple(programme.papers.values())
        self._places = {paper.key: place for place, paper in enumerate(self._papers)}
        self._titles = Titles(contents.titles)
        self._vocabulary = contents.vocabulary
        self.acronyms: Acronyms = acronyms.renewed(contents.introductions.texts)
        self._hits = Hits(programme, self._papers, Matching(contents.vocabulary, self.acronyms))
        self._narrowing = Narrowing(programme, self._places, contents.topics, contents.affiliations)
        self._phrases = Phrases(contents.rows, contents.vocabulary, (contents.texts, contents.facets))
        self._scoring = Scoring(len(self._papers), contents.texts, contents.facets)
        self._introductions = introducing(contents.introductions)
        self._authored = Authored(self._papers, contents.vocabulary, contents.texts, contents.facets)
        self._similarity = Similarity(self._papers, contents, self._scoring.weight)
        self._short: Remembered[tuple[str, int], Sequence[Paper]] = Remembered(_MOST_SHORT)
        self._results: Remembered[tuple[Query, str | None, str | None, str | None, str | None], Results] = Remembered(
            max(_RESULTS_SIZE // (4 * len(self._papers) + 1), _FEWEST_RESULTS)
        )

    def parts(self) -> list[object]:
        """Return what it consists of, each part freed in a moment."""
        own = (self._places, self._papers, self._titles, self._hits, self._narrowing, self._phrases, self._scoring)
        return [
            *self.contents,
            *own,
            self._introductions,
            self._authored,
            self._similarity,
            self.acronyms,
            self._short,
            self._results,
        ]

    def search(
        self,
        query: Query,
        *,
        session: str | None = None,
        author: str | None = None,
        topic: str | None = None,
        affiliation: str | None = None,
    ) -> Results:
        """Return the papers that answer a query, the best first; what was asked last is remembered.

        Where nothing is asked for, these are all papers that the search is narrowed down to, in the order of time.

        Args:
            query: what is asked for.
            session: only papers of the session with this key.
            author: only papers by the person with this key.
            topic: only papers with a topic or a track of this name, folded.
            affiliation: only papers of somebody who works at the place of this name, folded.
        """
        narrowed = (session, author, topic, affiliation)
        asked = (query, *narrowed)
        return self._results.get(asked, lambda: self._search(query, self._narrowing.to(*narrowed), session))

    def _search(self, query: Query, chosen: Mask | None = None, session: str | None = None) -> Results:
        """Return the papers that answer a query, out of those that were chosen; None stands for all."""
        query = query.quoting(self._vocabulary)
        allowed = self._phrases.allowed(query, chosen)
        if not query and chosen is not None and allowed is not None:
            return self._all(self._narrowing.in_time_order(allowed, session))
        terms, scored, surely = self._scored(Terms(query, self._vocabulary, self._spread), allowed)
        scores, titled = scored.scores, scored.titled
        self._scoring.add_fillers(scores, terms.fillers)
        named = [place for place in self._named(query) if chosen is None or chosen[place]]
        first = [Ranked(place, math.inf, math.inf) for place in named]
        scores[named] = 0.0
        in_a_row = None if titled.any() else partial(self._phrases.in_a_row, terms.numbers)
        introducing = self._introducing(terms, scores)
        first += short_list(
            self._titles, scores, terms, titled, scored.having_all, in_a_row, introducing, self._authored, surely=surely
        )
        corrected = terms.corrected(self._words_of(first[0].paper) if first else ())
        hits = partial(self._hits.of, [*terms.meanings, *(terms.apart.meanings if terms.apart else ())])
        return Results(self._papers, first, scores, hits, terms.meanings, corrected)

    def _words_of(self, paper: int) -> frozenset[int]:
        bounds, words = self.contents.rows
        return frozenset(words[bounds[paper] : bounds[paper + 1]].tolist())

    def _scored(self, terms: Terms, allowed: Mask | None) -> tuple[Terms, Scored, bool]:
        """Return what the words stand for by which they find most, with the scores of the papers.

        The last is whether papers have all the words of which none has them in its title, and surely not by chance.
        """
        if not all(terms.meanings) and (spaced := terms.spaced(known=False)):
            scored = self._scoring.scores(spaced.meanings, allowed)
            if not (scored.titled.any() and all(spaced.meanings)) and terms.be_lenient() and all(terms.meanings):
                other = self._scoring.scores(terms.meanings, allowed)
                if other.titled.any():
                    return terms, other, False
            terms = spaced
        else:
            scored = self._scoring.scores(terms.meanings, allowed)
        if scored.titled.any() and all(terms.meanings):
            self._add_apart(terms, scored, allowed)
            return terms, scored, False
        if self._are_surely_meant(scored, terms):
            return terms, scored, True
        # No paper has all the words in its title. Then one that exists may be two, or another's misspelling.
        if spaced := terms.spaced(known=True):
            other = self._scoring.scores(spaced.meanings, allowed)
            if other.titled.any() and all(spaced.meanings):
                return spaced, other, False
        if terms.be_lenient():
            scored = self._scoring.scores(terms.meanings, allowed)
        return terms, scored, False

    def _add_apart(self, terms: Terms, scored: Scored, allowed: Mask | None) -> None:
        """Let titles count too that have a word of the query as two, where few titles have it in one piece."""
        if np.count_nonzero(scored.titled) > _FEW_TITLED or not (apart := terms.spaced(known=True, rarer=True)):
            return
        other = self._scoring.scores(apart.meanings, allowed)
        papers = np.flatnonzero(other.titled & ~scored.titled)[:_MOST_READ]
        if not len(papers) or not all(apart.meanings):
            return
        papers = papers[self._phrases.in_a_row(apart.numbers, papers) == 1]
        if len(papers):
            terms.apart = apart
            scored.scores[papers] = np.maximum(scored.scores[papers], other.scores[papers])
            for mask in (scored.titled, scored.whole, scored.having_all):
                mask[papers] = True

    def _are_surely_meant(self, scored: Scored, terms: Terms) -> bool:
        """Tell whether papers that have all the words, though not in the title, are what is meant by them.

        Then no word need be another one's misspelling, or two without the space between them.
        """
        count = len(terms.words)
        if count < _FEWEST_IN_A_ROW or not terms.understood or not scored.whole.any():
            return False
        if count >= _FEWEST_APART and scored.rarity > 0:
            return True
        papers = np.flatnonzero(scored.whole)
        return len(papers) <= _MOST_READ and bool((self._phrases.in_a_row(terms.numbers, papers) == 1).any())

    def _introducing(self, terms: Terms, scores: Worths) -> Longs:
        """Let papers that introduce the acronym that is all of a query count as if it was in their titles."""
        if len(terms.words) != 1 or (number := self._vocabulary.id(terms.words[0])) is None:
            return NOWHERE
        places = self._introductions.get(terms.words[0], ())
        introducing = np.array([place for place in places if scores[place]], np.int64)
        scores[introducing] += np.float32(self._scoring.weight(self._spread(number)))
        return introducing

    def read_ahead(self) -> Iterator[None]:
        """Make ready for showing what is found, a step at a time, each well below a millisecond."""
        return self._hits.read_ahead()

    def suggest(self, text: str, limit: int = 25) -> list[Paper]:
        """Return the papers to offer while somebody is still typing, none for no text."""
        if len(text) > _SHORT:
            return self._suggested(text, limit)
        return [*self._short.get((text, limit), lambda: self._suggested(text, limit))]

    def find(self, text: str, limit: int = 5) -> tuple[Certainty, list[Paper]]:
        """Return the paper that free text means, or those it may mean, the likeliest first."""
        query = self._query(text)
        named = self._named(query)
        if len(named) == 1:
            return Certainty.NAMED, [self._papers[named[0]]]
        results = self._search(query)
        if not results:
            return Certainty.NOTHING, []
        if results.clear and self._scoring.share(results.first, results.meanings) >= _LEAST_CLEAR:
            return Certainty.MEANT, results.papers(1)
        return Certainty.UNCLEAR, results.papers(limit)

    def quoted(self, text: str) -> list[Paper]:
        """Return the papers whose whole titles stand in a text that somebody wrote, in the order in which they do."""
        return [self._papers[place] for place in quoted(self.contents.titles, text)]

    def people(self, text: str, *, unfinished: bool = False, limit: int = 25) -> list[PersonHit]:
        """Return who may be meant by a name, the surest first."""
        return self.contents.people.find(text, unfinished=unfinished, limit=limit)

    def topics(self, typed: str = "", limit: int = 25) -> list[Facet]:
        """Return the topics and tracks that may be meant by what is typed so far, those of most papers first."""
        return self.contents.topics.like(typed, limit)

    def affiliations(self, typed: str = "", limit: int = 25) -> list[Facet]:
        """Return the places where authors work that may be meant likewise."""
        return self.contents.affiliations.like(typed, limit)

    def similar(self, key: str, limit: int = 5) -> list[Similar]:
        """Return the papers nearest in topic to the one with this key, by the topics and the rare words they share.

        Never the paper itself, and never nothing while there is another paper.
        """
        return self._similarity.nearest(self._places[key], limit)

    def near(self, keys: Iterable[str]) -> Neighbours:
        """Return the papers near to those with these keys, as one who chose them might want to see, and why.

        A key that is not in the programme counts for nothing; the last ones of many count.
        """
        return Neighbours(self.programme, self._places, self._similarity, keys)

    def _suggested(self, text: str, limit: int) -> list[Paper]:
        return self._search(self._query(text)).papers(limit)

    def _query(self, text: str) -> Query:
        """Take a text apart; a paper's key is read as it is, with its hyphens."""
        query = Query.parse(text)
        key = text.strip().lower()
        return replace(query, whole=key) if key in self._places else query

    def _named(self, query: Query) -> list[int]:
        """Return the papers that a query names outright: by key, by title, or by board."""
        titles, boards = self.contents.titles, self.contents.boards
        if query.whole:
            key = self._places.get(query.whole)
            found = {*titles.exactly(query.whole), *boards.exactly(query.whole), *(() if key is None else (key,))}
            if found:
                return sorted(found)
        return boards.exactly(query.board) if query.board else []

    def _spread(self, word: int) -> int:
        return self.contents.texts.spread(word) + self.contents.facets.spread(word)

    def _all(self, places: Sequence[int]) -> Results:
        """Return papers that were not asked for by words, in their order."""
        ranked = [Ranked(place, 1.0, 1.0) for place in places]
        nothing = np.zeros(len(self._papers), np.float32)
        return Results(self._papers, ranked, nothing, partial(self._hits.of, ()))
