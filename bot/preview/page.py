"""The bot on a local page that looks like Discord, with time running."""

import asyncio
import contextlib
import signal
import sys
import webbrowser
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.config import Config, SessionTime
from bot.preview.front import Front, Scene
from bot.preview.furnishing import furnish
from bot.preview.passing_time import PassingTime
from bot.preview.spots import Spots
from bot.preview.world import simulated
from bot.programme.identity import assign_keys
from bot.sources.fetch import Fetcher
from bot.sources.load import load_configured

_DEMONSTRATION = timedelta(hours=2)


async def serve(
    config: Config,
    *,
    begins: datetime | None = None,
    port: int = 0,
    speed: float = 1.0,
    opens_in: float = 15.0,
    show: bool = False,
    ready: Callable[[str], Coroutine[Any, Any, None]] | None = None,
) -> int:
    """Serve the page until it is closed there, or SIGINT or SIGTERM comes.

    Args:
        config: the configuration; the database is one of the preview's own.
        begins: the moment at which the simulated time begins, aware; None to find one that shows much.
        port: the port on the loopback address, 0 for any that is free.
        speed: how many times faster than the real time the simulated one runs.
        opens_in: in how many minutes a session opens that has no announced time, or the conference if it is not on.
        show: whether to open the browser.
        ready: called with the page's address once it answers; the page closes when it returns.

    Returns:
        The exit status.

    Raises:
        UserError: the bot can't start, or the port is taken.
    """
    lead = timedelta(minutes=opens_in)
    visit: asyncio.Task[None] | None = None
    async with Front(port) as front:
        try:
            while visit is None or not visit.done():
                front.again.clear()
                demonstration = await with_demonstration_times(config, lead)
                async with playing(demonstration, begins or await beginning(config, lead), speed) as scene:
                    front.show(scene)
                    if visit is None:
                        visiting = ready(front.url) if ready else _until_closed(front, show=show)
                        visit = asyncio.create_task(visiting, name="visit")
                    await _first_of(visit, front.again.wait())
                    front.show(None)
            await visit
        finally:
            if visit is not None:
                visit.cancel()
    return 0


@asynccontextmanager
async def playing(config: Config, begins: datetime, speed: float = 1.0) -> AsyncIterator[Scene]:
    """Run a furnished world with its time passing; what goes wrong with the time ends what is within.

    Raises:
        UserError: the bot can't start.
    """
    async with simulated(config, begins) as world:
        await furnish(world)
        async with Spots(world) as spots, asyncio.TaskGroup() as tasks:
            time = PassingTime(world, spots, speed)
            passing = tasks.create_task(time.run(), name="time")
            try:
                yield Scene(world, spots, time)
            finally:
                passing.cancel()


async def with_demonstration_times(config: Config, opens_in: timedelta) -> Config:
    """Give a made-up time to every session that has none, and say so in the bot's notice.

    Raises:
        UserError: the source can't be read.
    """
    loaded = await load_configured(config, Fetcher())
    source = assign_keys(loaded.source)
    start = (datetime.now(UTC) + opens_in).replace(microsecond=0)
    made_up = {
        session.key: SessionTime(start=start, end=start + _DEMONSTRATION)
        for session in source.sessions
        if session.starts_at is None
        and session.key not in config.sessions
        and all(shown.starts_at is None for shown in session.appearances)
    }
    if not made_up:
        return config
    notice = "This is a demonstration: the time is made up, the source gives none."
    own = f"{config.conference.notice}\n" if config.conference.notice else ""
    return config.model_copy(
        update={
            "sessions": {**config.sessions, **made_up},
            "conference": config.conference.model_copy(update={"notice": own + notice}),
        }
    )


async def beginning(config: Config, lead: timedelta) -> datetime:
    """Return when the demonstration begins: now or, where the conference is not on, so long before it opens.

    Raises:
        UserError: the source can't be read.
    """
    now = datetime.now(UTC)
    sessions = (await load_configured(config, Fetcher())).source.sessions
    starts = [session.starts_at for session in sessions if session.starts_at]
    ends = [session.ends_at for session in sessions if session.ends_at]
    if len(starts) < len(sessions) or not starts or min(starts) - timedelta(days=1) < now < max(starts + ends):
        return now
    return min(starts) - lead


async def _first_of(visit: asyncio.Task[None], other: Coroutine[Any, Any, object]) -> None:
    """Wait until a visit is over or something else has come."""
    task = asyncio.create_task(other, name="begin again")
    try:
        await asyncio.wait((visit, task), return_when=asyncio.FIRST_COMPLETED)
    finally:
        task.cancel()


async def _until_closed(front: Front, *, show: bool) -> None:
    print(
        f"The bot is on {front.url}\nType / in the message box and pick a command with Tab. Ctrl-C stops it.",
        flush=True,
    )
    if show and not webbrowser.open(front.url):
        print("No browser could be opened; open the address by hand.", file=sys.stderr)
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # not there on Windows, where Ctrl-C ends the loop itself
            asyncio.get_running_loop().add_signal_handler(number, front.ended.set)
    await front.ended.wait()
