"""What an edition consists of, to be freed piece by piece when another one has taken its place."""

from bot.editions.model import Edition, Origin
from bot.letting_go import let_go_later


def let_edition_go_later(edition: Edition) -> None:
    """See to it that an edition is freed piece by piece once nobody uses it any more."""
    programme = edition.programme
    parts: list[object] = [*programme.papers.values(), *programme.people.values(), *programme.sessions]
    parts += edition.memory.words.held()
    if origin := edition.origin.value:
        parts += parts_of(origin)
    let_go_later(edition, parts, edition.index.parts())


def parts_of(origin: Origin) -> list[object]:
    """Return what an origin consists of."""
    source, corrected = origin.source, origin.corrected
    return [*source.papers, *corrected.papers, *source.sessions, *corrected.sessions]
