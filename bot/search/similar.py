"""Papers near another one in topic."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.programme.model import Paper
from bot.search.common import Terms, in_common, terms_of
from bot.search.contents import Contents
from bot.search.flat import distinct
from bot.search.postings import Worths
from bot.search.words import index_words, stem, tokens

_TOPIC_WORDS: Final = 40
"""How many of a paper's rare words are looked up in others, the rarest first; a paper of ACL 2022 usually has 90.

With 20 or 80 the nearest paper stays the same for more than 92 of 100.
"""

_SHARED_TOPIC_WORTH: Final = 0.64
"""What a topic that both have is worth, next to a word that both have in the title: less, since words say more exactly.

In ACL 2020, 34 of 100 papers told to be near are in the same track with it, 33 without any or with 1.5, 32 with 2.5.
"""

_MOST_SHARED: Final = 4
"""How many shared topics and terms are told: as many as fit into a line."""

_REMEMBERED: Final = 2**8
"""The terms of how many papers are remembered, in some 40 KB each: those that one person is told of come again."""

_LOOKED_AT: Final = 2
"""Among how many times as many the wanted number is looked for of which it can be said why they are near."""


@dataclass(frozen=True, slots=True)
class Similar:
    """A paper near another one in topic, with the topics that the two share, and what else both are about."""

    paper: Paper
    shared: tuple[str, ...]


class Similarity:
    """How near the papers of one programme are to each other, by the topics and the rare words they share."""

    def __init__(self, papers: Sequence[Paper], contents: Contents, weight: Callable[[int], float]) -> None:
        """Take the papers.

        Args:
            papers: all papers.
            contents: what is known of them.
            weight: tells how much something counts that so many papers have.
        """
        self._papers = papers
        self._contents = contents
        self._words = contents.vocabulary.words
        self._topics = contents.topics
        self._weight = weight
        self._terms: dict[int, Terms] = {}

    def nearest(self, here: int, limit: int) -> list[Similar]:
        """Return the papers nearest to the one at a place, never itself, and never nothing while there is another."""
        scores = self.scores(here)
        scores[here] = -1.0
        nearest = np.argsort(-scores, kind="stable")[: min(_LOOKED_AT * limit, len(self._papers) - 1)].tolist()
        topics, terms = self._telling_topics(here), self._terms_of(here)
        found: list[Similar] = []
        others: list[Similar] = []
        for place in nearest:
            other = Similar(self._papers[place], self._shared(topics, terms, place))
            (found if other.shared else others).append(other)
            if len(found) == limit:
                break
        return [*found, *others][:limit]

    def scores(self, here: int) -> Worths:
        """Return how near each paper is to the one at a place; such scores can be added up."""
        scores = np.zeros(len(self._papers), np.float32)
        for topic in self._telling_topics(here):
            papers = self._topics.papers.of(topic)
            scores[papers] += np.float32(self._weight(len(papers)) * _SHARED_TOPIC_WORTH)
        for weight, word in sorted(self._telling_words(here), reverse=True)[:_TOPIC_WORDS]:
            having, worths = self._contents.texts.of(word)
            scores[having] += worths * np.float32(weight)
        return scores

    def shared(self, here: int, other: int) -> tuple[str, ...]:
        """Return the first few topics of the paper at a place that another one has as well, and what both are about."""
        return self._shared(self._telling_topics(here), self._terms_of(here), other)

    def _shared(self, topics: Iterable[int], terms: Terms, place: int) -> tuple[str, ...]:
        theirs = self._topics.of(place)
        names = [self._topics.name(topic) for topic in topics if topic in theirs]
        named = {stem(word) for name in names for word in tokens(name)}
        common = in_common(terms, self._terms_of(place), self._weight_of, named, _MOST_SHARED)
        return (*names, *common)[:_MOST_SHARED]

    def _terms_of(self, place: int) -> Terms:
        terms = self._terms.get(place)
        if terms is None:
            if len(self._terms) >= _REMEMBERED:
                self._terms = {}
            terms = self._terms[place] = terms_of(self._papers[place])
        return terms

    def _telling_topics(self, place: int) -> list[int]:
        return [topic for topic in self._topics.of(place) if self._tells(self._topics.spread(topic))]

    def _weight_of(self, word: str) -> float:
        number = self._contents.vocabulary.id(word)
        spread = self._contents.texts.spread(number) if number is not None else 0
        return self._weight(spread) if 0 < spread <= max(len(self._papers) // 2, 2) else 0.0

    def _tells(self, papers: int) -> bool:
        """Tell whether what so many papers have tells them from the others."""
        return 1 < papers <= max(len(self._papers) // 2, 2)

    def _telling_words(self, place: int) -> Iterator[tuple[float, int]]:
        """Yield the words that tell a paper's topic, with how much each tells: its rare ones, names left out."""
        names = {word for author in self._papers[place].authors for word in index_words(author.name)}
        printed = distinct(self._contents.printed(place))
        worths = self._contents.worths(place, printed)
        for word, worth in zip(printed.tolist(), worths.tolist(), strict=True):
            spelt = self._words[word]
            if len(spelt) > 2 and spelt not in names and self._tells(spread := self._contents.texts.spread(word)):
                yield self._weight(spread) * worth, word
