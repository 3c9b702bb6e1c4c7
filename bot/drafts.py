"""What an organizer or a moderator is about to do, kept in memory between the preview and the press that does it."""

import secrets
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from bot.clock import Clock
from bot.errors import Trouble

T = TypeVar("T")

KEPT = timedelta(hours=1)
"""How long a preview can be acted upon; Discord lets a private one be edited for a quarter of an hour."""

_MOST = 50


class Drafts(Generic[T]):
    """Drafts by a short token, each its owner's alone."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._drafts: OrderedDict[str, tuple[int, datetime, T]] = OrderedDict()

    def keep(self, owner: int, draft: T) -> str:
        """Keep a draft and return its token: eight hexadecimal digits."""
        token = secrets.token_hex(4)
        self._drafts[token] = (owner, self._clock.now() + KEPT, draft)
        if len(self._drafts) > _MOST:
            self._drafts.popitem(last=False)
        return token

    def get(self, owner: int, token: str) -> T:
        """Return a draft.

        Raises:
            Trouble: there is none any more, or it is somebody else's.
        """
        held = self._drafts.get(token)
        if held is None or held[0] != owner or held[1] < self._clock.now():
            raise Trouble("This preview is too old, or was used already. Nothing was changed; use the command again.")
        return held[2]

    def take(self, owner: int, token: str) -> T:
        """Return a draft and forget it, so that it is acted upon once.

        Raises:
            Trouble: there is none any more, or it is somebody else's.
        """
        draft = self.get(owner, token)
        del self._drafts[token]
        return draft
