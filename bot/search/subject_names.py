"""What topics are called that were found: the phrases that many of their papers have and few others."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.programme.model import Paper
from bot.search.contents import Contents
from bot.search.flat import Ints, Longs, distinct
from bot.search.weighing import may_tell, printed, tallied
from bot.search.words import stems

_LABEL_WORDS: Final = 3
_PAIR_COUNTS: Final = 1.4
"""What two words that follow each other say, next to one."""

_LOOKED_AT: Final = 40
"""In how many abstracts of a topic is looked for how a phrase is printed."""


class _Phrases(NamedTuple):
    """Phrases that papers of topics have, those of each topic in a row, and the best first.

    Attributes:
        words: the first word of each, or the only one.
        nexts: the second word, or -1.
        bounds: where each topic's begin, and where the last one's end.
    """

    words: Longs
    nexts: Longs
    bounds: Longs

    def of(self, topic: int, vocabulary: Sequence[str]) -> Iterator[list[str]]:
        """Yield the words of each of a topic's phrases."""
        for place in range(int(self.bounds[topic]), int(self.bounds[topic + 1])):
            yield [vocabulary[word] for word in (int(self.words[place]), int(self.nexts[place])) if word >= 0]


def names_of(papers: Sequence[Paper], contents: Contents, of_papers: Ints, count: int) -> list[str]:
    """Return a name for each of so many topics, no two the same, given the topic of each paper or -1."""
    phrases = _ranked(contents, of_papers, count)
    names: list[str] = []
    for topic in range(count):
        its_papers = [papers[place] for place in np.flatnonzero(of_papers == topic)[:_LOOKED_AT].tolist()]
        name = _name(its_papers, phrases.of(topic, contents.vocabulary.words))
        names.append(name if name not in names else f"{name} ({topic + 1})")
    return names


def _ranked(contents: Contents, of_papers: Ints, count: int) -> _Phrases:
    """Return the phrases that at least two papers of a topic have, by what they tell of it."""
    size = len(contents.vocabulary) + 1
    phrases, papers = np.divmod(_occurrences(contents, size, len(of_papers)), max(len(of_papers), 1))
    different, spread = tallied(phrases)
    topics = of_papers.astype(np.int64)[papers]
    places = np.searchsorted(different, phrases)[topics >= 0] + topics[topics >= 0] * len(different)
    within, inside = tallied(places)
    within, inside = within[inside >= 2], inside[inside >= 2]
    topics, places = np.divmod(within, max(len(different), 1))
    words, nexts = np.divmod(different[places], size)
    worth = _worth(
        inside, spread[places], np.bincount(of_papers[of_papers >= 0], minlength=count)[topics], len(of_papers)
    )
    # The vocabulary is in alphabetical order, and so are equally good phrases.
    best = np.lexsort((-worth * np.where(nexts, _PAIR_COUNTS, 1.0), topics))
    return _Phrases(words[best], nexts[best] - 1, np.searchsorted(topics, np.arange(count + 1)))


def _occurrences(contents: Contents, size: int, count: int) -> Longs:
    """Return the words that may tell, and the pairs of neighbours, each once for each paper that has it.

    In one number stand, from the highest bits on, the first word, the next word or 0, and the paper.
    """
    texts = printed(contents.rows)
    telling = np.fromiter(map(may_tell, contents.vocabulary.words), np.bool_, count=size - 1)
    told = np.flatnonzero(texts.words >= 0)
    told = told[telling[texts.words[told]]]
    words, papers = texts.words[told].astype(np.int64) * size, texts.papers[told]
    pairs = np.flatnonzero(np.diff(told) == 1)
    nexts = texts.words[told[pairs + 1]] + 1
    return distinct(np.concatenate([words * count + papers, (words[pairs] + nexts) * count + papers[pairs]]))


def _worth(inside: Longs, everywhere: Longs, sizes: Longs, count: int) -> NDArray[np.float64]:
    """Return how much a phrase tells of a topic that so many of its papers have, and so many of all papers."""
    ratio = (inside / sizes) / ((everywhere - inside + 1) / np.maximum(count - sizes, 1))
    return np.asarray(inside * np.log(np.maximum(ratio, 1e-6)), np.float64)


def _name(papers: Sequence[Paper], phrases: Iterator[list[str]]) -> str:
    chosen: list[str] = []
    said: set[str] = set()
    for words in phrases:
        its = set(stems(words))
        if its & said:
            continue
        chosen.append(_as_printed(words, papers))
        said |= its
        if len(chosen) == _LABEL_WORDS:
            break
    return " · ".join(chosen) or "other"


def _as_printed(words: Sequence[str], papers: Sequence[Paper]) -> str:
    """Write a phrase as papers mostly do within their abstracts, such as NLP for nlp."""
    pattern = re.compile(r"\b" + r"[\s-]+".join(map(re.escape, words)) + r"\b", re.IGNORECASE)
    forms: Counter[str] = Counter()
    for paper in papers:
        text = paper.abstract.plain if paper.abstract else ""
        forms.update(" ".join(form.split()) for form in pattern.findall(text))
    return forms.most_common(1)[0][0] if forms else " ".join(words)
