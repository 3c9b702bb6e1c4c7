"""The moment that somebody means by their words; what could be misread is asked back, not guessed."""

import asyncio
import re
import threading
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from dateparser.date import DateDataParser

from bot.errors import UserError
from bot.programme.local_time import ClockChange, moment_at
from bot.ui.markdown import escaped
from bot.ui.moments import told
from bot.ui.wording import in_quotes

FARTHEST = timedelta(days=366)
"""How far ahead an announcement may be scheduled."""

_LONGEST = 100
_EXAMPLES = "such as “14:30”, “tomorrow 9:00”, “in 20 minutes” or “18 May 2026 9:00”"

# A span of hours or minutes is as long as it says, whatever the clocks do; a time of day is what the clocks show.
_SPAN = re.compile(
    r"(?:\d\s*(?:h|hrs?|hours?|m|mins?|minutes?|s|secs?|seconds?)|\ban?\s+(?:hour|minute))\b", re.IGNORECASE
)
_HALF_AN_HOUR = re.compile(r"\bhalf an hour\b", re.IGNORECASE)
_DAY_AND_MONTH = re.compile(r"\b(\d{1,2})(?:/(\d{1,2})\b|[.-](\d{1,2})[.-]\d{2,4}\b)")
_TIME_OF_DAY = re.compile(r"(?:at )?(?:\d{1,2}(?::\d{2})?(?: ?[ap]\.?m\.?)?|noon|midnight)", re.IGNORECASE)
_LAST_MONTH = 12

_parsing = threading.Lock()
"""The parser keeps its languages in common with all its objects."""


async def parse_when_in_thread(words: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Do as `parse_when` does, without holding up anybody: the parser's first use takes a while."""
    return await asyncio.to_thread(parse_when, words, now, zone)


async def read_when_in_thread(words: str, now: datetime, zone: ZoneInfo, day: date | None = None) -> datetime:
    """Do as `read_when` does, without holding up anybody."""
    return await asyncio.to_thread(read_when, words, now, zone, day)


def parse_when(words: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the coming moment that somebody means, in UTC; None for "now" and for no words at all.

    Args:
        words: what they wrote, such as "tomorrow 9:00".
        now: the present moment.
        zone: the zone in which a time of day is meant, unless the words name another.

    Raises:
        UserError: the words mean no time, no clear one, one that is past, or one too far ahead.
    """
    words = " ".join(words.split())
    if words.casefold() in ("", "now"):
        return None
    moment = read_when(words, now, zone)
    said = _said(words)
    if moment <= now:
        raise UserError(_past(moment, said, now, zone))
    if moment > now + FARTHEST:
        raise UserError(f"{said} is more than a year ahead: {told(moment, zone)}.")
    return moment


def read_when(words: str, now: datetime, zone: ZoneInfo, day: date | None = None) -> datetime:
    """Return the moment that somebody means, in UTC, past or to come.

    Args:
        words: what they wrote, such as "tomorrow 9:00".
        now: the present moment.
        zone: the zone in which a time of day is meant, unless the words name another.
        day: the day that a time of day alone is on; else today, or the next day on which it is still to come.

    Raises:
        UserError: the words mean no time, or no clear one.
    """
    words = " ".join(words.split())
    _check_date_is_clear(words, _said(words))
    if day and _TIME_OF_DAY.fullmatch(words):
        now = datetime.combine(day, time(), zone)
    return _read(words, _said(words), now, zone)


def write_when(moment: datetime, zone: ZoneInfo) -> str:
    """Write a moment so that `parse_when` reads the same minute back, also where the clocks change."""
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M %z")


def _said(words: str) -> str:
    return in_quotes(escaped(words, _LONGEST))


def _read(words: str, said: str, now: datetime, zone: ZoneInfo) -> datetime:
    try:
        moment = _next(words, now, zone)
    except ClockChange as change:
        what = "comes twice" if change.twice else "does not exist"
        offset = change.second.astimezone(zone).strftime("%z")
        raise UserError(
            f"{change.local:%H:%M} {what} on {change.local:%-d %B %Y}, when the clocks change. Write another time, or "
            f"this one with its offset: “{change.local:%Y-%m-%d %H:%M} {offset}”."
        ) from None
    except Exception:  # noqa: BLE001 - no words whatever may break the command, and the parser's errors are its own
        moment = None
    if moment is None:
        raise UserError(f"I don't understand {said} as a date and a time. Write one {_EXAMPLES}.")
    return moment


def _next(words: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the next moment that the words fit; what fits today is today's, even when that is past."""
    if _SPAN.search(words):
        return _parsed(words, now, UTC, "future")
    nearest = _parsed(words, now, zone, "current_period")
    if nearest is None or nearest > now or nearest.astimezone(zone).date() == now.astimezone(zone).date():
        return nearest
    return _parsed(words, now, zone, "future")


def _parsed(words: str, now: datetime, zone: tzinfo, prefer: str) -> datetime | None:
    if len(words) > _LONGEST:
        return None
    # The parser knows a written time by its being another one than now: so now is one that nobody writes.
    base = now.astimezone(zone).replace(tzinfo=None, microsecond=1)
    settings = {
        "RELATIVE_BASE": base,
        "PREFER_DATES_FROM": prefer,
        "RETURN_TIME_AS_PERIOD": True,
        # Neither bare digits nor seconds since 1970: nobody means those.
        "PARSERS": ["relative-time", "absolute-time"],
    }
    with _parsing:
        parser = DateDataParser(languages=["en"], settings=settings)
        data = parser.get_date_data(_HALF_AN_HOUR.sub("30 minutes", words))
    if data.date_obj is None or data.period != "time":
        return None
    found = data.date_obj.replace(microsecond=0)
    return found.astimezone(UTC) if found.tzinfo else moment_at(found, zone)


def _check_date_is_clear(words: str, said: str) -> None:
    """Refuse a date whose day and month could be the other way round."""
    for match in _DAY_AND_MONTH.finditer(words):
        one, other = int(match[1]), int(match[2] or match[3])
        if one != other and max(one, other) <= _LAST_MONTH:
            raise UserError(
                f"I can't tell the day from the month in {said}. Write the month as a word: “18 May 2026 9:00”."
            )


def _past(moment: datetime, said: str, now: datetime, zone: ZoneInfo) -> str:
    text = f"{said} is past: it was {told(moment, zone)}."
    local = moment.astimezone(zone)
    if local.date() == now.astimezone(zone).date():
        text += f" Did you mean “tomorrow {local:%H:%M}”?"
    return text
