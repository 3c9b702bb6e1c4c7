"""The real bot in this process, talking to the stand-in for Discord over real HTTP and WebSocket."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import discord.gateway
import discord.http
import discord.webhook.async_
import pytest
import yarl

import bot.connection.gateway
import bot.connection.patience
from bot.client import ConferenceBot
from bot.clock import Clock
from bot.config import Config
from tests.support.stand_in import StandIn

PATIENCE = 60.0
"""How many seconds of a busy machine a test waits for what must come."""


class LeapingClock:
    """A clock that goes on by itself, and that a test can put forward: to the bot that time has passed."""

    def __init__(self, moment: datetime) -> None:
        self._from = moment
        self._began = time.monotonic()
        self._leapt = 0.0

    def now(self) -> datetime:
        return self._from + timedelta(seconds=self.steady())

    def steady(self) -> float:
        return time.monotonic() - self._began + self._leapt

    def leap(self, seconds: float) -> None:
        self._leapt += seconds

    async def until(self, happened: Callable[[], object], patience: float = PATIENCE) -> None:
        """Let time pass, a second for each look, until something is so, or fail."""

        def look() -> object:
            self.leap(1)
            return happened()

        await until(look, patience)


@asynccontextmanager
async def running_bot(
    stand_in: StandIn, config: Config, clock: Clock | None = None, *, hurry: float = 1.0, ready: bool = True
) -> AsyncIterator[ConferenceBot]:
    """Run the bot against the stand-in for as long as the block lasts.

    Args:
        stand_in: its Discord.
        config: its configuration.
        clock: its clock; the machine's unless given.
        hurry: discord.py, and the bot where it tries again, wait for this part of the time that they mean to.
        ready: whether to wait until the bot is ready.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(discord.http.Route, "BASE", stand_in.api)
        patch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(stand_in.gateway_address))
        for module in (discord.http, discord.webhook.async_, bot.connection.patience, bot.connection.gateway):
            patch.setattr(module, "asyncio", _Hurried(hurry))
        async with ConferenceBot(config, clock) as made:
            made._connection.guild_ready_timeout = 0.1
            running = asyncio.create_task(made.start(stand_in.token), name="bot")
            try:
                if ready:
                    await _first(running, made)
                yield made
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)


async def until(condition: Callable[[], object], patience: float = PATIENCE) -> None:
    """Wait until something is so, or fail."""
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            pytest.fail(f"waited {patience} s in vain")
        await asyncio.sleep(0.01)


async def _first(running: "asyncio.Task[None]", made: ConferenceBot) -> None:
    ready = asyncio.create_task(_ready(made))
    await asyncio.wait((running, ready), timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
    ready.cancel()
    if running.done():
        running.result()
    if not made.is_ready():
        pytest.fail("the bot did not log in")


async def _ready(made: ConferenceBot) -> None:
    while not hasattr(made, "services"):  # noqa: ASYNC110 - discord.py tells nobody that it has begun
        await asyncio.sleep(0.01)
    await made.wait_until_ready()


class _Hurried:
    """asyncio for one module, whose sleeps are shortened."""

    def __init__(self, factor: float) -> None:
        self._factor = factor

    def sleep(self, seconds: float) -> Awaitable[None]:
        return asyncio.sleep(seconds * self._factor)

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)
