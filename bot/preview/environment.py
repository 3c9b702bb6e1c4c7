"""SimCord's simulation, in which the bot has its turns without waiting for real time."""

import asyncio
from typing import Any, Final

from simcord.env import Env

from bot.delivery.nap import NAP

_IDLE: Final = 0.002
"""How often is looked whether the bot has finished, in seconds.

SimCord looks every 50 ms, and a night has thousands of such moments; most of it would be waiting.
"""


class QuickEnv(Env):
    """A simulation that goes on as soon as the bot has finished."""

    async def _settle_internal(self, **options: Any) -> None:  # noqa: ANN401 - handed on as it is
        await super()._settle_internal(**{"idle": _IDLE, **options})

    def _schedule_timer(self, record: Any, *details: Any) -> None:  # noqa: ANN401 - handed on as it is
        """Let the bot's naps end by the simulation's clock alone: SimCord would wait for short ones in real time."""
        super()._schedule_timer(record, *details)
        task = asyncio.current_task()
        if task and task.get_name() == NAP and record.real_handle:
            record.real_handle.cancel()
