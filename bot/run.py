"""Running against Discord, from the first connection to a clean stop."""

import asyncio
import contextlib
import signal

import aiohttp
import discord

from bot.client import ConferenceBot
from bot.config import TOKEN_VARIABLE, Config
from bot.errors import Trouble

_AUTHENTICATION_FAILED = 4004
"""The gateway's close code for a wrong token (Discord's documentation, Gateway Close Event Codes)."""


async def run(config: Config, token: str) -> None:
    """Run the bot until it is told to stop by SIGINT or SIGTERM, then close everything.

    Raises:
        Trouble: Discord refuses the token or can't be reached, or the bot can't start.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # not there on Windows, where Ctrl-C ends the loop itself
            loop.add_signal_handler(number, stop.set)
    async with ConferenceBot(config) as bot:
        running = asyncio.create_task(bot.start(token), name="bot")
        stopping = asyncio.create_task(stop.wait(), name="stop signal")
        await asyncio.wait((running, stopping), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if running.done():
            _explain(running)
        # Ended first, the connection closes as one that is not coming back, and Discord shows the bot offline at once.
        running.cancel()
        await asyncio.gather(running, stopping, return_exceptions=True)


def _explain(running: "asyncio.Task[None]") -> None:
    """Put what Discord says at the door into words, and let everything else pass."""
    try:
        running.result()
    except (discord.LoginFailure, discord.ConnectionClosed) as error:
        if isinstance(error, discord.ConnectionClosed) and error.code != _AUTHENTICATION_FAILED:
            raise
        raise Trouble(f"{TOKEN_VARIABLE}: Discord refuses this token. Copy it anew from the Bot page.") from None
    except (aiohttp.ClientConnectionError, discord.GatewayNotFound) as error:
        raise Trouble(f"Discord can't be reached: {error}.") from None
