"""Papers near several others, as those are that somebody has bookmarked."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.programme.model import Author, Paper, Programme
from bot.search.postings import Worths
from bot.search.similar import Similarity

_MOST: Final = 40
"""From how many papers the nearness is worked out; the later ones of more. Each takes about half a millisecond."""

_SHARED_AUTHOR_WORTH: Final = 0.3
"""What an author of one of the others is worth, next to being as near as the nearest paper; of two of them, twice that.

Of the other papers of ACL 2022's authors, 91 of 100 are among the first ten with it, 66 with 0.2, 97 with 0.4, and 15
without. Of the ten for somebody who chose five papers of a track of ACL 2020, 46 of 100 are of that track, 47 with 0.2,
45 with 0.4, and 48 without.
"""

_MOST_TIMES: Final = 3
"""From how many papers on an author counts no more."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a paper is near some others.

    Attributes:
        to: the one of them that it is nearest to.
        shared: the topics and the rare words that those two share.
        authors: who wrote it and one of the others as well.
    """

    to: Paper
    shared: tuple[str, ...]
    authors: tuple[Author, ...]


class Neighbours:
    """The papers near some others, the nearest first; none of the others is among them.

    Attributes:
        papers: the papers that share anything with them.
    """

    def __init__(
        self, programme: Programme, places: Mapping[str, int], similarity: Similarity, keys: Iterable[str]
    ) -> None:
        """Work out which are near.

        Args:
            programme: the programme.
            places: the place of each of its papers, by key.
            similarity: how near each is to another.
            keys: the keys of those that others are to be near to, the one chosen last at the end.
        """
        self._programme = programme
        self._places = places
        self._similarity = similarity
        chosen = [programme.papers[key] for key in dict.fromkeys(keys) if key in programme.papers]
        self._chosen = chosen[-_MOST:]
        self._nearness = np.zeros((len(self._chosen), len(places)), np.float32)
        for row, paper in enumerate(self._chosen):
            self._nearness[row] = similarity.scores(places[paper.key])
        self._authors = Counter(author.key for paper in self._chosen for author in paper.authors)
        scores = self._scores([places[paper.key] for paper in chosen])
        near = np.argsort(-scores, kind="stable")[: np.count_nonzero(scores > 0)].tolist()
        all_papers = tuple(programme.papers.values())
        self.papers: Sequence[Paper] = [all_papers[place] for place in near]

    def reason(self, paper: Paper) -> Reason:
        """Tell why one of these papers is near."""
        authors = tuple(author for author in paper.authors if author.key in self._authors)
        named = {author.key for author in authors}
        place = self._places[paper.key]
        by_them = [any(author.key in named for author in one.authors) for one in self._chosen]
        row = max(range(len(self._chosen)), key=lambda row: (by_them[row], self._nearness[row, place]))
        to = self._chosen[row]
        return Reason(to, self._similarity.shared(self._places[to.key], place), authors)

    def _scores(self, chosen: Sequence[int]) -> Worths:
        scores: Worths = self._nearness.sum(axis=0, dtype=np.float32)
        scores[chosen] = 0.0
        times = np.zeros(len(scores), np.float32)
        for key, often in self._authors.items():
            theirs = [self._places[paper.key] for paper in self._programme.people[key].papers]
            times[theirs] = np.maximum(times[theirs], min(often, _MOST_TIMES))
        scores += times * np.float32((float(scores.max(initial=0.0)) or 1.0) * _SHARED_AUTHOR_WORTH)
        scores[chosen] = 0.0
        return scores
