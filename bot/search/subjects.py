"""Topics of a programme whose source names none: papers that share telling words, found in their titles and abstracts.

It takes a while: call it in a thread. The same papers have the same topics each time.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from bot.programme.model import Paper
from bot.search.contents import Contents
from bot.search.flat import Ints
from bot.search.grouping import grouped, reduced
from bot.search.subject_names import names_of
from bot.search.weighing import Floats, Matrix

_MOST: Final = 24
"""How many topics there are at the most: a menu has 25 lines, and one is for all others."""

_FEWEST_PAPERS: Final = 12
"""Of fewer papers a list is short enough."""

_DIMENSIONS: Final = 32
_KEPT_WORDS: Final = 150
_FEWEST_IN_TOPIC: Final = 3


class FoundTopic(NamedTuple):
    """A topic that was found.

    Attributes:
        name: its telling words.
        words: how much each stem tells of it; the squares come to one.
    """

    name: str
    words: Mapping[str, float]


def find_topics(papers: Sequence[Paper], contents: Contents, matrix: Matrix) -> tuple[FoundTopic, ...]:
    """Return the topics of some papers; none for a few papers.

    Args:
        papers: the papers.
        contents: what the index knows of them.
        matrix: how much their words tell.
    """
    if len(papers) < _FEWEST_PAPERS or len(matrix.stems) < _FEWEST_PAPERS:
        return ()
    count = max(min(_MOST, round((len(papers) / 1.4) ** 0.5)), 2)
    centres = matrix.sums(grouped(reduced(matrix, _DIMENSIONS), count), count)
    told = [_told(matrix.stems, centre) for centre in centres]
    found = [FoundTopic("", words) for words in told if words]
    of_papers = _nearest(matrix, found)
    large = [topic for number, topic in enumerate(found) if (of_papers == number).sum() >= _FEWEST_IN_TOPIC]
    names = names_of(papers, contents, _nearest(matrix, large), len(large))
    return tuple(topic._replace(name=name) for topic, name in zip(large, names, strict=True))


def in_topics(topics: Sequence[FoundTopic], matrix: Matrix) -> list[int]:
    """Return the place of each paper's topic, the nearest one; -1 where its texts have no word of any."""
    places: list[int] = _nearest(matrix, topics).tolist()
    return places


def likeness(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Return how much two topics are about the same, by their words: 1 for the same."""
    return sum(weight * other.get(word, 0.0) for word, weight in one.items())


def _told(names: Sequence[str], centre: Floats) -> dict[str, float]:
    best = np.argsort(-centre, kind="stable")[:_KEPT_WORDS]
    best = best[centre[best] > 0]
    length = float(np.linalg.norm(centre[best])) or 1.0
    return {names[place]: round(float(centre[place]) / length, 4) for place in best.tolist()}


def _nearest(matrix: Matrix, topics: Sequence[FoundTopic]) -> Ints:
    places = {name: place for place, name in enumerate(matrix.stems)}
    centres = np.zeros((len(matrix.stems), max(len(topics), 1)), np.float32)
    for number, topic in enumerate(topics):
        for word, weight in topic.words.items():
            if word in places:
                centres[places[word], number] = weight
    near = matrix.times(centres)
    return np.where(near.max(axis=1) > 0, near.argmax(axis=1), -1).astype(np.int32)
