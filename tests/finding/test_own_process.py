"""The process that finds: it says what the bot would say, and whatever becomes of it, somebody answers."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from bot.client import ConferenceBot
from bot.finding import beside as bots_side
from bot.finding.beside import FindingProcess
from bot.finding.wire import Begin, TakenUp, TakeUp, line, told
from bot.search import Index
from tests.support.loading import loaded
from tests.support.process import ROOT, TOKEN
from tests.support.running import PATIENCE, running_bot, until
from tests.support.server import config_in
from tests.support.stand_in import Exchange, Guild, StandIn, discord_stand_in, faults

pytestmark = pytest.mark.usefixtures("patient_discord")

OTHER = b"title,authors\nA paper nobody knew of,Ada Lovelace\nAnother one,Grace Hopper\n"


class Attendee:
    """Somebody who types and searches."""

    def __init__(self, discord: StandIn, bot: ConferenceBot) -> None:
        self.discord = discord
        self.bot = bot
        assert bot.services.finding.service.beside
        self.beside: FindingProcess = bot.services.finding.service.beside

    async def types(self, command: str, option: str, typed: str) -> list[dict[str, Any]]:
        """Return what is suggested, the latest time that somebody asks: a busy machine may be late for one or two."""
        async with asyncio.timeout(PATIENCE):
            while True:
                asked = await self.discord.suggest(self.discord.guild.attendee, command, option, **{option: typed})
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(asked.changed.wait(), 1)
                if asked.acknowledged:
                    choices: list[dict[str, Any]] = asked.acknowledged["data"]["choices"]
                    return choices

    async def searches(self, **options: str) -> Exchange:
        """Return what is found."""
        return await self._answered(await self.discord.command(self.discord.guild.attendee, "search", **options))

    async def turns(self, shown: Exchange) -> Exchange:
        """Return the next page."""
        return await self._answered(await self.discord.press(self.discord.guild.attendee, shown, "Next"))

    async def status(self) -> str:
        """Return what the organizers are told of how the bot is."""
        olga = self.discord.guild.person("olga", "Organizers")
        return str((await self._answered(await self.discord.command(olga, "status"))).acknowledged)

    async def _answered(self, exchange: Exchange) -> Exchange:
        await until(lambda: exchange.acknowledged)
        assert "went wrong" not in str(exchange.acknowledged)
        return exchange

    async def says(self) -> list[Any]:
        """Ask many things; return what the bot sent in answer to each."""
        people = self.bot.services.library.edition.programme.people.values()
        author = next(person.key for person in people if person.name == "Kurt Keutzer")
        said: list[Any] = [
            await self.types("paper", "paper", "cach"),
            await self.types("paper", "paper", "*qq*"),
            await self.types("author", "name", "keut"),
            await self.types("search", "author", "keut"),
        ]
        first = await self.searches(query="language models")
        said += [first.acknowledged, (await self.turns(first)).acknowledged]
        for options in (
            {"query": "kv cahce", "author": author},
            {"author": author},
            {"query": "federated", "author": author},
        ):
            said.append((await self.searches(**options)).acknowledged)
        return said


@asynccontextmanager
async def attending(folder: Path, *, own_process: bool = True) -> AsyncIterator[Attendee]:
    """Begin a bot with a process that finds, and wait until that knows the programme."""
    config = config_in(folder, search={"own_process": own_process})
    async with discord_stand_in(TOKEN, Guild("general")) as discord, running_bot(discord, config) as bot:
        attendee = Attendee(discord, bot)
        await until(lambda: attendee.beside.is_ready)
        yield attendee


async def test_it_says_what_the_bot_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with attending(tmp_path) as attendee:
        finding = attendee.bot.services.finding.service
        with monkeypatch.context() as patch:
            for name in ("search", "suggest", "people"):
                patch.delattr(Index, name)  # in this process
            said = await attendee.says()
        finding.beside = None
        alone = await attendee.says()
    assert said == alone
    assert len(said[0]) > 2
    assert [len(said[1]), len(said[2]), len(said[3])] == [0, 1, 1]
    assert "Page 2 of" in str(said[5])
    assert "Showing results for" in str(said[6])
    assert "Search without" in str(said[8])


async def test_when_it_is_killed_the_bot_answers_and_begins_it_anew(tmp_path: Path) -> None:
    async with attending(tmp_path) as attendee:
        first = attendee.beside.pid
        assert first
        asked = [
            await attendee.discord.command(attendee.discord.guild.attendee, "search", query="cache") for _ in "123"
        ]
        assert "A second process finds" in await attendee.status()
        os.kill(first, signal.SIGKILL)
        await until(lambda: attendee.beside.pid != first)
        assert "The second process is not ready" in await attendee.status()
        await until(lambda: all(exchange.acknowledged for exchange in asked))
        assert await attendee.types("paper", "paper", "cach")
        await until(lambda: attendee.beside.pid not in (first, None) and attendee.beside.is_ready)
        assert await attendee.types("paper", "paper", "cach")


async def test_while_it_stands_still_searches_are_answered_and_then_it_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bots_side, "_SEARCH_WITHIN", 0.2)
    monkeypatch.setattr(bots_side, "_GONE_SILENT", 0.5)
    async with attending(tmp_path) as attendee:
        first = attendee.beside.pid
        assert first
        os.kill(first, signal.SIGSTOP)
        await asyncio.sleep(0.5)
        found = await attendee.searches(query="cache")
        assert "cache" in str(found.acknowledged)
        await until(lambda: attendee.beside.pid != first)


async def test_in_another_programme_it_finds_once_it_has_it_and_until_then_the_bot_does(tmp_path: Path) -> None:
    async with attending(tmp_path) as attendee:
        assert await attendee.bot.services.library.load(loaded(OTHER, "other.csv"))
        assert not attendee.beside.is_ready
        at_once = await attendee.searches(query="nobody knew")
        await until(lambda: attendee.beside.is_ready)
        afterwards = await attendee.searches(query="nobody knew")
        assert [choice["name"] for choice in await attendee.types("author", "name", "hopp")] == [
            "Grace Hopper — 1 paper"
        ]
    assert "A paper nobody knew of" in str(at_once.acknowledged)
    assert at_once.acknowledged == afterwards.acknowledged


async def test_what_discord_refuses_harms_nothing(tmp_path: Path) -> None:
    async with attending(tmp_path) as attendee:
        first = attendee.beside.pid
        for fault in (faults.error(10062, 404), faults.html(403), faults.reset()):
            refused = attendee.discord.fail(faults.ACKNOWLEDGEMENTS, fault, times=1)
            assert await attendee.types("paper", "paper", "cach")
            assert refused.met
        assert attendee.beside.pid == first


async def test_it_has_no_secret_and_ends_with_the_bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    async with attending(tmp_path) as attendee:
        assert attendee.beside.pid
        process = psutil.Process(attendee.beside.pid)
        assert TOKEN not in str(process.environ())
        assert TOKEN not in str(process.cmdline())
    assert not process.is_running()


async def test_it_ends_when_the_bot_is_gone_and_not_before(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.run_finding", "info", "text"),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    process.stdin.writelines([line(Begin(str(tmp_path), "UTC", "http://localhost")), line(TakeUp(b"of nothing"))])
    assert told.decode(await process.stdout.readline()) == TakenUp(b"of nothing", done=False)
    process.terminate()  # as a service manager tells all of a service's processes
    process.stdin.write(line(TakeUp(b"of nothing")))
    assert await process.stdout.readline()
    process.stdin.close()
    assert await asyncio.wait_for(process.wait(), PATIENCE) == 0
