"""A small HTTP server at which calendars read the private agendas, and nothing else.

Whatever else is asked for gets one and the same answer, be it a token that nobody has, one that was revoked, another
path or another method.
"""

import logging
import re
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from urllib.parse import urlsplit

from aiohttp import web

from bot.clock import Clock
from bot.http_server import HttpServer
from bot.limiting import Buckets
from bot.subscription.service import Feed, Subscriptions

_TOKEN = re.compile(r"/calendar/([A-Za-z0-9_-]{32})\.ics")
_READING = ("GET", "HEAD")

_FROM_ONE_PLACE = (200, 20.0)
"""How often at once and in a second somebody may ask who is at one place.

Behind a proxy everybody comes from one place: 2,000 calendars that ask every two minutes are 17 in a second.
"""

_AT_ONE_ADDRESS = (20, 0.1)
"""The same for one calendar's address."""

_ALWAYS = {
    "Server": "conference-bot",
    "Cache-Control": "private, no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}

log = logging.getLogger(__name__)


class CalendarListener:
    """Answers calendars at one address for as long as the bot runs."""

    def __init__(self, host: str, port: int, public_url: str, subscriptions: Subscriptions, clock: Clock) -> None:
        self._prefix = urlsplit(public_url).path
        self._subscriptions = subscriptions
        self._places = Buckets(clock, *_FROM_ONE_PLACE)
        self._tokens = Buckets(clock, *_AT_ONE_ADDRESS)
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._server = HttpServer(app, host, port, "web.listen")

    @property
    def address(self) -> str:
        """Where it listens, once it does."""
        return self._server.address

    async def open(self) -> None:
        """Begin to listen.

        Raises:
            UserError: the address can't be used.
        """
        await self._server.open()
        log.info("calendars at %s", self.address)

    async def close(self) -> None:
        """Stop listening."""
        await self._server.close()

    async def _answer(self, request: web.Request) -> web.Response:
        if not self._places.take(request.remote):
            return _too_often()
        # A proxy may hand on the path of the public address, or leave it out.
        match = _TOKEN.fullmatch(request.path.removeprefix(self._prefix))
        user_id = self._subscriptions.find(match[1]) if match and request.method in _READING else None
        if user_id is None:
            return _nothing()
        if not self._tokens.take(user_id):
            return _too_often()
        feed = await self._subscriptions.feed(user_id)
        return _nothing() if feed is None else _calendar(request, feed)


def _calendar(request: web.Request, feed: Feed) -> web.Response:
    headers = {
        **_ALWAYS,
        "ETag": f'"{feed.etag}"',
        "Last-Modified": format_datetime(feed.changed_at.astimezone(UTC), usegmt=True),
    }
    if _is_known(request, feed.etag, feed.changed_at):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    headers["Content-Disposition"] = 'inline; filename="agenda.ics"'
    return web.Response(body=feed.body, headers=headers, content_type="text/calendar", charset="utf-8")


def _is_known(request: web.Request, etag: str, changed_at: datetime) -> bool:
    """Tell whether the asker has the calendar as it is (RFC 9110, 13.2.2: a date counts only without a tag)."""
    if (tags := request.if_none_match) is not None:
        return any(tag.value in (etag, "*") for tag in tags)
    since = request.if_modified_since
    return since is not None and changed_at <= since


def _nothing() -> web.Response:
    return web.Response(status=HTTPStatus.NOT_FOUND, text="Not found.\n", headers=_ALWAYS)


def _too_often() -> web.Response:
    return web.Response(
        status=HTTPStatus.TOO_MANY_REQUESTS, text="Too often.\n", headers={**_ALWAYS, "Retry-After": "60"}
    )
