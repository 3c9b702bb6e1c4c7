"""How news of sessions and talks look."""

from collections.abc import Callable, Sequence
from datetime import tzinfo

import discord

from bot.news.model import is_talk
from bot.programme.news import SessionNews, Slot
from bot.ui.card import Card
from bot.ui.fitting import lines_that_fit
from bot.ui.limits import EMBED_DESCRIPTION
from bot.ui.markdown import escaped_line
from bot.ui.moments import for_you, local_span
from bot.ui.wording import NO_TIME

_KINDS: tuple[tuple[str, Callable[[SessionNews], bool]], ...] = (
    ("Cancelled", lambda one: one.cancelled and not is_talk(one)),
    # It may have lost its time alone, and be shown all the same.
    ("No longer at its time", lambda one: one.cancelled and is_talk(one)),
    ("Another time", lambda one: one.moved),
    ("Another room", lambda one: one.changed_rooms and not one.moved),
    ("New", lambda one: one.added and not is_talk(one)),
    ("Has a time now", lambda one: one.added and is_talk(one)),
)


def news_embed(news: Sequence[SessionNews], zone: tzinfo) -> discord.Embed:
    """Tell everybody what is cancelled, at another time, in another room or new; times are also in the zone."""
    lines = lines_that_fit(news_lines(news, zone), EMBED_DESCRIPTION)
    return Card("The programme has changed", description=lines).embed()


def news_lines(news: Sequence[SessionNews], zone: tzinfo) -> list[str]:
    """Tell on a line each what is cancelled, at another time, in another room or new, below headings."""
    lines: list[str] = []
    for name, belongs in _KINDS:
        told = [f"**{escaped_line(one.name, 120)}**: {_told(one, zone)}" for one in news if belongs(one)]
        if told:
            # The heading goes with the first one, so that what is left out is counted in sessions.
            lines += [f"\n**{name}**\n{told[0]}", *told[1:]]
    return lines


def _told(news: SessionNews, zone: tzinfo) -> str:
    before, after = news.before, news.after
    if after is None:
        return f"was planned for {_span(before, zone)}" if before and before.starts_at else "will not take place"
    if before is None:
        return f"{_span(after, zone)}, {_room(after)}"
    room = f"now in {_room(after)}, not {_room(before)}" if news.changed_rooms else _room(after)
    return f"{_moved(before, after, zone)}, {room}" if news.moved else room


def _moved(before: Slot, after: Slot, zone: tzinfo) -> str:
    if after.starts_at is None:
        return f"no longer {_span(before, zone)}; the new time is not announced"
    if before.starts_at is None:
        return f"now has a time: {_span(after, zone)}"
    return f"now {_span(after, zone)}, not {_span(before, zone)}"


def _span(slot: Slot, zone: tzinfo) -> str:
    if slot.starts_at is None:
        return NO_TIME
    end = f" – {discord.utils.format_dt(slot.ends_at, 't')}" if slot.ends_at else ""
    return f"{local_span(slot.starts_at, slot.ends_at, zone)} ({for_you(slot.starts_at)}{end})"


def _room(slot: Slot) -> str:
    return escaped_line(slot.room, 60) if slot.room else "a room not announced"
