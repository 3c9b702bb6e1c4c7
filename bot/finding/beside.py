"""The bot's side of the process that finds: begins it, asks it, and begins it anew when it has ended."""

import asyncio
import logging
import os
import sys
import weakref
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
from discord.http import Route

import bot
from bot.background import BackgroundTasks
from bot.connection.patience import Pause
from bot.editions.service import Library
from bot.finding.model import Found, FoundPaper, Suggested, Wanted
from bot.finding.wire import (
    LONGEST_LINE,
    Answered,
    Asked,
    Begin,
    FoundPage,
    Search,
    Suggest,
    TakenUp,
    TakeUp,
    Told,
    line,
    told,
)
from bot.ui.limits import FIRST_ANSWER
from bot.ui.pager import Page

if TYPE_CHECKING:
    from bot.editions.model import Edition

_MOST_ASKED: Final = 64
"""How much the process may have in hand; what comes beyond that the bot does itself, so that both are at work.

It is some 50 ms of work.
"""

_SEARCH_WITHIN: Final = 1.0
"""After how many seconds the bot looks itself, in good time for Discord, which waits for three."""

_GONE_SILENT: Final = 10.0
"""After how many seconds without a word a process that was asked something is ended."""

_LIVED_WELL: Final = 60.0
"""After how many seconds a process that ends is begun anew at once."""

_ENVIRONMENT: Final = frozenset(
    {"HOME", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "PATH", "SSL_CERT_DIR", "SSL_CERT_FILE", "TMPDIR", "TZ"}
)
"""What the process is told of the bot's environment, where its secrets are."""

log = logging.getLogger(__name__)


class FindingProcess:
    """The process that finds, as long as there is one that knows the programme in use.

    Whoever asks gets None where it can't be asked, is late, or has ended: then the bot looks itself.
    """

    def __init__(
        self, library: Library, folder: Path, zone: str, background: BackgroundTasks, log_as: tuple[str, str]
    ) -> None:
        """Make one; `begin` begins it.

        Args:
            library: has the programme.
            folder: where the programme is kept.
            zone: the conference's zone, an IANA name.
            background: owns the task.
            log_as: from which level on the process logs, and in which form.
        """
        self._library = library
        self._folder = folder
        self._zone = zone
        self._background = background
        self._log_as = log_as
        self._process: asyncio.subprocess.Process | None = None
        self._taken_up: weakref.ref[Edition] | None = None
        self._asked: dict[int, asyncio.Future[Told | None]] = {}
        self._numbers = count()
        self._heard = 0.0

    @property
    def is_ready(self) -> bool:
        """Whether it knows the programme in use."""
        return self._taken_up is not None and self._taken_up() is self._library.edition

    @property
    def pid(self) -> int | None:
        """The number by which the operating system knows it, while there is one."""
        return self._process.pid if self._process else None

    def begin(self) -> None:
        """Begin the process, and begin it anew whenever it has ended."""
        self._background.start(self._keep_running(), "the process that finds")

    def take_up(self) -> None:
        """Let it take up the programme in use, if that is kept by now."""
        if (stamp := self._library.stamp(self._library.edition)) and not self.is_ready:
            self._say(TakeUp(stamp))

    async def search(self, wanted: Wanted) -> Found | None:
        """Return a page of what a search finds."""
        if not self._is_free:
            return None
        edition = self._library.edition
        said = await self._ask(lambda number: Search(number, wanted), _SEARCH_WITHIN)
        if not isinstance(said, FoundPage):
            return None
        papers = [FoundPaper(edition.programme.papers[key], marks) for key, marks in said.papers]
        return Found(Page(papers, said.page, said.pages, said.total), said.corrected)

    async def suggest(self, kind: Suggested, typed: str, interaction: int, token: str) -> bool | None:
        """Answer somebody who types; return whether that was in time. With None, nobody has answered.

        Args:
            kind: what to suggest.
            typed: what was typed so far.
            interaction: Discord's id of what is to be answered.
            token: lets answer that.
        """
        if not self._is_free:
            return None
        said = await self._ask(
            lambda number: Suggest(number, kind, typed, interaction, token), FIRST_ANSWER.total_seconds()
        )
        return isinstance(said, Answered) and said.in_time

    @property
    def _is_free(self) -> bool:
        return self.is_ready and len(self._asked) < _MOST_ASKED

    async def _ask(self, wish: Callable[[int], Asked], within: float) -> Told | None:
        number = next(self._numbers)
        answer = self._asked[number] = asyncio.get_running_loop().create_future()
        self._say(wish(number))
        try:
            async with asyncio.timeout(within):
                return await asyncio.shield(answer)
        except TimeoutError:
            # It counts as being in hand until the process says something of it.
            self._end_if_silent()
            return None

    def _say(self, said: Asked) -> None:
        if self._process and self._process.stdin and not self._process.stdin.is_closing():
            self._process.stdin.write(line(said))

    def _hear(self, said: Told) -> None:
        self._heard = asyncio.get_running_loop().time()
        if isinstance(said, TakenUp):
            edition = self._library.edition
            if said.done and said.stamp == self._library.stamp(edition):
                self._taken_up = weakref.ref(edition)
        elif (answer := self._asked.pop(said.number, None)) and not answer.done():
            answer.set_result(said)

    def _end_if_silent(self) -> None:
        silent = asyncio.get_running_loop().time() - self._heard
        if self._process and silent > _GONE_SILENT:
            log.warning("the process that finds has said nothing for %.0f s and is ended", silent)
            self._process.kill()

    async def _keep_running(self) -> None:
        pause = Pause()
        while True:
            began = asyncio.get_running_loop().time()
            try:
                how = f"status {await self._run()}"
            except (OSError, ValueError, msgspec.MsgspecError) as error:
                how = str(error)
            if asyncio.get_running_loop().time() - began > _LIVED_WELL:
                pause = Pause()
            seconds = pause.next()
            log.warning(
                "the process that finds has ended (%s); the bot finds alone, and tries again in %.0f s", how, seconds
            )
            await asyncio.sleep(seconds)

    async def _run(self) -> int:
        """Run the process until it ends; return its status."""
        self._process = process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot.run_finding", *self._log_as),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=_environment(),
            limit=LONGEST_LINE,
        )
        try:
            self._heard = asyncio.get_running_loop().time()
            self._say(Begin(str(self._folder.absolute()), self._zone, Route.BASE))
            self.take_up()
            while process.stdout and (said := await process.stdout.readline()):
                self._hear(told.decode(said))
            return await process.wait()
        finally:
            self._process = self._taken_up = None
            asked, self._asked = self._asked, {}
            for answer in asked.values():
                if not answer.done():
                    answer.set_result(None)
            if process.returncode is None:
                process.kill()  # it has nothing that could be lost
                await process.wait()


def _environment() -> dict[str, str]:
    """Return the environment of the process: it finds the same code, and no secret."""
    told = {name: value for name, value in os.environ.items() if name in _ENVIRONMENT}
    return {**told, "PYTHONPATH": str(Path(bot.__file__).parents[1])}
