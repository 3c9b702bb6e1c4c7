"""What is looked for, and what is found."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.programme.model import Paper
from bot.search.snippet import Marks
from bot.ui.pager import Page


class Suggested(StrEnum):
    """What is suggested while somebody types."""

    PAPERS = "papers"
    AUTHORS = "authors"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search, and the page of its results that is to be shown.

    Attributes:
        query: the words, as they were typed.
        session: only papers of the session with this key.
        author: only papers by the person with this key.
        topic: only papers of the track or topic of this name, folded.
        affiliation: only papers by somebody who works at the place of this name, folded.
        page: which page, counted from 0; a number beyond the last one means that.
    """

    query: str
    session: str | None = None
    author: str | None = None
    topic: str | None = None
    affiliation: str | None = None
    page: int = 0


@dataclass(frozen=True, slots=True)
class FoundPaper:
    """A paper that a search found.

    Attributes:
        paper: the paper.
        marks: where the words that answer stand in the abstract's plain text.
    """

    paper: Paper
    marks: Marks


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what a search found.

    Attributes:
        page: the page.
        corrected: the query with its misspelt words put right; None when all words were known.
    """

    page: Page[FoundPaper]
    corrected: str | None

    @property
    def papers(self) -> Sequence[Paper]:
        """The papers on the page."""
        return [one.paper for one in self.page.entries]
