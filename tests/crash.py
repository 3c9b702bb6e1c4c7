"""The crash harness: the real bot, killed at every step of a delivery and started again, and what then is in Discord.

    python -m tests.crash --runs 100 --seed 1

Each run has a random programme, a database and a stand-in for Discord of its own, which outlives the bot's process.
The bot is killed with SIGKILL at named points or at random instants, the programme is changed while it is down, and
it is started again. At the end it is left in peace until nothing is open any more. Then every message that was to be
sent must be in the channel exactly once.

Time runs `--speed` times faster than the machine's and can be put forward, so that nobody waits for nothing to
happen: a file that the bot's process and the harness both have in memory holds by how much.
"""

import argparse
import asyncio
import json
import logging
import mmap
import os
import random
import re
import select
import shutil
import signal
import sqlite3
import struct
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations, count
from pathlib import Path
from typing import Any, NoReturn, Self

from tests.discord_stand_in import Guild, discord_stand_in

ROOT = Path(__file__).parent.parent
CHANNEL = "announcements"
SPEED = 120.0
"""How many seconds of the programme's time pass in one of the machine's."""

BEGIN = datetime(2026, 5, 18, 6, 0, tzinfo=UTC)
THRESHOLD = timedelta(minutes=10)
LEASE = timedelta(seconds=60)
"""As in bot.delivery.courier; how long the harness must wait, not what the bot does."""

OPEN_ENDED = timedelta(hours=3)
GRACE = 2.0
"""How many seconds of the machine's a bot that is running may take for what is due, besides waiting for a lease."""

PATIENCE = 30.0
"""How many seconds of the machine's a bot that is left in peace may take for everything that is open."""

_TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gh0St1.not-a-real-token-but-as-long-as-one"  # noqa: S105 - it opens nothing
_NAMES = ("Alpha", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel")
_LEADS = (0, 5, 10, 15, 30, 60, 120)
_MARK = re.compile(r"due:(?P<token>[0-9a-f]+):")
_ABSTRACT = "We show that a message that is sent twice is worse than one that is late. " * 4
_MINUTE = timedelta(minutes=1)

_METHODS = {
    "plan": "Ledger.plan",
    "miss": "Ledger.miss",
    "claim": "Ledger.claim",
    "find": "DiscordPost.find",
    "send": "DiscordPost.send",
    "mark": "Ledger.settle_sent",
    "postpone": "Ledger.postpone",
    "give up": "Ledger.settle_missed",
}
_INSIDE = ("received", "received, stored later", "stored")
POINTS = (
    *(f"{what}: {when}" for what in ("plan", "miss", "claim", "mark") for when in ("before", "commit", "after")),
    *(f"{what}: {when}" for what in ("find", "send", "postpone") for when in ("before", "after")),
    *(f"post: {when}" for when in _INSIDE),
)
RARE_POINTS = tuple(f"give up: {when}" for when in ("before", "commit", "after"))
"""Reached only by a batch that was claimed and then no longer helped."""

RANDOM = "a random instant"


# The bot's process -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Time:
    """The programme's time, the same in all processes that have its file."""

    memory: mmap.mmap
    started: float
    speed: float

    @classmethod
    def of(cls, path: Path, started: float, speed: float) -> Self:
        with path.open("r+b") as file:
            return cls(mmap.mmap(file.fileno(), 8), started, speed)

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        (offset,) = struct.unpack("d", self.memory[:])
        return BEGIN + timedelta(seconds=offset + (time.time() - self.started) * self.speed)

    def jump(self, by: timedelta) -> None:
        """Put all clocks forward."""
        (offset,) = struct.unpack("d", self.memory[:])
        self.memory[:] = struct.pack("d", offset + by.total_seconds())


@dataclass(frozen=True)
class Setting:
    """What all lives of a bot have in common."""

    api: str
    gateway: str
    clock: str
    started: float
    speed: float


@dataclass(frozen=True)
class Fault:
    """Where a life ends.

    Attributes:
        point: one of `POINTS`, `RARE_POINTS` or `RANDOM`.
        nth: at which time that it gets there.
    """

    point: str = RANDOM
    nth: int = 1


def nursery(setting: str) -> NoReturn:
    """Start bots, one after the other, as standard input says, each in a process of its own.

    What a bot imports takes most of its start; here it is imported once.
    """
    import discord.gateway  # noqa: PLC0415 - the harness itself has no use for all this
    import discord.http  # noqa: PLC0415
    import yarl  # noqa: PLC0415

    import bot.cli  # noqa: PLC0415
    import bot.client  # noqa: PLC0415
    import bot.delivery.courier  # noqa: PLC0415
    import cogs.reminders  # noqa: F401, PLC0415

    common = Setting(**json.loads(setting))
    clock = Time.of(Path(common.clock), common.started, common.speed)
    discord.http.Route.BASE = common.api
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(common.gateway)
    # What the courier counts in the machine's seconds goes as fast as the rest.
    courier = bot.delivery.courier
    courier.LONGEST_NAP = 0.02
    courier._SEND_TIMEOUT = max(courier._SEND_TIMEOUT / common.speed, 0.2)

    def make(config: Any) -> bot.client.ConferenceBot:
        made = bot.client.ConferenceBot(config, clock)
        made._connection.guild_ready_timeout = 0.05
        return made

    _replace("bot.run", "ConferenceBot", make)
    for order in _orders():
        child = os.fork()
        if child:
            _say("started", child)
            _say("ended", _wait_for(child))
            continue
        status = 1
        try:
            devnull = os.open(os.devnull, os.O_RDONLY)
            os.dup2(devnull, 0)
            os.dup2(2, 1)
            _arm(Fault(**order["fault"]))
            status = bot.cli.main(["run", "--config", order["config"]])
        finally:
            logging.shutdown()
            os._exit(status)
    sys.exit()


def _orders() -> Iterator[dict[str, Any]]:
    for line in iter(lambda: os.read(0, 65_536), b""):
        yield json.loads(line)


def _say(what: str, number: int) -> None:
    os.write(1, f"{what} {number}\n".encode())


def _wait_for(child: int) -> int:
    """Return a child's exit status; when the harness is gone, end the child."""
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if select.select([0], [], [], 0.005)[0]:
            os.kill(child, signal.SIGKILL)


def _arm(fault: Fault) -> None:
    """Make this process kill itself at a point."""
    what, _, when = fault.point.partition(": ")
    if what not in _METHODS:
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

    owner, _, name = _METHODS[what].partition(".")
    module = "bot.store.ledger" if owner == "Ledger" else "bot.delivery.post"
    target = getattr(sys.modules[module], owner)
    setattr(target, name, wrap(getattr(target, name)))
    if when == "commit":
        from sqlalchemy import Engine, event  # noqa: PLC0415

        event.listen(Engine, "commit", lambda _connection: strike() if inside else None)


def _replace(module: str, name: str, value: object) -> None:
    setattr(sys.modules[module], name, value)


class Nursery:
    """The process that starts the bots, as the harness sees it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.pid: int | None = None
        self._end: asyncio.Task[int] | None = None

    @classmethod
    async def open(cls, setting: Setting, log: Path) -> Self:
        code = "import sys; from tests.crash import nursery; nursery(sys.argv[1])"
        with log.open("ab") as file:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", code, json.dumps(asdict(setting))),
                cwd=ROOT,
                env={**os.environ, "DISCORD_TOKEN": _TOKEN, "PYTHONUNBUFFERED": "1"},
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=file,
            )
        return cls(process)

    async def start(self, config: Path, fault: Fault) -> None:
        """Start a bot."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"config": str(config), "fault": asdict(fault)}).encode())
        await self._process.stdin.drain()
        self.pid = await self._read("started")
        self._end = asyncio.create_task(self._read("ended"))

    @property
    def ended(self) -> int | None:
        """How the last bot ended, None while it lives."""
        return self._end.result() if self._end and self._end.done() else None

    def signal(self, number: signal.Signals) -> None:
        """Send the bot a signal; nothing happens to one that is gone, which nobody else's process id is then."""
        if self.pid and self.ended is None:
            os.kill(self.pid, number)

    async def wait(self) -> int:
        """Wait for the end of the bot."""
        assert self._end
        return await self._end

    async def close(self) -> None:
        """End the process, and with it a bot that still lives."""
        assert self._process.stdin
        self._process.stdin.close()
        if self._end:
            await self._end
        await self._process.wait()

    async def _read(self, what: str) -> int:
        assert self._process.stdout
        line = (await self._process.stdout.readline()).decode().split()
        if line[:1] != [what]:
            raise RuntimeError("the bot could not be started; see the log")
        return int(line[1])


# The programme ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Slot:
    """A session's place in the programme.

    Attributes:
        start: when it begins.
        end: when it ends, if that was announced.
        listed: whether the programme has it.
        timed: whether it has a time.
    """

    start: datetime
    end: datetime | None
    listed: bool = True
    timed: bool = True

    @property
    def takes_place(self) -> bool:
        return self.listed and self.timed

    @property
    def useful_until(self) -> datetime:
        return self.end or self.start + OPEN_ENDED


Timetable = Mapping[str, Slot]
"""Sessions by key."""


def _timetable(chance: random.Random) -> dict[str, Slot]:
    starts = [BEGIN + _MINUTE * 5 * chance.randrange(2, 80) for _ in range(3)]
    table = {}
    for name in _NAMES[: chance.randint(2, len(_NAMES))]:
        start = chance.choice(starts) if chance.random() < 0.4 else BEGIN + _MINUTE * chance.randrange(5, 480)
        table[name.lower()] = Slot(start, chance.choice((None, start + _MINUTE * chance.randrange(20, 200))))
    return table


def _changed(table: Timetable, now: datetime, chance: random.Random) -> dict[str, Slot]:
    """Move some sessions, cancel some, and bring some back."""
    changed = dict(table)
    for key in chance.sample(sorted(table), chance.randint(1, min(3, len(table)))):
        slot = changed[key]
        kind = chance.random()
        if kind < 0.6:
            by = _MINUTE * chance.choice(
                (chance.randrange(1, 16), chance.randrange(11, 240), -chance.randrange(1, 120))
            )
            if kind < 0.1:
                by = max(now - slot.start, timedelta()) + _MINUTE * chance.randrange(1, 90)
            end = slot.end + by if slot.end else None
            changed[key] = replace(slot, start=slot.start + by, end=end)
        elif slot.takes_place:
            changed[key] = replace(slot, listed=kind < 0.8, timed=kind >= 0.8)
        else:
            changed[key] = replace(slot, listed=True, timed=True)
    if not any(slot.listed for slot in changed.values()):
        return dict(table)
    return changed


def _write(folder: Path, table: Timetable, leads: Sequence[int]) -> Path:
    lines = []
    times = []
    for key, slot in table.items():
        if slot.listed:
            name = key.title()
            lines += ["Session", name, f"Room {name}", f"On {name}", f"Ann {name} ⋅ Bob {name}", _ABSTRACT]
        if slot.timed:
            end = f'end = "{slot.end.isoformat()}"\n' if slot.end else ""
            times.append(f'[sessions."{key}"]\nstart = "{slot.start.isoformat()}"\n{end}')
    (folder / "programme.txt").write_text("\n".join(lines), encoding="utf-8")
    config = folder / "config.toml"
    config.write_text(
        '[conference]\nname = "Crash"\n[programme]\nsource = "programme.txt"\n'
        '[database]\npath = "conference.sqlite3"\n[discord]\nevents = false\n'
        f'[reminders]\nchannel = "{CHANNEL}"\nminutes_before = {list(leads)}\n'
        f"moved_by_minutes = {THRESHOLD // _MINUTE}\n" + "".join(times),
        encoding="utf-8",
    )
    return config


# A run -----------------------------------------------------------------------------------------------------------


@dataclass
class Life:
    """What happened from a start of the bot to its end.

    Attributes:
        table: the programme it had.
        began: when it was started.
        spans: from when to when it was connected, cut where the clocks were put forward.
        hindered: Discord answered with failures.
        received: how many messages Discord has received.
    """

    table: Timetable
    began: datetime
    spans: list[tuple[datetime, datetime]] = field(default_factory=list)
    hindered: bool = False
    received: int = 0


@dataclass(frozen=True)
class Row:
    """A row of the ledger."""

    key: str
    session: str
    starts_at: datetime
    due_at: datetime
    useful_until: datetime
    state: str
    batch: str | None
    message_id: int | None

    @property
    def lead(self) -> int:
        return int(self.key.split(":")[3].partition("@")[0])


@dataclass
class Report:
    """What was found out.

    Attributes:
        runs: how many programmes were played.
        kills: by point, how often the bot was killed there.
        messages: how many reminders there are in the channels.
        rows: how many rows the ledgers have, by state.
        duplicates: what was said twice, in words; likewise the others.
        losses: what was not said, or said without being written down.
        early: what was said too soon.
        troubles: what else must not be.
    """

    runs: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    messages: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    duplicates: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    @property
    def findings(self) -> list[str]:
        """Everything that must not be."""
        return [
            f"{kind}: {text}"
            for kind, texts in (
                ("duplicate", self.duplicates),
                ("loss", self.losses),
                ("early", self.early),
                ("trouble", self.troubles),
            )
            for text in texts
        ]

    def add(self, other: "Report") -> None:
        """Take in what another run found out."""
        self.runs += other.runs
        self.kills += other.kills
        self.messages += other.messages
        self.rows += other.rows
        self.duplicates += other.duplicates
        self.losses += other.losses
        self.early += other.early
        self.troubles += other.troubles

    def __str__(self) -> str:
        kills = "\n".join(f"  {self.kills[point]:6} {point}" for point in (*POINTS, *RARE_POINTS, RANDOM))
        rows = ", ".join(f"{number} {state}" for state, number in sorted(self.rows.items()))
        return (
            f"kills:\n{kills}\n{self.runs} runs, {self.kills.total()} kills, {self.messages} messages; rows: {rows}\n"
            f"{len(self.duplicates)} duplicates, {len(self.losses)} losses, {len(self.early)} early, "
            f"{len(self.troubles)} other troubles"
        )


class Deck:
    """Deals the points so that each comes as often as the others."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._cards: list[str] = []

    def deal(self, *, claimed: bool) -> str:
        """Return a point that can be reached: what is only done for a batch claimed before needs one."""
        for _ in range(2):
            for position, point in enumerate(self._cards):
                if claimed or not point.startswith("find"):
                    return self._cards.pop(position)
            self._cards += self._chance.sample(POINTS, len(POINTS)) + [RANDOM] * 3
        raise AssertionError


class Run:
    """One programme, one database, one channel, and many lives of the bot."""

    def __init__(self, name: str, folder: Path, deck: Deck, speed: float) -> None:
        self._name = name
        self._folder = folder
        self._deck = deck
        self._chance = random.Random(name)  # noqa: S311 - it is to be the same each time
        self._database = folder / "conference.sqlite3"
        clock = folder / "clock"
        clock.write_bytes(bytes(8))
        self._time = Time.of(clock, time.time(), speed)
        # How far Discord's clock is off; the bot allows five minutes.
        self._skew = timedelta(seconds=self._chance.uniform(-200, 200))
        self._leads = sorted(self._chance.sample(_LEADS, self._chance.randint(1, 4)))
        self._guild = Guild(
            CHANNEL,
            clock=lambda: self._time.now() + self._skew,
            nonce_window=_MINUTE * self._chance.choice((0, 0, 3, 10)),
            intervene=self._intervene,
        )
        self._table: Timetable = _timetable(self._chance)
        self._lives: list[Life] = []
        self._fault = Fault()
        self._failing: Counter[str] = Counter()
        self.report = Report(runs=1)

    async def play(self, kills: int) -> None:
        """Kill the bot as often as that, then leave it in peace, then look what there is."""
        async with discord_stand_in(_TOKEN, self._guild) as self._stand_in:
            setting = Setting(
                self._stand_in.api,
                self._stand_in.gateway,
                str(self._folder / "clock"),
                self._time.started,
                self._time.speed,
            )
            self._nursery = await Nursery.open(setting, self._folder / "log")
            try:
                for _ in range(kills):
                    await self._live(self._next_fault())
                    self._pass_time()
                await self._finish()
            finally:
                await self._nursery.close()
        self._judge()

    # Living and dying

    def _next_fault(self) -> Fault:
        rows = [row for row in self._rows() if row.state == "claimed"]
        claimed = bool(rows)
        if any(row.useful_until <= self._time.now() for row in rows):
            return Fault(self._chance.choice(RARE_POINTS))
        point = self._deck.deal(claimed=claimed)
        often = point.startswith(("plan", "find", "postpone"))
        return Fault(point, 1 if often else self._chance.choice((1, 1, 2, 3)))

    async def _live(self, fault: Fault) -> None:
        """Start the bot and let it run until it is killed."""
        self._fault = fault
        self._failing.clear()
        if fault.point.startswith("postpone") or self._chance.random() < 0.1:
            self._failing[self._chance.choice(("received", "stored"))] = self._chance.randint(1, 3)
        life = await self._begin()
        patience = time.monotonic() + (self._chance.choice((0.5, 1.5, 4.0)) if fault.point == RANDOM else 4.0)
        if fault.point == RANDOM:
            patience -= self._chance.random() * 0.5
        while self._nursery.ended is None:
            if time.monotonic() > patience or (fault.point != RANDOM and self._connected_for() > 0.5 and self._idle()):
                self._nursery.signal(signal.SIGKILL)
                self._fault = replace(fault, point=RANDOM)
                break
            await asyncio.sleep(0.02)
            self._hurry(life)
        status = await self._nursery.wait()
        self._note_span(life)
        if status == -signal.SIGKILL:
            self.report.kills[self._fault.point] += 1
        else:
            self._complain(f"the bot ended with {status}")

    async def _begin(self) -> Life:
        self._stand_in.identified.clear()
        self._since: datetime | None = None
        life = Life(self._table, self._time.now())
        self._lives.append(life)
        await self._nursery.start(_write(self._folder, self._table, self._leads), self._fault)
        return life

    async def _finish(self) -> None:
        """Let the bot do in peace what is still to be done."""
        self._fault = Fault()
        self._failing.clear()
        life = await self._begin()
        patience = time.monotonic() + PATIENCE
        while time.monotonic() < patience and self._nursery.ended is None:
            await asyncio.sleep(0.02)
            if self._connected_for() > 0.5 and self._idle():
                break
            self._hurry(life, surely=True)
        self._note_span(life)
        self._nursery.signal(signal.SIGTERM)
        if status := await self._nursery.wait():
            self._complain(f"the bot that was left in peace ended with {status}")

    async def _intervene(self, point: str) -> int | None:
        life = self._lives[-1]
        life.received += point == "received"
        _, _, where = self._fault.point.partition("post: ")
        if where and where.startswith(point) and life.received == self._fault.nth:
            self._nursery.signal(signal.SIGKILL)
            return None if where == "received, stored later" else 500
        if self._failing[point]:
            self._failing[point] -= 1
            life.hindered = True
            return 503
        return None

    # Time

    def _connected_for(self) -> float:
        """Return for how many of the machine's seconds the bot has been connected."""
        if not self._stand_in.identified.is_set():
            return 0.0
        if self._since is None:
            self._since = self._time.now()
            self._connected_at = time.monotonic()
        return time.monotonic() - self._connected_at

    def _note_span(self, life: Life) -> None:
        if self._since is not None:
            life.spans.append((self._since, self._time.now()))
            self._since = self._time.now()

    def _hurry(self, life: Life, *, surely: bool = False) -> None:
        """Put the clocks forward to when something happens next."""
        if self._connected_for() < 0.25:
            return
        rows = self._rows()
        due = [row.due_at for row in rows if row.state == "planned"]
        claimed = any(row.state == "claimed" for row in rows)
        # Now and then the machine sleeps while a message is on its way.
        if claimed and self._chance.random() > 0.05:
            return
        moment = min(due, default=None)
        if moment is None or moment - self._time.now() < timedelta(seconds=20):
            return
        self._note_span(life)
        ahead = timedelta(seconds=0 if surely else self._chance.uniform(0, 10))
        self._time.jump(moment - self._time.now() - ahead)
        self._since = self._time.now()

    def _pass_time(self) -> None:
        """Let time pass while the bot is down, and sometimes change the programme and talk in the channel."""
        rows = [row for row in self._rows() if row.state in ("planned", "claimed")]
        kind = self._chance.random()
        if kind < 0.45:
            self._time.jump(timedelta(seconds=self._chance.uniform(0, 5)))
        elif kind < 0.65:
            self._time.jump(LEASE + timedelta(seconds=self._chance.uniform(1, 60)))
        elif kind < 0.85:
            self._time.jump(self._guild.nonce_window + _MINUTE * self._chance.uniform(1, 20))
        elif rows:
            row = self._chance.choice(rows)
            moment = self._chance.choice((row.useful_until, row.starts_at, row.due_at))
            late = timedelta(seconds=self._chance.uniform(-90, 90))
            self._time.jump(max(moment + late - self._time.now(), timedelta()))
        if self._chance.random() < 0.35:
            self._table = _changed(self._table, self._time.now(), self._chance)
        for _ in range(self._chance.choice((0, 0, 0, 3, 120, 250))):
            self._guild.chat("Where is the coffee?")

    # Judging

    def _rows(self) -> list[Row]:
        try:
            with closing(sqlite3.connect(f"file:{self._database}?mode=ro", uri=True)) as database:
                return [
                    Row(key, session, _moment(start), _moment(due), _moment(until), state, batch, message_id)
                    for key, session, start, due, until, state, batch, message_id in database.execute(
                        "SELECT key, subject, starts_at, due_at, useful_until, state, batch, message_id"
                        " FROM delivery ORDER BY starts_at, key"
                    )
                ]
        except sqlite3.OperationalError:  # not there yet
            return []

    def _idle(self) -> bool:
        """Tell whether nothing is left to be done."""
        rows = self._rows()
        return not any(row.state in ("planned", "claimed") for row in rows)

    def _complain(self, text: str) -> None:
        self.report.troubles.append(f"run {self._name}: {text}")

    def _judge(self) -> None:
        rows = self._rows()
        messages: dict[int, set[str]] = {}
        for message in self._guild.messages:
            if tokens := set(_MARK.findall(json.dumps(message["components"]))):
                messages[int(message["id"])] = tokens
        self.report.messages = len(messages)
        self.report.rows = Counter(row.state for row in rows)
        self._judge_messages(rows, messages)
        self._judge_open(rows)
        # The news of moved and cancelled sessions are there once as well, but go out with no lead.
        reminders = [row for row in rows if row.key.startswith("reminder:")]
        self._judge_pairs(reminders)
        self._judge_moments(reminders)
        self._judge_lives(reminders)

    def _judge_messages(self, rows: Sequence[Row], messages: Mapping[int, set[str]]) -> None:
        """Every batch that was sent is there once, and nothing is there that the ledger does not say was sent."""
        bearers: dict[str, list[int]] = {}
        for message_id, tokens in messages.items():
            if len(tokens) > 1:
                self._complain(f"message {message_id} bears several marks")
            for token in tokens:
                bearers.setdefault(token, []).append(message_id)
        sent = {row.batch: row.message_id for row in rows if row.state == "sent"}
        for token, ids in bearers.items():
            if len(ids) > 1:
                self.report.duplicates.append(f"run {self._name}: batch {token} is there {len(ids)} times: {ids}")
            if token not in sent:
                self.report.losses.append(f"run {self._name}: batch {token} is there, but not written down as sent")
        for batch, written in sent.items():
            if written not in bearers.get(batch or "", ()):
                self.report.losses.append(f"run {self._name}: batch {batch} is written down as sent, but not there")

    def _judge_pairs(self, rows: Sequence[Row]) -> None:
        """No session's start was told twice for the same lead."""
        sent = [row for row in rows if row.state == "sent"]
        for one, other in combinations(sent, 2):
            same = one.session == other.session and one.lead == other.lead
            if same and abs(one.starts_at - other.starts_at) <= THRESHOLD:
                self.report.duplicates.append(
                    f"run {self._name}: {one.key} and {other.key} were both sent; their starts are "
                    f"{abs(one.starts_at - other.starts_at)} apart"
                )

    def _judge_moments(self, rows: Sequence[Row]) -> None:
        """Nothing came early, neither by its row nor by the programme of that moment."""
        came = {
            int(message["id"]): datetime.fromisoformat(message["timestamp"]) - self._skew
            for message in self._guild.messages
        }
        for row in rows:
            moment = came.get(row.message_id or 0)
            if row.state != "sent" or moment is None:
                continue
            if moment < row.due_at:
                self.report.early.append(f"run {self._name}: {row.key} came {row.due_at - moment} early")
            table = [life.table for life in self._lives if life.began <= moment][-1]
            slot = table.get(row.session)
            if slot and slot.takes_place:
                before = slot.start - _MINUTE * row.lead - moment
                if before > THRESHOLD:
                    self.report.early.append(
                        f"run {self._name}: {row.key} (batch {row.batch}) was sent for {row.starts_at:%H:%M} when the "
                        f"session had moved to {slot.start:%H:%M}, {before} too soon for that"
                    )
            elif self._speaks_of(row):
                self._complain(f"{row.key} (batch {row.batch}) was sent when the session had been cancelled")

    def _judge_lives(self, rows: Sequence[Row]) -> None:
        """What a bot had time for was sent."""
        for life in self._lives:
            last = life is self._lives[-1]
            if life.hindered or not life.spans:
                continue
            for key, slot in life.table.items():
                for lead in self._leads if slot.takes_place else ():
                    due, until = slot.start - _MINUTE * lead, slot.useful_until
                    up = sum((max(_overlap(span, (due, until)), timedelta()) for span in life.spans), timedelta())
                    wanted = up >= LEASE + timedelta(seconds=GRACE * self._time.speed)
                    peace = last and until > life.spans[0][0] + LEASE + timedelta(seconds=GRACE * self._time.speed)
                    if (wanted or peace) and not self._told(rows, key, lead, slot):
                        states = [f"{row.key} {row.state}" for row in rows if (row.session, row.lead) == (key, lead)]
                        self.report.losses.append(
                            f"run {self._name}: {key}, {lead} minutes before {slot.start:%H:%M}, was not sent "
                            f"although the bot ran {'in peace' if peace else f'for {up}'}: {states}"
                        )

    def _told(self, rows: Sequence[Row], key: str, lead: int, slot: Slot) -> bool:
        return any(
            (row.session, row.lead, row.state) == (key, lead, "sent")
            and abs(row.starts_at - slot.start) <= THRESHOLD
            and self._speaks_of(row)
            for row in rows
        )

    def _speaks_of(self, row: Row) -> bool:
        """Tell whether the message of a row names its session."""
        return any(
            int(message["id"]) == row.message_id and row.session.title() in json.dumps(message["embeds"])
            for message in self._guild.messages
        )

    def _judge_open(self, rows: Sequence[Row]) -> None:
        """Nothing is left lying, and nothing failed."""
        for row in rows:
            if row.state in ("planned", "claimed") and row.due_at <= self._time.now():
                self.report.losses.append(f"run {self._name}: {row.key} was left {row.state}")
            if row.state == "failed" and self._lives[-1].table.get(row.session, _GONE).takes_place:
                self.report.losses.append(f"run {self._name}: {row.key} failed")


_GONE = Slot(BEGIN, None, listed=False)


def _overlap(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> timedelta:
    return min(one[1], other[1]) - max(one[0], other[0])


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# Many runs -------------------------------------------------------------------------------------------------------


async def campaign(
    runs: int,
    seed: int,
    *,
    jobs: int = 2,
    kills: tuple[int, int] = (6, 12),
    speed: float = SPEED,
    keep: Path | None = None,
    tell: Callable[[Report], None] | None = None,
) -> Report:
    """Play some runs, several at a time.

    Args:
        runs: how many.
        seed: what decides about programmes and kills; what the machine does when is not in its hands.
        jobs: how many at a time.
        kills: how often the bot is killed in a run, at least and at most.
        speed: how many times faster than the machine's time runs.
        keep: where what was found in a run that failed is kept.
        tell: called after each run with its report.
    """
    chance = random.Random(seed)  # noqa: S311 - it is to be the same each time
    deck = Deck(chance)
    whole = Report()
    left = [(f"{seed}-{number}", chance.randint(*kills)) for number in range(runs, 0, -1)]

    async def work() -> None:
        while left:
            name, number = left.pop()
            with _folder(name, keep) as folder:
                run = Run(name, folder, deck, speed)
                await run.play(number)
                if keep and run.report.findings:
                    shutil.copytree(folder, keep / name, dirs_exist_ok=True)
                    history = json.dumps(run._guild.messages, indent=1)
                    (keep / name / "messages.json").write_text(history, encoding="utf-8")
            whole.add(run.report)
            if tell:
                tell(run.report)

    async with asyncio.TaskGroup() as group:
        for _ in range(jobs):
            group.create_task(work())
    return whole


@contextmanager
def _folder(name: str, keep: Path | None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix=f"crash-{name}-") as folder:
        try:
            yield Path(folder)
        except BaseException:
            if keep:
                shutil.copytree(folder, keep / name, dirs_exist_ok=True)
            raise


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description="Kill the bot and look what it sent.")
    parser.add_argument("--runs", type=int, default=20, help="how many programmes are played (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="decides about programmes and kills (default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=2, help="how many at a time (default: %(default)s)")
    parser.add_argument("--speed", type=float, default=SPEED, help="how fast time runs (default: %(default)s)")
    parser.add_argument("--keep", type=Path, help="a folder for the databases, logs and messages of failed runs")
    options = parser.parse_args()

    def tell(report: Report) -> None:
        for finding in report.findings:
            print(finding, flush=True)

    report = asyncio.run(
        campaign(options.runs, options.seed, jobs=options.jobs, speed=options.speed, keep=options.keep, tell=tell)
    )
    print(report)
    return 1 if report.findings else 0


if __name__ == "__main__":
    sys.exit(main())
