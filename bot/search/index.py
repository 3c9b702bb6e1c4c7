"""The index: which papers and people a few words mean."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np

from bot.programme.model import Paper, Programme
from bot.search.acronyms import Acronyms
from bot.search.filters import Filters, Mask
from bot.search.papers import introductions, searched_texts, topic_tokens, word_worths
from bot.search.people import People, PersonHit
from bot.search.postings import PostingsBuilder, Worths
from bot.search.query import Query
from bot.search.results import Certainty, Hit, Ranked, Results, Similar
from bot.search.terms import Terms
from bot.search.titles import Titles
from bot.search.vocabulary import PREFIX, Meanings, Vocabulary
from bot.search.words import forms, index_words, stem, tokens

_LEAST_IN_TITLE: Final = 0.51
"""The least that a word is worth where it stands in a title or an author's name.

It lies between the most in an abstract, 0.5, and the least in a title, where it is inflected: 0.8 × 0.65.
"""

_LEAST_IN_TITLE_MISSPELT: Final = 0.4
"""The same for a word that was misspelt: between 0.5 × 0.7, and 0.8 × 0.7 × 0.8 where its first letter is wrong."""

_FILLER_WEIGHT: Final = 0.3
"""How much a word that says little counts next to others, where the title has it.

It need only tell apart what is otherwise alike; with 0.6 one more of the attendees' questions in `tests/search` misses.
"""

_MISSING_POWER: Final = 2
"""To what power the share of the words that a paper has is taken: with half of them it keeps a quarter of its score."""

_SHORT_LIST: Final = 40
"""How many papers are compared with the query by their titles as well, at every keystroke.

Among 6,186 papers twice as many find no more in `tests.search.bench_search`, and take one and a half times as long.
"""

_TITLES_READ: Final = 300
"""In how many titles with all the words these are looked for in a row; 2,000 find no more among 6,186 papers."""

_ROUNDING: Final = 0.999
"""All, but for the rounding of sums."""

_TOPIC_WORDS: Final = 40
"""How many of a paper's rare words are looked up in others, the rarest first; a paper of ACL 2022 usually has 90.

With 20 or 80 the nearest paper stays the same for more than 92 of 100.
"""

_MOST_SHARED_WORDS: Final = 4
"""How many shared words are told: as many as fit into a line."""


class Index:
    """Everything of a programme that can be found. Building takes a while: do it in a thread."""

    def __init__(self, programme: Programme) -> None:
        self._papers = tuple(programme.papers.values())
        self._places = {paper.key: place for place, paper in enumerate(self._papers)}
        self._names: dict[str, list[int]] = {}
        self._acronyms = Acronyms(introductions(self._papers))
        builder = PostingsBuilder()
        titles: list[str] = []
        for place, paper in enumerate(self._papers):
            title = " ".join(tokens(paper.label))
            titles.append(title)
            for name in {title, paper.key, " ".join(tokens(paper.number))} - {""}:
                self._names.setdefault(name, []).append(place)
            builder.add(word_worths(paper, self._acronyms))
        self._titles = Titles(titles)
        self._vocabulary = Vocabulary(builder.words)
        self._postings = builder.build(self._vocabulary.words)
        self._people = People(programme.people.values())
        self._filters = Filters(programme, self._vocabulary, self._postings)

    def search(self, query: Query, *, session: str | None = None, author: str | None = None) -> Results:
        """Return the papers that answer a query, the best first.

        Args:
            query: what is asked for.
            session: only papers of the session with this key.
            author: only papers by the person with this key.
        """
        query = query.quoting(self._vocabulary)
        allowed = self._filters.allowed(query, session, author)
        terms = Terms(query, self._vocabulary, self._postings)
        scores, titled = self._scores(terms.meanings, allowed)
        if not titled.any() and len(query.terms) > 1:
            # No paper has all the words in its title: one that exists may still be another's misspelling.
            terms.be_lenient()
            scores, titled = self._scores(terms.meanings, allowed, least=_LEAST_IN_TITLE_MISSPELT)
        self._add_fillers(scores, [word for word in query.words if word not in query.terms])
        named = [place for place in self._named(query) if self._filters.passes(self._papers[place], session, author)]
        first = [Ranked(place, math.inf, math.inf) for place in named]
        scores[named] = 0.0
        first += self._short_list(scores, terms.readings, titled)
        hit = partial(self._hit, meanings=terms.meanings)
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

    def similar(self, key: str, limit: int = 5) -> list[Similar]:
        """Return the papers nearest in topic to the one with this key, by the rare words they share.

        Never the paper itself, and never nothing while there is another paper.
        """
        here = self._places[key]
        own = sorted(self._topic_words(here), reverse=True)[:_TOPIC_WORDS]
        scores = np.zeros(len(self._papers), np.float32)
        for weight, word in own:
            papers, worths = self._postings.of(word)
            scores[papers] += worths * np.float32(weight)
        scores[here] = -1.0
        similar = []
        for place in np.argsort(-scores, kind="stable")[: min(limit, len(self._papers) - 1)].tolist():
            printed = set(topic_tokens(self._papers[place]))
            shared = [spelt for _, word in own if (spelt := self._vocabulary.words[word]) in printed]
            similar.append(Similar(self._papers[place], _distinct(shared)))
        return similar

    def _query(self, text: str) -> Query:
        """Take a text apart; a paper's key is read as it is, with its hyphens."""
        query = Query.parse(text)
        key = text.strip().lower()
        return replace(query, whole=key) if key in self._places else query

    def _named(self, query: Query) -> list[int]:
        """Return the papers that a query names outright: by key, by title, or by number."""
        if found := self._names.get(query.whole):
            return found
        terms = " ".join(query.terms)
        return self._names.get(terms, []) if terms.isdigit() else []

    def _scores(
        self, meanings: Sequence[Meanings], allowed: Mask | None, least: float = _LEAST_IN_TITLE
    ) -> tuple[Worths, Mask]:
        """Return every paper's score, and which papers have all words in their title or their authors' names.

        The score is what a paper's words are worth, less where rare words of the query are missing.

        Args:
            meanings: what each word may stand for.
            allowed: which papers pass the filters, None for all.
            least: what a word is worth at least where it stands in a title or an author's name.
        """
        scores = np.zeros(len(self._papers), np.float32)
        covered = np.zeros(len(self._papers), np.float32)
        titled = np.zeros(len(self._papers), np.float32)
        total = np.float32(0)
        for meaning in meanings:
            best = self._postings.best(meaning.words, meaning.longer, PREFIX)
            has = best > 0
            spread = int(np.count_nonzero(has))
            if spread:
                weight = np.float32(self._weight(spread))
                total += weight
                scores += best * weight
                covered += has * weight
                enough = _LEAST_IN_TITLE_MISSPELT if meaning.corrected else least
                titled += (best > (PREFIX * enough if meaning.longer else enough)) * weight
        if allowed is not None:
            scores[~allowed] = 0.0
        if not total:
            return scores, np.ones(len(self._papers), np.bool_)
        scores *= (covered / total) ** _MISSING_POWER
        return scores, (titled > total * _ROUNDING) & (scores > 0)

    def _weight(self, papers: int) -> float:
        """Return how much a word counts that stands in so many papers: a rare word counts more (BM25's idf)."""
        return math.log(1 + (len(self._papers) - papers + 0.5) / (papers + 0.5))

    def _add_fillers(self, scores: Worths, words: Iterable[str]) -> None:
        """Let words that say little tell apart papers that have the telling ones."""
        found = scores > 0
        for word in words:
            if (number := self._vocabulary.id(word)) is not None:
                papers, worths = self._postings.of(number)
                weight = np.float32(self._weight(self._postings.spread(number)) * _FILLER_WEIGHT)
                scores[papers] += found[papers] * (worths > _LEAST_IN_TITLE) * weight

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

    def _hit(self, place: int, score: float, meanings: Sequence[Meanings]) -> Hit:
        """Make the hit of a paper, with the words by which it was found, as they stand in it."""
        paper = self._papers[place]
        matched: set[str] = set()
        for text in searched_texts(paper):
            for words, others in forms(text):
                if any(self._answers(other, meanings) for other in others):
                    matched.update(words, ("".join(words),))
                else:
                    matched.update(word for word in words if self._answers(word, meanings))
        if not matched:
            matched.update(self._other_forms(paper, meanings))
        return Hit(paper, score, frozenset(matched))

    def _answers(self, word: str, meanings: Sequence[Meanings]) -> bool:
        number = self._vocabulary.id(word)
        return number is not None and any(number in meaning.words or number in meaning.longer for meaning in meanings)

    def _other_forms(self, paper: Paper, meanings: Sequence[Meanings]) -> Iterator[str]:
        """Yield the words of a paper that say an acronym, or its long form, that was asked for."""
        asked = [self._vocabulary.words[number] for meaning in meanings for number in meaning.words]
        said = {word for words in self._acronyms.implied(asked).values() for word in words}
        stems = {stem(word) for word in said}
        for text in searched_texts(paper):
            yield from (word for word in tokens(text) if word in said or stem(word) in stems)

    def _topic_words(self, place: int) -> Iterator[tuple[float, int]]:
        """Yield the words that tell a paper's topic, with how much each tells: its rare ones, names left out."""
        paper = self._papers[place]
        names = {word for author in paper.authors for word in index_words(author.name)}
        most = max(len(self._papers) // 2, 2)
        worths = word_worths(paper, None)
        for spelt in dict.fromkeys(topic_tokens(paper)):
            word = self._vocabulary.id(spelt)
            if word is None or len(spelt) <= 2 or spelt in names:
                continue
            if 1 < (spread := self._postings.spread(word)) <= most:
                yield self._weight(spread) * worths[spelt], word


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    """Return the first few words, leaving out other forms of the same word."""
    by_stem: dict[str, str] = {}
    for word in words:
        by_stem.setdefault(stem(word), word)
    return tuple(by_stem.values())[:_MOST_SHARED_WORDS]
