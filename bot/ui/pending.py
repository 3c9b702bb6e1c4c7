"""What waits in memory for a press: what somebody has seen a preview of and may still do."""

import secrets
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from bot.clock import Clock
from bot.errors import UserError

T = TypeVar("T")

KEPT = timedelta(hours=1)
"""How long a preview can be acted upon; Discord lets a private one be edited for a quarter of an hour."""

_MOST = 50


class Pending(Generic[T]):
    """Things by a short token, each its owner's alone."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._held: OrderedDict[str, tuple[int, datetime, T]] = OrderedDict()

    def keep(self, owner: int, thing: T) -> str:
        """Keep something and return its token: eight hexadecimal digits."""
        token = secrets.token_hex(4)
        self._held[token] = (owner, self._clock.now() + KEPT, thing)
        if len(self._held) > _MOST:
            self._held.popitem(last=False)
        return token

    def get(self, owner: int, token: str) -> T:
        """Return what waits.

        Raises:
            UserError: there is nothing any more, or it is somebody else's.
        """
        held = self._held.get(token)
        if held is None or held[0] != owner or held[1] < self._clock.now():
            raise UserError("This preview is too old, or was used already. Nothing was changed; use the command again.")
        return held[2]

    def take(self, owner: int, token: str) -> T:
        """Return what waits and forget it, so that it is acted upon once.

        Raises:
            UserError: there is nothing any more, or it is somebody else's.
        """
        thing = self.get(owner, token)
        del self._held[token]
        return thing
