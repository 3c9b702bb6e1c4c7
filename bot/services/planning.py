"""Planning what goes out on its own: all of it at once, or what a change is about."""

from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec

from bot.background import BackgroundTasks, OneAtATime

P = ParamSpec("P")


class Planning:
    """Plans everything when it is asked to, until that succeeds."""

    def __init__(self, background: BackgroundTasks, plan: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Make it.

        Args:
            background: owns the task.
            plan: plans everything.
        """
        self._everything = OneAtATime(background, plan, "planning", persistent=True)

    def ask(self) -> None:
        """Plan everything soon."""
        self._everything.ask()

    def or_everything(self, plan: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, Coroutine[Any, Any, None]]:
        """Return what plans something at once; where that fails, everything is planned as soon as that is possible."""

        async def planned(*what: P.args, **how: P.kwargs) -> None:
            try:
                await plan(*what, **how)
            except Exception:
                self.ask()
                raise

        return planned
