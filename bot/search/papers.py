"""What of a paper is searched."""

from collections.abc import Iterable, Iterator

from bot.programme.kinds import Kind
from bot.programme.model import Paper, Programme
from bot.search.words import tokens


def abstract_of(paper: Paper) -> str:
    """Return a paper's abstract as plain text, empty when it has none."""
    return paper.abstract.plain if paper.abstract else ""


def topics_of(paper: Paper, programme: Programme) -> tuple[str, ...]:
    """Return a paper's topics and its track; one without a track of its own has those of its sessions."""
    tracks = (paper.track,) if paper.track else (session.track for session in programme.sessions_of(paper))
    return tuple(dict.fromkeys((*filter(None, tracks), *paper.topics)))


def affiliations_of(paper: Paper) -> Iterable[str]:
    """Return where a paper's authors work, each place once."""
    return dict.fromkeys(name for author in paper.authors for name in author.affiliations)


def kinds_of(paper: Paper) -> Iterable[str]:
    """Return what the source calls the kind of a paper, and what it means by that."""
    means = "" if paper.kind is Kind.OTHER else paper.kind.value
    return filter(None, dict.fromkeys((paper.kind_name, means)))


def searched_texts(paper: Paper, topics: Iterable[str]) -> tuple[str, ...]:
    """Return all of a paper that is searched: title, authors' names, abstract, topics, kind and affiliations."""
    names = (author.name for author in paper.authors)
    return (paper.label, *names, abstract_of(paper), *topics, *kinds_of(paper), *affiliations_of(paper))


def printed_tokens(paper: Paper) -> list[str]:
    """Return the words of a paper's title and abstract as they are printed."""
    return tokens(f"{paper.label} {abstract_of(paper)}")


def introductions(papers: Iterable[Paper]) -> Iterator[str]:
    """Yield the texts in which papers introduce acronyms."""
    for paper in papers:
        yield paper.label
        if paper.abstract:
            yield paper.abstract.plain
