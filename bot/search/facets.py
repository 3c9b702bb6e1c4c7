"""What many papers have in common, to narrow a search down by: topics, and where authors work."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from bot.programme.names import fold
from bot.search.names import Names
from bot.search.words import tokens

_MOST_WORDS: Final = 8
"""How many words are looked at of what is typed."""


class Facet(NamedTuple):
    """A topic or an affiliation: its name as most papers write it, and how many papers have it."""

    name: str
    papers: int


class Facets:
    """All topics, or all affiliations, of a programme's papers; names that differ in case, accents or spaces are one.

    Attributes:
        papers: the places of the papers that have each name, by the name folded.
    """

    def __init__(self, names: Iterable[Iterable[str]], words: Callable[[str], Iterable[str]]) -> None:
        """Take the names that each paper has.

        Args:
            names: the names of each paper, in the order of the papers.
            words: returns the words under which a name is found.
        """
        keys: dict[str, str] = {}
        written: dict[str, Counter[str]] = {}
        self._of_papers: list[list[str]] = []
        self.papers: dict[str, list[int]] = {}
        for paper, own in enumerate(names):
            # A name that a paper writes in two ways counts once.
            by_key = {keys.get(name) or keys.setdefault(name, fold(name)): name for name in own}
            by_key.pop("", None)
            for key, name in by_key.items():
                self.papers.setdefault(key, []).append(paper)
                written.setdefault(key, Counter())[name] += 1
            self._of_papers.append(list(by_key))
        self._facets = {key: Facet(written[key].most_common(1)[0][0], len(self.papers[key])) for key in self.papers}
        self._by_place = list(self._facets.values())
        self._names = Names(words(facet.name) for facet in self._by_place)

    def of(self, paper: int) -> Sequence[str]:
        """Return the keys of the names that a paper has."""
        return self._of_papers[paper]

    def name(self, key: str) -> str:
        """Return a name as most papers write it."""
        return self._facets[key].name

    def like(self, typed: str, limit: int) -> list[Facet]:
        """Return the names that may be meant by what is typed so far, those of most papers first.

        Every word typed must be a word of the name, or its beginning. A name that is typed in full comes first.
        """
        words = tokens(typed)[:_MOST_WORDS]
        scores = dict.fromkeys(range(len(self._by_place)), 0.0)
        for word in words:
            fitting = self._names.fitting(word, unfinished=True)
            scores = {place: scores[place] + fitting[place] for place in scores.keys() & fitting.keys()}
        whole = self._facets.get(fold(typed))
        found = [(self._by_place[place], score) for place, score in scores.items()]
        found.sort(key=lambda entry: (entry[0] is not whole, -entry[1], -entry[0].papers, entry[0].name))
        return [facet for facet, _ in found[:limit]]
