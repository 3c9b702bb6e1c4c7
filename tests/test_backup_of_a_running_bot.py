"""A copy of the database of a bot that runs for real, put back, and the bot started again."""

import asyncio
import stat
import sys
from pathlib import Path

from tests.support.database import cut_off, rows
from tests.support.process import PATIENCE, ROOT, Running, started


async def told(status: int, *arguments: str | Path) -> str:
    """Run the command line in a process of its own; return what it says."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *map(str, arguments)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == status, errors.decode()
    return (errors if status else output).decode()


async def stopped(bot: Running) -> None:
    bot.process.terminate()
    assert (await bot.ended()).status == 0


def others_may_read(folder: Path) -> list[str]:
    return [file.name for file in folder.rglob("*") if stat.S_IMODE(file.stat().st_mode) & 0o077]


async def test_a_copy_of_a_running_bots_database_brings_it_back(tmp_path: Path) -> None:
    copy, config = tmp_path / "copy.sqlite3", tmp_path / "config.toml"
    async with started(tmp_path) as bot:
        await bot.connected()
        assert "is a copy of" in await told(0, "backup", copy, "--config", config)
        assert "the bot is running. Stop it" in await told(2, "restore", copy, "--config", config)
        assert bot.process.returncode is None
        private = others_may_read(tmp_path)
        await stopped(bot)
        assert private == ["config.toml"]
    papers = "SELECT count(*) FROM contribution"
    assert rows(copy, papers) == rows(bot.database, papers) == [(34,)]

    cut_off(bot.database, at=0)
    async with started(tmp_path, level="error") as bot:
        ended = await bot.ended()
    assert ended.status == 2
    (line,) = ended.errors.splitlines()
    assert line.startswith(f"{bot.database}: the database is empty, and there was one.")

    assert "Now start the bot." in await told(0, "restore", copy, "--config", config)
    async with started(tmp_path) as bot:
        await bot.connected()
        await stopped(bot)
    assert rows(bot.database, papers) == [(34,)]
    assert others_may_read(tmp_path) == ["config.toml"]
