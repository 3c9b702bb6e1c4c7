"""A watch over sources that a test drives by hand, and a page that a server knows the versions of."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.config import ListedSource
from bot.programme.source import Loaded, Source
from bot.sources.fetch import Fetcher
from bot.sources.watch import SourceWatch
from bot.sources.watch_state import WatchState
from tests.support.dispatching import HandClock
from tests.support.site import Site

START = datetime(2026, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
EVERY = timedelta(minutes=10)
GARBAGE = b"\x00garbage"


class Watching:
    """A watch with what it hands on, by the titles of the papers, and what it tells."""

    def __init__(self, sources: Sequence[ListedSource], fetcher: Fetcher) -> None:
        self.clock = HandClock(START)
        self.watch = SourceWatch(sources, "UTC", fetcher, self.clock, self)
        self.handed_on: list[list[str | None]] = []
        self.told: list[str] = []
        self.looks = 0
        self.in_use: dict[str, str] = {}
        self.found_in_use = 0
        self.has_looked = asyncio.Event()

    @property
    def state(self) -> WatchState:
        return self.watch.sources[0].state

    async def look(self, after: timedelta = EVERY) -> None:
        """Let time pass, then do what is due."""
        self.clock.moment += after
        await self.watch.look_at_due()

    async def look_next(self) -> timedelta:
        """Let time pass until a look is due and have it; return how long that was."""
        begun = self.clock.moment
        self.clock.moment = max(begun, min(one.next_at or begun for one in self.watch.sources))
        await self.watch.look_at_due()
        return self.clock.moment - begun

    async def looked(self, loaded: Loaded | None) -> bool:
        self.looks += 1
        self.has_looked.set()
        if loaded:
            self.handed_on.append([paper.title for paper in loaded.source.papers])
        return loaded is not None

    async def known(self, name: str) -> Mapping[str, str]:  # noqa: ARG002 - it has one source
        return self.in_use

    async def source(self) -> Source:
        return Source("none")

    async def found_nothing_new(self) -> None:
        self.looks += 1
        self.found_in_use += 1
        self.has_looked.set()

    async def failing(self, state: WatchState) -> bool:
        self.told.append(state.reason)
        return True

    async def recovered(self, before: WatchState) -> None:
        self.told.append(f"over since {before.failing_since}")


def watching(site: Site, *origins: Path | str, every: timedelta | None = EVERY, **options: Any) -> Watching:
    """Watch files and addresses, or the site's page."""
    sources = [
        ListedSource(path=one, refresh=every) if isinstance(one, Path) else ListedSource(address=one, refresh=every)
        for one in origins or (site.url(),)
    ]
    return driven(site, *sources, **options)


def driven(site: Site, *sources: ListedSource, **options: Any) -> Watching:
    """Watch configured sources."""
    return Watching(sources, site.fetcher(**options))


def papers(*titles: str) -> bytes:
    """Make a programme of papers with these titles."""
    return json.dumps({"form": "conference-programme/2", "papers": [{"title": one} for one in titles]}).encode()


@dataclass
class Versions:
    """A page that a server knows the versions of: it answers 304 to who knows the present one."""

    site: Site
    path: str = "/page.txt"
    body: bytes = b""
    tag: str = ""
    sent: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.site.pages[self.path] = self._answer

    def publish(self, body: bytes) -> None:
        self.body, self.tag = body, f'"{abs(hash(body))}"'

    async def _answer(self, request: web.Request) -> web.Response:
        known = request.headers.get("If-None-Match") == self.tag
        self.sent.append(304 if known else 200)
        headers = {"ETag": self.tag, "Content-Type": "text/plain"}
        return web.Response(status=304, headers=headers) if known else web.Response(body=self.body, headers=headers)
