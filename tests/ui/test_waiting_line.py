"""Whose turn it is when more people ask at once than can be answered."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.ui.waiting_line import WaitingLine


class Clock:
    """A clock that stands still until it is set."""

    seconds = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC)

    def steady(self) -> float:
        return self.seconds


class Asked:
    """People who ask, and who came in in which order."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.line = WaitingLine(self.clock)
        self.order: list[str] = []
        self.late: list[str] = []
        self.tasks: dict[str, asyncio.Task[None]] = {}

    def ask(self, name: str, *, takes: float = 0.0, suggestion: bool = False) -> None:
        async def asking() -> None:
            in_time = await self.line.turn(suggestion=suggestion)
            (self.order if in_time else self.late).append(name)
            self.clock.seconds += takes

        self.tasks[name] = asyncio.create_task(asking())

    async def all(self) -> None:
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)


@pytest.fixture
def asked() -> Asked:
    return Asked()


async def test_who_asks_alone_does_not_wait(asked: Asked) -> None:
    for name in "abc":
        asked.ask(name)
        await asked.all()
    assert asked.order == ["a", "b", "c"]


async def test_of_many_the_last_come_first_and_commands_before_suggestions(asked: Asked) -> None:
    for number in range(4):
        asked.ask(f"typed {number}", suggestion=True)
        asked.ask(f"command {number}")
    await asked.all()
    first, *others = asked.order
    assert first == "typed 0"  # nobody else was there yet
    commands = [f"command {number}" for number in (3, 2, 1, 0)]
    assert others == [*commands, "typed 3", "typed 2", "typed 1"]


async def test_everything_else_goes_on_between_two_turns(asked: Asked) -> None:
    for number in range(50):
        asked.ask(str(number))
    turns = 0
    while len(asked.order) < 50:
        before = len(asked.order)
        await asyncio.sleep(0)
        turns += 1
        assert len(asked.order) - before <= 1
    assert turns >= 50


async def test_who_came_too_early_to_be_answered_in_time_takes_no_time_of_the_others(asked: Asked) -> None:
    for number in range(10):
        asked.ask(str(number), takes=0.7)
    await asked.all()
    assert asked.order == ["0", "9", "8", "7", "6", "5"]  # the others have waited for 3.5 seconds
    assert asked.late == ["1", "2", "3", "4"]


async def test_those_who_come_meanwhile_are_answered_however_many_wait(asked: Asked) -> None:
    for number in range(100):
        asked.ask(str(number), takes=0.5)
    for _ in range(4):
        await asyncio.sleep(0)
    asked.ask("new", takes=0.5)
    for _ in range(3):
        await asyncio.sleep(0)
    assert "new" in asked.order
    await asked.all()
    assert len(asked.order) + len(asked.late) == 101


async def test_who_goes_away_is_left_out(asked: Asked) -> None:
    for name in "abcd":
        asked.ask(name)
    await asyncio.sleep(0)
    asked.tasks["d"].cancel()
    await asked.all()
    assert asked.order == ["a", "c", "b"]
