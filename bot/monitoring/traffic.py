"""The requests that go to Discord, as aiohttp sees them: how many, how they ended, and the rate limits met."""

import math
from collections import Counter
from http import HTTPStatus
from types import SimpleNamespace

import aiohttp

NO_ANSWER = "none"
"""In place of a status: the connection failed."""

_SCOPES = ("user", "global", "shared")
"""Whose limit was met (Discord's documentation, Rate Limits, X-RateLimit-Scope)."""

_ELSEWHERE = "elsewhere"
"""A limit of somebody's before Discord, such as Cloudflare's, which names no scope."""


class Traffic:
    """Counts, since the bot was started.

    Attributes:
        requests: how many requests ended with which status, by method and status.
        limits: how many of them met a limit, by whose it was.
        waited: for how long Discord asked to wait then, in seconds.
    """

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, str]] = Counter()
        self.limits: Counter[str] = Counter()
        self.waited = 0.0

    def noted_by(self, trace: aiohttp.TraceConfig) -> aiohttp.TraceConfig:
        """Count what a trace sees, and return it; it is what discord.py hands to its session."""
        trace.on_request_end.append(self._ended)
        trace.on_request_exception.append(self._failed)
        return trace

    async def _ended(
        self, _session: aiohttp.ClientSession, _context: SimpleNamespace, request: aiohttp.TraceRequestEndParams
    ) -> None:
        answer = request.response
        self.requests[request.method, str(answer.status)] += 1
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            scope = answer.headers.get("X-RateLimit-Scope")
            self.limits[scope if scope in _SCOPES else _ELSEWHERE] += 1
            self.waited += _seconds(answer.headers.get("Retry-After", ""))

    async def _failed(
        self, _session: aiohttp.ClientSession, _context: SimpleNamespace, request: aiohttp.TraceRequestExceptionParams
    ) -> None:
        self.requests[request.method, NO_ANSWER] += 1


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:  # a date, as HTTP allows
        return 0.0
    return seconds if math.isfinite(seconds) and seconds > 0 else 0.0
