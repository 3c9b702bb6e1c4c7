"""The process that starts the bots, as the harness sees it."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Self

from tests.delivery.crash.child import Setting
from tests.delivery.crash.points import Fault

ROOT = Path(__file__).parents[3]
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gh0St1.not-a-real-token-but-as-long-as-one"  # noqa: S105 - it opens nothing


class ChildGone(Exception):
    """A process of the harness's own ended, such as when the machine ran out of memory: no fault of the bot's."""


class Starter:
    """Starts one bot after the other, and ends them."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._pid: int | None = None
        self._end: asyncio.Task[int] | None = None

    @classmethod
    async def open(cls) -> Self:
        code = "from tests.delivery.crash.child import serve; serve()"
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", code),
            cwd=ROOT,
            env={**os.environ, "DISCORD_TOKEN": TOKEN, "PYTHONUNBUFFERED": "1"},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # who interrupts the harness does not mean the bots
        )
        return cls(process)

    async def start(
        self, setting: Setting, config: Path, fault: Fault, *, tells: bool = True, busy_timeout: int = 0
    ) -> None:
        """Start a bot.

        Args:
            setting: what all lives have in common.
            config: its configuration.
            fault: where it kills itself.
            tells: whether it tells the clock when it rests, and leaves that to no other.
            busy_timeout: for how many milliseconds it waits for a locked database; its own time if it is 0.
        """
        assert self._process.stdin
        order = {
            "setting": asdict(setting),
            "config": str(config),
            "fault": asdict(fault),
            "tells": tells,
            "busy_timeout": busy_timeout,
        }
        self._process.stdin.write(json.dumps(order).encode())
        await self._process.stdin.drain()
        self._pid = await self._read("started")
        self._end = asyncio.create_task(self._read("ended"))

    @property
    def pid(self) -> int | None:
        """The number of the bot's process while it lives."""
        return self._pid if self._end and not self._end.done() else None

    @property
    def ended(self) -> int | None:
        """How the last bot ended, None while it lives."""
        return self._end.result() if self._end and self._end.done() else None

    def signal(self, number: signal.Signals) -> None:
        """Send the bot a signal; nothing happens to one that is gone."""
        if self._pid and self.ended is None:
            # It may have ended, and nobody has told so yet.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, number)

    async def wait(self) -> int | None:
        """Wait for the end of the bot; None when there was none."""
        return await self._end if self._end else None

    async def close(self) -> None:
        """End the process, and with it a bot that still lives."""
        assert self._process.stdin
        self._process.stdin.close()
        if self._end:
            with contextlib.suppress(ChildGone):
                await self._end
        await self._process.wait()

    async def _read(self, what: str) -> int:
        assert self._process.stdout
        line = (await self._process.stdout.readline()).decode().split()
        if line[:1] != [what]:
            raise ChildGone("the process that starts the bots is gone")
        return int(line[1])
