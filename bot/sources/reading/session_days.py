"""Sessions that a source knows by their names alone: what is in "Poster Session" on Monday is not in Tuesday's."""

from dataclasses import replace
from datetime import date, datetime, tzinfo

from bot.programme.source import SourceSession
from bot.sources.reading.gather import Gathering, SessionDraft
from bot.sources.reading.talks import conference_day


def day_of(moment: datetime | None, written: str | None, zone: tzinfo) -> date | None:
    """Return the day of the conference that a moment belongs to, or None when there is no moment.

    Args:
        moment: an aware time.
        written: the time as its source has it; its offset from UTC, if it has one, is that of the place.
        zone: the zone of the place for times in UTC and without an offset.
    """
    if moment is None:
        return None
    try:
        return conference_day(datetime.fromisoformat((written or "").strip()), zone)
    except ValueError:
        return conference_day(moment, zone)


class NamedSessions:
    """The sessions of one file, each known by its name and its day."""

    def __init__(self, gathering: Gathering) -> None:
        self._gathering = gathering
        self._days: dict[str, dict[date | None, tuple[str, int]]] = {}
        self._count = 0

    def session(self, session: SourceSession, day: date | None) -> SessionDraft:
        """Return the session of this name on this day; what else is said of it completes it.

        Case and spaces around a name don't matter. When no day is known the first session of the name is meant.
        """
        days = self._days.setdefault(session.name.strip().casefold(), {})
        if day is None:
            day = next(iter(days), None)
        elif list(days) == [None]:
            days[day] = days.pop(None)
        if day not in days:
            self._count += 1
            days[day] = (session.name, self._count)
        name, number = days[day]
        return self._gathering.session(replace(session, name=name), ("named", number))
