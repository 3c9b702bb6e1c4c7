"""The bot under the load of a crowd, and figures of how it fared."""

import asyncio
import contextlib
import json
import os
import resource
import statistics
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil

from bot.client import ConferenceBot
from bot.programme.model import Paper, Person, Session
from bot.programme.source import Source, SourceAppearance, SourceSession
from bot.sources import export
from bot.ui.answer import Answer, Menu
from bot.ui.limits import CHOICES
from tests.support.crowd.plan import TURN, Stage
from tests.support.crowd.playing import CHANNEL, FORUM, Outcome
from tests.support.database import rows
from tests.support.process import TOKEN
from tests.support.running import running_bot, until
from tests.support.server import config_in
from tests.support.stand_in import StandIn

_POSTERS = 60
_ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Figures:
    """How a stage went.

    Attributes:
        name: the stage.
        outcomes: what came of each act.
        seconds: how long it took.
        processor: how long the bot's process was at work, in seconds of the processor.
        beside: how long the process that finds was, likewise; 0 where there is none.
        others: how long Discord's process was.
        held: how long the event loop was held at the longest, in milliseconds.
        load: the machine's load at the end: how many wanted to work at once in the last minute.
        delivered: how many announcements and reminders have arrived, in channels and to people.
        memory: the most memory that the bot has had, in MiB.
        edits: all edits of the lists of questions so far: which list, and when, in the machine's seconds.
        lists: what the lists of questions say.
    """

    name: str
    outcomes: tuple[Outcome, ...]
    seconds: float
    processor: float
    beside: float
    others: float
    held: float
    load: float
    delivered: tuple[int, int]
    memory: float
    edits: tuple[tuple[str, float], ...] = ()
    lists: tuple[str, ...] = ()

    @property
    def failed(self) -> list[Outcome]:
        """What had no answer, or one that says that something went wrong."""
        return [outcome for outcome in self.outcomes if outcome.failure]

    def times(self, kind: str | None = None) -> list[float]:
        """Return how long the answers took that came, in milliseconds, the shortest first."""
        wanted = (one for one in self.outcomes if kind in (None, one.kind) and not one.failure)
        return sorted(one.milliseconds for one in wanted)

    def most_edits(self, seconds: float) -> int:
        """Return how many edits one message had at the most in any so many seconds."""
        by_message: dict[str, list[float]] = {}
        for message, at in self.edits:
            by_message.setdefault(message, []).append(at)
        return max(
            (sum(begin <= at < begin + seconds for at in times) for times in by_message.values() for begin in times),
            default=0,
        )


class Load:
    """A bot, and the crowd that uses it.

    Attributes:
        bot: the bot, in this process.
        database: its database.
    """

    def __init__(self, bot: ConferenceBot, process: asyncio.subprocess.Process, folder: Path, database: Path) -> None:
        self.bot = bot
        self.database = database
        self._process = process
        self._folder = folder
        self._others = 0.0

    async def play(self, stage: Stage) -> Figures:
        """Play a stage, and measure."""
        path = self._folder / "stage.json"
        await asyncio.to_thread(stage.write, path)
        assert self._process.stdin
        assert self._process.stdout
        held = [0.0]
        watching = asyncio.create_task(_watch(held))
        begun, processor = time.perf_counter(), time.process_time()
        beside = self._beside()
        self._process.stdin.write(f"{path}\n".encode())
        if not await self._process.stdout.readline():
            raise RuntimeError("Discord's process has ended")
        seconds, processor = time.perf_counter() - begun, time.process_time() - processor
        beside = self._beside() - beside
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
        result = json.loads(await asyncio.to_thread(path.with_suffix(".result").read_text, encoding="utf-8"))
        outcomes = tuple(_outcome(written) for written in result["outcomes"])
        others, self._others = result["processor"] - self._others, result["processor"]
        return Figures(
            stage.name,
            outcomes,
            seconds,
            processor,
            beside,
            others,
            held[0],
            os.getloadavg()[0],
            (result["delivered"][0], result["delivered"][1]),
            resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            tuple((message, at) for message, at in result["edits"]),
            tuple(result["lists"]),
        )

    async def wrong(self, outcomes: Iterable[Outcome]) -> list[Outcome]:
        """Return those whose answers are not what the bot answers when nothing else is to be done.

        The title of an answer and the keys of all that it lists or suggests are compared.
        """
        searched = {outcome.act: outcome.asked[1].get("query", "") for outcome in outcomes if outcome.kind == "search"}
        return [
            outcome
            for outcome in outcomes
            if not outcome.failure and (right := await self._right(outcome, searched)) is not None
            if right != (outcome.title, outcome.values)
        ]

    def bookmarks(self) -> set[tuple[int, str]]:
        """Return the bookmarks in the database, as the person's id and the paper's key."""
        return set(rows(self.database, "SELECT user_id, paper_key FROM bookmark"))

    def votes(self) -> set[tuple[int, int]]:
        """Return the votes in the database, as the question's number and the person's id."""
        asked = "SELECT number, user_id FROM session_vote JOIN session_question ON id = question_id"
        return set(rows(self.database, asked))

    def _beside(self) -> float:
        """Return for how long the process that finds has been at work."""
        beside = self.bot.services.finding.service.beside
        if beside is None or beside.pid is None:
            return 0.0
        times = psutil.Process(beside.pid).cpu_times()
        return times.user + times.system

    async def _right(self, outcome: Outcome, searched: dict[int, str]) -> tuple[str, tuple[str, ...]] | None:
        """Return what is right, None where it can't be known afterwards."""
        lookup = self.bot.services.lookup.service
        command, options, typed = *outcome.asked, next(iter(outcome.asked[1].values()), "")
        if outcome.kind == TURN:
            first = (await lookup.search(searched[outcome.act], None)).question
            assert first
            return _shown(await self.bot.services.questions.answer(first.on_page(1), None))
        suggested: dict[str, Callable[[], Iterable[Paper | Person | Session]]] = {
            "paper": lambda: lookup.papers_like(typed, CHOICES, 0),
            "name": lambda: lookup.people_like(typed, CHOICES),
            "author": lambda: lookup.people_like(typed, CHOICES),
            "session": lambda: lookup.sessions_like(typed)[:CHOICES],
        }
        answered: dict[str, Callable[[], Answer]] = {
            "paper": lambda: lookup.paper(typed, 0),
            "author": lambda: lookup.author(typed, None),
            "session": lambda: lookup.session(typed, None),
            "schedule": lambda: lookup.schedule(None),
        }
        if outcome.focused:
            return "", tuple(found.key for found in suggested[next(iter(options))]())
        if command == "search":
            return _shown(await lookup.search(typed, None))
        return _shown(answered[command]()) if command in answered else None


@asynccontextmanager
async def crowded(
    source: Source, folder: Path, people: int, begins: timedelta, *, own_process: bool = False
) -> AsyncIterator[Load]:
    """Start a bot with a programme, and Discord with so many people.

    Args:
        source: the programme.
        folder: where the database and everything else is written.
        people: how many people there are.
        begins: when the first session begins, from now.
        own_process: whether the bot finds in a process of its own.
    """
    programme = folder / "programme.json"
    programme.write_bytes(export.as_json(beginning(source, datetime.now(UTC) + begins)))
    config = config_in(
        folder,
        programme={"source": programme},
        announcements={"channels": [CHANNEL]},
        reminders={"channel": CHANNEL, "minutes_before": [15], "direct_per_minute": 600},
        discussion={"forum": FORUM, "tags": False},
        questions={"enabled": True},
        search={"own_process": own_process},
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.crowd.playing", str(people)),
        cwd=_ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    try:
        discord = StandIn(TOKEN)
        discord.address = (await process.stdout.readline()).decode().strip()
        async with running_bot(discord, config) as bot:
            if beside := bot.services.finding.service.beside:
                await until(lambda: beside.is_ready)
            yield Load(bot, process, folder, config.database.path)
    finally:
        process.stdin.close()
        await process.wait()


@asynccontextmanager
async def busy_machine(burners: int) -> AsyncIterator[None]:
    """Let so many processes do nothing but work."""
    command = (sys.executable, "-c", "while True: pass")
    burning = [await asyncio.create_subprocess_exec(*command) for _ in range(burners)]
    try:
        yield
    finally:
        for process in burning:
            process.kill()
            await process.wait()


def beginning(source: Source, first: datetime) -> Source:
    """Return a source whose sessions begin every ten seconds; one that has none gets poster sessions."""
    sessions = []
    for number, session in enumerate(source.sessions or _poster_sessions(len(source.papers))):
        starts_at = first + timedelta(seconds=10 * number)
        appearances = tuple(replace(one, starts_at=None, ends_at=None) for one in session.appearances)
        ends_at = starts_at + timedelta(hours=1)
        sessions.append(replace(session, starts_at=starts_at, ends_at=ends_at, appearances=appearances))
    return replace(source, sessions=tuple(sessions))


def _poster_sessions(papers: int) -> Iterator[SourceSession]:
    for number, first in enumerate(range(0, papers, _POSTERS), start=1):
        shown = tuple(map(SourceAppearance, range(first, min(first + _POSTERS, papers))))
        yield SourceSession(f"posters-{number}", name=f"Poster session {number}", room="Hall A", appearances=shown)


def percentile(times: Sequence[float], share: float) -> float:
    """Return the time within which that share of them lies; 0 of none."""
    return times[min(int(len(times) * share), len(times) - 1)] if times else 0.0


def median(times: Sequence[float]) -> float:
    """Return the median; 0 of none."""
    return statistics.median(times) if times else 0.0


def _shown(answer: Answer) -> tuple[str, tuple[str, ...]]:
    menus = (row for row in answer.rows if isinstance(row, Menu))
    title = (answer.embed.title or "") if answer.embed else ""
    return title, tuple(option.value for menu in menus for option in menu.options)


def _outcome(written: dict[str, Any]) -> Outcome:
    command, options = written["asked"]
    return Outcome(**{**written, "asked": (command, options), "values": tuple(written["values"])})


async def _watch(held: list[float]) -> None:
    """Note how long the event loop was held at the longest."""
    while True:
        begun = time.perf_counter()
        await asyncio.sleep(0.01)
        held[0] = max(held[0], (time.perf_counter() - begun - 0.01) * 1000)
