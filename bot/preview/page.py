"""The bot on a local page that looks like Discord, with time running."""

import asyncio
import contextlib
import signal
import sys
import time
import webbrowser
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from simcord.preview import Preview

from bot.config import Config, SessionTime
from bot.preview.world import World, labels, simulated
from bot.programme.identity import assign_keys
from bot.sources.fetch import Fetcher
from bot.sources.load import load_configured

_TICK = 0.5
"""How often the simulated time catches up with the real one, in seconds."""

_DEMONSTRATION = timedelta(hours=2)
_ASKED = (
    ("search", {"query": '"early exit"'}),
    ("author", {"name": "Zhang Yiying"}),
)


async def serve(
    config: Config,
    *,
    port: int = 0,
    speed: float = 1.0,
    opens_in: float = 15.0,
    show: bool = False,
    ready: Callable[[str], Awaitable[None]] | None = None,
) -> int:
    """Serve the page until it is closed there, or SIGINT or SIGTERM comes.

    Args:
        config: the configuration; the database is one of the preview's own.
        port: the port on the loopback address, 0 for any that is free.
        speed: how many times faster than the real time the simulated one runs.
        opens_in: in how many minutes a session opens that has no announced time, or the conference if it is not on.
        show: whether to open the browser.
        ready: called with the page's address once it answers; the page closes when it returns.

    Returns:
        The exit status.

    Raises:
        UserError: the bot can't start.
    """
    lead = timedelta(minutes=opens_in)
    demonstration, at = await with_demonstration_times(config, lead), await beginning(config, lead)
    async with simulated(demonstration, at) as world:
        await furnish(world)
        preview = world.env.preview(
            world.channel, viewers=list(world.people.values()), layout="channel", port=port or None
        )
        async with preview, asyncio.TaskGroup() as tasks:
            time_running = tasks.create_task(keep_time(world, preview, speed), name="time")
            if ready:
                await ready(preview.url)
            else:
                await _until_closed(preview, show=show)
            time_running.cancel()
    return 0


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


async def furnish(world: World) -> None:
    """Let the bot find itself in a new server, and somebody ask a few things and share the answers."""
    guild = world.bot.get_guild(world.guild.id)
    if guild:
        await world.bot.services.take_up(guild)
    visitor = world.guild.add_member(world.env.create_user("grace", global_name="Grace"))
    for command, options in _ASKED:
        result = await visitor.slash(world.channel, command, **options)
        if result.response and "Share" in labels(result.response):
            await visitor.click(result.response, label="Share")


async def keep_time(world: World, preview: Preview, speed: float) -> None:
    """Let the simulated time follow the real one, and show what the bot posts meanwhile."""
    turn = _one_at_a_time(preview)
    last, seen = time.monotonic(), _posted(world)
    while True:
        await asyncio.sleep(_TICK)
        async with turn:
            now = time.monotonic()
            await world.env.advance_time((now - last) * speed)
            last = now
            if (posted := _posted(world)) != seen:
                seen = posted
                await preview.refresh()


def _one_at_a_time(preview: Preview) -> asyncio.Lock:
    """Make the page's actions and the running time take turns: SimCord refuses one of two that overlap."""
    turn = asyncio.Lock()
    act = preview._action  # noqa: SLF001 - there is no public place to wait at

    async def in_turn(context_id: str | None, body: Any) -> Any:  # noqa: ANN401 - passed through as it is
        async with turn:
            return await act(context_id, body)

    preview._action = in_turn  # type: ignore[method-assign]  # noqa: SLF001
    return turn


def _posted(world: World) -> tuple[int, ...]:
    return tuple(message.id for message in world.channel.history())


async def _until_closed(preview: Preview, *, show: bool) -> None:
    print(
        f"The bot is on {preview.url}\nType / in the message box and pick a command with Tab. Ctrl-C stops it.",
        flush=True,
    )
    if show and not webbrowser.open(preview.url):
        print("No browser could be opened; open the address by hand.", file=sys.stderr)
    closed = asyncio.create_task(preview.wait_closed(), name="page closed")
    stop = asyncio.Event()
    stopping = asyncio.create_task(stop.wait(), name="stop signal")
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # not there on Windows, where Ctrl-C ends the loop itself
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await asyncio.wait((closed, stopping), return_when=asyncio.FIRST_COMPLETED)
    for task in (closed, stopping):
        task.cancel()
    await asyncio.gather(closed, stopping, return_exceptions=True)
