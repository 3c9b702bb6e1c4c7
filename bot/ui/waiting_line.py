"""Whose turn it is when more people ask at once than the bot can answer."""

import asyncio
from collections import deque
from dataclasses import dataclass

from bot.clock import Clock
from bot.ui.limits import FIRST_ANSWER


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Somebody in the line.

    Attributes:
        since: since when, in the clock's steady seconds.
        turn: whether it became their turn, once that is known.
    """

    since: float
    turn: "asyncio.Future[bool]"


class WaitingLine:
    """Lets in those who ask one after another, and the event loop does everything else in between.

    Whoever asked last comes first, and commands come before suggestions. Discord gives up after three seconds: if the
    oldest came first, then as soon as the bot is three seconds behind, every answer would be too late, and nobody would
    get any more. So all get one whom the bot can answer in time, and those who asked something rather than just typed.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._commands: deque[_Waiting] = deque()
        self._suggestions: deque[_Waiting] = deque()
        self._taken = False

    async def turn(self, *, suggestion: bool) -> bool:
        """Wait for one's turn.

        Args:
            suggestion: whether somebody is still typing.

        Returns:
            whether Discord still waits for the answer.
        """
        loop = asyncio.get_running_loop()
        if not self._taken:
            self._taken = True
            loop.call_soon(self._next)
            return True
        waiting = _Waiting(self._clock.steady(), loop.create_future())
        (self._suggestions if suggestion else self._commands).append(waiting)
        return await waiting.turn

    def _next(self) -> None:
        given_up = self._clock.steady() - FIRST_ANSWER.total_seconds()
        for line in (self._commands, self._suggestions):
            while line and line[0].since <= given_up:
                _tell(line.popleft(), in_time=False)
            while line:
                if _tell(line.pop(), in_time=True):
                    asyncio.get_running_loop().call_soon(self._next)
                    return
        self._taken = False


def _tell(waiting: _Waiting, *, in_time: bool) -> bool:
    """Let somebody go on; return whether they still wait."""
    if waiting.turn.done():
        return False
    waiting.turn.set_result(in_time)
    return True
