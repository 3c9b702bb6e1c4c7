"""The time zones that a calendar file defines for itself, besides those that everybody knows.

They are taken out of the file before icalendar reads it: icalendar keeps each for the whole process under its name,
though the next file may mean another zone by it, and evaluates rules that can take seconds for each time.
"""

import io
import re
from collections.abc import Iterable, Iterator
from datetime import tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from dateutil.tz import tzical  # type: ignore[import-untyped]

from bot.errors import UserError

MOST_ZONES: Final = 100
"""The most zones of its own that a file may have; each takes time to work out."""

_LONGEST: Final = 16_000
"""The most characters of a zone: more than a hundred years of changes of the clocks."""

_GLOBAL: Final = re.compile(
    r"(;TZID=\"?)/[^:;\"]*?"
    r"((?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc)/[\w/+-]+)",
    re.IGNORECASE,
)
_LINE: Final = re.compile(
    r"(?:BEGIN|END):[A-Z-]+|(?:TZID|DTSTART|RDATE|TZOFFSETFROM|TZOFFSETTO)[;:].*|(?P<rule>RRULE):(?P<parts>.*)",
    re.IGNORECASE,
)
_RULE: Final = re.compile(
    r"(?:(?:FREQ=YEARLY|INTERVAL=1|BYMONTH=(?:0?[1-9]|1[0-2])|BYDAY=[+-]?[1-4]?(?:MO|TU|WE|TH|FR|SA|SU)"
    r"|BYDAY=-?5(?:MO|TU|WE|TH|FR|SA|SU)|BYMONTHDAY=(?:(?:[1-9]|1\d|2[0-8]),?)+|UNTIL=\w+|WKST=\w\w)(?:;|\Z))+",
    re.IGNORECASE,
)
"""A change of the clocks once a year, which is all that zones have."""


class Zones:
    """The zones that one file defines."""

    def __init__(self) -> None:
        self._defined: dict[str, list[str]] = {}
        self._known: dict[str, tzinfo | None] = {}

    def get(self, name: str) -> tzinfo | None:
        """Return a zone by its name, or None when the file does not define it, or not in a way that is understood."""
        if name not in self._known:
            self._known[name] = _zone(self._defined.get(name, ()))
        return self._known[name]

    def define(self, lines: list[str], file: str) -> None:
        """Remember the lines of a zone.

        Raises:
            UserError: there are too many of them.
        """
        unfolded: list[str] = []
        for line in lines:
            if line[:1] in (" ", "\t") and unfolded:
                unfolded[-1] += line[1:]
            else:
                unfolded.append(line.strip())
        name = next((line[5:] for line in unfolded if line[:5].upper() == "TZID:"), "")
        self._defined[name.strip()] = unfolded
        if len(self._defined) > MOST_ZONES:
            raise UserError(f"{file}: it defines more than {MOST_ZONES} time zones. Export it again without them.")


def without_zones(lines: Iterable[str], file: str) -> tuple[str, Zones]:
    """Return the text of a calendar's lines without the zones it defines, and the zones.

    Zones with the prefix of a system, such as "/freeassociation.sourceforge.net/Europe/Berlin", lose it.

    Raises:
        UserError: it defines too many of them.
    """
    zones = Zones()
    return "\r\n".join(_kept(lines, zones, file)), zones


def _kept(lines: Iterable[str], zones: Zones, file: str) -> Iterator[str]:
    zone: list[str] = []
    for line in lines:
        bare = line.rstrip().upper()
        if zone or bare == "BEGIN:VTIMEZONE":
            zone.append(line)
            if bare == "END:VTIMEZONE":
                zones.define(zone, file)
                zone = []
        else:
            yield _GLOBAL.sub(r"\1\2", line) if ";TZID=" in line else line
    yield from zone


def _zone(lines: list[str] | tuple[str, ...]) -> tzinfo | None:
    """Return the zone that its lines define: under the name by which everybody knows it, or by its rules."""
    if not lines or sum(map(len, lines)) > _LONGEST:
        return None
    place = next((line.partition(":")[2] for line in lines if line.upper().startswith("X-LIC-LOCATION:")), "")
    try:
        return ZoneInfo(place.strip())
    except (KeyError, ValueError, OSError):
        pass
    kept: list[str] = []
    for line in lines:
        match = _LINE.fullmatch(line)
        if match and match["rule"] and not _RULE.fullmatch(match["parts"]):
            return None
        if match:
            kept.append(line)
    try:
        zone: tzinfo = tzical(io.StringIO("\n".join(kept))).get()
    except (ValueError, KeyError, IndexError, TypeError):
        return None
    return zone
