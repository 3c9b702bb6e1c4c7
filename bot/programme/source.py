"""A programme exactly as a source gave it: raw text, with the problems found while reading.

The store keeps these objects, so that a better cleaner improves what was loaded long ago.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Severity(StrEnum):
    """Whether a problem can be lived with."""

    NOTE = "note"
    """The reader put it right or had to assume something; worth a look."""

    ACTION = "action"
    """Something is missing that only a person can fill in."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a source.

    Attributes:
        line: the line of the source file, counted from 1, or None when it concerns the whole.
        severity: whether a person has to act.
        message: what is wrong and what was done about it, as one sentence in plain text.
    """

    line: int | None
    severity: Severity
    message: str


@dataclass(frozen=True, slots=True)
class Link:
    """An address that belongs to a paper, such as its PDF; always http or https."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class SourcePaper:
    """One paper, field by field as printed.

    Attributes:
        key: the stable key by which people and reminders refer to it; empty until one is assigned.
        line: where the paper begins in the source file, counted from 1.
        title: the title, or None when the source lost it.
        byline: the author slots in printed order; an empty string is a slot the source left blank.
        abstract: the abstract, or None.
        number: the poster's number as the source gives it, or None.
        source_id: the source's own identifier, or None.
        links: addresses the source gives.
    """

    key: str = ""
    line: int | None = None
    title: str | None = None
    byline: tuple[str, ...] = ()
    abstract: str | None = None
    number: str | None = None
    source_id: str | None = None
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceSession:
    """One session with its papers in printed order.

    Attributes:
        key: the stable key; empty until one is assigned.
        line: where the session begins in the source file, counted from 1.
        kind: what the source calls it, such as "Session" or "Tutorial".
        name: its name.
        room: where it takes place, or None.
        starts_at: aware start in UTC, or None when the source has none.
        ends_at: aware end in UTC, or None.
        papers: the papers shown in it.
    """

    key: str = ""
    line: int | None = None
    kind: str = ""
    name: str = ""
    room: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    papers: tuple[SourcePaper, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """What one reader made of one file.

    Attributes:
        format: the reader's name and revision, such as "page-text/1"; a new revision makes an unchanged file
            worth reading again.
        sessions: the sessions in printed order.
        problems: what was wrong, in the order of the file.
    """

    format: str
    sessions: tuple[SourceSession, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def paper_count(self) -> int:
        """How many papers all sessions hold together."""
        return sum(len(session.papers) for session in self.sessions)
