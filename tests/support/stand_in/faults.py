"""What can go wrong between a bot and Discord, one word each; `StandIn.fail` says where and how often."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any

from aiohttp import web

MESSAGES = "POST /channels/*/messages"
HISTORY = "GET /channels/*/messages"
THREADS = "POST /channels/*/threads"
EDITS = "PATCH /channels/*/messages/*"
OPENING_DIRECT = "POST /users/@me/channels"
ACKNOWLEDGEMENTS = "POST /interactions/*/callback"
FOLLOWUPS = "POST /webhooks/*"
ANSWER_EDITS = "PATCH /webhooks/*/messages/*"
LOGIN = "GET /users/@me"
COMMANDS = "* /applications/*/commands"
EVENTS = "* /guilds/*/scheduled-events*"
MEMBER_COUNTS = "GET /guilds/*/roles/member-counts"
FILES = "GET /files/*"
GATEWAY = "GET /gateway"
"""The connection to the gateway itself; "GET /gateway/bot" is the question where it is."""
EVERYTHING = "*"

_LEFT_ALONE = "Discord can't handle your request. We apologise for the inconvenience."


def is_edit(method: str, path: str) -> bool:
    """Tell whether a request edits a message in a channel or a thread."""
    return fnmatchcase(f"{method} {path}", EDITS)


@dataclass(frozen=True)
class Fault:
    """How a request fares.

    Attributes:
        status: what is answered; none: nothing is.
        body: what is answered.
        headers: with which headers.
        after: how long it takes, in seconds.
        done: whether what was asked for is done all the same.
        cut: whether the connection is cut off in place of an answer.
        held: what it waits for before anything else.
    """

    status: int | None = None
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    after: float = 0.0
    done: bool = False
    cut: bool = False
    held: asyncio.Event | None = None

    async def meet(
        self, request: web.Request, go_on: Callable[[], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Answer a request; `go_on` does what it asks for."""
        if self.held:
            await self.held.wait()
        await asyncio.sleep(self.after)
        if self.status is None and not self.cut:
            return await go_on()
        if self.done:
            await go_on()
        if self.cut:
            if request.transport:
                request.transport.abort()
            raise asyncio.CancelledError
        return web.Response(status=self.status or 500, body=self.body, headers=dict(self.headers))


@dataclass
class Failing:
    """A fault on its way.

    Attributes:
        route: which requests it meets, such as "POST /channels/*/messages"; with the wildcards of file names.
        fault: what happens.
        left: how many requests it meets still.
        skip: how many it lets pass first.
        met: how many it has met.
        struck: set once it has met one.
    """

    route: str
    fault: Fault
    left: float
    skip: int = 0
    met: int = 0
    struck: asyncio.Event = field(default_factory=asyncio.Event)

    def takes(self, method: str, path: str) -> bool:
        """Tell whether it meets a request, and count it then."""
        if self.left <= 0 or not fnmatchcase(f"{method} {path}", self.route):
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.left -= 1
        self.met += 1
        self.struck.set()
        return True


def error(code: int, status: int = 400, message: str = "it was refused") -> Fault:
    """Discord's own refusal, with its JSON error code."""
    return _json(status, {"message": message, "code": code})


def unavailable(status: int = 503) -> Fault:
    """Discord itself is in trouble. discord.py repeats 500, 502, 504 and 524 five times, 503 not at all."""
    return _json(status, {"message": f"{status}: unavailable", "code": 0})


def html(status: int) -> Fault:
    """A page of the proxy before Discord: nobody looked at the request."""
    page = f"<html><head><title>{status}</title></head><body><h1>{status}</h1><p>{_LEFT_ALONE}</p></body></html>"
    return Fault(status, page.encode(), (("Content-Type", "text/html; charset=UTF-8"), ("Server", "cloudflare")))


def unauthorized() -> Fault:
    """The token is not valid."""
    return _json(401, {"message": "401: Unauthorized", "code": 0})


def limited(seconds: float, *, everywhere: bool = False) -> Fault:
    """A rate limit that is over after so many seconds: this route's, or the one for everything the bot does."""
    headers = {
        "Via": "1.1 google",
        "Retry-After": f"{max(1, round(seconds))}",
        "X-RateLimit-Scope": "global" if everywhere else "user",
    }
    headers |= (
        {"X-RateLimit-Global": "true"}
        if everywhere
        else {
            "X-RateLimit-Limit": "5",
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset-After": f"{seconds:.3f}",
            "X-RateLimit-Bucket": "80c17d2f203122d936070c88c8d10f33",
        }
    )
    body = {"message": "You are being rate limited.", "retry_after": seconds, "global": everywhere}
    return _json(429, body, headers)


def banned(seconds: int = 60) -> Fault:
    """Cloudflare's own limit, for all from this address: a page, and no `Via`."""
    fault = html(429)
    return replace(fault, body=b"error code: 1015", headers=(*fault.headers, ("Retry-After", str(seconds))))


def reset() -> Fault:
    """The connection is cut off, and nothing was done."""
    return Fault(cut=True)


def slow(seconds: float) -> Fault:
    """All is well, but takes so long."""
    return Fault(after=seconds)


def held(until: asyncio.Event) -> Fault:
    """All is well, but only once something has happened."""
    return Fault(held=until)


def done(fault: Fault) -> Fault:
    """What was asked for is done, and only then the fault comes: a message is stored, and 502 is answered."""
    return replace(fault, done=True)


def delayed(fault: Fault, seconds: float) -> Fault:
    """The fault comes after so many seconds."""
    return replace(fault, after=seconds)


def _json(status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> Fault:
    together = {"Content-Type": "application/json", **(headers or {})}
    return Fault(status, json.dumps(body).encode(), tuple(together.items()))
