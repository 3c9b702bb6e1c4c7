"""Which changes of the source are small enough to be made without asking."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from bot.config import SmallChange
from bot.editions.model import Proposal
from bot.programme.difference import Change, Difference, TimeChange

_OF_PAPERS: Final[Mapping[str, SmallChange]] = {
    "start": "times",
    "end": "times",
    "room": "rooms",
    "abstract": "abstracts",
    "title": "titles",
    "authors": "authors",
    "affiliations": "authors",
    "links": "links",
}
_OF_SESSIONS: Final[Mapping[str, SmallChange]] = {
    "start": "times",
    "end": "times",
    "room": "rooms",
    "abstract": "abstracts",
    "name": "titles",
    "links": "links",
}
"""What the fields of a difference are called in the configuration; what is not here is never small."""


def is_small(proposal: Proposal, allowed: Collection[SmallChange]) -> bool:
    """Tell whether a proposal may be applied without asking.

    It may not when anybody has to choose, when it looks wrong, or when anything comes, goes or loses what it had.

    Args:
        proposal: what the source would change.
        allowed: what the configuration allows to change without asking.
    """
    if proposal.suspicions or proposal.conflicts:
        return False
    return all(kind in allowed for kind in _kinds(proposal.difference))


def _kinds(difference: Difference) -> Iterator[SmallChange | None]:
    """Yield what each change is, None for what is never small."""
    for coming_or_going in (
        difference.papers_added,
        difference.papers_removed,
        difference.sessions_added,
        difference.sessions_removed,
    ):
        yield from (None for _ in coming_or_going)
    for changed, names in ((difference.papers_changed, _OF_PAPERS), (difference.sessions_changed, _OF_SESSIONS)):
        for thing in changed:
            yield from (_kind(change, names) for change in thing.changes)


def _kind(change: Change | TimeChange, names: Mapping[str, SmallChange]) -> SmallChange | None:
    return names.get(change.field) if change.after else None
