"""One programme, one database, one server, and many lives of the bot."""

import asyncio
import random
import signal
import sqlite3
import time
from collections import Counter
from contextlib import closing
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.delivery.crash import troubles
from tests.delivery.crash.audience import announce, announced, correct, listeners, news_ahead, prepare
from tests.delivery.crash.child import Setting
from tests.delivery.crash.clock import SharedClock
from tests.delivery.crash.judge import Evidence, Judge, Passing
from tests.delivery.crash.points import RANDOM, RARE_POINTS, Fault, Points
from tests.delivery.crash.report import Life, Report, Row
from tests.delivery.crash.starter import TOKEN, Starter
from tests.delivery.crash.timetable import CHANNEL, LEADS, MINUTE, NEWS, Timetable, changed, random_timetable, write
from tests.delivery.crash.troubles import Trouble
from tests.support.stand_in import Guild, discord_stand_in

LEASE = timedelta(seconds=60)
"""As in bot.delivery.dispatcher: how long the harness must wait, not what the bot does."""

PATIENCE = 180.0
"""How many seconds of the machine's a bot that has something to do may take for it before it counts as stuck."""

_LOOK = 0.03
"""How long the harness waits before it looks again, in seconds."""

_WRONG = (timedelta(hours=-1), timedelta(), timedelta(hours=1))


class Run:
    """One programme, one database, one server, and many lives of the bot.

    Attributes:
        report: what was found out.
        guild: the server with the channels.
    """

    def __init__(self, name: str, folder: Path, points: Points, starters: tuple[Starter, Starter]) -> None:
        self._name, _, trouble = name.partition(", ")
        self._trouble = Trouble(trouble)
        self._folder = folder
        self._points = points
        self._starter, self._copy = starters
        self._chance = random.Random(name)  # noqa: S311 - it is to be the same each time
        self._database = folder / "conference.sqlite3"
        self._clock = SharedClock.create(folder / "clock", time.time())
        # How far Discord's clock is off; an hour for one whose own clock is.
        far = 3600 if self._trouble is Trouble.CLOCK else 0
        self._skew = timedelta(seconds=self._chance.uniform(-200, 200) + self._chance.choice((-far, far)))
        self._leads = sorted(self._chance.sample(LEADS, self._chance.randint(1, 4)))
        # What is stopped while it sends is sent by another meanwhile, and what is answered with 502 by discord.py once
        # more at once: then only Discord can tell that it is the same.
        windows = {Trouble.STOPPED_COPY: (10,), Trouble.SLOW: (3, 10)}.get(self._trouble, (0, 0, 3, 10))
        self.guild = Guild(
            CHANNEL,
            clock=lambda: self._clock.true() + self._skew,
            nonce_window=MINUTE * self._chance.choice(windows),
            intervene=self._intervene,
        )
        self.guild.channel(NEWS)
        self._olga = self.guild.person("olga", "Organizers")
        self._table: Timetable = random_timetable(self._chance)
        self._hearing = listeners(self.guild, self._table, self._chance)
        self._announced = 0
        self._lives: list[Life] = []
        self._fault = Fault()
        self._failing: Counter[str] = Counter()
        self._passes = False
        self._passings: list[Passing] = []
        self._wrongs: list[tuple[datetime, timedelta]] = [(self._clock.true(), timedelta())]
        self._begun: list[datetime] = []
        self._working: asyncio.Task[None] | None = None
        self._seen: tuple[str, float] = ("", 0.0)
        self.report = Report(runs=1)

    async def play(self, kills: int) -> None:
        """Kill the bot as often as that, then leave it in peace, then look what there is."""
        await prepare(self._database, self._hearing)
        async with discord_stand_in(TOKEN, self.guild) as self._stand_in:
            self._setting = Setting(
                self._stand_in.api,
                self._stand_in.gateway_address,
                str(self._folder / "clock"),
                self._clock.started,
                str(self._folder / "log"),
            )
            try:
                while self.report.kills.total() < kills:
                    await self._live(self._next_fault())
                    await self._pass_time()
                await self._finish()
            finally:
                for starter in (self._starter, self._copy):
                    starter.signal(signal.SIGKILL)
                    await starter.wait()
        self.report.troubles[self._trouble] = self.report.kills.total()
        self._judge()

    def _judge(self) -> None:
        channels = [*self.guild.channels.values(), *self.guild.direct.values()]
        evidence = Evidence(
            f"{self._name} ({self._trouble})",
            channels,
            self._rows(),
            self._lives,
            self._leads,
            self._hearing,
            announced(self._database),
            self._passings,
            {message["id"]: self._shown(message["timestamp"]) for one in channels for message in one.messages},
            (self._folder / "log").read_text(encoding="utf-8").splitlines(),
        )
        Judge(evidence, self.report).judge(self._clock.now())

    def _shown(self, timestamp: str) -> tuple[datetime, int]:
        """Return what the bot's clock showed when a message came, and in which of its lives."""
        moment = datetime.fromisoformat(timestamp) - self._skew
        before = [(since, wrong) for since, wrong in self._wrongs if since <= moment] or self._wrongs[:1]
        # What was on its way when the clock was set was begun by what it showed before.
        lately = [wrong for since, wrong in before[:-1] if moment - before[-1][0] < LEASE][-1:]
        life = sum(begun <= moment for begun in self._begun) - 1
        return moment + max([before[-1][1], *lately]), max(life, 0)

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
        self._stand_in.heal()
        if self._trouble is Trouble.SLOW:
            troubles.make_slow(self._stand_in, self._chance)
        if fault.point.startswith("postpone") or self._chance.random() < 0.1:
            self._failing[self._chance.choice(("received", "stored"))] = self._chance.randint(1, 3)
        # Now and then the machine sleeps while a message is on its way.
        self._passes = self._chance.random() < 0.2
        if self._trouble.has_copy:
            await self._begin_copy()
        life = await self._begin(fault)
        patience = PATIENCE
        if fault.point == RANDOM:
            patience = self._chance.choice((0.5, 1.5, 4.0)) - self._chance.random() * 0.5
        until = time.monotonic() + patience
        trouble, corrects = self._chance.random() < 0.5, self._chance.random() < 0.8
        while self._starter.ended is None:
            rows = self._rows()
            nothing_left = self._rests(life, rows) and not any(row.open for row in rows)
            if time.monotonic() > until or (fault.point != RANDOM and nothing_left and self._is_idle()):
                self._starter.signal(signal.SIGKILL)
                self._fault = replace(fault, point=RANDOM)
                break
            await asyncio.sleep(_LOOK)
            if corrects and self._is_idle() and self._clock.rest and (sent := self._sent(rows)):
                corrects = self._chance.random() < 0.3
                self._correct(int(self._chance.choice(sent)))
            elif trouble and self._is_idle():
                trouble = self._chance.random() > 0.1
                self._make_trouble(rows)
            self._hurry(life, rows, ahead=timedelta(seconds=self._chance.uniform(0, 10)))
        await self._end(allowed=self._trouble.ends_bots)

    async def _end(self, *, allowed: bool) -> None:
        status = await self._starter.wait()
        if self._working:
            await self._working
            self._working = None
        if self._trouble is Trouble.SLOW:
            # What was on its way is there within a second, and not after the hours that are let pass at once.
            await asyncio.sleep(1.1 * troubles.SLOWEST)
        if status == -signal.SIGKILL:
            self.report.kills[self._fault.point] += 1
        elif allowed and status in (1, 2):
            self.report.refusals += 1
        else:
            self.report.others.append(f"run {self._name}: the bot ended with {status}")
        if self._trouble.has_copy and self._chance.random() < 0.3:
            self._copy.signal(signal.SIGKILL)

    async def _begin(self, fault: Fault) -> Life:
        self._fault = fault
        self._clock.forget_rest()
        life = Life(self._table, self._clock.now())
        self._lives.append(life)
        self._begun.append(self._clock.true())
        # A locked database is to fail, and not to be waited for as long as a person would.
        timeout = 300 if self._trouble is Trouble.LOCKED else 0
        config = write(self._folder, self._table, self._leads)
        await self._starter.start(self._setting, config, fault, busy_timeout=timeout)
        return life

    async def _begin_copy(self) -> None:
        """Let a second bot work beside the first, also when that is down."""
        if self._copy.pid is None:
            config = write(self._folder, self._table, self._leads)
            await self._copy.start(self._setting, config, Fault(), tells=False)

    async def _finish(self) -> None:
        """Let the bot do in peace what is still to be done."""
        self._failing.clear()
        self._stand_in.heal()
        self._passes = False
        self._copy.signal(signal.SIGKILL)
        await self._copy.wait()
        life = await self._begin(Fault())
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self._starter.ended is None:
            await asyncio.sleep(_LOOK)
            rows = self._rows()
            if self._rests(life, rows) and not any(row.open for row in rows):
                break
            self._hurry(life, rows)
        # What was corrected and not carried to its message when the bot died is carried there at the next start.
        await asyncio.sleep(0.3)
        self._starter.signal(signal.SIGTERM)
        if status := await self._starter.wait():
            self.report.others.append(f"run {self._name}: the bot that was left in peace ended with {status}")

    # What goes wrong, and what people do meanwhile.

    def _is_idle(self) -> bool:
        return self._working is None or self._working.done()

    def _sent(self, rows: list[Row]) -> list[str]:
        """Return the announcements that can be corrected; which of two copies would do that is not known."""
        if self._trouble.has_copy:
            return []
        return sorted({row.subject for row in rows if row.kind == "announcement" and row.state == "sent"})

    def _correct(self, number: int) -> None:
        text, watch = f"Corrected {len(self._lives)}.", self._chance.choice((0.0, 0.05, 0.1, 0.2, 1.0))
        self._working = asyncio.create_task(correct(self._stand_in, self._olga, number, text, watch))

    def _make_trouble(self, rows: list[Row]) -> None:
        """Begin with what the run is about."""
        pid = self._starter.pid
        seconds = self._chance.uniform(0.05, 0.6)
        match self._trouble:
            case Trouble.STOPPED | Trouble.STOPPED_COPY if pid:
                self._working = asyncio.create_task(self._stop(pid, seconds, rows))
            case Trouble.CLOCK:
                self._set_clock(self._chance.choice(_WRONG), rows)
            case Trouble.FULL if pid:
                self._working = asyncio.create_task(troubles.fill_disk(pid, self._database, seconds))
            case Trouble.LOCKED:
                self._working = asyncio.create_task(troubles.lock(self._database, 3 * seconds))
            case _:
                pass

    async def _stop(self, pid: int, seconds: float, rows: list[Row]) -> None:
        stopped = asyncio.create_task(troubles.stop(pid, seconds))
        await asyncio.sleep(0)
        self._let_pass(LEASE + timedelta(seconds=self._chance.uniform(1, 240)), rows)
        await stopped

    def _set_clock(self, wrong: timedelta, rows: list[Row]) -> None:
        self._clock.set_wrong(wrong)
        self._wrongs.append((self._clock.true(), wrong))
        open_ones = frozenset(row.key for row in rows if row.open)
        self._passings.append(Passing(self._clock.now(), open_ones))

    def _let_pass(self, time_: timedelta, rows: list[Row]) -> None:
        """Let time pass at once, whatever is on its way."""
        self._clock.jump(time_)
        self._passings.append(Passing(self._clock.now(), frozenset(row.key for row in rows if row.open)))

    async def _intervene(self, point: str) -> int | None:
        life = self._lives[-1]
        life.received += point == "received"
        _, _, where = self._fault.point.partition("discord: ")
        if where and where.startswith(point) and life.received == self._fault.nth:
            self._starter.signal(signal.SIGKILL)
            # The answer reaches nobody, or a copy that sent it, which is not to send it again by itself.
            return None if where == "received, stored later" else 503
        if self._failing[point]:
            self._failing[point] -= 1
            return 503
        return None

    # Time.

    def _rests(self, life: Life, rows: list[Row]) -> bool:
        """Tell whether the bot has nothing to do now, and note when it was so."""
        moment = self._clock.rest
        if moment is None:
            return False
        # What was begun and not ended, by this life or by an earlier one, rests for a while before it is tried again.
        if not any(row.state == "claimed" for row in rows) and self._is_idle():
            life.rests.append(moment)
        return True

    def _hurry(self, life: Life, rows: list[Row], ahead: timedelta = timedelta()) -> None:
        """Put the time forward to when something happens next, or to shortly before."""
        claimed = [row for row in rows if row.state == "claimed"]
        if not self._rests(life, rows):
            if self._passes and claimed:
                self._passes = False
                self._let_pass(timedelta(seconds=self._chance.uniform(10, 900)), rows)
            return
        if not self._is_idle():
            return
        if self._trouble.has_copy and claimed and not self._hang(claimed):
            return
        moments = [row.due_at for row in rows if row.state == "planned"]
        moments += [max(row.claimed_until, row.due_at) for row in claimed if row.claimed_until]
        wait = min(moments, default=self._clock.now()) - self._clock.now()
        if wait > timedelta():
            self._clock.jump(wait - ahead if wait > ahead else wait)

    def _hang(self, claimed: list[Row]) -> bool:
        """Tell whether what is claimed has long been so, because whoever claimed it died; the copy tells nothing."""
        state = repr([(row.batch, row.claimed_until) for row in claimed])
        if self._seen[0] != state:
            self._seen = state, time.monotonic()
        return time.monotonic() - self._seen[1] > 2

    async def _pass_time(self) -> None:
        """Let time pass while the bot is down, and sometimes change the programme and talk in the channel."""
        open_ones = [row for row in self._rows() if row.open]
        kind = self._chance.random()
        if kind < 0.45:
            self._let_pass(timedelta(seconds=self._chance.uniform(0, 5)), open_ones)
        elif kind < 0.65:
            self._let_pass(LEASE + timedelta(seconds=self._chance.uniform(1, 60)), open_ones)
        elif kind < 0.85:
            self._let_pass(self.guild.nonce_window + MINUTE * self._chance.uniform(1, 20), open_ones)
        elif open_ones:
            row = self._chance.choice(open_ones)
            moment = self._chance.choice((row.useful_until, row.starts_at, row.due_at))
            late = timedelta(seconds=self._chance.uniform(-90, 90))
            self._let_pass(max(moment + late - self._clock.now(), timedelta()), open_ones)
        if self._trouble is Trouble.CLOCK and self._chance.random() < 0.3:
            self._set_clock(self._chance.choice(_WRONG), open_ones)
        if self._chance.random() < 0.35 and not self._trouble.has_copy:
            self._table = changed(self._table, self._clock.now(), self._chance)
        for _ in range(self._chance.choice((0, 0, 0, 3, 120, 250))):
            self.guild.chat("Where is the coffee?")
        if self._announced < 3 and self._chance.random() < 0.6 and self._copy.pid is None:
            self._announced += 1
            now = self._clock.now()
            await announce(self._database, self._announced, self.guild, news_ahead(self._chance, now), now)
        if self._trouble is Trouble.TRUNCATED and self._chance.random() < 0.4:
            await self._truncate()

    async def _truncate(self) -> None:
        """Start the bot on what is left of its database, then put that back."""
        kept = troubles.truncate(self._database, self._chance)
        life = await self._begin(Fault())
        until = time.monotonic() + 6
        while self._starter.ended is None and time.monotonic() < until:
            await asyncio.sleep(_LOOK)
            if self._rests(life, []):
                break
        life.rests.clear()
        self._starter.signal(signal.SIGKILL)
        await self._end(allowed=True)
        troubles.restore(kept, self._database)

    def _rows(self) -> list[Row]:
        moments = ("starts_at", "due_at", "useful_until", "claimed_until")
        try:
            with closing(sqlite3.connect(f"file:{self._database}?mode=ro", uri=True)) as database:
                database.row_factory = sqlite3.Row
                rows = [dict(row) for row in database.execute("SELECT * FROM delivery ORDER BY starts_at, key")]
        except sqlite3.DatabaseError:  # not there yet, or no database any more
            return []
        for row in rows:
            row |= {name: datetime.fromisoformat(row[name]).replace(tzinfo=UTC) for name in moments if row[name]}
        return [Row(**{part.name: row[part.name] for part in fields(Row)}) for row in rows]
