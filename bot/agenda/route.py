"""The way past somebody's bookmarked posters: in each session in the order in which the boards hang."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.agenda.model import Item, by_session
from bot.programme.days import is_over
from bot.programme.model import Session
from bot.programme.natural_order import natural


def routes_of(items: Iterable[Item]) -> list[tuple[Session, list[Item]]]:
    """Return each session with the bookmarked posters that have a board in it, in the order of time and of boards."""
    routes = []
    for session, shown in by_session(items):
        hanging = [item for item in shown if item.shown and item.shown.board]
        if hanging:
            routes.append((session, sorted(hanging, key=lambda item: natural(board_of(item)))))
    return routes


def ahead(routes: Sequence[tuple[Session, list[Item]]], now: datetime) -> Sequence[tuple[Session, list[Item]]]:
    """Return the routes of sessions that are not over; all of them when all are over."""
    return [(session, items) for session, items in routes if not is_over(session, now)] or routes


def board_of(item: Item) -> str:
    """Return the number of an item's board; empty for none."""
    return (item.shown and item.shown.board) or ""
