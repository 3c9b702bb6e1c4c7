"""The process that starts the bots, one after the other, each in a process of its own that kills itself."""

import contextlib
import gc
import importlib
import json
import logging
import os
import select
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any, NoReturn

from tests.delivery.crash.clock import SharedClock
from tests.delivery.crash.parts import methods_of_parts
from tests.delivery.crash.points import METHODS, Fault


@dataclass(frozen=True)
class Setting:
    """What all lives of a bot have in common: where its Discord is, its clock, and where its log goes."""

    api: str
    gateway: str
    clock: str
    started: float
    log: str


def serve() -> NoReturn:
    """Start bots as standard input says. What a bot imports takes most of its start; here it is imported once."""
    import discord.gateway  # noqa: PLC0415 - the harness itself has no use for all this
    import discord.http  # noqa: PLC0415
    import yarl  # noqa: PLC0415

    import bot.background  # noqa: PLC0415
    import bot.cli  # noqa: PLC0415
    import bot.client  # noqa: PLC0415
    import bot.run  # noqa: PLC0415
    import bot.store.engine  # noqa: PLC0415

    def run(order: dict[str, Any]) -> int:
        common = Setting(**order["setting"])
        clock = SharedClock.of(Path(common.clock), common.started)
        log = os.open(common.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        for source, target in ((os.open(os.devnull, os.O_RDONLY), 0), (log, 1), (log, 2)):
            os.dup2(source, target)
        discord.http.Route.BASE = common.api
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(common.gateway)

        bot.store.engine.BUSY_TIMEOUT = order["busy_timeout"] or bot.store.engine.BUSY_TIMEOUT
        # What fails because of a full disk or a locked database is tried again by the machine's time.
        setattr(bot.background, "_LONGEST_PAUSE", 0.2)  # noqa: B010 - it is final
        setattr(bot.background, "_FIRST_PAUSE", 0.1)  # noqa: B010 - likewise

        def make(config: Any) -> bot.client.ConferenceBot:
            made = bot.client.ConferenceBot(config, clock)
            made._connection.guild_ready_timeout = 0.05
            _tell_of_rest(made, clock, tells=order["tells"])
            return made

        setattr(bot.run, "ConferenceBot", make)  # noqa: B010 - it is another type
        _arm(Fault(**order["fault"]))
        return bot.cli.main(["run", "--config", order["config"]])

    # What was imported is not looked at again by the garbage collector of each bot, and so stays shared.
    gc.collect()
    gc.freeze()
    for order in _orders():
        child = os.fork()
        if child:
            _say("started", child)
            _say("ended", _wait_for(child))
            continue
        status = 1
        try:
            status = run(order)
        finally:
            logging.shutdown()
            os._exit(status)
    sys.exit()


def _orders() -> Iterator[dict[str, Any]]:
    for line in iter(lambda: os.read(0, 65_536), b""):
        yield json.loads(line)


def _say(what: str, number: int) -> None:
    with contextlib.suppress(BrokenPipeError):  # the harness is gone, and asks for nothing more
        os.write(1, f"{what} {number}\n".encode())


def _wait_for(child: int) -> int:
    """Return a child's exit status; when the harness is gone, end the child."""
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if select.select([0], [], [], 0.005)[0]:
            os.kill(child, signal.SIGKILL)


def _tell_of_rest(made: Any, clock: SharedClock, *, tells: bool) -> None:
    """Have the bot, if it is the one that does, tell when it sees its server, plans nothing, and has nothing to send.

    It tells so at the second sleep in a row: at the first one it may still have to hear of its server's channels.
    """
    from bot.delivery import dispatcher, nap  # noqa: PLC0415

    nap.LONGEST_NAP = 0.02  # type: ignore[misc]
    sleep_until, before = dispatcher.Dispatcher._sleep_until, -1.0

    async def tell(self: dispatcher.Dispatcher, due: datetime | None) -> None:
        nonlocal before
        offset, now = clock.offset, clock.now()
        sees = any(not guild.unavailable for guild in made.guilds)
        # The end of a correction may wait for what is claimed, which time alone moves.
        busy = self._held or any(task.get_name() != "corrections" for task in made.services._background._tasks)
        rests = sees and not busy and (due is None or due > now)
        if tells and rests and before == offset:
            clock.note_rest(offset, now, due)
        before = offset if rests else -1.0
        await sleep_until(self, due)

    setattr(dispatcher.Dispatcher, "_sleep_until", tell)  # noqa: B010 - a method


def _arm(fault: Fault) -> None:
    """Make this process kill itself at a point."""
    what, _, when = fault.point.partition(": ")
    methods = {**METHODS, **methods_of_parts()}
    if what not in methods:
        return
    inside: list[str] = []
    times = count(1)

    def strike() -> None:
        if next(times) == fault.nth:
            os.kill(os.getpid(), signal.SIGKILL)

    def wrap(method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def wrapped(*arguments: Any, **options: Any) -> Any:
            if when == "before":
                strike()
            inside.append(what)
            try:
                result = await method(*arguments, **options)
            finally:
                inside.pop()
            # A claim that finds nothing due is no step.
            if when == "after" and (result is not None or what != "claim"):
                strike()
            return result

        return wrapped

    module, _, method = methods[what].partition(":")
    owner, _, name = method.partition(".")
    target = getattr(importlib.import_module(module), owner)
    setattr(target, name, wrap(getattr(target, name)))
    if when == "commit":
        from sqlalchemy import Engine, event  # noqa: PLC0415

        event.listen(Engine, "commit", lambda _connection: strike() if inside else None)
