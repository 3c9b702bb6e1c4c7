"""The bot's own table: what its columns are called, and how a text, a list or a link becomes one cell and comes back.

`export.as_csv` writes such tables and `table` reads them. A row is one appearance: a paper in a session. A session
without papers has a row of its own, and so has a paper that is in no session. What is said of a session or a paper
stands in each of its rows, so that every row is complete.

The column `entry` says what a row is about: `s1p3` is the third paper of the file, shown in the file's first session;
`s2` is the second session without a paper; `p5` is the fifth paper, in no session. So rows with the same number after
`s` are one session, and rows with the same number after `p` are one paper, whatever else they say. The numbers also
keep the order: papers are in the order of theirs, sessions in the order of theirs, and what appears in a session is in
the order of the rows. `s1p3` twice is a paper shown twice in a session.

`session_starts_at`, `session_ends_at` and `session_room` are the session's; `starts_at`, `ends_at`, `room` and `board`
are the appearance's own. A table with all of `COLUMNS` was written by `as_csv` and holds all there is: a time or room
that is missing is not to be worked out from others.

A text that a spreadsheet would take for a formula has an apostrophe before it, as has one that begins with an
apostrophe itself; an apostrophe alone is an empty text, where an empty cell is none.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.programme.source import Credit, Link
from bot.sources.reading.lists import joined, split

SESSION_COLUMNS: Final = (
    "session_key",
    "session_kind",
    "session",
    "session_track",
    "session_room",
    "session_starts_at",
    "session_ends_at",
    "chairs",
    "chair_affiliations",
    "session_abstract",
    "session_id",
    "session_links",
)
APPEARANCE_COLUMNS: Final = ("starts_at", "ends_at", "room", "board")
PAPER_COLUMNS: Final = (
    "key",
    "title",
    "authors",
    "affiliations",
    "abstract",
    "kind",
    "track",
    "topics",
    "id",
    "other_ids",
    "links",
)
COLUMNS: Final = ("entry", *SESSION_COLUMNS, *APPEARANCE_COLUMNS, *PAPER_COLUMNS)

_ENTRY = re.compile(r"(?=.)(?:s(?P<session>[0-9]{1,9}))?(?:p(?P<paper>[0-9]{1,9}))?")
_GUARDED = re.compile(r"\Z| *[\t\r]|[\s\ufeff\u200b]*[=+\-@＝＋－＠']")
_LABELLED = re.compile(r"(?:(?P<label>.*) )?<(?P<url>[^<>]*)>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row is about.

    Attributes:
        session: the number of its session, counted from 1, or None.
        paper: the number of its paper, counted from 1, or None.
    """

    session: int | None
    paper: int | None

    def __str__(self) -> str:
        session = "" if self.session is None else f"s{self.session}"
        return session if self.paper is None else f"{session}p{self.paper}"


def entry_of(text: str) -> Entry | None:
    """Return the entry that a cell names, such as `s1p3`, `s2` or `p5`, or None when it is none."""
    match = _ENTRY.fullmatch(text.strip())
    if match is None:
        return None
    return Entry(*(None if number is None else int(number) for number in match.groups()))


def to_cell(text: str | None) -> str:
    """Return the cell for a text, or for none; `from_cell` reads it back exactly."""
    if text is None:
        return ""
    return f"'{text}" if _GUARDED.match(text) else text


def from_cell(cell: str) -> str | None:
    """Return the text of a cell, or None when it is empty."""
    if cell.startswith("'") and _GUARDED.match(cell, 1):
        return cell[1:]
    return cell or None


def list_text(parts: Sequence[str]) -> str | None:
    """Return texts as one, separated by semicolons, or None when there are none; `lists.split` takes it apart."""
    return joined(parts) or None


def affiliations_text(people: Sequence[Credit]) -> str | None:
    """Return the affiliations of people as one text, None when nobody has any.

    Semicolons separate the people; somebody's own, when there are several, are a list in quotation marks.
    """
    if not any(person.affiliations for person in people):
        return None
    return joined(joined(person.affiliations) for person in people)


def people_of(names: Sequence[str], affiliations: str | None) -> tuple[Credit, ...]:
    """Return the people with these names and the affiliations that one text holds, as `affiliations_text` writes it.

    A text with another number of people in it is left aside: nobody knows whose affiliation is whose.
    """
    held: Sequence[str] = split(affiliations or "")
    if len(held) != len(names):
        # Elsewhere than in the bot's own tables the last of them may be blank ("Uni A;;").
        held = (affiliations or "").split(";")
    if len(held) != len(names):
        return tuple(map(Credit, names))
    return tuple(Credit(name, split(where)) for name, where in zip(names, held, strict=True))


def links_text(links: Sequence[Link]) -> str | None:
    """Return links as one text, label and address, separated by semicolons; None when there are none."""
    return list_text([f"{link.label} <{link.url}>" if link.label else f"<{link.url}>" for link in links])


def links_of(text: str | None) -> Iterator[Link]:
    """Yield the links that one text holds; an address alone is called “Page”."""
    for part in split(text or ""):
        labelled = _LABELLED.fullmatch(part)
        yield Link(labelled["label"] or "", labelled["url"]) if labelled else Link("Page", part)
