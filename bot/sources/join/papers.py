"""Which papers of several sources are the same one."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.programme.source import SourcePaper
from bot.sources.join.marks import (
    have_nearly_the_same_title,
    identifiers,
    may_be_same,
    people,
    telling_abstract,
    title_words,
)
from bot.sources.join.pairing import Pairing, Record, Sign
from bot.sources.reading.gather import is_stub


@dataclass(slots=True)
class PaperMeeting:
    """The papers of several sources, each once.

    Attributes:
        pairing: which records are the same paper.
        lonely: the stubs that name no paper of any source.
        unwanted: the papers of sources not taken for papers that no other source has.
    """

    pairing: Pairing[SourcePaper]
    lonely: list[Record] = field(default_factory=list)
    unwanted: list[Record] = field(default_factory=list)


def meet_papers(sources: Sequence[Sequence[SourcePaper]], wanted: Sequence[bool]) -> PaperMeeting:
    """Find the same papers; a stub completes the paper that it names, whichever source has it.

    Args:
        sources: the papers of each source.
        wanted: whether a source is taken for papers that no other one has.
    """
    # A single source has nothing to be paired with, but stubs that name its papers.
    pairing = Pairing(sources, _SIGNS if len(sources) > 1 else (_IDS,))
    meeting = PaperMeeting(pairing)
    for source, papers in enumerate(sources):
        own = [place for place, paper in enumerate(papers) if not is_stub(paper)]
        meeting.unwanted += pairing.add(source, own, wanted=wanted[source])
    for source, papers in enumerate(sources):
        for place, paper in enumerate(papers):
            if not is_stub(paper):
                continue
            named = [home for mark in _ids(paper) for home in pairing.known(mark)]
            if named:
                # Where several papers have the identifier, it is meant for the one of the same people.
                home = next((home for home in named if _share_people(paper, pairing.first(home))), named[0])
                pairing.join((source, place), home)
            else:
                meeting.lonely.append((source, place))
    return meeting


def _texts(paper: SourcePaper) -> list[Hashable]:
    texts = (paper.source_id, paper.title, paper.byline, paper.abstract)
    return [("text", texts)] if any(texts) else []


def _ids(paper: SourcePaper) -> list[Hashable]:
    ids: list[Hashable] = [("id", text) for text in dict.fromkeys(identifiers(paper))]
    return [*ids, ("key", paper.key)] if paper.key else ids


def _titles(paper: SourcePaper) -> list[Hashable]:
    words = title_words(paper.title)
    return [("title", words)] if words else []


def _abstracts(paper: SourcePaper) -> list[Hashable]:
    words = telling_abstract(paper)
    return [("abstract", words)] if words else []


def _all_people(paper: SourcePaper) -> list[Hashable]:
    everybody = people(paper)
    return [("people", everybody)] if everybody and paper.title else []


def _share_people(one: SourcePaper, other: SourcePaper) -> bool:
    return not people(one).isdisjoint(people(other))


def _may_share_people(one: SourcePaper, other: SourcePaper) -> bool:
    ours, theirs = people(one), people(other)
    return not ours or not theirs or not ours.isdisjoint(theirs)


_IDS: Final = Sign(_ids, may_be_same, is_claim=True)
_SIGNS: Final = (
    Sign(_texts, lambda _one, _other: True),
    _IDS,
    Sign(_titles, _share_people),
    Sign(_titles, _may_share_people, alone=True),
    Sign(_abstracts, _may_share_people, alone=True),
    Sign(_all_people, have_nearly_the_same_title, alone=True),
)
