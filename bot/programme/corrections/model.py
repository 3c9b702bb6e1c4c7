"""A correction, what can be corrected, and the form in which a correction's value is kept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

Correctable = Literal["paper", "session"]

UNNAMED: Final = "?"
"""Stands in a text of authors for one whom the source leaves unnamed."""

FIELDS: Final[Mapping[Correctable, tuple[str, ...]]] = {
    "paper": ("title", "authors", "abstract", "board", "topics"),
    "session": ("name", "kind", "room", "starts_at", "ends_at"),
}
"""What can be corrected."""

TIMES: Final = frozenset({"starts_at", "ends_at"})
"""Which of these fields are times."""

LIMITS: Final[Mapping[str, int]] = {
    "title": 300,
    "authors": 4000,
    "abstract": 4000,
    "board": 12,
    "topics": 500,
    "name": 200,
    "kind": 60,
    "room": 100,
    "starts_at": 40,
    "ends_at": 40,
}
"""The most characters each correction has."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One field of one paper or session as a moderator wants it.

    Attributes:
        about: which of the two it is.
        key: the key of the paper or session.
        field: one of `FIELDS`.
        value: what it shall say, in the form `validated` returns; empty for nothing.
        was: what the source said when it was corrected, in the form `field_text` returns.
    """

    about: Correctable
    key: str
    field: str
    value: str
    was: str | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """A corrected field for which the source now says something new, other than the correction.

    Attributes:
        correction: the correction, which stays in force.
        source_value: what the source says, in the form `field_text` returns.
    """

    correction: Correction
    source_value: str


def byline_of(text: str) -> tuple[str, ...]:
    """Return the authors of a text, which are separated by semicolons or line breaks; an unnamed one is empty."""
    names = (" ".join(name.split()) for name in re.split(r"[;\n]", text))
    return tuple("" if name == UNNAMED else name for name in names if name)


def topics_of(text: str) -> tuple[str, ...]:
    """Return the topics of a text, which are separated by semicolons or line breaks."""
    return tuple(dict.fromkeys(topic for part in re.split(r"[;\n]", text) if (topic := " ".join(part.split()))))


def moment_of(text: str) -> datetime | None:
    """Return the moment, in UTC, of a text in ISO 8601, or None for no text."""
    return datetime.fromisoformat(text).astimezone(UTC) if text else None
