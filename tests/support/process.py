"""The bot as it runs for real: a process of its own, against a stand-in for Discord."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.server import SESSION_PAGE
from tests.support.stand_in import StandIn, discord_stand_in

ROOT = Path(__file__).parent.parent.parent
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gh0St1.not-a-real-token-but-as-long-as-one"  # noqa: S105 - it opens nothing
PATIENCE = 120

# The real command line, with discord.py pointed at the stand-in. `-c` takes the place of `-m bot`.
WRAPPER = """
import os, sys, yarl, discord.http, discord.gateway
discord.http.Route.BASE = os.environ["STAND_IN_API"]
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["STAND_IN_GATEWAY"])
from bot.cli import main
sys.exit(main(sys.argv[1:]))
"""


@dataclass
class Ended:
    """How a process ended, and what it wrote."""

    status: int
    output: str
    errors: str


@dataclass
class Running:
    """A bot that was started."""

    process: asyncio.subprocess.Process
    stand_in: StandIn
    database: Path
    written: asyncio.Task[tuple[bytes, bytes]]
    """What the process writes; read while it runs, for a pipe that is full would hold it up."""

    @property
    def write_ahead_log(self) -> Path:
        """Where SQLite keeps what is not in the database file yet; a closed database has none."""
        return self.database.with_name(f"{self.database.name}-wal")

    async def connected(self) -> None:
        """Wait until the bot has logged in, or fail with what it said instead."""
        gone = asyncio.create_task(self.process.wait())
        there = asyncio.create_task(self.stand_in.gateway.identified.wait())
        await asyncio.wait((gone, there), timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        for task in (gone, there):
            task.cancel()
        if not self.stand_in.gateway.identified.is_set():
            if self.process.returncode is None:
                self.process.kill()
            pytest.fail(f"the bot did not log in: {await self.ended()}")

    async def ended(self) -> Ended:
        """Wait for the end of the process."""
        output, errors = await asyncio.wait_for(self.written, PATIENCE)
        assert self.process.returncode is not None
        return Ended(self.process.returncode, output.decode(), errors.decode())


def configuration(folder: Path, level: str, source: Path, database: str, more: str = "") -> Path:
    path = folder / "config.toml"
    path.write_text(
        '[conference]\nname = "MLSys 2026"\n'
        f"[programme]\nsource = '{source}'\n"
        f'[database]\npath = "{database}"\n[logging]\nlevel = "{level}"\n{more}',
        encoding="utf-8",
    )
    return path


@asynccontextmanager
async def started(
    folder: Path,
    *,
    accepted: str = TOKEN,
    level: str = "info",
    source: Path = SESSION_PAGE,
    database: str = "conference.sqlite3",
    stand_in: StandIn | None = None,
    arguments: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    more: str = "",
) -> AsyncIterator[Running]:
    """Start the bot with `TOKEN` against a stand-in that accepts the token `accepted`.

    `arguments` go to the command line, `environment` is added to this process's, `more` to the configuration.
    """
    async with discord_stand_in(accepted) as own:
        place = stand_in or own
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", WRAPPER, "run"),
            *("--config", str(configuration(folder, level, source, database, more)), *arguments),
            cwd=ROOT,
            env={
                **os.environ,
                "DISCORD_TOKEN": TOKEN,
                "STAND_IN_API": place.api,
                "STAND_IN_GATEWAY": place.gateway_address,
                "PYTHONUNBUFFERED": "1",
                **(environment or {}),
            },
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        written = asyncio.create_task(process.communicate())
        try:
            yield Running(process, place, folder / database, written)
        finally:
            if process.returncode is None:
                process.kill()
            await written
