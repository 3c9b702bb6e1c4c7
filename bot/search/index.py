"""The index: which papers and people a few words mean."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from bot.programme.model import Paper, Programme
from bot.programme.names import fold
from bot.search.people import People, PersonHit
from bot.search.query import Query
from bot.search.vocabulary import EXACT, INFLECTED, Vocabulary
from bot.search.words import index_words, stem, tokens

_TITLE = 1.0
_AUTHOR = 0.8
_ABSTRACT = 0.5
"""What a word is worth by where it stands: a title's match beats an author's, which beats an abstract's."""

_SATURATION = 1.5
_WHOLE_TITLE = 3.0
_BEGINNING = 1.5
_CLEAR = 1.6
"""How many times the second best score the best one needs to be what was meant without asking."""

_SHARED_WORDS = 4
_SIMILAR_WORDS = 40


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
class Results:
    """All papers that answer a query, the best first.

    Attributes:
        hits: the papers.
        corrected: the query with its misspelt words put right, or None when all words were known.
    """

    hits: tuple[Hit, ...] = ()
    corrected: str | None = None


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
        self._titles = [" ".join(tokens(paper.label)) for paper in self._papers]
        self._phrases = [_phrase_text(paper) for paper in self._papers]
        self._postings: dict[str, dict[int, float]] = {}
        for position, paper in enumerate(self._papers):
            for word, worth in _worths(paper).items():
                self._postings.setdefault(word, {})[position] = worth
        self._vocabulary = Vocabulary(self._postings)
        self._people = People(programme.people.values())

    def search(
        self, query: Query, *, session: str | None = None, author: str | None = None, limit: int | None = None
    ) -> Results:
        """Return the papers that answer a query.

        Args:
            query: what is asked for.
            session: only papers of the session with this key.
            author: only papers by the person with this key.
            limit: the most papers to return, None for all.
        """
        terms = query.terms
        found: dict[int, float] = {}
        matched: dict[int, set[str]] = {}
        weight_all = 0.0
        weights: dict[int, float] = {}
        corrections: dict[str, str] = {}
        for position, term in enumerate(terms):
            unfinished = query.unfinished and position == len(query.words) - 1
            meanings = self._meanings(terms, position, unfinished=unfinished)
            if term not in meanings and meanings and not unfinished and max(meanings.values()) < INFLECTED:
                corrections[term] = max(meanings, key=lambda word: meanings[word])
            answers = self._answers(meanings)
            weight = self._weight(len(answers))
            weight_all += weight
            for paper, (worth, word) in answers.items():
                found[paper] = found.get(paper, 0.0) + weight * worth
                weights[paper] = weights.get(paper, 0.0) + weight
                matched.setdefault(paper, set()).update((word, term))
        allowed = self._allowed(query, session, author)
        wanted = " ".join(query.words)
        hits = [
            Hit(
                self._papers[paper],
                score * (weights[paper] / weight_all) ** 2 + self._title_bonus(paper, wanted),
                frozenset(matched[paper]),
            )
            for paper, score in found.items()
            if allowed is None or paper in allowed
        ]
        hits.sort(key=lambda hit: (-hit.score, self._positions[hit.paper.key]))
        corrected = " ".join(corrections.get(term, term) for term in terms) if corrections else None
        return Results(tuple(hits[:limit]), corrected)

    def suggest(self, text: str, limit: int = 25) -> list[Paper]:
        """Return the papers to offer while somebody is still typing; the programme's first ones for no text."""
        query = Query.parse(text)
        if not query:
            return list(self._papers[:limit])
        named = self._named(text)
        others = (hit.paper for hit in self.search(query, limit=limit).hits)
        return list({paper.key: paper for paper in (*named, *others)}.values())[:limit]

    def find(self, text: str, limit: int = 5) -> tuple[Match, list[Paper]]:
        """Return the paper that free text means, or those it may mean, the likeliest first."""
        named = self._named(text)
        if named:
            return (Match.NAMED if len(named) == 1 else Match.UNCLEAR), named[:limit]
        hits = self.search(Query.parse(text)).hits
        if not hits:
            return Match.NOTHING, []
        if len(hits) == 1 or hits[0].score >= _CLEAR * hits[1].score:
            return Match.MEANT, [hits[0].paper]
        return Match.UNCLEAR, [hit.paper for hit in hits[:limit]]

    def people(self, text: str, *, unfinished: bool = False, limit: int = 25) -> list[PersonHit]:
        """Return who may be meant by a name, the surest first."""
        return self._people.find(text, unfinished=unfinished, limit=limit)

    def similar(self, key: str, limit: int = 5) -> list[Similar]:
        """Return the papers nearest in topic to the one with this key, by the rare words they share.

        Never the paper itself, and never nothing while there is another paper.
        """
        here = self._positions[key]
        own = sorted(
            ((self._weight(len(holders)) * holders[here], word) for word, holders in self._topic_words(here).items()),
            reverse=True,
        )[:_SIMILAR_WORDS]
        scores: dict[int, float] = {}
        shared: dict[int, list[str]] = {}
        for weight, word in own:
            for paper, worth in self._postings[word].items():
                if paper != here:
                    scores[paper] = scores.get(paper, 0.0) + weight * worth
                    shared.setdefault(paper, []).append(word)
        ranked = sorted(scores, key=lambda paper: (-scores[paper], paper))
        ranked += [paper for paper in range(len(self._papers)) if paper != here and paper not in scores]
        return [Similar(self._papers[paper], _distinct(shared.get(paper, ()))) for paper in ranked[:limit]]

    def _topic_words(self, paper: int) -> dict[str, dict[int, float]]:
        names = {word for author in self._papers[paper].authors for word in index_words(author.name)}
        half = max(len(self._papers) // 2, 2)
        return {
            word: self._postings[word]
            for word in _worths(self._papers[paper])
            if len(word) > 2 and word not in names and 1 < len(self._postings[word]) <= half
        }

    def _named(self, text: str) -> list[Paper]:
        """Return the papers that a text names outright: by key, by title, or by number."""
        wish = text.strip()
        if (position := self._positions.get(wish.lower())) is not None:
            return [self._papers[position]]
        folded = " ".join(tokens(wish))
        if folded and (titled := [self._papers[i] for i, title in enumerate(self._titles) if title == folded]):
            return titled
        number = wish.removeprefix("#").strip().casefold()
        return [paper for paper in self._papers if paper.number.casefold() == number]

    def _meanings(self, terms: tuple[str, ...], position: int, *, unfinished: bool) -> dict[str, float]:
        """Return what a term may stand for, on its own or run together with its neighbours."""
        term = terms[position]
        meanings = {}
        for joined in (
            terms[position - 1] + term if position else "",
            "".join(terms[position : position + 2]),
        ):
            if joined != term and joined in self._vocabulary:
                meanings[joined] = EXACT
        alone = self._vocabulary.meanings(term, unfinished=unfinished)
        if term not in self._vocabulary and (parts := self._vocabulary.split(term)):
            alone = {**alone, **dict.fromkeys(parts, INFLECTED)}
        return {**alone, **meanings}

    def _answers(self, meanings: Mapping[str, float]) -> dict[int, tuple[float, str]]:
        """Return for each paper that has one of the words its best worth and the word."""
        answers: dict[int, tuple[float, str]] = {}
        for word, sureness in meanings.items():
            for paper, worth in self._postings[word].items():
                if (value := worth * sureness) > answers.get(paper, (0.0, ""))[0]:
                    answers[paper] = (value, word)
        return answers

    def _weight(self, papers: int) -> float:
        """Return how much a word counts that stands in so many papers: a rare word counts more."""
        return math.log(1 + (len(self._papers) - papers + 0.5) / (papers + 0.5))

    def _title_bonus(self, paper: int, wanted: str) -> float:
        title = self._titles[paper]
        if not wanted or not title.startswith(wanted):
            return 0.0
        return _WHOLE_TITLE if title == wanted else _BEGINNING

    def _allowed(self, query: Query, session: str | None, author: str | None) -> set[int] | None:
        """Return the papers that pass the filters, the phrases and the exclusions; None for all."""
        if not (query.phrases or query.without or session or author):
            return None
        return {
            position
            for position, paper in enumerate(self._papers)
            if (session is None or paper.session_key == session)
            and (author is None or any(person.key == author for person in paper.authors))
            and all(_has(self._phrases[position], phrase) for phrase in query.phrases)
            and not any(_has(self._phrases[position], phrase) for phrase in query.without)
        }


def _phrase_text(paper: Paper) -> str:
    abstract = paper.abstract.plain if paper.abstract else ""
    fields = (paper.label, *(author.name for author in paper.authors), abstract)
    return " | ".join(f" {' '.join(tokens(text))} " for text in fields)


def _has(text: str, phrase: tuple[str, ...]) -> bool:
    return f" {' '.join(phrase)} " in text


def _worths(paper: Paper) -> dict[str, float]:
    """Return each word of a paper with what finding it there is worth."""
    abstract = Counter(index_words(paper.abstract.plain)) if paper.abstract else Counter[str]()
    worths = {word: _ABSTRACT * count / (count + _SATURATION) for word, count in abstract.items()}
    fields: Iterable[tuple[float, str]] = (
        *((_AUTHOR, author.name) for author in paper.authors),
        (_TITLE, f"{paper.label} {paper.key}"),
    )
    for worth, text in fields:
        for word in set(index_words(text)):
            worths[word] = worths.get(word, 0.0) + worth
    return worths


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    """Return the first few words, leaving out other forms of the same word."""
    by_stem: dict[str, str] = {}
    for word in words:
        by_stem.setdefault(stem(fold(word)), word)
    return tuple(by_stem.values())[:_SHARED_WORDS]
