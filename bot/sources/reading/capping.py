"""Cutting what is longer or more than a programme may hold, and saying so."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, TypeVar

from bot.programme.source import Credit, Link, SourceAppearance, SourcePaper, SourceSession
from bot.sources.reading.limits import (
    LONGEST,
    LONGEST_ADDRESS,
    LONGEST_LINE,
    MOST_NAMES,
    MOST_OF_A_PAPER,
    MOST_PLACES,
)
from bot.sources.reading.problems import Problems, shown

T = TypeVar("T", SourcePaper, SourceSession)

_TEXTS: Final = {
    SourcePaper: ("title", "abstract", "kind", "track"),
    SourceSession: ("name", "abstract", "kind", "track", "room"),
}
_PEOPLE: Final = {SourcePaper: ("authors", "authors"), SourceSession: ("chairs", "chairs")}


class Cap:
    """Keeps papers and sessions within the limits."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems

    def capped(self, owner: T, called: Callable[[T], str]) -> T:
        """Return a paper or a session without what is too long or too much; most are returned as they are.

        Args:
            owner: the paper or session.
            called: says what messages call it.
        """
        say = _Say(self._problems, lambda: called(owner), owner.line)
        changes: dict[str, Any] = {}
        for name in _TEXTS[type(owner)]:
            _put(changes, name, owner, say.text(name, getattr(owner, name), LONGEST.get(name, LONGEST_LINE)))
        if owner.source_id and len(owner.source_id) > LONGEST_LINE:
            say("an identifier that is too long", f"its identifier has {len(owner.source_id):,} characters; left out")
            changes["source_id"] = None
        attribute, people = _PEOPLE[type(owner)]
        _put(changes, attribute, owner, say.people(getattr(owner, attribute), people))
        _put(changes, "links", owner, say.links(owner.links))
        if isinstance(owner, SourcePaper):
            topics = say.several("topics", owner.topics)
            if any(len(topic) > LONGEST_LINE for topic in topics):
                topics = tuple(say.text("topic", topic, LONGEST_LINE) or "" for topic in topics)
            _put(changes, "topics", owner, topics)
            ids = owner.other_ids
            if any(len(one) > LONGEST_LINE for one in ids):
                ids = tuple(one for one in ids if len(one) <= LONGEST_LINE)
            _put(changes, "other_ids", owner, say.several("other_ids", ids))
        else:
            _put(changes, "appearances", owner, say.appearances(owner.appearances))
        return replace(owner, **changes) if changes else owner


class _Say:
    """Cuts, and says so, for one paper or session."""

    def __init__(self, problems: Problems, called: Callable[[], str], line: int | None) -> None:
        self._problems = problems
        self._called = called
        self._line = line

    def __call__(self, kind: str, what: str) -> None:
        self._problems.note(kind, f"{self._called()}: {what}.", self._line)

    def text(self, name: str, text: str | None, most: int) -> str | None:
        if text is None or len(text) <= most:
            return text
        self(f"a {name} that is too long", f"its {name} has {len(text):,} characters; the first {most:,} are kept")
        return text[:most]

    def several(self, name: str, values: tuple[Any, ...]) -> tuple[Any, ...]:
        most = MOST_OF_A_PAPER[name]
        if len(values) <= most:
            return values
        what = "identifiers" if name == "other_ids" else name
        self(f"too many {what}", f"it has {len(values):,} {what}; the first {most} are kept")
        return values[:most]

    def people(self, people: tuple[Credit, ...], what: str) -> tuple[Credit, ...]:
        if len(people) > MOST_NAMES:
            self(f"too many {what}", f"it has {len(people):,} {what}; the first {MOST_NAMES:,} are kept")
            people = people[:MOST_NAMES]
        if all(map(_fits, people)):
            return people
        return tuple(one if _fits(one) else self._person(one) for one in people)

    def links(self, links: tuple[Link, ...]) -> tuple[Link, ...]:
        if any(len(link.url) > LONGEST_ADDRESS or len(link.label) > LONGEST_LINE for link in links):
            for link in links:
                if (length := len(link.url)) > LONGEST_ADDRESS:
                    self("a link that is too long", f"the link “{shown(link.url)}” has {length:,} characters; left out")
            links = tuple(
                replace(link, label=self.text("link's name", link.label, LONGEST_LINE) or "")
                for link in links
                if len(link.url) <= LONGEST_ADDRESS
            )
        return self.several("links", links)

    def appearances(self, appearances: tuple[SourceAppearance, ...]) -> tuple[SourceAppearance, ...]:
        if not any(len(one.room or "") > LONGEST_LINE or len(one.board or "") > LONGEST_LINE for one in appearances):
            return appearances
        return tuple(
            replace(
                one,
                room=self.text("room", one.room, LONGEST_LINE),
                board=self.text("board", one.board, LONGEST_LINE),
            )
            for one in appearances
        )

    def _person(self, person: Credit) -> Credit:
        if len(person.affiliations) > MOST_PLACES:
            self("too many places of work", f"“{shown(person.name)}” has more than {MOST_PLACES}; the first are kept")
        return replace(
            person,
            name=self.text("name", person.name, LONGEST_LINE) or "",
            identifier=person.identifier if len(person.identifier) <= LONGEST_LINE else "",
            affiliations=tuple(
                self.text("place of work", place, LONGEST_LINE) or "" for place in person.affiliations[:MOST_PLACES]
            ),
        )


def _fits(person: Credit) -> bool:
    return (
        len(person.name) <= LONGEST_LINE
        and len(person.affiliations) <= MOST_PLACES
        and len(person.identifier) <= LONGEST_LINE
        and all(len(place) <= LONGEST_LINE for place in person.affiliations)
    )


def _put(changes: dict[str, Any], name: str, owner: object, value: object) -> None:
    if value is not getattr(owner, name):
        changes[name] = value
