"""What a calendar was told at a private address, and what it has to be told now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.agenda.calendar import Entry

KEPT_AFTER = timedelta(days=30)
"""For how long an event that went away is told as cancelled: programs ask again within days."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event as calendars were told it last.

    Attributes:
        entry: the event.
        sequence: how often it has changed (RFC 5545, 3.8.7.4).
        changed_at: when it changed last, in whole seconds of UTC.
        cancelled: whether it went away: no longer bookmarked, or gone from the programme.
    """

    entry: Entry
    sequence: int
    changed_at: datetime
    cancelled: bool = False


def told_now(before: Mapping[str, Told], entries: Iterable[Entry], now: datetime) -> dict[str, Told]:
    """Return what calendars have to be told, by UID: every change counts, and what went away is cancelled.

    Args:
        before: what they were told before.
        entries: the events that there are now.
        now: the present moment.
    """
    now = now.replace(microsecond=0)
    told: dict[str, Told] = {}
    for entry in entries:
        known = before.get(entry.uid)
        if known is None:
            told[entry.uid] = Told(entry, 0, now)
        elif known.cancelled or known.entry != entry:
            told[entry.uid] = Told(entry, known.sequence + 1, now)
        else:
            told[entry.uid] = known
    for uid, known in before.items():
        if uid in told:
            continue
        if not known.cancelled:
            told[uid] = replace(known, sequence=known.sequence + 1, changed_at=now, cancelled=True)
        elif max(known.changed_at, known.entry.starts_at) > now - KEPT_AFTER:
            told[uid] = known
    return told
