"""Checking what a moderator typed."""

from collections.abc import Mapping
from typing import Final

from bot.errors import UserError
from bot.programme.corrections.model import FIELDS, LIMITS, TIMES, UNNAMED, Correctable, byline_of, moment_of, topics_of
from bot.programme.names import display_name
from bot.programme.text import clean

_AUTHOR_LIMIT = 100
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_REQUIRED: Final = frozenset({"title", "name"})
_WORDS: Final[Mapping[str, str]] = {
    "name": "session's name",
    "board": "number of the board",
    "starts_at": "start",
    "ends_at": "end",
}


def validated(about: Correctable, field: str, text: str) -> str:
    """Return what a moderator typed in the form a correction is kept in.

    Args:
        about: "paper" or "session".
        field: which field of it.
        text: what was typed. Names are separated by semicolons or line breaks. A time is in ISO 8601, with its offset.

    Raises:
        UserError: it can't be used; the message says why, and what would do.
    """
    if field not in FIELDS[about]:
        raise UserError(f"I can't correct “{field}” of a {about}; what I can is {', '.join(FIELDS[about])}.")
    # Half of a character, which nothing can store, is the only thing this takes away.
    text = text.encode("utf-8", "ignore").decode().replace("\0", "").strip()
    value = _shaped(field, text)
    word = _WORDS.get(field, field)
    if len(value) > LIMITS[field]:
        raise UserError(f"The {word} may have {LIMITS[field]} characters; this has {len(value)}.")
    if field in _REQUIRED and not clean(value).plain:
        raise UserError(f"The {word} can't be empty.")
    return value


def _shaped(field: str, text: str) -> str:
    if field in TIMES:
        return _moment(text)
    if field == "authors":
        return "\n".join(_checked_name(name) or UNNAMED for name in byline_of(text))
    if field == "topics":
        return "\n".join(topics_of(text))
    return text if field == "abstract" else " ".join(text.split())


def _checked_name(name: str) -> str:
    if len(name) > _AUTHOR_LIMIT:
        raise UserError(
            f"“{name[:40]}…” is too long for a name. Separate the authors with “;” or put each on a line of its own."
        )
    if name and not display_name(name):
        raise UserError(f"“{name}” is no name; write “{UNNAMED}” for an author whose name is not known.")
    return name


def _moment(text: str) -> str:
    try:
        moment = moment_of(text)
    except (ValueError, OverflowError):
        raise UserError(f"“{text[:60]}” is no date and time.") from None
    if moment is None:
        return ""
    if not _FIRST_YEAR <= moment.year < _LAST_YEAR:
        raise UserError(f"The year {moment.year:04} is hardly meant.")
    return moment.isoformat()
