"""From the cells of one file to moments: what is in several columns is put together, doubtful dates are asked for."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from bot.sources.reading.gather import Gathering
from bot.sources.reading.problems import shown
from bot.sources.reading.when import DAY, Cell, DayOrder, When, when

_LONGEST_NIGHT: Final = timedelta(hours=12)
"""How long something may last that ends at an earlier time of day than it starts, on the day after."""
_DURATION: Final = re.compile(
    r"(?:(?P<hours>\d{1,2}(?:\.\d{1,2})?)\s?(?:h|hours?|hrs?|std|:)[\s.]*)?"
    r"(?:(?P<minutes>\d{1,4})\s?(?:m|mins?|minutes?|minuten|')?\.?(?::00)?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TimeCells:
    """The cells of a row that together say when something is.

    Attributes:
        starts: the day, the start, or both, in any number of cells; also from … to … in one.
        ends: the same for the end; a day only where it is not the day of the start.
        duration: how long it takes, instead of an end.
        zone: the zone of this row, such as "UTC" or "Europe/Berlin", or "" for the file's.
    """

    starts: tuple[Cell, ...] = ()
    ends: tuple[Cell, ...] = ()
    duration: timedelta | None = None
    zone: str = ""


class Clock:
    """Reads the times of one file."""

    def __init__(self, gathering: Gathering, rows: Iterable[TimeCells]) -> None:
        """Look at all times of the file, to find out in which order its dates are written."""
        self._gathering = gathering
        self._told: set[str] = set()
        doubtful = ""
        found = dict[When, None]()
        for row in rows:
            for cell in (*row.starts, *row.ends):
                one = when(cell)
                if one and one.day:
                    found[one] = None
                    doubtful = doubtful or (str(cell) if one.doubtful else "")
        self._order = DayOrder(found)
        if doubtful:
            self._say_order(doubtful)

    def span(self, row: TimeCells, about: str, line: int | None) -> tuple[datetime | None, datetime | None]:
        """Return start and end in UTC, each None where the cells do not tell; what is wrong becomes a problem.

        Args:
            row: the cells.
            about: whose times they are, for messages, such as “Opening”.
            line: where they are in the file.
        """
        first, last = self._together(row.starts, about, line), self._together(row.ends, about, line)
        if first is None or last is None:
            return None, None
        local = self._local(first, about, line)
        if local is None:
            return None, None
        start = self._moment(local, first.zone or row.zone, f"{about}: the start", line)
        passed = first.end if last.start is None else last.start
        if passed is not None:
            end_day = self._order.day(last)
            end = self._combined(end_day or self._order.day(first), passed)
            if end and not end_day and end < local and end + DAY - local <= _LONGEST_NIGHT:
                end += DAY
        else:
            end = local + row.duration if row.duration else None
        zone = last.zone or first.zone or row.zone
        return start, self._moment(end, zone, f"{about}: the end", line) if end else None

    def _together(self, cells: Sequence[Cell], about: str, line: int | None) -> When | None:
        """Return what cells say together; None when one of them can't be read."""
        together = When()
        for cell in cells:
            one = when(cell)
            if one is None:
                self._gathering.problems.action(
                    "a time that can't be read",
                    f"{about}: “{shown(str(cell))}” is no time and is left out. Write it like 2026-05-18 18:00.",
                    line,
                )
                return None
            together = When(
                together.day or one.day,
                together.other_day if together.day else one.other_day,
                start=one.start if together.start is None else together.start,
                end=one.end if together.end is None else together.end,
                zone=together.zone or one.zone,
            )
        return together

    def _local(self, first: When, about: str, line: int | None) -> datetime | None:
        """Return the start as the clocks at the place show it, None when day or time of day are missing."""
        if first.start is None:
            return None
        day = self._order.day(first)
        if day is None and not first.doubtful:
            self._tell(
                "a time without a date",
                f"{about} has a time of day but no date, and is left without a time, as is all that has none. Write "
                "the date beside it; in a table, in a column “Date”.",
                line,
            )
        return self._combined(day, first.start)

    @staticmethod
    def _combined(day: object, passed: timedelta) -> datetime | None:
        try:
            return datetime.combine(day, time()) + passed if day else None  # type: ignore[arg-type]
        except OverflowError:
            return None

    def _moment(self, local: datetime, zone: str, about: str, line: int | None) -> datetime | None:
        if not zone:
            return self._gathering.moment(local, about, line)
        place = _zone_of(zone) or self._own_zone(zone, local)
        if place is None:
            self._gathering.problems.action(
                "a zone that is not known",
                f"{about} is in “{shown(zone.upper())}”, which is not the zone of this file "
                f"({self._gathering.zone.key}) and may mean several; left out. Write the time with its offset, like "
                "2026-05-18T18:00:00-07:00.",
                line,
            )
            return None
        if place is self._gathering.zone:
            return self._gathering.moment(local, about, line)
        return self._gathering.moment(local.replace(tzinfo=place), about, line)

    def _own_zone(self, name: str, local: datetime) -> tzinfo | None:
        """Return the file's zone when the name is what its clocks are called then: "cest", "pdt" or "pt"."""
        zone = self._gathering.zone
        called = (local.replace(tzinfo=zone).tzname() or "").casefold()
        return zone if called and name.casefold() in {called, called[0] + called[-1]} else None

    def _say_order(self, doubtful: str) -> None:
        if self._order.day_first is None:
            self._gathering.problems.action(
                "a date that may be read in two ways",
                f"“{shown(doubtful)}” may begin with the day or with the month; nothing in the file tells which, so "
                "such dates are left out. Write them like 2026-05-18.",
            )
        elif self._order.inferred:
            first = "day" if self._order.day_first else "month"
            self._gathering.problems.note(
                "the order of day and month",
                f"Dates such as “{shown(doubtful)}” are read with the {first} first, as only then the days lie "
                "together. If that is wrong, write them like 2026-05-18.",
            )

    def _tell(self, kind: str, message: str, line: int | None) -> None:
        if kind not in self._told:
            self._told.add(kind)
            self._gathering.problems.action(kind, message, line)


def duration_of(cell: Cell) -> timedelta | None:
    """Read how long something takes: "90", "90 min", "1:30", "1h 30", "2 hours"; None when it is none."""
    if isinstance(cell, time | timedelta):
        read = when(cell)
        return (read.start or None) if read else None
    match = _DURATION.fullmatch(cell.strip()) if isinstance(cell, str) else None
    if match is None:
        return None
    length = timedelta(hours=float(match["hours"] or 0), minutes=int(match["minutes"] or 0))
    return length if timedelta() < length <= DAY else None


@lru_cache(maxsize=1000)
def _zone_of(name: str) -> tzinfo | None:
    """Return the zone of an offset or a name that means one zone only."""
    bare = name.casefold().replace(" ", "")
    if bare in {"utc", "gmt", "z"}:
        return UTC
    if "/" in bare:
        known = next((one for one in available_timezones() if one.casefold().replace("_", "") == bare), None)
        return ZoneInfo(known) if known else None
    digits = bare.removeprefix("utc").removeprefix("gmt")
    sign = {"+": 1, "-": -1}.get(digits[:1])
    hours, _, minutes = digits[1:].partition(":")
    if len(hours) == 4:
        hours, minutes = hours[:2], hours[2:]
    if not sign or not hours.isdecimal() or not (minutes or "0").isdecimal():
        return None
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return timezone(sign * offset) if offset < DAY else None
