"""Looking again and again whether the programme's sources have changed."""

import asyncio
import hashlib
import logging
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from bot.clock import Clock
from bot.config import ListedSource
from bot.errors import UserError
from bot.programme.source import Loaded, Source
from bot.sources.fetch import Fetched, Fetcher
from bot.sources.load import Found, are_known, load, name_of
from bot.sources.load import found as file_of
from bot.sources.obtain import obtain
from bot.sources.watch_state import LONGEST_WAIT, WatchState

LONGEST_NAP = 60.0
"""The longest sleep, in seconds: a clock that jumps, or a machine that was suspended, costs no more than this."""

TRUSTED = timedelta(hours=6)
"""How long a server is believed that nothing has changed; then all of it is fetched again, for some are wrong."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Watched:
    """A source, and what is known of it.

    Attributes:
        source: the source; its `refresh` says how often it is looked at, None for never.
        state: how that goes.
        version: what was there last and could be read, or None before.
        digest: the SHA-256 of that.
        obtained_at: when it was last obtained and not only asked about, in UTC.
        another: what is there now, if it is another version.
        its_digest: the SHA-256 of that.
        next_at: when it is looked at next, in UTC; None for at once.
        put_off_at: when that was decided, in UTC.
    """

    source: ListedSource
    state: WatchState
    version: Fetched | None = None
    digest: bytes = b""
    obtained_at: datetime | None = None
    another: Fetched | None = None
    its_digest: bytes = b""
    next_at: datetime | None = None
    put_off_at: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        """Tell whether it is to be looked at; also when the clock was set back since that was put off."""
        set_back = self.put_off_at is not None and self.put_off_at > now
        return self.next_at is None or self.next_at <= now or set_back

    async def look(self, fetcher: Fetcher, now: datetime) -> None:
        """Find out whether there is another version.

        Raises:
            UserError: the source can't be obtained.
        """
        self.another = None
        known = self.version if self.obtained_at and now - self.obtained_at <= TRUSTED else None
        found = await obtain(self.source.origin, fetcher, known.validators if known else None)
        if found is None:
            return
        self.state = replace(self.state, name=found.name)
        digest = await asyncio.to_thread(_digest, found.data)
        if digest != self.digest:
            self.another, self.its_digest = found, digest
        elif self.version:
            # The bytes are the same; which of them to keep was decided when they came.
            self.version, self.obtained_at = replace(found, data=self.version.data), now

    def accept(self, now: datetime) -> None:
        """Take the other version for the known one."""
        if self.another:
            self.digest = self.its_digest
            self.version, self.another, self.obtained_at = self.another, None, now

    def forget_content(self) -> None:
        """Keep of the other version only by what it is known again, for one whose content nobody needs once more."""
        if self.another:
            self.another = replace(self.another, data=b"")


class Follower(Protocol):
    """What is done about what the watch finds."""

    async def looked(self, loaded: Loaded | None) -> bool:
        """Follow a look; tell whether what is there is something else than what is in use.

        Args:
            loaded: all sources together, when one of them is another version than before; else None.
        """
        ...

    async def known(self, name: str) -> Mapping[str, str]:
        """Return, for each digest of what would be nothing new, the format in which it was read."""
        ...

    async def source(self) -> Source:
        """Return what the programme in use was made of."""
        ...

    async def found_nothing_new(self) -> None:
        """Follow a look that found what is in use, or what a moderator has gone back from."""
        ...

    async def failing(self, state: WatchState) -> bool:
        """Tell people that looks at a source have failed for long; tell whether they know now."""
        ...

    async def recovered(self, before: WatchState) -> None:
        """Tell people who knew that the source is there again; `before` is how it was."""
        ...


class SourceWatch:
    """Looks at the sources, each as often as it is to be, in one task.

    Attributes:
        sources: what is looked at, and what is not but makes one programme with it.
    """

    def __init__(
        self, sources: Sequence[ListedSource], zone: str, fetcher: Fetcher, clock: Clock, follower: Follower
    ) -> None:
        """Make a watch.

        Args:
            sources: the configured sources.
            zone: the conference's time zone.
            fetcher: fetches from addresses.
            clock: tells the time.
            follower: does something about what is found.
        """
        self.sources = [Watched(source, WatchState(_name(source))) for source in sources]
        self._zone = zone
        self._fetcher = fetcher
        self._clock = clock
        self._follower = follower
        self._task: asyncio.Task[None] | None = None

    @property
    def watched(self) -> list[Watched]:
        """The sources that are looked at again and again."""
        return [one for one in self.sources if one.source.refresh]

    def open(self) -> None:
        """Begin to look, in a task of its own; to do so again changes nothing."""
        if self.watched and self._task is None:
            self._task = asyncio.create_task(self.run(), name="source watch")

    async def close(self) -> None:
        """End the task."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def run(self) -> None:
        """Look for ever."""
        while True:
            await self.look_at_due()
            now = self._clock.now()
            first = min(one.next_at or now for one in self.watched)
            await asyncio.sleep(min(max((first - now).total_seconds(), 0.0), LONGEST_NAP))

    async def look_at_due(self) -> None:
        """Look at the sources whose time has come; what has changed in several of them is one change."""
        now = self._clock.now()
        due = [one for one in self.watched if one.is_due(now)]
        try:
            there = await asyncio.gather(*(self._look(one, now) for one in due))
            await self._follow([one for one, is_there in zip(due, there, strict=True) if is_there], now)
        except Exception:
            log.exception("looking at the sources went wrong")
        for one in due:
            wait = one.state.wait(one.source.refresh or LONGEST_WAIT, random.random())  # noqa: S311 - no secret
            one.put_off_at, one.next_at, one.another = now, now + wait, None

    async def _look(self, one: Watched, now: datetime) -> bool:
        try:
            await one.look(self._fetcher, now)
        except UserError as error:
            await self._failed(one, str(error), unreadable=False)
            return False
        return True

    async def _follow(self, there: Sequence[Watched], now: datetime) -> None:
        """Hand on what is there, and note how that went."""
        changed, loaded, is_known = [one for one in there if one.another], None, False
        try:
            loaded, is_known = await self._load(now) if changed else (None, False)
        except UserError as error:
            for one in changed:
                await self._failed(one, str(error), unreadable=True)
            there = [one for one in there if one not in changed]
        if is_known:
            await self._follower.found_nothing_new()
        differs = not is_known and await self._follower.looked(loaded)
        for one in there:
            one.accept(now)
            await self._succeeded(one, changed=differs and one in changed)

    async def _load(self, now: datetime) -> tuple[Loaded | None, bool]:
        """Return all sources together, or whether they are known already.

        Raises:
            UserError: one can't be obtained or read.
        """
        files = await self._files(now)
        known = await self._follower.known(name_of(files)) if files else {}
        is_known = bool(known) and await asyncio.to_thread(are_known, files, known)
        loaded = await load(files, await self._follower.source()) if files and not is_known else None
        if len(self.sources) == 1:
            self.sources[0].forget_content()
        return loaded, is_known

    async def _files(self, now: datetime) -> list[Found]:
        """Return all sources together; nothing while one of them was never there.

        Raises:
            UserError: one that is not watched can't be obtained.
        """
        for one in self.sources:
            if not one.source.refresh:
                await one.look(self._fetcher, now)
                one.accept(now)
        versions = [(one.another or one.version, one.source) for one in self.sources]
        files = [file_of(version, source, self._zone) for version, source in versions if version]
        return files if len(files) == len(versions) else []

    async def _failed(self, one: Watched, reason: str, *, unreadable: bool) -> None:
        one.state = one.state.failed(self._clock.now(), reason, unreadable=unreadable)
        log.warning("%s The programme in use stays. Failures in a row: %d.", reason, one.state.failures)
        if one.state.worth_telling:
            one.state = replace(one.state, told=await self._follower.failing(one.state))

    async def _succeeded(self, one: Watched, *, changed: bool) -> None:
        before = one.state
        one.state = before.succeeded(self._clock.now(), changed=changed)
        if before.failures:
            log.info("%s is there again.", before.name)
        if before.told:
            await self._follower.recovered(before)


def _name(source: ListedSource) -> str:
    return source.origin.name if isinstance(source.origin, Path) else "the configured address"


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
