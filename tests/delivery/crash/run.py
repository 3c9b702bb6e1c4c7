"""One programme, one database, one channel, and many lives of the bot; and many of those."""

import asyncio
import json
import random
import shutil
import signal
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.delivery.crash.child import Setting
from tests.delivery.crash.clock import SharedClock
from tests.delivery.crash.judge import Judge
from tests.delivery.crash.points import RANDOM, RARE_POINTS, Fault, Points
from tests.delivery.crash.report import Life, Report, Row
from tests.delivery.crash.starter import TOKEN, Starter
from tests.delivery.crash.timetable import CHANNEL, LEADS, MINUTE, Timetable, changed, random_timetable, write
from tests.support.stand_in import Guild, discord_stand_in

LEASE = timedelta(seconds=60)
"""As in bot.delivery.dispatcher: how long the harness must wait, not what the bot does."""

PATIENCE = 180.0
"""How many seconds of the machine's a bot that has something to do may take for it before it counts as stuck."""


class Run:
    """One programme, one database, one channel, and many lives of the bot.

    Attributes:
        report: what was found out.
        guild: the server with the channel.
    """

    def __init__(self, name: str, folder: Path, points: Points) -> None:
        self._name = name
        self._folder = folder
        self._points = points
        self._chance = random.Random(name)  # noqa: S311 - it is to be the same each time
        self._database = folder / "conference.sqlite3"
        self._clock = SharedClock.create(folder / "clock", time.time())
        # How far Discord's clock is off; the bot allows five minutes.
        self._skew = timedelta(seconds=self._chance.uniform(-200, 200))
        self._leads = sorted(self._chance.sample(LEADS, self._chance.randint(1, 4)))
        self.guild = Guild(
            CHANNEL,
            clock=lambda: self._clock.now() + self._skew,
            nonce_window=MINUTE * self._chance.choice((0, 0, 3, 10)),
            intervene=self._intervene,
        )
        self._table: Timetable = random_timetable(self._chance)
        self._lives: list[Life] = []
        self._fault = Fault()
        self._failing: Counter[str] = Counter()
        self._stalls = False
        self.report = Report(runs=1)

    async def play(self, kills: int) -> None:
        """Kill the bot as often as that, then leave it in peace, then look what there is."""
        async with discord_stand_in(TOKEN, self.guild) as stand_in:
            clock = str(self._folder / "clock")
            setting = Setting(stand_in.api, stand_in.gateway_address, clock, self._clock.started)
            self._starter = await Starter.open(setting, self._folder / "log")
            try:
                for _ in range(kills):
                    await self._live(self._next_fault())
                    self._pass_time()
                await self._finish()
            finally:
                await self._starter.close()
        judge = Judge(self._name, self.guild.messages, self._rows(), self._lives, self._leads, self._skew, self.report)
        judge.judge(self._clock.now())

    def _next_fault(self) -> Fault:
        rows = [row for row in self._rows() if row.state == "claimed"]
        if any(row.useful_until <= self._clock.now() for row in rows):
            return Fault(self._chance.choice(RARE_POINTS))
        point = self._points.next(claimed=bool(rows))
        often = point.startswith(("plan", "find", "postpone"))
        return Fault(point, 1 if often else self._chance.choice((1, 1, 2, 3)))

    async def _live(self, fault: Fault) -> None:
        """Start the bot and let it run until it is killed."""
        self._failing.clear()
        if fault.point.startswith("postpone") or self._chance.random() < 0.1:
            self._failing[self._chance.choice(("received", "stored"))] = self._chance.randint(1, 3)
        # Now and then the machine sleeps while a message is on its way.
        self._stalls = self._chance.random() < 0.2
        life = await self._begin(fault)
        patience = PATIENCE
        if fault.point == RANDOM:
            patience = self._chance.choice((0.5, 1.5, 4.0)) - self._chance.random() * 0.5
        until = time.monotonic() + patience
        while self._starter.ended is None:
            nothing_left = self._rests(life) and not self._open()
            if time.monotonic() > until or (fault.point != RANDOM and nothing_left):
                self._starter.signal(signal.SIGKILL)
                self._fault = replace(fault, point=RANDOM)
                break
            await asyncio.sleep(0.02)
            self._hurry(life, ahead=timedelta(seconds=self._chance.uniform(0, 10)))
        status = await self._starter.wait()
        if status == -signal.SIGKILL:
            self.report.kills[self._fault.point] += 1
        else:
            self.report.others.append(f"run {self._name}: the bot ended with {status}")

    async def _begin(self, fault: Fault) -> Life:
        self._fault = fault
        self._clock.forget_rest()
        life = Life(self._table, self._clock.now())
        self._lives.append(life)
        await self._starter.start(write(self._folder, self._table, self._leads), fault)
        return life

    async def _finish(self) -> None:
        """Let the bot do in peace what is still to be done."""
        self._failing.clear()
        self._stalls = False
        life = await self._begin(Fault())
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self._starter.ended is None:
            await asyncio.sleep(0.02)
            if self._rests(life) and not self._open():
                break
            self._hurry(life)
        self._starter.signal(signal.SIGTERM)
        if status := await self._starter.wait():
            self.report.others.append(f"run {self._name}: the bot that was left in peace ended with {status}")

    async def _intervene(self, point: str) -> int | None:
        life = self._lives[-1]
        life.received += point == "received"
        _, _, where = self._fault.point.partition("discord: ")
        if where and where.startswith(point) and life.received == self._fault.nth:
            self._starter.signal(signal.SIGKILL)
            return None if where == "received, stored later" else 500
        if self._failing[point]:
            self._failing[point] -= 1
            return 503
        return None

    def _rests(self, life: Life) -> bool:
        """Tell whether the bot has nothing to do now, and note when it was so."""
        moment = self._clock.rest
        if moment is None:
            return False
        # What was begun and not ended, by this life or by an earlier one, rests for a while before it is tried again.
        if not any(row.state == "claimed" for row in self._rows()):
            life.rests.append(moment)
        return True

    def _open(self) -> bool:
        return any(row.open for row in self._rows())

    def _hurry(self, life: Life, ahead: timedelta = timedelta()) -> None:
        """Put the clock forward to when something happens next, or to shortly before."""
        if not self._rests(life):
            if self._stalls and any(row.state == "claimed" for row in self._rows()):
                self._stalls = False
                self._clock.jump(timedelta(seconds=self._chance.uniform(10, 900)))
            return
        rows = self._rows()
        moments = [row.due_at for row in rows if row.state == "planned"]
        moments += [row.claimed_until for row in rows if row.state == "claimed" and row.claimed_until]
        wait = min(moments, default=self._clock.now()) - self._clock.now()
        if wait > timedelta():
            self._clock.jump(wait - ahead if wait > ahead else wait)

    def _pass_time(self) -> None:
        """Let time pass while the bot is down, and sometimes change the programme and talk in the channel."""
        rows = [row for row in self._rows() if row.open]
        kind = self._chance.random()
        if kind < 0.45:
            self._clock.jump(timedelta(seconds=self._chance.uniform(0, 5)))
        elif kind < 0.65:
            self._clock.jump(LEASE + timedelta(seconds=self._chance.uniform(1, 60)))
        elif kind < 0.85:
            self._clock.jump(self.guild.nonce_window + MINUTE * self._chance.uniform(1, 20))
        elif rows:
            row = self._chance.choice(rows)
            moment = self._chance.choice((row.useful_until, row.starts_at, row.due_at))
            late = timedelta(seconds=self._chance.uniform(-90, 90))
            self._clock.jump(max(moment + late - self._clock.now(), timedelta()))
        if self._chance.random() < 0.35:
            self._table = changed(self._table, self._clock.now(), self._chance)
        for _ in range(self._chance.choice((0, 0, 0, 3, 120, 250))):
            self.guild.chat("Where is the coffee?")

    def _rows(self) -> list[Row]:
        moments = ("starts_at", "due_at", "useful_until", "claimed_until")
        try:
            with closing(sqlite3.connect(f"file:{self._database}?mode=ro", uri=True)) as database:
                database.row_factory = sqlite3.Row
                rows = [dict(row) for row in database.execute("SELECT * FROM delivery ORDER BY starts_at, key")]
        except sqlite3.OperationalError:  # not there yet
            return []
        for row in rows:
            row |= {name: datetime.fromisoformat(row[name]).replace(tzinfo=UTC) for name in moments if row[name]}
        return [Row(**{part.name: row[part.name] for part in fields(Row)}) for row in rows]


async def campaign(
    runs: int,
    seed: int,
    *,
    jobs: int = 2,
    kills: tuple[int, int] = (6, 12),
    keep: Path | None = None,
    tell: Callable[[Report], None] | None = None,
) -> Report:
    """Play some runs, several at a time.

    Args:
        runs: how many.
        seed: what decides about programmes and kills; what the machine does when is not in its hands.
        jobs: how many at a time.
        kills: how often the bot is killed in a run, at least and at most.
        keep: where what was found in a run that failed is kept.
        tell: called after each run with its report.
    """
    chance = random.Random(seed)  # noqa: S311 - it is to be the same each time
    points = Points(chance)
    whole = Report()
    left = [(f"{seed}-{number}", chance.randint(*kills)) for number in range(runs, 0, -1)]

    async def work() -> None:
        while left:
            name, number = left.pop()
            with _folder(name, keep) as folder:
                run = Run(name, folder, points)
                await run.play(number)
                if keep and run.report.findings:
                    shutil.copytree(folder, keep / name, dirs_exist_ok=True)
                    history = json.dumps(run.guild.messages, indent=1)
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
