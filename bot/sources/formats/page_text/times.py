"""Lines that tell a time, such as "Tue, Dec 9, 2025 • 11:00 AM – 2:00 PM PST", and the moments that are meant."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from bot.programme.names import fold

_LONGEST: Final = 90
"""No line that tells a time has more characters."""

# In English, German, French and Spanish, as `fold` leaves them; their beginnings are used as well.
_MONTHS: Final = tuple(
    tuple(names.split())
    for names in (
        "january januar janvier enero",
        "february februar fevrier febrero",
        "march marz maerz mrz mars marzo",
        "april avril abril",
        "may mai mayo",
        "june juni juin junio",
        "july juli juillet julio",
        "august aout agosto",
        "september septembre septiembre",
        "october oktober octobre octubre",
        "november novembre noviembre",
        "december dezember decembre diciembre",
    )
)
_WEEKDAYS: Final = tuple(
    """
    monday tuesday wednesday thursday friday saturday sunday
    montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag
    lundi mardi mercredi jeudi vendredi samedi dimanche
    lunes martes miercoles jueves viernes sabado domingo
    """.split()
)

_WEEKDAY = re.compile(r"([^\W\d_]{2,10})[.,]*(?:\s|$)")
_YEAR = r"(?P<year>(?:19|20|21)\d\d)(?!\d)"
_DATES: Final = (
    re.compile(rf"{_YEAR}-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})(?!\d)T?"),
    re.compile(rf"(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?{_YEAR}"),
    re.compile(rf"(?P<name>[^\W\d_]{{3,10}})\.?\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:.])(?:,?\s{_YEAR})?"),
    re.compile(
        r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.)?\s(?:of\s|de\s)?(?P<name>[^\W\d_]{3,10})\.?"
        rf"(?:,?\s(?:de\s|del\s)?{_YEAR})?"
    ),
)
_CLOCK: Final = (
    r"(?P<hour{0}>\d{{1,2}})(?:[:.h](?P<minute{0}>\d\d)(?::\d\d)?)?(?!\d)(?P<spelt{0}>\s?(?:h|Uhr)\b)?"
    r"(?:\s?(?P<half{0}>[ap])\.?m\b\.?)?"
    r"(?:\s?\(?(?P<zone{0}>(?-i:(?:UTC|GMT)(?:\s?[+\-−]\d{{1,2}}(?::?\d\d)?)?|[A-Z]{{2,5}}\b|Z\b)"
    r"|\+\d\d:\d\d)\)?)?"
)
_CLOCKS = re.compile(rf"{_CLOCK.format(1)}(?:\s?(?:[-–—−~]|to\b|until\b|bis\b|à)\s?{_CLOCK.format(2)})?", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,;•·⋅|@–—-]+|(?:at|from|um|von|de|à)\s|(?:time|when|date):\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clock:
    """What a line tells of a time; all of it naive.

    Attributes:
        day: the day it begins, or None.
        day_without_year: the day as printed where its year is missing.
        starts: when it begins, or None.
        ends: when it ends, or None.
        zone: the letters that name the zone, as printed, or None.
        last_day: the day it ends, where another one is given.
    """

    day: date | None = None
    day_without_year: str = ""
    starts: time | None = None
    ends: time | None = None
    zone: str | None = None
    last_day: date | None = None

    def moments(self, day: date | None) -> tuple[datetime | None, datetime | None]:
        """Return the start and the end without their zone; without a day of its own it is on the given one.

        An end before the start is on the next day.
        """
        first = self.day or day
        if first is None or self.starts is None:
            return None, None
        starts = datetime.combine(first, self.starts)
        if self.ends is None:
            return starts, None
        ends = datetime.combine(self.last_day or first, self.ends)
        return starts, ends + timedelta(days=1) if ends < starts and self.last_day is None else ends


def clock_of(text: str) -> Clock | None:
    """Return what a line tells if it tells a time or a day and nothing else."""
    if len(text) > _LONGEST or not any(character.isdigit() for character in text):
        return None
    days: list[date | str] = []
    clocks: list[re.Match[str]] = []
    position = 0
    while position < len(text):
        if match := _BETWEEN.match(text, position):
            position = match.end()
        elif found := _date_at(text, position):
            day, position = found
            days.append(day)
        elif (match := _WEEKDAY.match(text, position)) and _begins(fold(match[1]), _WEEKDAYS):
            position = match.end()
        elif (match := _CLOCKS.match(text, position)) and _is_clock(match):
            position = match.end()
            clocks.append(match)
        else:
            return None
    if (not days and not clocks) or len(days) > 2 or len(clocks) > max(len(days), 1):
        return None
    return _clock(days, clocks)


def together(clocks: Iterable[Clock]) -> Clock | None:
    """Return what several lines tell together, such as the day on one and the hours on the next."""
    whole: Clock | None = None
    for clock in clocks:
        if whole is None:
            whole = clock
            continue
        has_hours = whole if whole.starts else clock
        has_day = whole if whole.day or whole.day_without_year else clock
        whole = Clock(
            has_day.day,
            has_day.day_without_year,
            has_hours.starts,
            has_hours.ends,
            has_hours.zone,
            has_hours.last_day,
        )
    return whole


def _clock(days: list[date | str], clocks: list[re.Match[str]]) -> Clock | None:
    dated = [day for day in days if isinstance(day, date)]
    first = dated[0] if dated else None
    missing = "" if dated else str(days[0]) if days else ""
    if not clocks:
        return Clock(first, missing) if len(days) == 1 else None
    starts, ends = _times(clocks[0])
    zone = clocks[-1]["zone2"] or clocks[-1]["zone1"] or clocks[0]["zone1"]
    if len(days) == 2:
        ends = _times(clocks[1])[0] if len(clocks) == 2 else ends
        return Clock(first, missing, starts, ends, zone, dated[1] if len(dated) == 2 else None)
    return Clock(first, missing, starts, ends, zone)


def _date_at(text: str, position: int) -> tuple[date | str, int] | None:
    """Return the date at a place of a text and where it ends; as text where the year is missing."""
    for pattern in _DATES:
        match = pattern.match(text, position)
        if match is None:
            continue
        parts = match.groupdict()
        month = int(parts["month"]) if parts.get("month") else _month(parts["name"])
        if month is None:
            continue
        try:
            day = date(int(parts["year"] or 2000), month, int(parts["day"]))
        except ValueError:
            continue
        return day if parts["year"] else match[0], match.end()
    return None


def _month(name: str) -> int | None:
    bare = fold(name)
    return next((number for number, names in enumerate(_MONTHS, start=1) if _begins(bare, names)), None)


def _begins(bare: str, names: Iterable[str]) -> bool:
    return any(name.startswith(bare) for name in names)


def _is_clock(match: re.Match[str]) -> bool:
    """Tell whether numbers are hours: at least one has minutes, "a.m." or the like, and "3.14" is none."""
    spelt = any(match[f"{part}{side}"] for part in ("half", "spelt") for side in (1, 2))
    told = spelt or ("." not in match[0] and (match["minute1"] or match["minute2"]))
    return bool(told) and all(
        match[f"hour{side}"] is None
        or (int(match[f"hour{side}"]) <= (12 if match[f"half{side}"] else 24) and int(match[f"minute{side}"] or 0) < 60)
        for side in (1, 2)
    )


def _times(match: re.Match[str]) -> tuple[time, time | None]:
    half, last_half = (match[f"half{side}"] and match[f"half{side}"].casefold() for side in (1, 2))
    if match["hour2"] is None:
        return _time(match, 1, half), None
    ends = _time(match, 2, last_half)
    if half is None and last_half is not None and int(match["hour1"]) <= 12:
        # "11:00 – 2:00 PM" begins in the morning, "1:00 – 2:00 PM" does not.
        starts = _time(match, 1, last_half)
        return (starts if starts <= ends else _time(match, 1, "a" if last_half == "p" else "p")), ends
    return _time(match, 1, half), ends


def _time(match: re.Match[str], side: int, half: str | None) -> time:
    hour = int(match[f"hour{side}"])
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour % 24, int(match[f"minute{side}"] or 0))
