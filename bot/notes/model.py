"""What somebody keeps about a paper for themselves."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LIMIT = 500
"""Of how many papers one person may keep something."""

LENGTH = 1000
"""How many characters a note may have: it is shown whole in a field of an answer, some of which are escaped."""


class Reading(StrEnum):
    """How far somebody is with a paper."""

    SEEN = "seen"
    WANTED = "wanted"
    """They want to read it."""


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody keeps about a paper.

    Attributes:
        text: what they wrote; empty for nothing.
        reading: how far they are with it, if they have said so.
        changed_at: when it was changed last, in UTC.
    """

    text: str
    reading: Reading | None
    changed_at: datetime

    def __bool__(self) -> bool:
        return bool(self.text or self.reading)
