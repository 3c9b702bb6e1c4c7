"""Making one paper or session of its records in several sources: what each adds, and where they disagree."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import Final, TypeVar

from bot.programme.names import fold
from bot.programme.source import Credit, Link, SourceAppearance, SourcePaper, SourceSession
from bot.sources.join.marks import abstract_words, person, title_words
from bot.sources.join.taken import Taken
from bot.sources.reading.problems import Problems, shown

Thing = TypeVar("Thing")
Part = TypeVar("Part")

_MOST: Final = 100
"""The most topics, links or identifiers that are put together."""


class Merger:
    """Puts records together; the earlier source wins, and what others say differently is a problem.

    Attributes:
        problems: what the sources disagree on.
    """

    def __init__(self, files: Sequence[str], taken: Taken, problems: Problems) -> None:
        """Begin.

        Args:
            files: what messages call the sources.
            taken: what each of them is taken for.
            problems: where disagreements go.
        """
        self.problems = problems
        self._files = files
        self._taken = taken

    def paper(self, records: Sequence[tuple[int, SourcePaper]]) -> SourcePaper:
        """Return one paper of its records, each with the place of its source."""
        first = records[0][1]
        if len(records) == 1:
            return first
        called = f"Paper “{shown(first.title or first.source_id or first.abstract or '')}”"
        ids = _together(
            text for _, paper in records for text in ((paper.source_id,) if paper.source_id else ()) + paper.other_ids
        )
        title = self._chosen(records, called, lambda paper: paper.title, title_words, "title")
        # Without a title it would be taken for a stub if it got an identifier of its own.
        source_id = _first(paper.source_id for _, paper in records) if title else None
        authors = self._chosen(records, called, lambda paper: paper.authors, _who, "authors")
        return replace(
            first,
            key=_first(paper.key for _, paper in records) or "",
            title=title,
            authors=_with_affiliations(authors or (), [paper.authors for _, paper in records]),
            abstract=self._chosen(records, called, lambda paper: paper.abstract, abstract_words, "abstract"),
            kind=_first(paper.kind for _, paper in self._ranked(records)) or "",
            track=_first(paper.track for _, paper in self._ranked(records)),
            topics=_together(text for _, paper in self._ranked(records) for text in paper.topics),
            source_id=source_id,
            other_ids=tuple(text for text in ids if text != source_id),
            links=_links(link for _, paper in self._ranked(records) for link in paper.links),
        )

    def session(self, records: Sequence[tuple[int, SourceSession]]) -> SourceSession:
        """Return one session of its records, with what appears in the first one."""
        first = records[0][1]
        if len(records) == 1:
            return first
        # A name that only repeats the identifier says less than any other.
        named = [(source, one) for source, one in records if one.name.strip() and one.name != one.source_id] or records
        called = f"Session “{shown(named[0][1].name or first.source_id or '')}”"
        starts_at, ends_at = self._times(records, called, lambda one: (one.starts_at, one.ends_at))
        chairs = self._chosen(records, called, lambda one: one.chairs, _who, "chairs")
        return replace(
            first,
            key=_first(one.key for _, one in records) or "",
            kind=_first(one.kind for _, one in self._ranked(records)) or "",
            name=self._chosen(named, called, lambda one: one.name, title_words, "name") or "",
            track=_first(one.track for _, one in self._ranked(records)),
            room=self._chosen(records, called, lambda one: one.room, fold, "room"),
            starts_at=starts_at,
            ends_at=ends_at,
            chairs=chairs or (),
            abstract=self._chosen(records, called, lambda one: one.abstract, abstract_words, "abstract"),
            source_id=_first(one.source_id for _, one in records),
            links=_links(link for _, one in self._ranked(records) for link in one.links),
        )

    def appearance(self, records: Sequence[tuple[int, SourceAppearance]], called: str) -> SourceAppearance:
        """Return one appearance of its records.

        Args:
            records: what sources say of the same paper in the same session.
            called: what messages call it.
        """
        first = records[0][1]
        if len(records) == 1:
            return first
        starts_at, ends_at = self._times(records, called, lambda one: (one.starts_at, one.ends_at))
        return replace(
            first,
            starts_at=starts_at,
            ends_at=ends_at,
            room=self._chosen(records, called, lambda one: one.room, fold, "room"),
            board=self._chosen(records, called, lambda one: one.board, fold, "board"),
        )

    def _ranked(self, records: Iterable[tuple[int, Thing]]) -> list[tuple[int, Thing]]:
        return sorted(records, key=lambda record: self._taken.rank(record[0]))

    def _chosen(
        self,
        records: Iterable[tuple[int, Thing]],
        called: str,
        part: Callable[[Thing], Part | None],
        bare: Callable[[Part], Hashable],
        what: str,
    ) -> Part | None:
        """Return a part as the first source has it; that another one has it differently is a problem.

        Args:
            records: the things, each with the place of its source.
            called: what messages call them.
            part: takes the part of a thing; None or nothing where it has none.
            bare: what must be the same for two parts to be the same.
            what: what messages call the part.
        """
        found = [(source, value) for source, thing in self._ranked(records) if (value := part(thing))]
        if not found:
            return None
        source, chosen = found[0]
        for other_source, other in found[1:]:
            if other != chosen and bare(other) != bare(chosen):
                self._note(called, what, (source, _quoted(chosen, what)), (other_source, _quoted(other, what)))
        return chosen

    def _times(
        self,
        records: Iterable[tuple[int, Thing]],
        called: str,
        times: Callable[[Thing], tuple[datetime | None, datetime | None]],
    ) -> tuple[datetime | None, datetime | None]:
        """Return start and end as the first source has them that has a start; others may add the end."""
        found = [(source, *times(thing)) for source, thing in self._ranked(records)]
        started = [(source, starts) for source, starts, _ in found if starts]
        source, starts_at = started[0] if started else (0, None)
        for other_source, other in started[1:]:
            if starts_at and other != starts_at:
                self._note(called, "start", (source, _clock(starts_at)), (other_source, _clock(other)))
        ended = [(at, ends) for at, starts, ends in found if ends and starts == starts_at]
        ended += [(at, ends) for at, starts, ends in found if ends and starts is None and starts_at]
        if not ended:
            return starts_at, None
        source, ends_at = ended[0]
        for other_source, other in ended[1:]:
            if other != ends_at:
                self._note(called, "end", (source, _clock(ends_at)), (other_source, _clock(other)))
        return starts_at, ends_at if starts_at is None or ends_at >= starts_at else None

    def _note(self, called: str, what: str, chosen: tuple[int, str], other: tuple[int, str]) -> None:
        file, other_file = self._files[chosen[0]], self._files[other[0]]
        self.problems.note(
            f"another {what}",
            f"{called}: the {what} of {other_file}{other[1]} is not that of {file}{chosen[1]}, which is taken.",
        )


def _quoted(value: object, what: str) -> str:
    """Return what a message says a part is, where it is short enough to compare."""
    return f" (“{shown(value)}”)" if isinstance(value, str) and what != "abstract" else ""


def _clock(moment: datetime) -> str:
    return f" ({moment:%Y-%m-%d %H:%M} UTC)"


def _who(authors: Iterable[Credit]) -> Hashable:
    return tuple(map(person, authors))


def _first(values: Iterable[Part | None]) -> Part | None:
    return next((value for value in values if value), None)


def _together(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))[:_MOST]


def _links(links: Iterable[Link]) -> tuple[Link, ...]:
    """Return each address once, with the label it has first."""
    found: dict[str, Link] = {}
    for link in links:
        found.setdefault(link.url, link)
    return tuple(found.values())[:_MOST]


def _with_affiliations(authors: Sequence[Credit], others: Iterable[Sequence[Credit]]) -> tuple[Credit, ...]:
    """Add where authors work, where another source says it of somebody of the same name."""
    if all(author.affiliations for author in authors):
        return tuple(authors)
    known: dict[str, tuple[str, ...]] = {}
    for author in chain.from_iterable(others):
        if author.affiliations:
            known.setdefault(person(author), author.affiliations)
    return tuple(
        author
        if author.affiliations or not author.name
        else replace(author, affiliations=known.get(person(author), ()))
        for author in authors
    )
