"""When a recurring event of a calendar takes place.

Days are tried one after the other and for one year only, because the rules of a hostile file may never match: the
library for them, dateutil, then searches until the year 9999, for seconds each time.
"""

import calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

MOST_DAYS: Final = 366
"""For how many days a rule is followed; a conference is over by then, whatever goes on every week."""

_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_KNOWN: Final = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTHDAY", "BYMONTH"})
_BY_DAY: Final = frozenset({"BYDAY", "BYMONTHDAY"})


class UnknownRuleError(ValueError):
    """A rule that is not understood."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule of recurrence, RFC 5545 section 3.3.10, as far as calendars of conferences have one."""

    frequency: str
    interval: int
    count: int | None
    until: date | None
    week_start: int
    weekdays: frozenset[tuple[int, int]]
    month_days: frozenset[int]
    months: frozenset[int]

    def matches(self, day: date, first: date) -> bool:
        """Tell whether the rule names a day, counted from that of the first occurrence."""
        if self.months and day.month not in self.months:
            return False
        if self.frequency == "DAILY":
            return (day - first).days % self.interval == 0 and self._on_day(day)
        if self.frequency == "WEEKLY":
            weeks = self._week(day) - self._week(first)
            return weeks % self.interval == 0 and (self._on_day(day) if self.weekdays else _same_weekday(day, first))
        months = (day.year - first.year) * 12 + day.month - first.month
        if self.frequency == "MONTHLY":
            is_named = self._on_day(day) if self.weekdays or self.month_days else day.day == first.day
            return months % self.interval == 0 and is_named
        is_month = bool(self.months or self.month_days) or day.month == first.month
        is_day = self._on_day(day) if self.month_days else day.day == first.day
        return (day.year - first.year) % self.interval == 0 and is_month and is_day

    def _week(self, day: date) -> int:
        """Return the number of the week; day 1 of the calendar, in the year 1, is a Monday."""
        return (day.toordinal() - 1 - self.week_start) // 7

    def _on_day(self, day: date) -> bool:
        length = calendar.monthrange(day.year, day.month)[1]
        if self.month_days and day.day not in self.month_days and day.day - length - 1 not in self.month_days:
            return False
        ordinals = (0, (day.day - 1) // 7 + 1, -((length - day.day) // 7 + 1))
        return not self.weekdays or any((ordinal, day.weekday()) in self.weekdays for ordinal in ordinals)


def occurrences(rule: Mapping[str, Any], start: date) -> tuple[list[date], bool]:
    """Return when an event with a rule takes place, and whether it goes on after the year that is looked at.

    Args:
        rule: the parts of the rule by their names, each a list, as icalendar has them.
        start: the first occurrence, a day or a datetime, with or without a zone; the others are at the same local time.

    Raises:
        UnknownRuleError: it has parts that are not understood.
    """
    read = _rule(rule)
    found: list[date] = []
    for moment in _moments(read, start):
        if read.until is not None and _is_after(moment, read.until):
            return found, False
        found.append(moment)
        if len(found) == read.count:
            return found, False
    return found, True


def _moments(rule: _Rule, start: date) -> Iterator[date]:
    yield start
    first = _day(start)
    for days in range(1, min(MOST_DAYS, (date.max - first).days + 1)):
        day = first + timedelta(days=days)
        if rule.matches(day, first):
            yield datetime.combine(day, start.timetz()) if isinstance(start, datetime) else day


def _is_after(moment: date, until: date) -> bool:
    """Tell whether a moment is after the last one of a rule, however exactly that is given."""
    if not isinstance(moment, datetime) or not isinstance(until, datetime):
        return _day(moment) > _day(until)
    if moment.tzinfo is None or until.tzinfo is None:
        return moment.replace(tzinfo=None) > until.replace(tzinfo=None)
    return moment > until


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _same_weekday(day: date, first: date) -> bool:
    return day.weekday() == first.weekday()


def _rule(parts: Mapping[str, Any]) -> _Rule:
    named = {name.upper(): _list(value) for name, value in parts.items()}
    frequency = str(named.get("FREQ", [""])[0]).upper()
    unknown = named.keys() - _KNOWN
    if frequency not in {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"} or unknown:
        raise UnknownRuleError
    if (frequency == "WEEKLY" and "BYMONTHDAY" in named) or (frequency == "YEARLY" and "BYDAY" in named):
        raise UnknownRuleError
    weekdays = frozenset(map(_weekday, named.get("BYDAY", ())))
    if frequency in {"DAILY", "WEEKLY"} and any(ordinal for ordinal, _ in weekdays):
        raise UnknownRuleError
    until = named.get("UNTIL", [None])[0]
    count = _number(named.get("COUNT", [0])[0])
    return _Rule(
        frequency=frequency,
        interval=max(1, _number(named.get("INTERVAL", [1])[0])),
        count=count or None,
        until=until if isinstance(until, date) else None,
        week_start=_weekday(named.get("WKST", ["MO"])[0])[1],
        weekdays=weekdays,
        month_days=frozenset(map(_number, named.get("BYMONTHDAY", ()))),
        months=frozenset(map(_number, named.get("BYMONTH", ()))),
    )


def _list(value: Any) -> Sequence[Any]:  # noqa: ANN401 - what the parser made of it
    values = value if isinstance(value, list | tuple) else [value]
    if not values:
        raise UnknownRuleError
    return values


def _weekday(value: object) -> tuple[int, int]:
    """Return a weekday as its ordinal within the month, 0 for each, and its number, 0 for Monday."""
    text = str(value).strip().upper()
    ordinal, weekday = text[:-2], text[-2:]
    if weekday not in _WEEKDAYS:
        raise UnknownRuleError
    return _number(ordinal or 0), _WEEKDAYS.index(weekday)


def _number(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        raise UnknownRuleError from None
