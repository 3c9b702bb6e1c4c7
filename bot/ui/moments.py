"""Moments in words: on the conference's clocks, with their zone, and beside that on each reader's own."""

from datetime import datetime, tzinfo

from discord.utils import TimestampStyle, format_dt


def local_time(moment: datetime, zone: tzinfo) -> str:
    """Return what a conference's clocks show, such as "18:00 PDT"."""
    return f"{moment.astimezone(zone):%H:%M} {zone_name(moment, zone)}"


def local_moment(moment: datetime, zone: tzinfo) -> str:
    """Return the conference's day with what its clocks show, such as "Mon 18 May, 18:00 PDT"."""
    return f"{_day(moment, zone)}, {local_time(moment, zone)}"


def local_span(starts_at: datetime, ends_at: datetime | None, zone: tzinfo) -> str:
    """Return from when to when something is, such as "Mon 18 May, 18:00–20:00 PDT"."""
    if ends_at is None:
        return local_moment(starts_at, zone)
    start, end = (moment.astimezone(zone) for moment in (starts_at, ends_at))
    one_zone = zone_name(starts_at, zone) == zone_name(ends_at, zone)
    if start.date() == end.date() and one_zone:
        return f"{_day(starts_at, zone)}, {start:%H:%M}–{local_time(ends_at, zone)}"
    begins = f"{_day(starts_at, zone)}, {start:%H:%M}" if one_zone else local_moment(starts_at, zone)
    return f"{begins} – {local_moment(ends_at, zone)}"


def told(moment: datetime, zone: tzinfo) -> str:
    """Tell a moment in Markdown: on the conference's clocks, and to each reader on theirs."""
    return f"{local_moment(moment, zone)} ({for_you(moment)})"


def told_time(moment: datetime, zone: tzinfo) -> str:
    """Do as `told` does where the day is known already: tell the time alone."""
    return f"{local_time(moment, zone)} ({for_you(moment, 't')})"


def for_you(moment: datetime, style: TimestampStyle = "f") -> str:
    """Tell a moment in Markdown to each reader on their own clock, which is to stand beside the conference's."""
    return f"for you {format_dt(moment, style)}"


def zone_name(moment: datetime, zone: tzinfo) -> str:
    """Return what people call a zone at a moment, such as "PDT", or "UTC+5:45" where it has no such name."""
    local = moment.astimezone(zone)
    name = local.tzname() or ""
    if name[:1].isalpha():
        return name
    sign, hours, minutes = (text := local.strftime("%z"))[0], int(text[1:3]), text[3:5]
    return f"UTC{sign}{hours}" + (f":{minutes}" if minutes != "00" else "")


def _day(moment: datetime, zone: tzinfo) -> str:
    local = moment.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b}"
