"""The papers that answer a query, with the words by which each was found."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from bot.programme.model import Paper, Programme
from bot.search.matching import Matching, PaperTexts
from bot.search.papers import abstract_of, searched
from bot.search.snippet import Marks
from bot.search.vocabulary import Meanings


@dataclass(frozen=True, slots=True)
class Hit:
    """A paper that answers a query.

    Attributes:
        paper: the paper.
        score: how well it answers; comparable within one query only.
        matched: the folded words of the paper that answer, to be made bold.
        marks: where they stand in the abstract's plain text.
    """

    paper: Paper
    score: float
    matched: frozenset[str]
    marks: Marks


class Hits:
    """Makes the hits of papers; results hold it and not the index, which is to be freed when nobody uses it."""

    def __init__(self, programme: Programme, papers: Sequence[Paper], matching: Matching) -> None:
        self._programme = programme
        self._papers = papers
        self._matching = matching

    def of(self, meanings: Sequence[Meanings], found: Sequence[tuple[int, float]]) -> list[Hit]:
        """Make the hits of papers at some places with their scores, given what the words of the query mean."""
        papers = [self._papers[place] for place, _ in found]
        looks = self._matching.looks(meanings, list(map(self._searched, papers)))
        return [
            Hit(paper, score, look.matched, look.marks)
            for paper, (_, score), look in zip(papers, found, looks, strict=True)
        ]

    def read_ahead(self) -> Iterator[None]:
        """Read the papers before anybody finds them, one with each step: the first look at one takes the longest."""
        return self._matching.read(map(self._searched, self._papers))

    def _searched(self, paper: Paper) -> PaperTexts:
        return PaperTexts(paper.key, abstract_of(paper), partial(self._texts_of, paper))

    def _texts_of(self, paper: Paper) -> Sequence[str]:
        return searched(paper, self._programme).texts
