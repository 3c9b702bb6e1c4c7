"""One programme, one database, one server, and many lives of the bot."""

import asyncio
import random
import signal
import time
from collections import Counter
from collections.abc import Coroutine
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from bot.store.engine import Database
from tests.delivery.crash import troubles
from tests.delivery.crash.audience import bookmark, listeners
from tests.delivery.crash.child import Setting
from tests.delivery.crash.clock import SharedClock
from tests.delivery.crash.evidence import LONGEST_PAUSE, Evidence, Findings, Passing
from tests.delivery.crash.judge import Judge
from tests.delivery.crash.outbox import claimed, next_moment, rows_of
from tests.delivery.crash.part import Part, Scene, use
from tests.delivery.crash.parts import parts
from tests.delivery.crash.points import RANDOM, RARE_POINTS, Fault, Points
from tests.delivery.crash.report import Life, Report, Row
from tests.delivery.crash.starter import TOKEN, Starter
from tests.delivery.crash.timetable import CHANNEL, LEADS, MINUTE, NEWS, changed, random_timetable, write
from tests.delivery.crash.troubles import Trouble
from tests.support.outbox import reopened
from tests.support.stand_in import Guild, discord_stand_in

LEASE = timedelta(seconds=60)
"""As in bot.delivery.dispatcher: how long the harness must wait, not what the bot does."""

PATIENCE = 180.0
"""How many seconds of the machine's a bot that has something to do may take for it before it counts as stuck."""

_STALLED: Final = 20.0
"""For how many seconds of the machine's a bot must rest, though something is due, before that is a finding."""

_LONGEST_AWAY: Final = timedelta(days=7)
"""How long the bot is down at most: after thirty days it forgets old meetups and deletes reports, as it should."""

_LOOK = 0.02
"""How long the harness waits before it looks again, in seconds."""

_WRONG = (timedelta(hours=-1), timedelta(), timedelta(hours=1))

_PEOPLE = ("ann", "bob", "cyd", "dan", "eve")

_opening = asyncio.Lock()
"""Migrations run one at a time in a process."""


class Run:
    """One programme, one database, one server, and many lives of the bot.

    Attributes:
        report: what was found out.
        guild: the server with the channels.
    """

    def __init__(
        self, name: str, trouble: Trouble, folder: Path, starters: tuple[Starter, Starter], only: str | None = None
    ) -> None:
        """Make a run.

        Args:
            name: all that is random in it follows from it.
            trouble: what else goes wrong.
            folder: where its files are.
            starters: start the bot, and its copy.
            only: the only part that is played; all of them if it is None.
        """
        self._name = f"{name} ({trouble})"
        self._seed = name
        self._trouble = trouble
        self._folder = folder
        self._starter, self._copy = starters
        self._chance = self._chance_of("all of it")
        self._database = folder / "conference.sqlite3"
        self._clock = SharedClock.create(folder / "clock", time.time())
        # How far Discord's clock is off; an hour for one whose own clock is.
        far = 3600 if trouble is Trouble.CLOCK else 0
        self._skew = timedelta(seconds=self._chance.uniform(-200, 200) + self._chance.choice((-far, far)))
        self._leads = sorted(self._chance.sample(LEADS, self._chance.randint(1, 4)))
        # What is stopped while it sends is sent by another meanwhile, and what is answered with 502 by discord.py once
        # more at once: then only Discord can tell that it is the same.
        windows = {Trouble.STOPPED_COPY: (10,), Trouble.SLOW: (3, 10)}.get(trouble, (0, 0, 3, 10))
        self.guild = Guild(
            CHANNEL,
            clock=lambda: self._clock.true() + self._skew,
            nonce_window=MINUTE * self._chance.choice(windows),
            intervene=self._intervene,
        )
        self.guild.channel(NEWS)
        table = random_timetable(self._chance)
        olga = self.guild.person("olga", "Organizers")
        people = [self.guild.person(person) for person in _PEOPLE]
        self._scene = Scene(
            self._database, self.guild, self._clock, olga, people, self._chance, table, trouble.has_copy
        )
        self._hearing = listeners(people, table, self._chance)
        made = {part: make for part, make in parts().items() if only in (None, part)}
        self._parts: list[Part] = [make(self._scene) for make in made.values()]
        more = [f"{part}, {what}" for part, make in made.items() for what in make.points]
        self._points = Points(self._chance_of("points"), more)
        self._lives: list[Life] = []
        self._fault = Fault()
        self._failing: Counter[str] = Counter()
        self._passes = False
        self._passings: list[Passing] = []
        self._wrongs: list[tuple[datetime, timedelta]] = [(self._clock.true(), timedelta())]
        self._begun: list[datetime] = []
        self._working: asyncio.Task[None] | None = None
        self._seen: tuple[str, float] = ("", 0.0)
        self._waited: tuple[str, float] = ("", 0.0)
        self.report = Report(runs=1)

    def _chance_of(self, what: str) -> random.Random:
        """Return what decides about something, the same each time that this run is played."""
        return random.Random(f"{self._seed}, {self._trouble}, {what}")  # noqa: S311 - no secret

    async def play(self, kills: int) -> None:
        """Kill the bot as often as that, then leave it in peace, then look what there is."""
        async with _opening:
            database = await Database.open(self._database)
        await bookmark(database, self._hearing)
        for part in self._parts:
            await part.prepare(database)
        await database.close()
        async with discord_stand_in(TOKEN, self.guild) as self._stand_in:
            self._scene.begin(self._stand_in)
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
        channels = [*self.guild.channels.values(), *self.guild.threads.values(), *self.guild.direct.values()]
        evidence = Evidence(
            self._name,
            channels,
            rows_of(self._database),
            self._lives,
            self._leads,
            self._hearing,
            self._passings,
            {message["id"]: self._shown(message["timestamp"]) for one in channels for message in one.messages},
            (self._folder / "log").read_text(encoding="utf-8").splitlines(),
            self._database,
        )
        findings = Findings(evidence, self.report)
        Judge(evidence, findings).judge(self._clock.now())
        for part in self._parts:
            part.judge(evidence, findings)

    def _shown(self, timestamp: str) -> tuple[datetime, int]:
        """Return what the bot's clock showed when a message came, and in which of its lives."""
        moment = datetime.fromisoformat(timestamp) - self._skew
        before = [(since, wrong) for since, wrong in self._wrongs if since <= moment] or self._wrongs[:1]
        # What was on its way when the clock was set was begun by what it showed before.
        lately = [wrong for since, wrong in before[:-1] if moment - before[-1][0] < LEASE][-1:]
        life = sum(begun <= moment for begun in self._begun) - 1
        return moment + max([before[-1][1], *lately]), max(life, 0)

    def _next_fault(self) -> Fault:
        self._chance = self._scene.chance = self._chance_of(f"life {len(self._lives)}")
        rows = claimed(rows_of(self._database))
        if any(row.useful_until <= self._clock.now() for row in rows):
            return Fault(self._chance.choice(RARE_POINTS))
        point = self._points.next(claimed=bool(rows))
        many = point.startswith(("miss", "claim", "send", "mark", "discord"))
        return Fault(point, self._chance.choice((1, 1, 2, 3)) if many else 1)

    async def _live(self, fault: Fault) -> None:
        """Start the bot and let it run until it is killed."""
        chance = self._chance
        self._failing.clear()
        self._stand_in.heal()
        if self._trouble is Trouble.SLOW:
            troubles.make_slow(self._stand_in, chance)
        if fault.point.startswith("postpone") or chance.random() < 0.1:
            self._failing[chance.choice(("received", "stored"))] = chance.randint(1, 3)
        # Now and then the machine sleeps while a message is on its way.
        self._passes = chance.random() < 0.2
        patience = chance.choice((0.5, 1.5, 4.0)) - chance.random() * 0.5 if fault.point == RANDOM else PATIENCE
        trouble = chance.random() < 0.5
        acting = [part for part in chance.sample(self._parts, len(self._parts)) if chance.random() < 0.8]
        if self._trouble.has_copy:
            await self._begin_copy()
        life = await self._begin(fault)
        until = time.monotonic() + patience
        while self._starter.ended is None:
            await asyncio.sleep(_LOOK)
            rests, rows = self._look(life, anyway=trouble or self._passes)
            nothing_left = rests and not any(row.open for row in rows)
            if time.monotonic() > until or (fault.point != RANDOM and nothing_left and self._is_idle() and not acting):
                self._starter.signal(signal.SIGKILL)
                self._fault = replace(fault, point=RANDOM)
                break
            if acting and self._is_idle() and rests:
                part = acting.pop()
                if act := part.act(rows):
                    self._working = asyncio.create_task(self._act(act))
                    acting += [part] * (chance.random() < 0.3)
            elif trouble and self._is_idle():
                trouble = chance.random() > 0.1
                self._make_trouble(rows)
            self._hurry(rows, timedelta(seconds=chance.uniform(0, 10)), rests=rests)
        await self._end(allowed=self._trouble.ends_bots)

    async def _act(self, act: Coroutine[Any, Any, None]) -> None:
        """Let somebody use the bot, and then watch for a moment."""
        await use(act)
        await asyncio.sleep(self._chance.choice((0.0, 0.05, 0.1, 0.2)))

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
        life = Life(self._scene.table, self._clock.now())
        self._scene.life = len(self._lives)
        self._lives.append(life)
        self._begun.append(self._clock.true())
        # A locked database is to fail, and not to be waited for as long as a person would.
        timeout = 300 if self._trouble is Trouble.LOCKED else 0
        await self._starter.start(self._setting, self._configured(), fault, busy_timeout=timeout)
        return life

    async def _begin_copy(self) -> None:
        """Let a second bot work beside the first, also when that is down."""
        if self._copy.pid is None:
            await self._copy.start(self._setting, self._configured(), Fault(), tells=False)

    def _configured(self) -> Path:
        return write(self._folder, self._scene.table, self._leads, [part.configuration() for part in self._parts])

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
            rests, rows = self._look(life)
            if rests and not any(row.open for row in rows) and all(part.is_done for part in self._parts):
                break
            self._hurry(rows, rests=rests)
        ended, self._waited = self._starter.ended, ("", 0.0)
        self._starter.signal(signal.SIGTERM)
        status = await self._starter.wait()
        if ended is not None or status:
            others = self.report.others
            others.append(f"run {self._name}: the bot that was left in peace ended with {status}, by itself: {ended}")

    # What goes wrong meanwhile.

    def _is_idle(self) -> bool:
        return self._working is None or self._working.done()

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
        life.opened += point == "thread received"
        _, _, where = self._fault.point.partition("discord: ")
        number = life.opened if point.startswith("thread") else life.received
        if where and where.startswith(point) and number == self._fault.nth:
            self._starter.signal(signal.SIGKILL)
            # The answer reaches nobody, or a copy that sent it, which is not to send it again by itself.
            return None if where == "received, stored later" else 503
        if self._failing[point]:
            self._failing[point] -= 1
            return 503
        return None

    # Time.

    def _look(self, life: Life, *, anyway: bool = False) -> tuple[bool, list[Row]]:
        """Tell whether the bot has nothing to do now, note when it was so, and return what is in the outbox then."""
        rest = self._clock.rest
        rows = rows_of(self._database) if rest or anyway else []
        # What was begun and not ended, by this life or by an earlier one, rests for a while before it is tried again.
        if rest and not claimed(rows) and self._is_idle():
            life.rests.append(rest)
        return rest is not None, rows

    def _hurry(self, rows: list[Row], ahead: timedelta = timedelta(), *, rests: bool) -> None:
        """Put the time forward to when something happens next, or to shortly before."""
        if self._stand_in.in_hand:
            return  # Discord does at once what it is asked for, and not after the hours that are let pass at once
        if not rests:
            if self._passes and claimed(rows):
                self._passes = False
                self._let_pass(timedelta(seconds=self._chance.uniform(10, 900)), rows)
            return
        if self._clock.rest is None:  # it has been given something to do
            return
        if not self._is_idle() or (self._trouble.has_copy and claimed(rows) and not self._hang(claimed(rows))):
            return
        now, due, until = self._clock.now(), next_moment(rows), self._clock.rests_until
        if due and due > now:
            wait = min(due, max(until or due, now)) - now
            self._clock.jump(wait - ahead if wait > ahead else wait)
        elif due and until and timedelta() < until - now <= LONGEST_PAUSE:
            # Something is due, and the bot waits before it tries again.
            self._clock.jump(until - now)
        elif due:
            self._wonder(f"the bot waits until {until}, though something is due since {due}")

    def _wonder(self, why: str) -> None:
        """Write down that a bot does not do what is due, once that has been so for long."""
        if self._waited[0] != why:
            self._waited = why, time.monotonic()
        elif time.monotonic() - self._waited[1] > _STALLED:
            self.report.others.append(f"run {self._name}, life {len(self._lives)}: {why}")
            self._starter.signal(signal.SIGKILL)
            self._fault = replace(self._fault, point=RANDOM)

    def _hang(self, rows: list[Row]) -> bool:
        """Tell whether what is claimed has long been so, because whoever claimed it died; the copy tells nothing."""
        if self._copy.pid is None:
            return True  # the bot rests, and so has nothing on its way
        state = repr([(row.batch, row.claimed_until) for row in rows])
        if self._seen[0] != state:
            self._seen = state, time.monotonic()
        return time.monotonic() - self._seen[1] > 2

    async def _pass_time(self) -> None:
        """Let time pass while the bot is down, and sometimes change the programme and talk in the channel."""
        chance = self._chance = self._scene.chance = self._chance_of(f"after life {len(self._lives)}")
        open_ones = [row for row in rows_of(self._database) if row.open]
        self._let_pass(self._while_down(open_ones), open_ones)
        if self._trouble is Trouble.CLOCK and chance.random() < 0.3:
            self._set_clock(chance.choice(_WRONG), open_ones)
        if chance.random() < 0.35 and not self._trouble.has_copy:
            self._scene.table = changed(self._scene.table, self._clock.now(), chance)
        for _ in range(chance.choice((0, 0, 0, 3, 120, 250))):
            self.guild.chat("Where is the coffee?")
        if self._copy.pid is None:
            await self._change_database()
        if self._trouble is Trouble.TRUNCATED and chance.random() < 0.4:
            await self._truncate()

    def _while_down(self, open_ones: list[Row]) -> timedelta:
        """Return how long the bot is down."""
        chance, kind = self._chance, self._chance.random()
        if kind < 0.45:
            return timedelta(seconds=chance.uniform(0, 5))
        if kind < 0.65:
            return LEASE + timedelta(seconds=chance.uniform(1, 60))
        if kind < 0.85 or not open_ones:
            return self.guild.nonce_window + MINUTE * chance.uniform(1, 20)
        row = chance.choice(open_ones)
        moment = chance.choice((row.useful_until, row.starts_at, row.due_at))
        away = moment + timedelta(seconds=chance.uniform(-90, 90)) - self._clock.now()
        return min(max(away, timedelta()), _LONGEST_AWAY)

    async def _change_database(self) -> None:
        async with _opening:
            database = await reopened(self._database)
        try:
            for part in self._parts:
                await part.meanwhile(database)
        finally:
            await database.close()

    async def _truncate(self) -> None:
        """Start the bot on what is left of its database, then put that back."""
        kept = troubles.truncate(self._database, self._chance)
        await self._begin(Fault())
        until = time.monotonic() + 6
        while self._starter.ended is None and time.monotonic() < until:
            await asyncio.sleep(_LOOK)
            if self._clock.rest:
                break
        self._starter.signal(signal.SIGKILL)
        await self._end(allowed=True)
        troubles.restore(kept, self._database)
