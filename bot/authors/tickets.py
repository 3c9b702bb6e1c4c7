"""What the name on a ticket tells: which author of a paper somebody is, and whether that is sure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.authors.model import Slot, slots_of
from bot.programme.build import author_key
from bot.programme.model import Author, Paper, Programme
from bot.programme.names import fold

_SAY_LITTLE: Final = frozenset(
    {"a", "and", "at", "college", "department", "dept", "for", "inc", "institute", "lab"}
) | {*("labs", "ltd", "of", "research", "school", "the", "univ", "universitat", "universite", "university")}
"""What many affiliations have in common, as `fold` leaves it."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """Somebody's ticket.

    Attributes:
        name: the name on it.
        account: their account of Discord's: its id, or its name in lower case.
        affiliation: where they work, as the ticket says; empty for unknown.
    """

    name: str
    account: str
    affiliation: str = ""


@dataclass(frozen=True, slots=True)
class Fit:
    """What a ticket says about somebody and a paper.

    Attributes:
        slot: the author of that name; None where the paper has none.
        doubts: why the name alone does not tell that it is them, a clause each; none for surely.
    """

    slot: Slot | None
    doubts: tuple[str, ...] = ()


def ticket_of(tickets: Iterable[Ticket], user_id: int, user_name: str) -> Ticket | None:
    """Return the ticket of somebody, None for none; several in different names are nobody's.

    An account's id counts for more than its name, which may have been another's before.
    """
    tickets = tuple(tickets)
    own = [one for one in tickets if one.account == str(user_id)]
    own = own or [one for one in tickets if one.account == user_name.casefold()]
    return own[0] if len({_key(one.name) for one in own}) == 1 else None


def fit(programme: Programme, paper: Paper, ticket: Ticket, tickets: Iterable[Ticket]) -> Fit:
    """Tell which author of a paper somebody with a ticket is, and what speaks against it.

    A name is not a person. Others may bear it: somebody with a ticket, somebody else in the programme, or another
    author of this very paper.
    """
    key = _key(ticket.name)
    slots = [slot for slot in slots_of(paper) if slot.author_key == key]
    if not slots:
        return Fit(None)
    credited = [author for author in paper.authors if author.key == key]
    doubts = []
    if len(slots) > 1:
        doubts.append("the paper has two authors of that name")
    if len({one.account for one in tickets if _key(one.name) == key}) > 1:
        doubts.append("somebody else has a ticket in that name")
    person = programme.people.get(key)
    if person and not _is_one_person(key, person.papers):
        doubts.append("the programme may have several people of that name")
    places = [place for author in credited for place in author.affiliations]
    if ticket.affiliation and places and not any(_alike(ticket.affiliation, place) for place in places):
        doubts.append("the paper names another affiliation than the ticket")
    return Fit(slots[0], tuple(doubts))


def _key(name: str) -> str:
    """Return the key of a name, which registrations may write with the family's name and a comma first."""
    family, comma, given = name.partition(",")
    return author_key(f"{given} {family}" if comma else name)


def _is_one_person(key: str, papers: Sequence[Paper]) -> bool:
    """Tell whether all papers of a name hang together: by somebody else who wrote both, or by an affiliation."""
    rest = list(papers[1:])
    reached = list(papers[:1])
    for paper in reached:
        near = [other for other in rest if _hang_together(key, paper, other)]
        reached += near
        rest = [other for other in rest if other not in near]
    return not rest


def _hang_together(key: str, one: Paper, other: Paper) -> bool:
    others = {author.key for author in other.authors} - {key}
    if any(author.key in others for author in one.authors):
        return True
    mine, theirs = _places(key, one.authors), _places(key, other.authors)
    return any(_alike(place, another) for place in mine for another in theirs)


def _places(key: str, authors: Iterable[Author]) -> list[str]:
    return [place for author in authors if author.key == key for place in author.affiliations]


def _alike(one: str, other: str) -> bool:
    """Tell whether two affiliations have a word in common that tells something."""
    return bool(_words(one) & _words(other))


def _words(affiliation: str) -> set[str]:
    words = set(re.findall(r"\w+", fold(affiliation)))
    return words - _SAY_LITTLE or words
