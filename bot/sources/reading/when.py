"""Dates and times of day as people and spreadsheets write them.

A cell may hold a date, a time, both, or a time from … to …: "2023-12-08", "12/8/2023 9:00 AM", "Fri 8 Dec 2023",
"11:00-11:15". Whether 12/8/2023 is in December or in August no single cell tells: `DayOrder` looks at all of them.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, TypeAlias

Cell: TypeAlias = str | datetime | date | time | timedelta | None
"""What a table has in one place: a text, or what a workbook knows to be a date or a time."""

DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class When:
    """What a cell says of a time; everything may be missing.

    Attributes:
        day: the date; where it may be read in two ways, the one with the month first.
        other_day: the date with the day first, where it may be read in two ways.
        day_first: of three numbers that make a date in one way only, whether the day is first.
        start: the time of day, as what has passed since midnight.
        end: the time of day until when, of a cell that has both.
        zone: what the cell names as its zone, such as "utc", "+02:00" or "cest".
    """

    day: date | None = None
    other_day: date | None = None
    day_first: bool | None = None
    start: timedelta | None = None
    end: timedelta | None = None
    zone: str = ""

    @property
    def doubtful(self) -> bool:
        """Whether the date may be read in two ways."""
        return self.other_day is not None


def when(cell: Cell) -> When | None:
    """Read a cell; None when it is no time at all. What a workbook has as midnight of a day is only that day."""
    if isinstance(cell, datetime):
        return When(cell.date(), start=_since_midnight(cell.time()) or None, zone=_offset_of(cell))
    if isinstance(cell, date):
        return When(cell)
    if isinstance(cell, time):
        return When(start=_since_midnight(cell))
    if isinstance(cell, timedelta):
        return When(start=cell) if timedelta() <= cell <= DAY else None
    if cell is None or not cell.strip():
        return When()
    return _read(cell) if len(cell) <= _MOST_CHARACTERS else None


class DayOrder:
    """Whether dates such as 12/8/2023 begin with the day or with the month, as all dates of a file tell together.

    Attributes:
        day_first: whether the day is first; None when nobody can tell.
        inferred: whether only the distances between the dates tell: a conference is on days that lie together.
    """

    def __init__(self, found: Iterable[When]) -> None:
        """Look at everything a file says of times."""
        different = tuple(dict.fromkeys((one.day, one.other_day, one.day_first) for one in found if one.day))
        orders = {order for _, _, order in different if order is not None}
        both = [(month, day) for month, day, _ in different if day is not None]
        sure = [month for month, day, _ in different if day is None]
        self.inferred = False
        self.day_first: bool | None = orders.pop() if len(orders) == 1 else None
        if both and not orders and self.day_first is None:
            self._infer(_span([*(month for month, _ in both), *sure]), _span([*(day for _, day in both), *sure]))

    def day(self, one: When) -> date | None:
        """Return the date that a cell names, None when it names none or nobody can tell which."""
        if not one.doubtful:
            return one.day
        return None if self.day_first is None else one.other_day if self.day_first else one.day

    def _infer(self, month_span: timedelta, day_span: timedelta) -> None:
        if min(month_span, day_span) <= _LONGEST_CONFERENCE and max(month_span, day_span) >= 2 * _LONGEST_CONFERENCE:
            self.day_first = day_span < month_span
            self.inferred = True


_MOST_CHARACTERS: Final = 80
_LONGEST_CONFERENCE: Final = timedelta(days=12)
_CENTURY: Final = 2000

# In English, German, French, Spanish, Italian, Portuguese and Dutch, without accents.
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january januar janvier enero gennaio janeiro januari jan janv ene gen",
            "february februar fevrier febrero febbraio fevereiro februari feb fev fevr",
            "march marz maerz mars marzo marco maart mar mrz mrt",
            "april avril abril aprile apr avr abr",
            "may mai mayo maggio maio mei mag",
            "june juni juin junio giugno junho jun giu",
            "july juli juillet julio luglio julho jul juil lug",
            "august aout agosto augustus aug ago",
            "september septembre septiembre settembre setembro sep sept set",
            "october oktober octobre octubre ottobre outubro oct okt ott out",
            "november novembre noviembre novembro nov",
            "december dezember decembre diciembre dicembre dezembro dec dez dic",
        ),
        1,
    )
    for name in names.split()
}
_MONTH: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_COMPLETE: Final = re.compile(r"\d{4}-?\d\d-?\d\d(?:[Tt]\d\S*| \d\d:\d\d:\d\S*| \d\d:\d\d(?:[Zz]|[+]\d\d:?\d\d)?)")
_ISO: Final = re.compile(r"(?<!\d)(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})(?!\d)")
_CHINESE: Final = re.compile(r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日")
_COMPACT: Final = re.compile(r"(?<!\d)(?P<year>20\d{2})(?P<month>\d{2})(?P<day>\d{2})(?=t\d|\s|$)")
_NUMBERS: Final = re.compile(r"(?<![\d./-])(\d{1,2})([-/.])\s?(\d{1,2})\2\s?(\d{4}|\d{2})(?![\d])")
_DAY_MONTH: Final = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.|º)?[\s-]*(?:of |de )?\s*(?P<month>{_MONTH})\b\.?"
    r"(?:,?[\s-]*(?:de |del )?(?P<year>\d{4}|'?\d{2}(?![\d:.h])))?"
)
_MONTH_DAY: Final = re.compile(
    rf"\b(?P<month>{_MONTH})\b\.?[\s-]*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])(?:,?\s*(?P<year>\d{{4}})(?![\d:]))?"
)
_CLOCK: Final = r"(\d{1,2})(?:\s?[:.h]\s?([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?)?\s*(a\.?m\b\.?|p\.?m\b\.?|h\b)?"
_RANGE: Final = re.compile(rf"(?<![\d:.]){_CLOCK}\s*(?:uhr\s*)?(?:-|~|to|until|till|bis|a|à)\s*{_CLOCK}(?![\d:])")
_TIME: Final = re.compile(rf"(?<![\d:.]){_CLOCK}(?![\d:])")
_NOON: Final = re.compile(r"\b(?:12(?::00)? )?(?:noon|midday)\b")
# A minus is an offset only without a colon: "09:00-10:00" is a time from … to ….
_ZONE: Final = re.compile(
    r"\b(?:utc|gmt)\s?[+-]\d{1,2}(?::?\d{2})?(?!\d)|\b(?:utc|gmt)\b|(?<=\d)z\b|(?<=\d)\s?(?:\+\d\d:?\d\d|-\d{4})(?!\d)"
)
_NAMED_ZONE: Final = re.compile(r"\b(?:[a-z]{1,4}t|[a-z]+/[a-z ]+)\b")
# Weekdays in the same languages, and what may stand between a date and a time.
_NOTHING: Final = re.compile(
    r"\b(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?|(?:mon|diens|donners|frei|sams|sonn)tag"
    r"|mittwoch|sonnabend|mo|di|mi|do|fr|sa|so|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes"
    r"|miercoles|jueves|viernes|sabado|domingo|lunedi|martedi|mercoledi|giovedi|venerdi|segunda|terca|quarta|quinta"
    r"|sexta|feira|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|at|um|on|am|from|von|uhr|local|time|the"
    r"|de|t)\b|[\s,;:@()|·.-]+"
)
_SERIAL: Final = re.compile(r"[34567]\d{4}(?:\.\d+)?|0?\.\d+")
_FIRST_SERIAL: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a workbook's times have no zone


@lru_cache(maxsize=20_000)
def _read(text: str) -> When | None:
    if _COMPLETE.fullmatch(text.strip()):
        return _read_complete(text.strip())
    bare = _plain(text)
    if _SERIAL.fullmatch(bare):
        return _read_serial(float(bare))
    found, rest = _take_date(bare)
    zone, rest = _take_zone(rest)
    span, rest = _take_times(rest)
    if found is None or span is None:
        return None
    if not zone and (named := _NAMED_ZONE.search(rest)) and span[0] is not None and not _NOTHING.fullmatch(named[0]):
        zone, rest = named[0], _without(rest, named)
    if _NOTHING.sub("", rest):
        return None
    return When(found.day, found.other_day, found.day_first, *span, zone)


def _read_complete(text: str) -> When | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return When(moment.date(), start=_since_midnight(moment.time()), zone=_offset_of(moment))


def _plain(text: str) -> str:
    """Return a text in small letters without accents, with one kind of hyphen and of space."""
    bare = unicodedata.normalize("NFKD", text.strip().casefold())
    bare = "".join(character for character in bare if not unicodedata.combining(character))
    return " ".join(re.sub("[‐‑‒–—−]", "-", bare).replace("_", " ").split())


def _read_serial(number: float) -> When:
    """Read a time as a workbook counts it: in days, of which the whole ones are those since the end of 1899."""
    moment = _FIRST_SERIAL + timedelta(minutes=round(number * 24 * 60))
    passed = _since_midnight(moment.time())
    return When(start=passed) if number < 1 else When(moment.date(), start=passed or None)


def _take_date(text: str) -> tuple[When | None, str]:
    """Return the date of a text, empty when it has none, None when it is no date; and the rest of the text."""
    for pattern in (_ISO, _CHINESE, _COMPACT):
        if match := pattern.search(text):
            day = _date(int(match["year"]), int(match["month"]), int(match["day"]))
            return (When(day) if day else None), _without(text, match)
    if match := _NUMBERS.search(text):
        return _of_numbers(int(match[1]), int(match[3]), _year(match[4]), match[2]), _without(text, match)
    for pattern in (_DAY_MONTH, _MONTH_DAY):
        if match := pattern.search(text):
            year = _year(match["year"]) if match["year"] else 0
            day = _date(year, _MONTHS[match["month"]], int(match["day"]))
            return (When(day) if day else None), _without(text, match)
    return When(), text


def _of_numbers(first: int, second: int, year: int, separator: str) -> When | None:
    month_first, day_first = _date(year, first, second), _date(year, second, first)
    if separator == ".":
        return When(day_first) if day_first else None
    if month_first and day_first:
        return When(month_first) if first == second else When(month_first, day_first)
    if month_first or day_first:
        return When(month_first or day_first, day_first=day_first is not None)
    return None


def _take_zone(text: str) -> tuple[str, str]:
    """Return the offset or the name of universal time that a text has behind its time, and the rest of the text."""
    match = _ZONE.search(text)
    return (match[0].replace(" ", ""), _without(text, match)) if match else ("", text)


def _take_times(text: str) -> tuple[tuple[timedelta | None, timedelta | None] | None, str]:
    """Return the time of day or both times of a text, None when they are impossible; and the rest of the text."""
    text = _NOON.sub("12:00", text).replace("midnight", "24:00")
    for match in _RANGE.finditer(text):
        first, last = match.groups()[:4], match.groups()[4:]
        if any(last[1:]) or (any(first[1:]) and match[0].count("-") < 2):
            return _span_of(first, last), _without(text, match)
    for match in _TIME.finditer(text):
        if any(match.groups()[1:]):
            passed_ = _passed(match.groups())
            return ((passed_, None) if passed_ is not None else None), _without(text, match)
    return (None, None), text


def _span_of(first: Sequence[str | None], last: Sequence[str | None]) -> tuple[timedelta, timedelta] | None:
    """Return two times; the first one has the a.m. or p.m. of the last, unless it would be later then."""
    end = _passed(last)
    start = _passed((*first[:3], first[3] or last[3]))
    if start is not None and end is not None and not first[3] and last[3] and start > end:
        start = _passed((*first[:3], "am" if last[3].startswith("p") else "pm"))
    return (start, end) if start is not None and end is not None else None


def _passed(parts: Sequence[str | None]) -> timedelta | None:
    hours, minutes, seconds = (int(part or 0) for part in parts[:3])
    half = (parts[3] or "h")[0]
    if half != "h":
        if not 1 <= hours <= 12:
            # "13:00 PM" is written by some; "0:30 AM" by others.
            if hours > 23 or (half == "a" and hours > 12):
                return None
        else:
            hours = hours % 12 + (12 if half == "p" else 0)
    passed = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return passed if passed <= DAY else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year(digits: str) -> int:
    year = int(digits.lstrip("'"))
    return year if year >= 100 else _CENTURY + year


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"


def _span(days: Sequence[date]) -> timedelta:
    return max(days) - min(days)


def _since_midnight(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond)


def _offset_of(moment: datetime) -> str:
    return moment.strftime("%z")
