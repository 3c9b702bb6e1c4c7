"""What of a paper is searched."""

from collections.abc import Iterable, Iterator

from bot.programme.kinds import Kind
from bot.programme.model import Paper, Programme
from bot.search.reading import Field
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


def fields_of(paper: Paper, topics: Iterable[str]) -> Iterator[tuple[Field, str]]:
    """Yield all of a paper that is searched; its title comes first."""
    yield Field.TITLE, paper.label
    for author in paper.authors:
        yield Field.AUTHOR, author.name
    yield Field.ABSTRACT, abstract_of(paper)
    for field, names in (
        (Field.TOPIC, topics),
        (Field.KIND, kinds_of(paper)),
        (Field.AFFILIATION, affiliations_of(paper)),
    ):
        for name in names:
            yield field, name


def boards_of(paper: Paper) -> Iterable[str]:
    """Return the numbers of a paper's boards as folded words, each once."""
    boards = dict.fromkeys(" ".join(tokens(one.board)) for one in paper.appearances if one.board)
    return filter(None, boards)


def searched_texts(paper: Paper, topics: Iterable[str]) -> list[str]:
    """Return all of a paper that is searched: title, authors' names, abstract, topics, kind and affiliations."""
    return [text for _, text in fields_of(paper, topics)]
