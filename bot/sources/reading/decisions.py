"""What a decision says of how an accepted paper is presented."""

import re
from typing import Final

_ACCEPTED: Final = re.compile(r"accept(?:ed)?\b(?: as(?: an?)?\b)?[\s:,–—-]*\(?(?P<kind>.*?)\)?", re.IGNORECASE)
_NO_KIND: Final = re.compile(
    r"confirm(?:ed)?|publish(?:ed)?|public|visible|active|scheduled|ready|final|approved|included|released"
    r"|camera[ -]?ready|yes|true|1",
    re.IGNORECASE,
)
_MOST_CHARACTERS: Final = 200


def presentation_of(decision: str | None) -> str:
    """Return the kind of presentation that a decision or status names, such as "oral" of "Accept (oral)".

    A status that only says that everybody may see the paper ("Accept", "confirmed") names none: the text is empty.
    """
    bare = " ".join((decision or "").split())[:_MOST_CHARACTERS]
    if accepted := _ACCEPTED.fullmatch(bare):
        return accepted["kind"]
    return "" if _NO_KIND.fullmatch(bare) else bare
