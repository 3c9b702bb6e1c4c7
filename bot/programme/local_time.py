"""From a time on the clocks of a place to the moment that is meant, also where the clocks change."""

from datetime import UTC, datetime, timedelta, tzinfo


class ClockChange(ValueError):
    """A local time that a place's clocks never show, or show twice.

    Attributes:
        twice: whether it comes twice; else it is skipped.
        first: the moment by the offset before the change, aware and in UTC.
        second: the moment by the offset after it.
    """

    def __init__(self, local: datetime, first: datetime, second: datetime) -> None:
        self.local = local
        self.twice = first < second
        self.first = first
        self.second = second
        super().__init__(f"{local:%Y-%m-%d %H:%M} {'comes twice' if self.twice else 'does not exist'}")


def moment_at(local: datetime, zone: tzinfo) -> datetime:
    """Return the moment, aware and in UTC, at which a place's clocks show a naive time.

    Raises:
        ClockChange: they never do, or do twice.
        OverflowError: the moment is outside the years 1 to 9999.
    """
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first != second:
        raise ClockChange(local, first, second)
    return first


def offset_text(moment: datetime, zone: tzinfo) -> str:
    """Return a place's offset from UTC at a moment, such as "-07:00"."""
    minutes = (moment.astimezone(zone).utcoffset() or timedelta()) // timedelta(minutes=1)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
