"""What waits in memory for a press: what somebody has seen a preview of and may still do."""

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Generic, NamedTuple, TypeVar

from bot.clock import Clock
from bot.errors import UserError

T = TypeVar("T")

KEPT = timedelta(hours=1)
"""How long a preview can be acted upon; Discord lets a private one be edited for a quarter of an hour."""


class _Held(NamedTuple, Generic[T]):
    owner: int
    until: datetime
    thing: T


class Pending(Generic[T]):
    """A few things by a short token, each its owner's alone.

    What nobody presses is let go when its time is over, for it may be as large as a programme.
    """

    def __init__(self, clock: Clock, *, each: int = 1, most: int = 50) -> None:
        """Keep nothing yet.

        Args:
            clock: tells when the time of something is over.
            each: of how many things an owner can have the previews open; one more takes the place of the oldest.
            most: how many things there are at most, whosever they are; one more takes the place of the oldest.
        """
        self._clock = clock
        self._each = each
        self._most = most
        self._held: dict[str, _Held[T]] = {}
        self._used: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None

    def keep(self, owner: int, thing: T, token: str = "") -> str:
        """Keep something and return its token: eight hexadecimal digits, unless given. Needs a running loop."""
        own = [one for one, held in self._held.items() if held.owner == owner]
        for one in own[: max(len(own) + 1 - self._each, 0)]:
            del self._held[one]
        for one in list(self._held)[: max(len(self._held) + 1 - self._most, 0)]:
            del self._held[one]
        token = token or secrets.token_hex(4)
        self._held[token] = _Held(owner, self._clock.now() + KEPT, thing)
        self._set_timer()
        return token

    def find(self, owner: int, token: str) -> T | None:
        """Return what waits; None where there is nothing any more, or it is somebody else's."""
        held = self._held.get(token)
        return None if held is None or held.owner != owner or held.until <= self._clock.now() else held.thing

    def get(self, owner: int, token: str) -> T:
        """Return what waits.

        Raises:
            UserError: there is nothing any more, or it is somebody else's.
        """
        thing = self.find(owner, token)
        if thing is None:
            raise UserError(
                "This preview is too old, was used already, or made way for a newer one. Nothing was changed; "
                "use the command again."
            )
        return thing

    @contextmanager
    def using(self, owner: int, token: str) -> Iterator[T]:
        """Act upon what waits, once: it is forgotten when that has succeeded, and waits on when it has not.

        Raises:
            UserError: there is nothing any more, it is somebody else's, or it is acted upon at this moment.
        """
        thing = self.get(owner, token)
        if token in self._used:
            raise UserError("This is being done at this moment.")
        self._used.add(token)
        try:
            yield thing
        finally:
            self._used.discard(token)
        self.drop(token)

    def drop(self, token: str) -> None:
        """Forget what waits; where there is nothing any more, this changes nothing."""
        self._held.pop(token, None)

    def take(self, owner: int, token: str) -> T:
        """Return what waits and forget it, so that it is acted upon once.

        Raises:
            UserError: there is nothing any more, or it is somebody else's.
        """
        thing = self.get(owner, token)
        del self._held[token]
        return thing

    def _set_timer(self) -> None:
        """Have the next thing let go when its time is over; the clock may have been set, so that it is asked again."""
        if self._timer or not self._held:
            return
        rest = min(held.until for held in self._held.values()) - self._clock.now()
        self._timer = asyncio.get_running_loop().call_later(max(rest.total_seconds(), 1.0), self._let_go)

    def _let_go(self) -> None:
        self._timer, now = None, self._clock.now()
        self._held = {token: held for token, held in self._held.items() if held.until > now}
        self._set_timer()
