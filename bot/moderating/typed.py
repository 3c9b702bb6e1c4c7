"""What a moderator typed into a form, as the values that corrections are made of."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.programme.corrections import TIMES
from bot.sources.reading.lists import split_names
from bot.ui.when import read_when_in_thread

_SUFFIXES: Final = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "phd", "ph.d.", "md", "m.d."})
_NAMES: Final = re.compile(r"[;\n]")


async def written(field: str, text: str, now: datetime, zone: ZoneInfo, day: date | None) -> str:
    """Return what was typed for a field in the form that `bot.programme.corrections.validated` takes.

    Args:
        field: the field.
        text: what was typed.
        now: the present moment.
        zone: the conference's time zone.
        day: the day that a time of day alone is on, if there is one.

    Raises:
        UserError: a time means no moment, or no clear one.
    """
    if field in TIMES and text.strip():
        return (await read_when_in_thread(text, now, zone, day)).isoformat()
    return "\n".join(names(text)) if field == "authors" else text


def names(text: str) -> Iterator[str]:
    """Yield the authors of a text, separated by line breaks, semicolons, commas or "and".

    A comma may belong to one name, as in "Lovelace, Ada" and "King, Jr.": it separates authors only where each of them
    has two words, or where there are more than two.
    """
    for part in filter(str.strip, _NAMES.split(text)):
        found = _without_suffixes(split_names(part))
        several = len(found) > 2 or all(len(name.split()) > 1 for name in found)
        yield from found if several else [part.strip()]


def _without_suffixes(parts: tuple[str, ...]) -> list[str]:
    """Put "Jr." and its like back to the names they follow."""
    found: list[str] = []
    for part in parts:
        if found and part.casefold() in _SUFFIXES:
            found[-1] += f", {part}"
        else:
            found.append(part)
    return found
