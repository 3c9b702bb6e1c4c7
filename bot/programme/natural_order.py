"""The order in which people count: "Room 2" comes before "Room 10", and board "P9" before "P10"."""

import re
from typing import Final

from bot.programme.names import fold

_NUMBER: Final = re.compile(r"([0-9]{1,18})")

NaturalKey = tuple[tuple[bool, int, str], ...]
"""What names are compared by."""


def natural(name: str) -> NaturalKey:
    """Return what puts a name into that order; letters are compared as `fold` leaves them, and numbers come first."""
    parts = _NUMBER.split(name)
    return tuple(
        (place % 2 == 0, 0 if place % 2 == 0 else int(part), fold(part) if place % 2 == 0 else "")
        for place, part in enumerate(parts)
        if part.strip()
    )
