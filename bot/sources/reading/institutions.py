"""Several places of work in one text, as OpenReview and the sites fed from it write them."""

import re
from typing import Final

# One plus: "C++ Alliance" is one institution.
_PLUS: Final = re.compile(r"(?<!\+)\+(?!\+)")


def institutions_of(text: str | None) -> tuple[str, ...]:
    """Return the institutions that a plus separates, such as "University of Maryland+Google"."""
    return tuple(part.strip() for part in _PLUS.split(text or "") if part.strip())
