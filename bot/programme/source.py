"""A programme exactly as a source gave it: raw text, with the problems found while reading.

The store keeps these objects, so that a better cleaner improves what was loaded long ago.
"""

from dataclasses import dataclass, field
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
    """An address that belongs to a paper or a session, such as its PDF; always http or https.

    Attributes:
        label: what it leads to.
        url: the address.
        listed: whether the source gives it as a link, rather than as the entry's own page, recording or file. Only the
            account of a source asks for it.
    """

    label: str
    url: str
    listed: bool = field(default=True, compare=False)


@dataclass(frozen=True, slots=True)
class Credit:
    """A person as one paper or session names them: an author, a speaker or a chair.

    Attributes:
        name: the name as printed; empty for a slot that the source left blank.
        affiliations: where they work, as printed.
        identifier: the source's own identifier of the person, or empty. Only the account of a source asks for it; for
            attendees two people of one name are one author.
    """

    name: str
    affiliations: tuple[str, ...] = ()
    identifier: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class SourcePaper:
    """One contribution to the conference, which people call a paper or a talk, field by field as printed.

    Attributes:
        key: the stable key by which people and reminders refer to it; empty until one is assigned.
        line: where it begins in the source file, counted from 1.
        title: the title, or None when the source lost it.
        authors: authors or speakers in printed order.
        abstract: the abstract, or None.
        kind: what the source calls its kind, such as "Long paper" or "Lightning talk"; empty for nothing.
        track: the track it is in, or None.
        topics: its topics or keywords.
        source_id: the source's own identifier, or None.
        other_ids: further identifiers by which this or another source may refer to it.
        links: addresses the source gives.
    """

    key: str = ""
    line: int | None = None
    title: str | None = None
    authors: tuple[Credit, ...] = ()
    abstract: str | None = None
    kind: str = ""
    track: str | None = None
    topics: tuple[str, ...] = ()
    source_id: str | None = None
    other_ids: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def byline(self) -> tuple[str, ...]:
        """The names of the authors in printed order; an empty one is a slot the source left blank."""
        return tuple(author.name for author in self.authors)


@dataclass(frozen=True, slots=True)
class SourceAppearance:
    """A paper in a session: a talk in its slot, or a poster on its board.

    Attributes:
        paper: the place of the paper in `Source.papers`.
        starts_at: its own aware start in UTC, or None when only the session has one.
        ends_at: its own aware end in UTC, or None.
        room: its own room, or None when it is the session's.
        board: the number of the poster's board, or None.
    """

    paper: int
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    room: str | None = None
    board: str | None = None


@dataclass(frozen=True, slots=True)
class SourceSession:
    """One session with what appears in it, in printed order.

    Attributes:
        key: the stable key; empty until one is assigned.
        line: where the session begins in the source file, counted from 1.
        kind: what the source calls it, such as "Poster session" or "Tutorial"; empty for nothing.
        name: its name.
        track: the track it is in, or None.
        room: where it takes place, or None.
        starts_at: aware start in UTC, or None when the source has none.
        ends_at: aware end in UTC, or None.
        chairs: who chairs it.
        abstract: what the source says of it, or None.
        source_id: the source's own identifier, or None.
        links: addresses the source gives.
        appearances: what is shown in it; may be empty.
    """

    key: str = ""
    line: int | None = None
    kind: str = ""
    name: str = ""
    track: str | None = None
    room: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    chairs: tuple[Credit, ...] = ()
    abstract: str | None = None
    source_id: str | None = None
    links: tuple[Link, ...] = ()
    appearances: tuple[SourceAppearance, ...] = ()


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Source:
    """What the readers made of one file, or of several together.

    Attributes:
        format: the reader's name and revision, such as "page-text/2"; a new revision makes an unchanged file
            worth reading again.
        sessions: the sessions in printed order.
        papers: every paper once, in printed order, also those that appear in no session.
        problems: what was wrong, in the order of the file.
    """

    format: str
    sessions: tuple[SourceSession, ...] = ()
    papers: tuple[SourcePaper, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """A source that was read and may become a version of the programme.

    Attributes:
        source: the source; it has no keys yet but those it brings.
        name: what messages and the history call it: its file, or all of its files.
        digest: the SHA-256, in hexadecimal, of its files and of how they were read; the same means that nothing has
            changed.
        in_use: what was in use when it was read, of which it has what is the same; it stays in memory as long as this.
    """

    source: Source
    name: str
    digest: str
    in_use: Source | None = field(default=None, compare=False, repr=False)
