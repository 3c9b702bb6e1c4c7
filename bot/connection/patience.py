"""Trying again, after pauses that grow."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp
import discord

T = TypeVar("T")

LONGEST_PAUSE = 60.0
"""The longest pause, in seconds: after an outage however long the bot is back that soon."""

_FIRST_PAUSE = 1.0
_LONGEST_ASKED_FOR = 600.0

FAILURES = (discord.HTTPException, discord.GatewayNotFound, discord.RateLimited, aiohttp.ClientError, OSError)
"""What a call to Discord fails with when Discord, or the line to it, does; `OSError` includes `TimeoutError`."""

log = logging.getLogger(__name__)


class Pause:
    """How long to wait before the next try: each time about twice as long, and never the same for two bots."""

    def __init__(self) -> None:
        self._next = _FIRST_PAUSE

    def next(self) -> float:
        """Return how long to wait, in seconds."""
        pause = self._next
        self._next = min(2 * pause, LONGEST_PAUSE)
        return random.uniform(pause / 2, pause)  # noqa: S311 - nobody need not foresee it


def asked_to_wait(error: BaseException) -> float:
    """Return how long Discord, or the proxy before it, asks to wait, in seconds; 0 where it does not say."""
    if isinstance(error, discord.RateLimited):
        return error.retry_after
    if not isinstance(error, discord.HTTPException):
        return 0.0
    try:
        seconds = float(error.response.headers.get("Retry-After", 0))
    except ValueError:  # it may be a date
        return 0.0
    return min(max(seconds, 0.0), _LONGEST_ASKED_FOR)


def in_words(error: BaseException) -> str:
    """Say in a line what went wrong: neither a page of a proxy nor nothing at all."""
    if isinstance(error, discord.HTTPException):
        if error.code == 0:
            return f"it answers {error.status}"
        return f"{error.text} ({error.status}, code {error.code})"
    return str(error) or ("no answer in time" if isinstance(error, TimeoutError) else type(error).__name__)


async def until_done(what: str, work: Callable[[], Awaitable[T]]) -> T:
    """Do something with Discord, again and again until it succeeds; every other failure is raised.

    Args:
        what: what it is, for the log.
        work: does it.
    """
    pause = Pause()
    while True:
        try:
            return await work()
        except FAILURES as error:
            seconds = max(pause.next(), asked_to_wait(error))
            log.warning("%s: Discord can't be reached: %s; trying again in %.0f s", what, in_words(error), seconds)
        await asyncio.sleep(seconds)
