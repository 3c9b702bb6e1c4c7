"""Whether what a source says of a record's state means that everybody may see it. What is not known is not shown."""

import re
from collections.abc import Collection
from typing import Final

from bot.sources.reading.values import uncased

_HIDDEN: Final = re.compile(
    r"reject|withdr|delet|cancel|retract|hidden|private|draft|pending|submitted|under review|no decision|undecided"
    r"|\b(?:un|in|non[- ]?|not (?:yet )?)(?:publi[cs]|visible|accept|confirm|scheduled|active|approved|included|ready"
    r"|released|final)|declin|denied|disabled|excluded|duplicate|backup|waitlist|reserve|abandon|incomplete|resubmit"
    r"|revise|\bspam\b|\btest\b",
    re.IGNORECASE,
)
_PUBLIC: Final = re.compile(
    r"accept|confirm|publish|public\b|visible|active|scheduled|ready|final|approved|included|released|camera"
    r"|poster|oral|spotlight|highlight|notable|talk|paper|presentation|demo|keynote|panel|tutorial|workshop"
    r"|\blong\b|\bshort\b|findings|\bmain\b|regular|\bfull\b|award|invited|journal|industry|technical|in[- ]person"
    r"|virtual",
    re.IGNORECASE,
)
_YES: Final = frozenset({"yes", "true", "1", "y", "t", "x", "✓", "on"})
_NO: Final = frozenset({"no", "false", "0", "n", "f", "off"})


def is_public(status: str, also: Collection[str] = ()) -> bool | None:
    """Tell whether a status, decision or state means that everybody may see a record; None when that is not known.

    Args:
        status: what the source says, such as "Accept (oral)", "reject" or "confirmed".
        also: values that mean "show it" because the configuration says so; case does not matter.
    """
    bare = uncased(status)
    if bare in set(map(uncased, also)):
        return True
    if _HIDDEN.search(bare):
        return False
    return True if _PUBLIC.search(bare) else None


def truth(value: object) -> bool | None:
    """Read a yes or no, as a boolean, a number or a word; None when it is neither."""
    if isinstance(value, bool):
        return value
    bare = str(value).strip().casefold()
    return True if bare in _YES else False if bare in _NO else None
