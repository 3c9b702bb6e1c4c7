"""Papers near another one in topic."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.programme.model import Paper
from bot.search.facets import Facets
from bot.search.paper_words import PaperWords
from bot.search.papers import printed_tokens
from bot.search.postings import Postings
from bot.search.vocabulary import Vocabulary
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
"""How many shared topics and words are told: as many as fit into a line."""


@dataclass(frozen=True, slots=True)
class Similar:
    """A paper near another one in topic, with the topics that the two share, and the rare words."""

    paper: Paper
    shared: tuple[str, ...]


class Similarity:
    """How near the papers of one programme are to each other, by the topics and the rare words they share."""

    def __init__(
        self,
        papers: Sequence[Paper],
        vocabulary: Vocabulary,
        postings: Postings,
        topics: Facets,
        weight: Callable[[int], float],
    ) -> None:
        """Take the papers.

        Args:
            papers: all papers.
            vocabulary: their words.
            postings: which of them have which words in their texts.
            topics: their topics.
            weight: tells how much something counts that so many papers have.
        """
        self._papers = papers
        self._vocabulary = vocabulary
        self._postings = postings
        self._topics = topics
        self._weight = weight

    def nearest(self, here: int, limit: int) -> list[Similar]:
        """Return the papers nearest to the one at a place, never itself, and never nothing while there is another."""
        topics = [topic for topic in self._topics.of(here) if self._tells(len(self._topics.papers[topic]))]
        words = sorted(self._telling_words(here), reverse=True)[:_TOPIC_WORDS]
        scores = np.zeros(len(self._papers), np.float32)
        for topic in topics:
            papers = self._topics.papers[topic]
            scores[papers] += np.float32(self._weight(len(papers)) * _SHARED_TOPIC_WORTH)
        for weight, word in words:
            having, worths = self._postings.of(word)
            scores[having] += worths * np.float32(weight)
        scores[here] = -1.0
        nearest = np.argsort(-scores, kind="stable")[: min(limit, len(self._papers) - 1)].tolist()
        spelt = [self._vocabulary.words[word] for _, word in words]
        return [Similar(self._papers[place], self._shared(place, topics, spelt)) for place in nearest]

    def _shared(self, place: int, topics: Iterable[str], words: Iterable[str]) -> tuple[str, ...]:
        """Return the first few of some topics and words that a paper has as well, each word in one form."""
        theirs = self._topics.of(place)
        names = [self._topics.name(topic) for topic in topics if topic in theirs]
        named = {stem(word) for name in names for word in tokens(name)}
        printed = set(printed_tokens(self._papers[place]))
        by_stem: dict[str, str] = {}
        for word in words:
            if word in printed and stem(word) not in named:
                by_stem.setdefault(stem(word), word)
        return (*names, *by_stem.values())[:_MOST_SHARED]

    def _tells(self, papers: int) -> bool:
        """Tell whether what so many papers have tells them from the others."""
        return 1 < papers <= max(len(self._papers) // 2, 2)

    def _telling_words(self, place: int) -> Iterator[tuple[float, int]]:
        """Yield the words that tell a paper's topic, with how much each tells: its rare ones, names left out."""
        paper = self._papers[place]
        names = {word for author in paper.authors for word in index_words(author.name)}
        worths = PaperWords(paper).text_worths()
        for spelt in dict.fromkeys(printed_tokens(paper)):
            word = self._vocabulary.id(spelt)
            if word is None or len(spelt) <= 2 or spelt in names:
                continue
            if self._tells(spread := self._postings.spread(word)):
                yield self._weight(spread) * worths[spelt], word
