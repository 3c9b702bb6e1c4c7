"""The words of a paper, and what finding them there is worth."""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from bot.programme.model import Paper
from bot.search.acronyms import Acronyms
from bot.search.affiliations import affiliation_words
from bot.search.papers import abstract_of, affiliations_of, kinds_of
from bot.search.words import taken_apart, tokens

# What a word is worth by where it stands. An abstract's words come to less than 0.5 and a title's to 0.8 or more, so
# an author's name at 0.7 is between the two. Any other order of the three puts authors' papers too low or too high:
# with 0.4, queries of an author and a word find their paper first in 74 of 100 cases instead of 83.
_TITLE_WORTH: Final = 1.0
_AUTHOR_WORTH: Final = 0.7
_ABSTRACT_WORTH: Final = 0.5

_SATURATION: Final = 1.5
"""How soon more of the same word in an abstract adds nothing: BM25's k1, of which 1.2 to 2 is usual."""

_LENGTH_WEIGHT: Final = 0.25
"""How much more a word of a short title says about its paper: BM25's b, less than its usual 0.75.

With 0.75 a word of a title of twenty words would be worth less than an author's name.
"""

_USUAL_TITLE_LENGTH: Final = 10
"""How many words titles usually have: the median of ACL 2022's papers, and of MLSys 2026's posters."""

_TOPIC_WORTH: Final = 0.8
"""What a word of a topic, a track or a kind is worth: about as much as one of a long title.

In ACL 2020, queries of a topic and a word of the title find their paper first in 614 of 741 cases, with 0.4 in 588, and
without topics in 539. Of 3,798 other queries as many find theirs first.
"""

_AFFILIATION_WORTH: Final = 0.3
"""What a word of an affiliation is worth: less than an author's name.

In ACL 2022, other queries find as much as without affiliations; with 0.4, two of 277 acronyms no longer come first.
With 0.2, queries of an author and an affiliation find their paper first in 533 of 1,028 cases instead of 540.
"""

_REMEMBERED: Final = 2**14
"""How many topics, kinds and affiliations are remembered with their words, since many papers have the same."""

_IMPLIED_SHARE: Final = 0.2
"""What an acronym is worth where only its long form stands, and the other way round, as a share of what stands there.

Without, acronyms find their paper first in 78 of 100 cases instead of 80; with 0.4, beginnings of titles lose as much.
"""


class PaperWords:
    """The words of one paper.

    Attributes:
        title: those of its title, in order.
    """

    def __init__(self, paper: Paper, topics: Iterable[str] = ()) -> None:
        self._title = taken_apart(paper.label)
        self._abstract = taken_apart(abstract_of(paper))
        self._authors = [taken_apart(author.name) for author in paper.authors]
        self._topics = [_remembered(name) for name in topics]
        self._kinds = [_remembered(name) for name in kinds_of(paper)]
        self._affiliations = tuple(affiliations_of(paper))
        self._key = paper.key
        self.title = self._title.in_order

    def text_worths(self, acronyms: Acronyms | None = None) -> Mapping[str, float]:
        """Return each word of the title, the authors' names and the abstract with what finding it there is worth.

        Args:
            acronyms: those of all papers, to find what is only implied as well.
        """
        counts = Counter(self._abstract.findable)
        worths = {word: _ABSTRACT_WORTH * count / (count + _SATURATION) for word, count in counts.items()}
        if acronyms:
            for text, worth in ((self._abstract, _ABSTRACT_WORTH), (self._title, _TITLE_WORTH)):
                for words in acronyms.implied(text.in_order).values():
                    for word in words:
                        worths[word] = worths.get(word, 0.0) + worth * _IMPLIED_SHARE
        for name in self._authors:
            for word in name.findable:
                worths[word] = max(worths.get(word, 0.0), _AUTHOR_WORTH)
        length = min(len(self.title) / _USUAL_TITLE_LENGTH, 2)
        title_worth = _TITLE_WORTH / (1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * length)
        for word in {*self._title.findable, *tokens(self._key)}:
            worths[word] = worths.get(word, 0.0) + title_worth
        return worths

    def facet_worths(self, acronyms: Acronyms) -> Mapping[str, float]:
        """Return each word of the topics, the kind and the affiliations with what finding it there is worth."""
        worths: dict[str, float] = {}
        for topic in self._topics:
            for words in acronyms.implied(topic.in_order).values():
                worths.update(dict.fromkeys(words, _TOPIC_WORTH * _IMPLIED_SHARE))
        for name in self._affiliations:
            worths.update(dict.fromkeys(affiliation_words(name), _AFFILIATION_WORTH))
        for text in (*self._topics, *self._kinds):
            worths.update(dict.fromkeys(text.findable, _TOPIC_WORTH))
        return worths

    def in_a_row(self) -> str:
        """Return all of the paper in folded words, so that a phrase can be looked for between spaces."""
        affiliations = map(_remembered, self._affiliations)
        texts = (self._title, *self._authors, self._abstract, *self._topics, *self._kinds, *affiliations)
        return " | ".join(f" {' '.join(text.in_order)} " for text in texts)


_remembered = lru_cache(maxsize=_REMEMBERED)(taken_apart)
