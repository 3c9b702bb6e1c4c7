"""What the letters after a time mean, such as "PST" or "UTC+2", where only one thing can be meant."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

_OFFSET = re.compile(r"(?:UTC|GMT)?\s?(?P<sign>[+\-−])(?P<hours>\d{1,2}):?(?P<minutes>\d\d)?", re.IGNORECASE)
_UTC: Final = frozenset({"UTC", "GMT", "Z"})

# What only one part of the world calls its time, with its hours from UTC, for people say "PST" in summer, too, when it
# is not used; None for what is said all the year. CST, IST and BST, for example, are several zones, and not here.
_ZONES: Final = {
    "PST": ("America/Los_Angeles", -8),
    "PDT": ("America/Los_Angeles", -7),
    "PT": ("America/Los_Angeles", None),
    "MST": ("America/Denver", -7),
    "MDT": ("America/Denver", -6),
    "CDT": ("America/Chicago", -5),
    "EST": ("America/New_York", -5),
    "EDT": ("America/New_York", -4),
    "ET": ("America/New_York", None),
    "HST": ("Pacific/Honolulu", -10),
    "CET": ("Europe/Paris", 1),
    "CEST": ("Europe/Paris", 2),
    "MEZ": ("Europe/Berlin", 1),
    "MESZ": ("Europe/Berlin", 2),
    "EET": ("Europe/Athens", 2),
    "EEST": ("Europe/Athens", 3),
    "JST": ("Asia/Tokyo", 9),
    "KST": ("Asia/Seoul", 9),
    "SGT": ("Asia/Singapore", 8),
    "HKT": ("Asia/Hong_Kong", 8),
    "AEST": ("Australia/Sydney", 10),
    "AEDT": ("Australia/Sydney", 11),
    "AWST": ("Australia/Perth", 8),
    "NZST": ("Pacific/Auckland", 12),
    "NZDT": ("Pacific/Auckland", 13),
    "SAST": ("Africa/Johannesburg", 2),
}


def zone_meant(name: str, local: datetime, conference: ZoneInfo) -> tzinfo | None:
    """Return the zone that letters behind a time mean, or None when they can mean several or none on that day.

    Args:
        name: the letters as printed.
        local: the time they stand behind, naive.
        conference: the conference's zone, which is meant if its time is called so on that day.
    """
    if match := _OFFSET.fullmatch(name.strip()):
        distance = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"] or 0))
        return timezone(distance if match["sign"] == "+" else -distance) if distance < timedelta(hours=15) else None
    letters = name.strip().upper()
    if local.replace(tzinfo=conference).tzname() == letters:
        return conference
    if letters in _UTC:
        return UTC
    if letters not in _ZONES:
        return None
    key, hours = _ZONES[letters]
    zone = ZoneInfo(key)
    offset = local.replace(tzinfo=zone).utcoffset()
    return zone if hours is None or offset == timedelta(hours=hours) else None
