"""What an edition consists of, to be freed piece by piece when another one has taken its place."""

from collections.abc import Iterator
from functools import partial

from bot.editions.model import Edition, Origin
from bot.letting_go import let_go_later
from bot.programme.model import Programme
from bot.programme.vocabulary import Vocabulary


def let_edition_go_later(edition: Edition) -> None:
    """See to it that an edition is freed piece by piece once nobody uses it any more."""
    taken_apart = partial(_taken_apart, edition.programme, edition.memory.words, edition.origin.value)
    let_go_later(edition, taken_apart, edition.index.parts())


def parts_of(origin: Origin) -> Iterator[object]:
    """Yield what an origin consists of."""
    for source in (origin.source, origin.corrected):
        yield from source.papers
        yield from source.sessions


def _taken_apart(programme: Programme, words: Vocabulary, origin: Origin | None) -> Iterator[object]:
    yield from programme.papers.values()
    yield from programme.people.values()
    yield from programme.sessions
    yield from words.held()
    if origin:
        yield from parts_of(origin)
