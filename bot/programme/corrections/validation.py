"""Checking what a moderator typed."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.errors import UserError
from bot.programme.corrections.model import FIELDS, LIMITS, TIMES, UNNAMED, Correctable, byline_of, topics_of
from bot.programme.local_time import ClockChange, moment_at, offset_text
from bot.programme.names import display_name
from bot.programme.text import clean

_AUTHOR_LIMIT = 100
_REQUIRED: Final = frozenset({"title", "name"})
_WORDS: Final[Mapping[str, str]] = {
    "name": "session's name",
    "board": "number of the board",
    "starts_at": "start",
    "ends_at": "end",
}

_MOMENT = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})[T ]\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.0+)?)?\s*"
    r"(?P<offset>Z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE | re.ASCII,
)


def validated(about: Correctable, field: str, text: str, zone: ZoneInfo) -> str:
    """Return what a moderator typed in the form a correction is kept in.

    Args:
        about: "paper" or "session".
        field: which field of it.
        text: what was typed. Names are separated by ";" or line breaks. A time such as "2026-05-18 18:00" is local
            time in `zone`, unless it ends with an offset.
        zone: the conference's time zone.

    Raises:
        UserError: it can't be used; the message says why, and what would do.
    """
    if field not in FIELDS[about]:
        raise UserError(f"I can't correct “{field}” of a {about}; what I can is {', '.join(FIELDS[about])}.")
    # Half of a character, which nothing can store, is the only thing this takes away.
    text = text.encode("utf-8", "ignore").decode().replace("\0", "").strip()
    value = _shaped(field, text, zone)
    word = _WORDS.get(field, field)
    if len(value) > LIMITS[field]:
        raise UserError(f"The {word} may have {LIMITS[field]} characters; this has {len(value)}.")
    if field in _REQUIRED and not clean(value).plain:
        raise UserError(f"The {word} can't be empty.")
    return value


def _shaped(field: str, text: str, zone: ZoneInfo) -> str:
    if field in TIMES:
        return _moment(text, zone).isoformat() if text else ""
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


def _moment(text: str, zone: ZoneInfo) -> datetime:
    """Read a time as somebody typed it; return it in UTC."""
    match = _MOMENT.fullmatch(text.replace("−", "-"))
    try:
        moment = datetime.fromisoformat(_iso(match)) if match else None
    except ValueError:
        moment = None
    if moment is None:
        raise UserError(
            f"“{text[:60]}” is no date and time. Write it as 2026-05-18 18:00, which is taken as time in {zone.key}, "
            "or with its offset, as 2026-05-18 18:00-07:00."
        )
    if not 2000 <= moment.year < 2100:
        raise UserError(f"The year {moment.year:04} is hardly meant.")
    if moment.tzinfo:
        return moment.astimezone(UTC)
    try:
        return moment_at(moment, zone)
    except ClockChange as change:
        raise UserError(_explained(change, zone)) from None


def _iso(match: re.Match[str]) -> str:
    offset = (match["offset"] or "").upper().replace("Z", "+00:00")
    return f"{match['date']}T{match['hour']:0>2}:{match['minute']}:{match['second'] or '00'}{offset}"


def _explained(change: ClockChange, zone: ZoneInfo) -> str:
    told = f"{change.local:%Y-%m-%d %H:%M}"
    if change.twice:
        first, second = offset_text(change.first, zone), offset_text(change.second, zone)
        return (
            f"{told} comes twice in {zone.key}, where the clocks go back. Write {told}{first} for the first time "
            f"or {told}{second} for the second."
        )
    # What the clocks show at that moment if they are read as before the change: what is probably meant.
    later = change.first.astimezone(zone)
    return f"{told} does not exist in {zone.key}: the clocks go forward over it. You may mean {later:%Y-%m-%d %H:%M}."
