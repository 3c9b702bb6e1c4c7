"""What an index consists of: arrays and a few lists of texts, which are made, kept and freed in one go."""

from typing import Final, NamedTuple

import numpy as np

from bot.search.entries import Columns
from bot.search.facets import NO_FACETS, Facets
from bot.search.flat import Ints, Rows
from bot.search.labels import Labels
from bot.search.listed import Listed
from bot.search.people import NOBODY, People
from bot.search.postings import Postings, Worths
from bot.search.reading import Field
from bot.search.vocabulary import Vocabulary
from bot.search.worths import text_worths


class Contents(NamedTuple):
    """Everything that is known of a programme's papers and people, by their places in it.

    Attributes:
        vocabulary: the words of all papers.
        rows: the words of each paper's texts in order, the end of its field after each text.
        texts: which titles, authors' names and abstracts have which words.
        facets: which topics, kinds and affiliations have which words.
        introductions: the acronyms that each paper introduces.
        topics: the papers' topics and tracks.
        affiliations: where their authors work.
        people: everybody.
        titles: the papers' titles as folded words.
        boards: the numbers of their boards, likewise.
    """

    vocabulary: Vocabulary
    rows: Rows
    texts: Postings
    facets: Postings
    introductions: Listed
    topics: Facets
    affiliations: Facets
    people: People
    titles: Labels
    boards: Labels

    def printed(self, paper: int) -> Ints:
        """Return the words of a paper's title and abstract as they are printed, in order."""
        row = self.rows.of(paper)
        ends = np.flatnonzero(row < 0)
        abstract = int(np.flatnonzero(row[ends] == Field.ABSTRACT.end)[0])
        return np.concatenate([row[: ends[0]], row[ends[abstract - 1] + 1 : ends[abstract]]])

    def worths(self, paper: int, words: Ints) -> Worths:
        """Return what words are worth that a paper's texts have, without what others imply."""
        bounds, papers, marks = self.texts.columns
        at, ends = bounds[words], bounds[words + 1]
        while (left := at < ends).any():
            middle = (at + ends) // 2
            before = left & (papers[np.minimum(middle, len(papers) - 1)] < paper)
            at, ends = np.where(before, middle + 1, at), np.where(left & ~before, middle, ends)
        title = int(np.flatnonzero(self.rows.of(paper) == Field.TITLE.end)[0])
        return text_worths(marks[at], np.full(len(words), title))


def title_lengths(rows: Rows) -> Ints:
    """Return how many words the title of each paper has."""
    return (np.flatnonzero(rows.values == Field.TITLE.end) - rows.bounds[:-1]).astype(np.int32)


_NO_ROWS: Final = Rows(np.zeros(1, np.int64), np.zeros(0, np.int32))
_NO_COLUMNS: Final = Columns(*_NO_ROWS, np.zeros(0, np.uint16))
_NO_POSTINGS: Final = Postings(0, _NO_COLUMNS, np.zeros(0, np.float32))

NOTHING: Final = Contents(
    vocabulary=Vocabulary(()),
    rows=_NO_ROWS,
    texts=_NO_POSTINGS,
    facets=_NO_POSTINGS,
    introductions=Listed.nothing(),
    topics=NO_FACETS,
    affiliations=NO_FACETS,
    people=NOBODY,
    titles=Labels((), _NO_ROWS.values),
    boards=Labels((), _NO_ROWS.values),
)
