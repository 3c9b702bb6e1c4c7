"""The process that finds. It holds a programme and its index, nothing that could be lost, and may end at any time."""

import asyncio
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

import aiohttp
import discord
from discord.http import Route
from discord.webhook.async_ import async_context, interaction_response_params

from bot.background import BackgroundTasks
from bot.connection.http import CONNECTIONS
from bot.connection.patience import FAILURES, in_words
from bot.editions.keeping import kept_state
from bot.finding.here import Named, find, suggestions
from bot.finding.wire import (
    LONGEST_LINE,
    Answered,
    Asked,
    Begin,
    FoundPage,
    NotFound,
    Search,
    Suggest,
    TakenUp,
    TakeUp,
    Told,
    asked,
    line,
)
from bot.gc_pause import gc_paused
from bot.letting_go import give_back_memory
from bot.search import Index
from bot.ui.limits import FIRST_ANSWER

log = logging.getLogger(__name__)


class _Process:
    """Does what it is asked to, one thing after another: the bot asks for no more than can be done in time."""

    def __init__(self, begin: Begin, answers: asyncio.WriteTransport, session: aiohttp.ClientSession) -> None:
        self._folder = Path(begin.folder)
        self._zone = ZoneInfo(begin.zone)
        self._answers = answers
        self._session = session
        self._discord = async_context.get()
        self._index: Index | None = None
        self._tasks = BackgroundTasks()

    def begin(self, wish: Asked) -> None:
        """Begin with what is asked."""
        match wish:
            case Suggest():
                self._tasks.start(self._suggest(wish, self._index), "suggesting")
            case Search():
                self._tasks.start(self._search(wish, self._index), "searching")
            case TakeUp():
                self._tasks.start(self._take_up(wish.stamp), "taking up a programme")

    async def close(self) -> None:
        """End what is under way."""
        await self._tasks.close()

    async def _take_up(self, stamp: bytes) -> None:
        self._index = None  # what it was is asked for no more, and need not be held beside the new one
        with gc_paused():
            self._index = await asyncio.to_thread(kept_state, self._folder, stamp, self._zone)
        await give_back_memory()
        self._say(TakenUp(stamp, self._index is not None))
        if index := self._index:
            await self._read_ahead(index)

    async def _read_ahead(self, index: Index) -> None:
        """Read what people may find; whoever asks meanwhile waits for one step of it at the most."""
        for _ in index.read_ahead():
            await asyncio.sleep(0)
            if self._index is not index:
                return

    async def _search(self, wish: Search, index: Index | None) -> None:
        if index is None:
            self._say(NotFound(wish.number))
            return
        found = find(index, wish.wanted)
        papers, page = tuple((one.paper.key, one.marks) for one in found.page.entries), found.page
        self._say(FoundPage(wish.number, papers, page.number, page.count, page.total, found.corrected))

    async def _suggest(self, wish: Suggest, index: Index | None) -> None:
        choices = suggestions(index, wish.kind, wish.typed) if index else None
        self._say(Answered(wish.number, choices is not None and await self._answer(wish, choices)))

    async def _answer(self, wish: Suggest, choices: Sequence[Named]) -> bool:
        """Answer in Discord; tell whether it took that."""
        said = {"choices": [{"name": name, "value": value} for name, value in choices]}
        try:
            async with asyncio.timeout(FIRST_ANSWER.total_seconds()):
                await self._discord.create_interaction_response(
                    wish.interaction,
                    wish.token,
                    session=self._session,
                    params=interaction_response_params(discord.InteractionResponseType.autocomplete_result.value, said),
                )
        except FAILURES as error:
            log.debug("suggestions did not reach Discord: %s", in_words(error))
            return False
        return True

    def _say(self, said: Told) -> None:
        self._answers.write(line(said))


async def serve(answers_to: BinaryIO) -> None:
    """Find for as long as the bot asks, on standard input.

    Args:
        answers_to: the pipe to it.

    Raises:
        msgspec.MsgspecError: what is asked is not understood.
    """
    loop = asyncio.get_running_loop()
    questions = asyncio.StreamReader(LONGEST_LINE)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(questions), sys.stdin.buffer)
    transport, _ = await loop.connect_write_pipe(asyncio.Protocol, answers_to)
    begin = asked.decode(await questions.readline())
    if not isinstance(begin, Begin):
        raise TypeError("the first thing said must be where everything is")
    Route.BASE = begin.api
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS)) as session:
        process = _Process(begin, transport, session)
        try:
            # When the bot has ended, in whatever way, there is nothing more to read.
            while said := await questions.readline():
                process.begin(asked.decode(said))
        finally:
            await process.close()
