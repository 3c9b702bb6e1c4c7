"""What of a paper is searched."""

from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

from bot.programme.kinds import Kind
from bot.programme.model import Paper, Programme
from bot.search.words import tokens


class Searched(NamedTuple):
    """All of a paper that is searched.

    Attributes:
        title: what it is called.
        authors: the authors' names.
        abstract: its abstract as plain text, empty when it has none.
        topics: its topics and its track.
        kinds: what the source calls its kind, and what it means by that.
        affiliations: where its authors work, each place once.
    """

    title: str
    authors: list[str]
    abstract: str
    topics: tuple[str, ...]
    kinds: list[str]
    affiliations: list[str]

    @property
    def texts(self) -> list[str]:
        """All of it, in order."""
        return [self.title, *self.authors, self.abstract, *self.topics, *self.kinds, *self.affiliations]


def searched(paper: Paper, programme: Programme) -> Searched:
    """Return all of a paper of a programme that is searched."""
    authors = paper.authors
    means = "" if paper.kind is Kind.OTHER else paper.kind.value
    return Searched(
        title=paper.label,
        authors=[author.name for author in authors],
        abstract=abstract_of(paper),
        topics=topics_of(paper, programme),
        kinds=[kind for kind in dict.fromkeys((paper.kind_name, means)) if kind],
        affiliations=list(dict.fromkeys(chain.from_iterable([author.affiliations for author in authors]))),
    )


def abstract_of(paper: Paper) -> str:
    """Return a paper's abstract as plain text, empty when it has none."""
    return paper.abstract.plain if paper.abstract else ""


def topics_of(paper: Paper, programme: Programme) -> tuple[str, ...]:
    """Return a paper's topics and its track; one without a track of its own has those of its sessions."""
    tracks = (paper.track,) if paper.track else (session.track for session in programme.sessions_of(paper))
    return tuple(dict.fromkeys((*filter(None, tracks), *paper.topics)))


def boards_of(paper: Paper) -> Iterable[str]:
    """Return the numbers of a paper's boards as folded words, each once."""
    boards = dict.fromkeys(" ".join(tokens(one.board)) for one in paper.appearances if one.board)
    return filter(None, boards)
