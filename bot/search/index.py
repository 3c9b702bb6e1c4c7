"""The index: which papers and people a few words mean."""

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cached_property
from operator import itemgetter
from typing import TypeAlias, overload

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.fuzz import partial_ratio
from rapidfuzz.process import cdist

from bot.programme.model import Paper, Programme
from bot.search.acronyms import Acronyms
from bot.search.order import in_order
from bot.search.people import People, PersonHit
from bot.search.postings import PostingsBuilder, Worths
from bot.search.query import Query
from bot.search.vocabulary import EXACT, INFLECTED, PREFIX, Meanings, Vocabulary
from bot.search.words import bigrams, forms, index_words, stem, tokens

_TITLE = 1.0
_AUTHOR = 0.7
_ABSTRACT = 0.5
"""What a word is worth by where it stands: a title's match beats an author's, which beats an abstract's."""

_BY_LENGTH = 0.25
_USUAL_TITLE = 10
"""A word of a short title says more about its paper, though never so much that an author's match beats a title's."""

_IMPLIED = 0.2
"""What an acronym is worth where only its long form stands, and the other way round."""

_TITLED = 0.51
"""The least that a word is worth where it stands in a title or an author's name, inflected at that."""

_TITLED_PUT_RIGHT = 0.4
"""The same for a word that was misspelt."""

_FILLER = 0.3
_CONTAINING = 300
_CONTAINED = 60
_SATURATION = 1.5
_RERANKED = 40
_LIKENESS = 1.5
_STEEPNESS = 8
_SHARE = 1.5
_WORDS = 1.0
_WORDS_STEEPNESS = 4
_BEGINNING = 0.6
_WHOLE = 1.0
_CLEAR = 1.8
"""How many times any other's worth of words a paper's must be for it to be what was meant without asking."""

_COMPLETE = 0.999
_SHARED_WORDS = 4
_SIMILAR_WORDS = 40

Mask: TypeAlias = NDArray[np.bool_]


class Match(Enum):
    """How a paper was found from free text."""

    NAMED = auto()
    """By its key, its number or its title."""

    MEANT = auto()
    """By its words, and nothing else comes near."""

    UNCLEAR = auto()
    """There are several that may be meant."""

    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class Hit:
    """A paper that answers a query.

    Attributes:
        paper: the paper.
        score: how well it answers; comparable within one query only.
        matched: the folded words of the paper that answer, to be made bold.
    """

    paper: Paper
    score: float
    matched: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A paper of the short list, with its score and the part of it that its words alone make."""

    paper: int
    score: float
    by_words: float


class Results(Sequence[Hit]):
    """All papers that answer a query, the best first; what nobody looks at is neither sorted nor made.

    Attributes:
        corrected: the query with its misspelt words put right, or None when all words were known.
    """

    def __init__(
        self,
        index: "Index",
        first: Sequence[_Ranked] = (),
        rest: Worths | None = None,
        meanings: Sequence[Meanings] = (),
        corrected: str | None = None,
    ) -> None:
        self._index = index
        self._first = first
        self._rest = np.zeros(0, np.float32) if rest is None else rest
        self._meanings = meanings
        self._length = len(first) + int(np.count_nonzero(self._rest))
        self.corrected = corrected

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, place: int) -> Hit: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Hit]: ...

    def __getitem__(self, place: int | slice) -> Hit | Sequence[Hit]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(self._length))]
        paper, score = self._at(range(self._length)[place])
        return self._index.hit(paper, score, self._meanings)

    @property
    def clear(self) -> bool:
        """Whether the first paper is the one that is meant: by the words alone, no other comes near."""
        if not self._first:
            return False
        others = max((entry.by_words for entry in self._first[1:]), default=0.0)
        return others < math.inf and self._first[0].by_words >= _CLEAR * others

    def papers(self, limit: int) -> list[Paper]:
        """Return the first papers alone, which takes less than their hits."""
        return [self._index.paper(self._at(place)[0]) for place in range(min(limit, self._length))]

    def _at(self, place: int) -> tuple[int, float]:
        if place < len(self._first):
            return self._first[place].paper, self._first[place].score
        paper = self._others[place - len(self._first)]
        return int(paper), float(self._rest[paper])

    @cached_property
    def _others(self) -> NDArray[np.int64]:
        found = np.flatnonzero(self._rest)
        return found[np.argsort(-self._rest[found], kind="stable")]


@dataclass(frozen=True, slots=True)
class Similar:
    """A paper near another one in topic, and the rare words the two share."""

    paper: Paper
    shared: tuple[str, ...]


class Index:
    """Everything of a programme that can be found. Building takes a while: do it in a thread."""

    def __init__(self, programme: Programme) -> None:
        self._papers = tuple(programme.papers.values())
        self._positions = {paper.key: position for position, paper in enumerate(self._papers)}
        self._names: dict[str, list[int]] = {}
        self._titles: list[str] = []
        self._phrases: list[str] = []
        self._acronyms = Acronyms(_introductions(self._papers))
        builder = PostingsBuilder()
        for position, paper in enumerate(self._papers):
            title = " ".join(tokens(paper.label))
            self._titles.append(title)
            self._phrases.append(_phrase_text(paper))
            for name in {title, paper.key, " ".join(tokens(paper.number))} - {""}:
                self._names.setdefault(name, []).append(position)
            builder.add(_worths(paper, self._acronyms))
        self._by_title = in_order(zip(self._titles, range(len(self._papers)), strict=True), itemgetter(0))
        self._vocabulary = Vocabulary(builder.words)
        self._postings = builder.build(self._vocabulary.words)
        self._people = People(programme.people.values())
        self._sessions = {
            session.key: np.fromiter((self._positions[paper.key] for paper in session.papers), np.int32)
            for session in programme.sessions
        }
        self._authors = {
            person.key: [self._positions[paper.key] for paper in person.papers] for person in programme.people.values()
        }

    def search(self, query: Query, *, session: str | None = None, author: str | None = None) -> Results:
        """Return the papers that answer a query, the best first.

        Args:
            query: what is asked for.
            session: only papers of the session with this key.
            author: only papers by the person with this key.
        """
        query = query.quoting(self._vocabulary)
        allowed = self._allowed(query, session, author)
        terms = query.terms
        meanings = [
            self._meanings(terms, position, unfinished=position == query.unfinished_term)
            for position in range(len(terms))
        ]
        scores, titled = self._scores(meanings, allowed)
        if not titled.any() and len(terms) > 1:
            # No paper has all the words in its title: one that exists may still be another's misspelling.
            meanings = [self._leniently(term, meaning) for term, meaning in zip(terms, meanings, strict=True)]
            scores, titled = self._scores(meanings, allowed, least=_TITLED_PUT_RIGHT)
        self._add_fillers(scores, [word for word in query.words if word not in terms])
        wanted = self._readings(query, terms, meanings)
        named = [paper for paper in self._named(query) if self._passes(paper, session, author)]
        first = [_Ranked(paper, math.inf, math.inf) for paper in named]
        scores[named] = 0.0
        first += self._short_list(scores, wanted, titled)
        return Results(self, first, scores, meanings, self._corrected(terms, meanings))

    def suggest(self, text: str, limit: int = 25) -> list[Paper]:
        """Return the papers to offer while somebody is still typing, none for no text."""
        return self.search(self._query(text)).papers(limit)

    def find(self, text: str, limit: int = 5) -> tuple[Match, list[Paper]]:
        """Return the paper that free text means, or those it may mean, the likeliest first."""
        query = self._query(text)
        named = self._named(query)
        if len(named) == 1:
            return Match.NAMED, [self._papers[named[0]]]
        hits = self.search(query)
        if not hits:
            return Match.NOTHING, []
        if hits.clear:
            return Match.MEANT, hits.papers(1)
        return Match.UNCLEAR, hits.papers(limit)

    def people(self, text: str, *, unfinished: bool = False, limit: int = 25) -> list[PersonHit]:
        """Return who may be meant by a name, the surest first."""
        return self._people.find(text, unfinished=unfinished, limit=limit)

    def paper(self, position: int) -> Paper:
        """Return the paper at a place of the programme."""
        return self._papers[position]

    def hit(self, position: int, score: float, meanings: Sequence[Meanings]) -> Hit:
        """Make the hit of a paper, with the words by which it was found, as they stand in it."""
        paper = self._papers[position]
        matched: set[str] = set()
        for text in _texts(paper):
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
        for text in _texts(paper):
            yield from (word for word in tokens(text) if word in said or stem(word) in stems)

    def similar(self, key: str, limit: int = 5) -> list[Similar]:
        """Return the papers nearest in topic to the one with this key, by the rare words they share.

        Never the paper itself, and never nothing while there is another paper.
        """
        here = self._positions[key]
        own = sorted(self._topic_words(here), reverse=True)[:_SIMILAR_WORDS]
        scores = np.zeros(len(self._papers), np.float32)
        shared: dict[int, list[str]] = {}
        for weight, word in own:
            papers, worths = self._postings.of(word)
            scores[papers] += worths * np.float32(weight)
        scores[here] = -1.0
        ranked = np.argsort(-scores, kind="stable")[: min(limit, len(self._papers) - 1)].tolist()
        for paper in ranked:
            printed = set(_topic_text(self._papers[paper]))
            shared[paper] = [spelt for _, word in own if (spelt := self._vocabulary.words[word]) in printed]
        return [Similar(self._papers[paper], _distinct(shared[paper])) for paper in ranked]

    def _topic_words(self, position: int) -> Iterator[tuple[float, int]]:
        """Yield the words that tell a paper's topic, with how much each tells: its rare ones, names left out."""
        paper = self._papers[position]
        names = {word for author in paper.authors for word in index_words(author.name)}
        most = max(len(self._papers) // 2, 2)
        worths = _worths(paper, None)
        for spelt in dict.fromkeys(_topic_text(paper)):
            word = self._vocabulary.id(spelt)
            if word is None or len(spelt) <= 2 or spelt in names:
                continue
            if 1 < (spread := self._postings.spread(word)) <= most:
                yield self._weight(spread) * worths[spelt], word

    def _query(self, text: str) -> Query:
        """Take a text apart; a paper's key is read as it is, with its hyphens."""
        query = Query.parse(text)
        key = text.strip().lower()
        return replace(query, whole=key) if key in self._positions else query

    def _named(self, query: Query) -> list[int]:
        """Return the papers that a query names outright: by key, by title, or by number."""
        if found := self._names.get(query.whole):
            return found
        terms = " ".join(query.terms)
        return self._names.get(terms, []) if terms.isdigit() else []

    def _passes(self, position: int, session: str | None, author: str | None) -> bool:
        paper = self._papers[position]
        return (session is None or paper.session_key == session) and (
            author is None or any(person.key == author for person in paper.authors)
        )

    def _meanings(self, terms: tuple[str, ...], position: int, *, unfinished: bool) -> Meanings:
        """Return what a term may stand for, on its own or run together with its neighbours."""
        term = terms[position]
        alone = self._vocabulary.meanings(term, unfinished=unfinished)
        words = dict(alone.words)
        corrected = alone.corrected
        if term not in self._vocabulary and (parts := self._vocabulary.split(term)):
            words = {**words, **dict.fromkeys(parts, INFLECTED)}
            corrected = False
        if pairs := [number for pair in bigrams(term) if (number := self._vocabulary.id(pair)) is not None]:
            words = {**dict.fromkeys(pairs, INFLECTED), **words}
            corrected = False
        before = terms[position - 1] + term if position else ""
        for joined in (before, "".join(terms[position : position + 2])):
            if joined != term and (word := self._vocabulary.id(joined)) is not None:
                words[word] = EXACT
                corrected = False
        return Meanings(words, alone.longer, corrected)

    def _leniently(self, term: str, meanings: Meanings) -> Meanings:
        if meanings.corrected:
            return meanings
        return replace(meanings, words={**self._vocabulary.neighbours(term), **meanings.words})

    def _scores(
        self, meanings: Sequence[Meanings], allowed: Mask | None, least: float = _TITLED
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
                enough = _TITLED_PUT_RIGHT if meaning.corrected else least
                titled += (best > (PREFIX * enough if meaning.longer else enough)) * weight
        if allowed is not None:
            scores[~allowed] = 0.0
        if not total:
            return scores, np.ones(len(self._papers), np.bool_)
        scores *= (covered / total) ** 2
        return scores, (titled > total * _COMPLETE) & (scores > 0)

    def _add_fillers(self, scores: Worths, words: Iterable[str]) -> None:
        """Let words that say little tell apart papers that have the telling ones."""
        found = scores > 0
        for word in words:
            if (number := self._vocabulary.id(word)) is not None:
                papers, worths = self._postings.of(number)
                weight = np.float32(self._weight(self._postings.spread(number)) * _FILLER)
                scores[papers] += found[papers] * (worths > _TITLED) * weight

    def _readings(self, query: Query, terms: tuple[str, ...], meanings: Sequence[Meanings]) -> list[str]:
        """Return the query's words as one text: as typed and, where some are misspelt, as put right."""
        right = {
            term: self._put_right(term, meaning)
            for term, meaning in zip(terms, meanings, strict=True)
            if term not in self._vocabulary and not meaning.longer
        }
        readings = (query.words, tuple(right.get(word, word) for word in query.words))
        return [" ".join(words) for words in dict.fromkeys(readings) if words]

    def _put_right(self, term: str, meaning: Meanings) -> str:
        """Return an unknown word as it should have been typed, or as it is."""
        if meaning.corrected and meaning.words:
            return self._vocabulary.words[self._likeliest(meaning.words)]
        parts = self._vocabulary.split(term)
        return " ".join(self._vocabulary.words[part] for part in parts) if parts else term

    def _short_list(self, scores: Worths, readings: Sequence[str], titled: Mask) -> list[_Ranked]:
        """Take the best papers out of the scores, and rank them by how they fit the titles as well."""
        found = np.flatnonzero(scores)
        if len(found) > _RERANKED:
            best = found[np.argpartition(-scores[found], _RERANKED)[:_RERANKED]]
            alike = self._containing(readings, np.flatnonzero(titled)[:_CONTAINING].tolist())
            found = np.union1d(best, [paper for paper in alike if scores[paper]]).astype(np.int64)
        papers = found.tolist()
        # The space before each makes letters inside of a word less like its beginning.
        spaced = [f" {self._titles[paper]} " for paper in papers]
        fits = [0.0] * len(papers)
        for wanted in readings if papers else ():
            likeness = cdist([f" {wanted}"], spaced, scorer=partial_ratio)[0].tolist()
            words = [f" {word} " for word in wanted.split()]
            fits = [
                max(fit, _fit(title, wanted, words, percent))
                for fit, title, percent in zip(fits, spaced, likeness, strict=True)
            ]
        ranked = [
            _Ranked(paper, score * (1.0 + fit), score)
            for paper, score, fit in zip(papers, scores[found].tolist(), fits, strict=True)
        ]
        scores[found] = 0.0
        beaten = float(scores.max()) if len(scores) else 0.0
        for entry in ranked:
            if entry.score < beaten:  # its title begins like the query, but its words are worth too little
                scores[entry.paper] = entry.by_words
        return sorted((entry for entry in ranked if entry.score >= beaten), key=lambda entry: -entry.score)

    def _containing(self, readings: Sequence[str], papers: Sequence[int]) -> list[int]:
        """Return those of some papers whose title has a reading in a row, and some whose title begins like it."""
        found: list[int] = []
        for reading in readings:
            if " " in reading:
                found += [paper for paper in papers if reading in self._titles[paper]][:_CONTAINED]
            found += self._beginning_with(reading)
        return found

    def _beginning_with(self, wanted: str) -> list[int]:
        """Return the papers whose title begins like this, a few at the most."""
        if not wanted:
            return []
        start = bisect_left(self._by_title, (wanted,))
        few = self._by_title[start : start + _RERANKED]
        return [paper for title, paper in few if title.startswith(wanted)]

    def _weight(self, papers: int) -> float:
        """Return how much a word counts that stands in so many papers: a rare word counts more."""
        return math.log(1 + (len(self._papers) - papers + 0.5) / (papers + 0.5))

    def _corrected(self, terms: tuple[str, ...], meanings: Sequence[Meanings]) -> str | None:
        words = [
            self._put_right(term, meaning) if meaning.corrected else term
            for term, meaning in zip(terms, meanings, strict=True)
        ]
        return " ".join(words) if tuple(words) != terms else None

    def _likeliest(self, words: Mapping[int, float]) -> int:
        """Return the surest of some words; of equally sure ones, that of most papers."""
        return max(words, key=lambda word: (words[word], self._postings.spread(word)))

    def _allowed(self, query: Query, session: str | None, author: str | None) -> Mask | None:
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


def _fit(title: str, wanted: str, words: Sequence[str], percent: float) -> float:
    """Return what it adds that a query is like a title: in its letters, in its words, and in how both begin.

    Args:
        title: the title, a space before and after it.
        wanted: the query.
        words: its words, each with a space before and after it.
        percent: how like they are, letter by letter.
    """
    likeness = (percent / 100) ** _STEEPNESS * (_LIKENESS + _SHARE * len(wanted) / max(len(title) - 2, len(wanted)))
    present = sum([word in title for word in words]) / len(words)
    return likeness + present**_WORDS_STEEPNESS * _WORDS + _beginning(title, wanted)


def _beginning(title: str, wanted: str) -> float:
    if not title.startswith(wanted, 1):
        return 0.0
    return _WHOLE if len(title) == len(wanted) + 2 else _BEGINNING


def _introductions(papers: Iterable[Paper]) -> Iterator[str]:
    for paper in papers:
        yield paper.label
        if paper.abstract:
            yield paper.abstract.plain


def _texts(paper: Paper) -> tuple[str, ...]:
    abstract = paper.abstract.plain if paper.abstract else ""
    return (paper.label, *(author.name for author in paper.authors), abstract)


def _topic_text(paper: Paper) -> list[str]:
    """Return the words of a paper's title and abstract as they are printed."""
    return tokens(f"{paper.label} {paper.abstract.plain if paper.abstract else ''}")


def _phrase_text(paper: Paper) -> str:
    return " | ".join(f" {' '.join(tokens(text))} " for text in _texts(paper))


def _worths(paper: Paper, acronyms: Acronyms | None) -> Mapping[str, float]:
    """Return each word of a paper with what finding it there is worth."""
    abstract = paper.abstract.plain if paper.abstract else ""
    counts = Counter(index_words(abstract))
    worths = {word: _ABSTRACT * count / (count + _SATURATION) for word, count in counts.items()}
    if acronyms:
        for text, worth in ((abstract, _ABSTRACT), (paper.label, _TITLE)):
            for words in acronyms.implied(tokens(text)).values():
                for word in words:
                    worths[word] = worths.get(word, 0.0) + worth * _IMPLIED
    for author in paper.authors:
        for word in index_words(author.name):
            worths[word] = max(worths.get(word, 0.0), _AUTHOR)
    titled = tokens(paper.label)
    title_worth = _TITLE / (1 - _BY_LENGTH + _BY_LENGTH * min(len(titled) / _USUAL_TITLE, 2))
    for word in {*index_words(paper.label), *tokens(paper.key)}:
        worths[word] = worths.get(word, 0.0) + title_worth
    return worths


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    """Return the first few words, leaving out other forms of the same word."""
    by_stem: dict[str, str] = {}
    for word in words:
        by_stem.setdefault(stem(word), word)
    return tuple(by_stem.values())[:_SHARED_WORDS]
