"""Running against Discord, from the first connection to a clean stop."""

import asyncio
import contextlib
import signal

import discord

from bot.client import ConferenceBot
from bot.config import TOKEN_VARIABLE, Config
from bot.errors import UserError
from bot.one_line import one_line

_AUTHENTICATION_FAILED = 4004
"""The gateway's close code for a wrong token (Discord's documentation, Gateway Close Event Codes)."""


async def run(config: Config, token: str, *, register_anew: bool = False) -> None:
    """Run the bot until it is told to stop by SIGINT or SIGTERM, then close everything.

    Args:
        config: the configuration.
        token: the bot's token.
        register_anew: whether to register the commands with Discord also when they have not changed.

    Raises:
        UserError: Discord refuses the token, or the bot can't start.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # not there on Windows, where Ctrl-C ends the loop itself
            loop.add_signal_handler(number, stop.set)
    async with ConferenceBot(config) as bot:
        bot.register_anew = register_anew
        running = asyncio.create_task(bot.start(token), name="bot")
        stopping = asyncio.create_task(stop.wait(), name="stop signal")
        reporting = asyncio.create_task(_report(bot), name="report")
        await asyncio.wait((running, stopping), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if running.done():
            _explain(running)
        # Ended first, the connection closes as one that is not coming back, and Discord shows the bot offline at once.
        for task in (running, reporting):
            task.cancel()
        await asyncio.gather(running, reporting, stopping, return_exceptions=True)


async def _report(bot: ConferenceBot) -> None:
    """Say on standard output, once the bot is connected, where it is, what it has there, and what is missing."""
    await bot.wait_until_ready()
    bot.services.settle_home()
    public = bot.application is not None and bot.application.bot_public
    lines = bot.services.status.service.report(bot.application_id, bot.services.commands.ids, anybody_invites=public)
    print("\n".join(map(one_line, lines)), flush=True)


def _explain(running: "asyncio.Task[None]") -> None:
    """Say why Discord does not let the bot in, and let every other error pass."""
    try:
        running.result()
    except (discord.LoginFailure, discord.ConnectionClosed) as error:
        if isinstance(error, discord.ConnectionClosed) and error.code != _AUTHENTICATION_FAILED:
            raise
        raise UserError(f"{TOKEN_VARIABLE}: Discord refuses this token. Copy it anew from the Bot page.") from None
