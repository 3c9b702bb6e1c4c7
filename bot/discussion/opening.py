"""Opening places: each once, however many ask for it at once and however often the bot dies meanwhile."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.clock import Clock
from bot.connection.patience import FAILURES, in_words
from bot.discussion.answers import Starter
from bot.discussion.channels import ThreadChannel
from bot.discussion.known import KnownPlaces
from bot.discussion.making import PlaceMaker, Unsure
from bot.discussion.model import Place, Subject
from bot.discussion.rows import Claim, PlaceStore
from bot.errors import UserError

LEASE: Final = timedelta(seconds=60)
"""How long the right to make a place belongs to whoever claimed it, unless that lives on and renews it."""

_RENEWED_AFTER: Final = LEASE.total_seconds() / 3
_LOOKED_AGAIN: Final = 1.0
"""After how long it is looked again whether another bot has made a place, in seconds."""

_LOOKED_FOR: Final = 2.0
"""How long after a failed try it is looked for what that may have made, in seconds."""

_PATIENCE: Final = 90.0
"""How long somebody waits for a place at most, in seconds; it is made all the same."""

_UNSURE = "Discord did not confirm that the discussion is open ({}). Press again in a minute: I look for it then."

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Held:
    """A claim that is held until a moment, in the clock's steady seconds."""

    until: float


class Opener:
    """Opens places."""

    def __init__(
        self,
        store: PlaceStore,
        known: KnownPlaces,
        maker: PlaceMaker,
        clock: Clock,
        discord_now: Callable[[], datetime | None],
    ) -> None:
        self._store = store
        self._known = known
        self._maker = maker
        self._clock = clock
        self._discord_now = discord_now
        self._opening: dict[tuple[int, Subject], asyncio.Task[Place]] = {}

    async def close(self) -> None:
        """Break off what is on its way."""
        tasks = tuple(self._opening.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def at_rest(self) -> None:
        """Wait for the end of what is being opened now."""
        if tasks := tuple(self._opening.values()):
            await asyncio.wait(tasks)

    async def open(self, channel: ThreadChannel, subject: Subject, starter: Starter) -> Place:
        """Return the place of a subject in a channel's server, made if need be.

        Args:
            channel: where it is made.
            subject: what it is about.
            starter: how it should look.

        Raises:
            UserError: it can't be made, or Discord does not say whether it was.
        """
        key = channel.guild.id, subject
        task = self._opening.get(key)
        if task is None:
            task = asyncio.create_task(self._open(channel, subject, starter), name=f"opening {subject.code}")
            self._opening[key] = task
            task.add_done_callback(lambda done: self._opened(key, done))
        done, _ = await asyncio.wait((task,), timeout=_PATIENCE)
        if not done:
            raise UserError("Discord takes long to open this discussion. Press again in a minute.")
        return task.result()

    def _opened(self, key: tuple[int, Subject], task: "asyncio.Task[Place]") -> None:
        self._opening.pop(key, None)
        if not task.cancelled() and (error := task.exception()):
            log.warning("the discussion of %s is not open: %s", key[1].code, error)

    async def _open(self, channel: ThreadChannel, subject: Subject, starter: Starter) -> Place:
        while True:
            now, seen, steady = self._clock.now(), self._discord_now(), self._clock.steady()
            claim = await self._store.claim(channel.guild.id, subject, now, LEASE, seen)
            if isinstance(claim, Place):
                return self._known.remember(claim)
            if claim:
                break
            await asyncio.sleep(_LOOKED_AGAIN)  # another bot is at it, or this one was in its last life
        held = _Held(steady + LEASE.total_seconds())
        async with self._renewed(claim, held):
            try:
                return await self._find_or_make(channel, claim, starter, held)
            except UserError:
                await self._store.release(claim)
                raise
            except Unsure as error:  # whoever claims it when the lease is over looks for it first
                raise UserError(_UNSURE.format(error)) from error

    async def _find_or_make(self, channel: ThreadChannel, claim: Claim, starter: Starter, held: _Held) -> Place:
        try:
            made = await self._maker.find(channel, claim) or await self._make(channel, claim, starter, held)
        except Unsure as error:
            await asyncio.sleep(_LOOKED_FOR)
            again = Claim(claim.server_id, claim.subject, claim.claimed_at, claim.attempts + 1)
            found = await self._maker.find(channel, again)
            if found is None and isinstance(error.__cause__, TimeoutError):
                raise  # it may still come
            made = found or await self._make(channel, claim, starter, held)
        place = self._known.remember(await self._store.settle(claim, made))
        if place.thread_id != made.thread_id:
            await self._remove(channel, made)
        return place

    async def _make(self, channel: ThreadChannel, claim: Claim, starter: Starter, held: _Held) -> Place:
        return await self._maker.make(channel, claim, starter, lambda: self._clock.steady() < held.until)

    async def _remove(self, channel: ThreadChannel, made: Place) -> None:
        """Take away what was made under a claim that another bot had taken over: this one was stopped meanwhile."""
        log.warning("%s was opened by another bot meanwhile; this one is taken away", made.subject.code)
        try:
            await self._maker.remove(channel, made.thread_id)
        except FAILURES as error:
            log.warning("thread %d could not be taken away: %s", made.thread_id, in_words(error))

    @asynccontextmanager
    async def _renewed(self, claim: Claim, held: _Held) -> AsyncIterator[None]:
        """Hold a claim for as long as the block lasts."""

        async def renew() -> None:
            while True:
                await asyncio.sleep(_RENEWED_AFTER)
                steady = self._clock.steady()
                if not await self._store.renew(claim, self._clock.now() + LEASE):
                    held.until = steady
                    return
                held.until = steady + LEASE.total_seconds()

        task = asyncio.create_task(renew(), name="holding a claim")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
