"""Making, revoking and reading private calendars."""

import asyncio
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from weakref import WeakValueDictionary
from zoneinfo import ZoneInfo

from bot.agenda.agendas import Agendas
from bot.agenda.calendar import entries_of, feed_of
from bot.clock import Clock
from bot.editions.service import Library
from bot.errors import UserError
from bot.subscription import answers
from bot.subscription.model import told_now
from bot.subscription.rows import SubscriptionStore
from bot.ui.answer import Answer

_BYTES: Final = 24
"""How many random bytes a token has: 192 bits, which nobody guesses."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar as it is handed out.

    Attributes:
        body: the calendar (RFC 5545).
        etag: the same for as long as the calendar is.
        changed_at: when it changed last, in whole seconds of UTC.
    """

    body: bytes
    etag: str
    changed_at: datetime


class Subscriptions:
    """Everybody's private addresses, at most one each. The addresses are known to their owners alone."""

    def __init__(
        self,
        store: SubscriptionStore,
        library: Library,
        agendas: Agendas,
        clock: Clock,
        zone: ZoneInfo,
        conference: str,
        public_url: str | None,
    ) -> None:
        self._store = store
        self._library = library
        self._agendas = agendas
        self._clock = clock
        self._zone = zone
        self._conference = conference
        self._public_url = public_url
        self._people: dict[str, int] = {}
        self._own: dict[int, tuple[str, datetime]] = {}
        self._changing: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def open(self) -> None:
        """Read who has an address."""
        for user_id, token_hash, made_at in await self._store.all():
            self._people[token_hash], self._own[user_id] = user_id, (token_hash, made_at)

    def find(self, token: str) -> int | None:
        """Return whose address ends in a token; None for one that nobody has, or that was revoked."""
        return self._people.get(_hash(token))

    def show(self, reader: int) -> Answer:
        """Tell somebody of their address, which is not known here any more, or offer to make one."""
        self._check_served()
        _, made_at = self._own.get(reader, (None, None))
        return answers.offer_answer(made_at)

    async def make(self, reader: int) -> Answer:
        """Make an address for somebody, and tell it to them this once; the one they had stops.

        Raises:
            UserError: calendars are not served.
        """
        self._check_served()
        token, now = secrets.token_urlsafe(_BYTES), self._clock.now()
        async with self._changes_of(reader):
            await self._store.keep(reader, _hash(token), now)
            self._drop(reader)
            self._people[_hash(token)], self._own[reader] = reader, (_hash(token), now)
        return answers.address_answer(f"{self._public_url}/calendar/{token}.ics")

    async def revoke(self, reader: int) -> Answer:
        """Let somebody's address stop, if they have one."""
        await self.forget(reader)
        return answers.revoked_answer(served=self._public_url is not None)

    async def feed(self, user_id: int) -> Feed | None:
        """Return somebody's agenda as calendars are told it now; None where the address was revoked meanwhile."""
        async with self._changes_of(user_id):
            if (own := self._own.get(user_id)) is None:
                return None
            token_hash, made_at = own
            entries = entries_of(self._library.edition.programme, self._agendas.of(user_id), self._conference)
            before = await self._store.told(token_hash)
            told = told_now(before, entries, self._clock.now())
            if told != before:
                await self._store.tell(token_hash, told)
        # What is no longer told as cancelled changes the calendar too, and nothing in it says when.
        changed_at = max((one.changed_at for one in told.values()), default=made_at).replace(microsecond=0)
        body = await asyncio.to_thread(feed_of, list(told.values()), self._conference, self._zone, made_at)
        return Feed(body, hashlib.sha256(body).hexdigest()[:32], changed_at)

    # What /mydata asks.

    def told(self, user_id: int) -> Sequence[str]:
        """Tell that somebody has an address."""
        if user_id not in self._own:
            return ()
        kept = "a hash of it, when it was made, and what your calendar was told there"
        return (f"A private calendar address: {kept}, with your Discord id. `/agenda` revokes it.",)

    def exported(self, user_id: int) -> Mapping[str, object]:
        """Return when somebody's address was made."""
        own = self._own.get(user_id)
        return {"calendar_subscription": {"made_at": own[1].isoformat()}} if own else {}

    async def forget(self, user_id: int) -> None:
        """Let somebody's address stop, and delete what calendars were told there."""
        async with self._changes_of(user_id):
            await self._store.remove(user_id)
            self._drop(user_id)

    def _drop(self, user_id: int) -> None:
        if own := self._own.pop(user_id, None):
            del self._people[own[0]]

    def _check_served(self) -> None:
        if self._public_url is None:
            raise UserError("Calendars are not served here. `/agenda` has the calendar as a file.")

    def _changes_of(self, user_id: int) -> asyncio.Lock:
        return self._changing.setdefault(user_id, asyncio.Lock())


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
