"""Everything that may happen to reminders, in any order: programmes change, dispatchers come and die, time passes."""

import asyncio
import re
import tempfile
from collections.abc import Coroutine
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.delivery.dispatcher import Dispatcher
from bot.delivery.model import Delivery
from bot.delivery.rows import Outbox
from bot.programme.model import Programme, Session
from bot.reminders.model import plan
from bot.store.engine import Database
from tests.support.dispatching import FakeSender, HandClock, deliver_due, dies, failing
from tests.support.outbox import (
    ALLOWED,
    HOUR,
    MINUTE,
    NOON,
    SECOND,
    THRESHOLD,
    empty_file,
    outbox_on,
    reopened,
    rows,
    states,
    steps,
)

pytestmark = [pytest.mark.usefixtures("abandoning"), pytest.mark.slow(seconds=50)]

CHANNELS = (7, 8)
LEADS = (60 * MINUTE, 10 * MINUTE, 0 * MINUTE)

KEYS = st.sampled_from("abc")
WHO = st.integers(0, 1)
PAUSES = st.sampled_from((SECOND, 15 * SECOND, MINUTE, 4 * MINUTE, 10 * MINUTE, 45 * MINUTE, 3 * HOUR))
STARTS = st.integers(-30, 24).map(lambda number: number * 5 * MINUTE)
MOVES = st.sampled_from((-90, -11, -4, 4, 11, 90)).map(lambda minutes: minutes * MINUTE)
OFFSETS = st.sampled_from((None, -30 * SECOND, 0 * SECOND, 0 * SECOND, SECOND, 61 * SECOND, 6 * MINUTE))
LENGTHS = st.sampled_from((5 * MINUTE, 45 * MINUTE, 2 * HOUR))
DEADLY = st.tuples(
    st.sampled_from(("miss", "claim", "find", "send", "send", "settle_sent", "settle_sent")),
    st.sampled_from(("before", "after")),
)


class Killed(BaseException):
    """The process is gone."""


class Fragile:
    """Passes calls on, and dies before or after one of them."""

    def __init__(self, inner: object, fate: set[tuple[str, str]]) -> None:
        self._inner = inner
        self._fate = fate

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)

        async def call(*arguments: object, **options: object) -> object:
            self._meet(name, "before")
            result = await method(*arguments, **options)
            self._meet(name, "after")
            return result

        return call

    def _meet(self, name: str, when: str) -> None:
        if (name, when) in self._fate:
            raise Killed


def base(key: str) -> str:
    """What a delivery's key was before its session moved."""
    return re.sub(r"@\d{8}T\d{4}Z$", "", key)


class Deliveries(RuleBasedStateMachine):
    """Two dispatchers on one file, a programme that changes, and a Discord that takes whatever it is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "conference.sqlite3"
        self.path.write_bytes(empty_file())
        self.runner = asyncio.Runner()
        self.clock = HandClock(NOON)
        self.sender = FakeSender(self.clock)
        self.sessions: dict[str, Session] = {}
        self.fates: list[set[tuple[str, str]]] = [set(), set()]
        self.databases: list[Database] = [self.run(reopened(self.path)) for _ in self.fates]

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(coroutine)

    def outbox(self, who: int = 0) -> Outbox:
        return outbox_on(self.databases[who])

    def dispatcher(self, who: int) -> Dispatcher:
        outbox, sender = Fragile(self.outbox(who), self.fates[who]), Fragile(self.sender, self.fates[who])
        return Dispatcher(cast("Outbox", outbox), cast("FakeSender", sender), self.clock)

    def reborn(self, who: int) -> None:
        self.run(self.databases[who].close())
        self.databases[who] = self.run(reopened(self.path))
        self.fates[who].clear()

    def wanted(self) -> list[Delivery]:
        return plan(Programme(tuple(self.sessions.values())), CHANNELS, LEADS, self.clock.now())

    def put(self, key: str, starts_at: datetime, length: timedelta) -> None:
        self.sessions[key] = Session(key, key, starts_at=starts_at, ends_at=starts_at + length)

    @initialize(starts=st.lists(STARTS, min_size=1, max_size=3), length=LENGTHS)
    def begin(self, starts: list[timedelta], length: timedelta) -> None:
        for key, start in zip("abc", starts, strict=False):
            self.put(key, self.clock.now() + HOUR + start, length)
        self.replan(0)

    @rule(key=KEYS, start=STARTS, length=LENGTHS, planned=st.booleans())
    def add(self, key: str, start: timedelta, length: timedelta, planned: bool) -> None:
        self.put(key, self.clock.now() + HOUR + start, length)
        self._changed(planned=planned)

    @precondition(lambda self: self.sessions)
    @rule(index=st.integers(0, 2), by=MOVES, planned=st.booleans())
    def move(self, index: int, by: timedelta, planned: bool) -> None:
        key = sorted(self.sessions)[index % len(self.sessions)]
        session = self.sessions[key]
        assert session.starts_at
        assert session.ends_at
        self.put(key, session.starts_at + by, session.ends_at - session.starts_at)
        self._changed(planned=planned)

    @precondition(lambda self: self.sessions)
    @rule(index=st.integers(0, 2), planned=st.booleans())
    def cancel(self, index: int, planned: bool) -> None:
        del self.sessions[sorted(self.sessions)[index % len(self.sessions)]]
        self._changed(planned=planned)

    @rule(who=WHO)
    def replan(self, who: int) -> None:
        self.run(self.dispatcher(who).note_missed())
        for _ in range(2):
            self.run(self.outbox(who).plan(self.wanted(), THRESHOLD))

    @rule(pause=PAUSES)
    def tick(self, pause: timedelta) -> None:
        self.clock.moment += pause

    @rule(back=st.sampled_from((SECOND, MINUTE, HOUR)))
    def set_the_clock_back(self, back: timedelta) -> None:
        self.clock.moment -= back

    @rule(who=WHO, off=OFFSETS)
    def deliver(self, who: int, off: timedelta | None) -> None:
        self._wait(off)
        self.run(deliver_due(self.dispatcher(who)))

    @rule(off=OFFSETS)
    def deliver_both_at_once(self, off: timedelta | None) -> None:
        async def both() -> None:
            await asyncio.gather(*(deliver_due(self.dispatcher(who)) for who in (0, 1)))

        self._wait(off)
        self.run(both())

    @rule(who=WHO, off=OFFSETS, channels=st.sets(st.sampled_from(CHANNELS), min_size=1), arrives=st.booleans())
    def deliver_hindered(self, who: int, off: timedelta | None, channels: set[int], arrives: bool) -> None:
        hindrances = self.sender.after_arrival if arrives else self.sender.before_arrival
        hindrances.update(dict.fromkeys(channels, failing(OSError("no network"), len(channels))))
        self._wait(off)
        self.run(deliver_due(self.dispatcher(who)))
        hindrances.clear()

    @rule(who=WHO, off=OFFSETS, fate=DEADLY)
    def die_at_a_step(self, who: int, off: timedelta | None, fate: tuple[str, str]) -> None:
        self.fates[who].add(fate)
        self._wait(off)
        with suppress(Killed):
            self.run(deliver_due(self.dispatcher(who)))
        self.reborn(who)

    @rule(who=WHO, off=OFFSETS, pauses=st.integers(0, 80))
    def die_at_a_pause(self, who: int, off: timedelta | None, pauses: int) -> None:
        self._wait(off)
        self.run(dies(deliver_due(self.dispatcher(who)), pauses))
        self.reborn(who)

    @rule(who=WHO, fate=st.sampled_from((("claim", "after"), ("send", "before"))))
    def one_holds_a_batch_while_the_other_works(self, who: int, fate: tuple[str, str]) -> None:
        """The first is about to go on within its lease, when the second looks for work."""
        self._wait(timedelta())
        self.fates[who].add(fate)
        with suppress(Killed):
            self.run(deliver_due(self.dispatcher(who)))
        self.fates[who].clear()
        sent = len(self.sender.history)
        # What an earlier dispatcher left behind may be taken by anybody once its lease is over.
        held = {
            key
            for (key,) in rows(
                self.path,
                "SELECT key FROM delivery WHERE state = 'claimed' AND claimed_until > ?",
                f"{self.clock.now():%Y-%m-%d %H:%M:%S.%f}",
            )
        }
        self.run(deliver_due(self.dispatcher(1 - who)))
        told = {delivery.key for _, batch, _ in self.sender.history[sent:] for delivery in batch.deliveries}
        assert not told & held, "it took what was the other's"

    def _changed(self, *, planned: bool) -> None:
        if planned:
            self.replan(0)

    def _wait(self, off: timedelta | None) -> None:
        """Wait until shortly before or after something is due."""
        due = self.run(self.outbox().next_due()) if off is not None else None
        if due and off is not None:
            self.clock.moment = max(self.clock.now(), due + off)

    @invariant()
    def nothing_was_sent_twice(self) -> None:
        told = self.sender.told
        assert len(set(told)) == len(told)
        tokens = [batch.token for _, batch, _ in self.sender.history]
        assert len(set(tokens)) == len(tokens)

    @invariant()
    def nothing_was_sent_early_or_too_late(self) -> None:
        for _, batch, moment in self.sender.history:
            assert all(delivery.due_at <= moment for delivery in batch.deliveries)
            assert moment < batch.useful_until
            assert {delivery.key.split(":")[1] for delivery in batch.deliveries} == {str(batch.target_id)}

    @invariant()
    def nothing_was_told_again_for_much_the_same_time(self) -> None:
        starts: dict[str, list[datetime]] = {}
        for _, batch, _ in self.sender.history:
            for delivery in batch.deliveries:
                starts.setdefault(base(delivery.key), []).append(delivery.starts_at)
        for told in starts.values():
            assert all(abs(one - other) > THRESHOLD for one, other in pairwise(told))

    @invariant()
    def the_outbox_took_allowed_steps_only_and_tells_the_truth(self) -> None:
        assert steps(self.path) <= ALLOWED
        assert {key for key, state in states(self.path).items() if state == "sent"} <= set(self.sender.told)

    def teardown(self) -> None:
        try:
            self._quiet()
        finally:
            for database in self.databases:
                self.run(database.close())
            self.runner.close()
            self.folder.cleanup()

    def _quiet(self) -> None:
        """Let nothing more happen than that time passes; then everything that could help has arrived, once."""
        self.replan(0)
        wanted = self.wanted()
        given_up = self._starts("state = 'missed'")
        given_up += self._starts("state = 'claimed' AND claimed_until >= useful_until")
        while due := self.run(self.outbox().next_due()):
            self.clock.moment = max(self.clock.now(), due)
            self.run(deliver_due(self.dispatcher(0)))
            self.nothing_was_sent_early_or_too_late()
        self.nothing_was_sent_twice()
        self.the_outbox_took_allowed_steps_only_and_tells_the_truth()

        after = states(self.path)
        assert set(after.values()) <= {"sent", "missed", "cancelled"}
        told = [delivery for _, batch, _ in self.sender.history for delivery in batch.deliveries]
        assert sorted(delivery.key for delivery in told) == sorted(key for key in after if after[key] == "sent")
        arrived = [(base(delivery.key), delivery.starts_at) for delivery in told]
        for delivery in wanted:
            assert any(
                key == delivery.key and abs(starts_at - delivery.starts_at) <= THRESHOLD
                for key, starts_at in [*arrived, *given_up]
            ), f"{delivery} was lost"

    def _starts(self, condition: str) -> list[tuple[str, datetime]]:
        """What deliveries in some state were about, and for which start of their session."""
        found = rows(self.path, f"SELECT key, starts_at FROM delivery WHERE {condition}")  # noqa: S608
        return [(base(key), datetime.fromisoformat(starts_at).replace(tzinfo=UTC)) for key, starts_at in found]


TestDeliveries = Deliveries.TestCase
TestDeliveries.settings = settings(
    max_examples=40, stateful_step_count=20, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
