"""Times as the bot writes them, written down without it."""

from datetime import datetime


def stamp(moment: datetime, style: str) -> str:
    """Return what Discord shows to each reader in their own zone."""
    return f"<t:{int(moment.timestamp())}:{style}>"


def clock(moment: datetime, style: str) -> str:
    """Return what a conference's clocks in UTC show, with the day or without, beside each reader's."""
    day = "" if style == "t" else f"{moment:%a} {moment.day} {moment:%b}, "
    return f"{day}{moment:%H:%M} UTC (for you {stamp(moment, style)})"
