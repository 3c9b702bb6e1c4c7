"""Many runs, several at a time."""

import asyncio
import json
import random
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tests.delivery.crash.report import Report
from tests.delivery.crash.run import Run
from tests.delivery.crash.starter import ChildGone, Starter
from tests.delivery.crash.troubles import Trouble, in_turn


@dataclass(frozen=True)
class Planned:
    """A run that is to be played: its name, what else goes wrong, and how often the bot is killed."""

    name: str
    trouble: Trouble
    kills: int


def planned(
    runs: int,
    seed: int,
    *,
    kills: tuple[int, int] = (6, 12),
    only: Trouble | None = None,
    numbers: Collection[int] = (),
) -> list[Planned]:
    """Return the runs of a campaign; with numbers, those of them that have these numbers.

    Args:
        runs: how many there are.
        seed: what decides about programmes and kills.
        kills: how often the bot is killed in a run, at least and at most.
        only: what else goes wrong in all runs; everything in turn if it is None.
        numbers: which of them are meant.
    """
    troubles = islice(in_turn(only), max(numbers, default=runs))
    return [
        Planned(f"{seed}-{number}", trouble, random.Random(f"{seed}-{number}").randint(*kills))  # noqa: S311 - no secret
        for number, trouble in enumerate(troubles, start=1)
        if not numbers or number in numbers
    ]


async def campaign(
    plan: list[Planned],
    *,
    jobs: int = 2,
    part: str | None = None,
    keep: Path | None = None,
    tell: Callable[[Report], None] | None = None,
) -> Report:
    """Play some runs, several at a time.

    Args:
        plan: the runs.
        jobs: how many at a time.
        part: the only part that is played; all of them if it is None.
        keep: where what was found in a run that failed is kept.
        tell: called after each run with its report.
    """
    whole = Report()
    left = plan[::-1]

    async def work() -> None:
        starters = await Starter.open(), await Starter.open()
        while left:
            one = left.pop()
            with _folder(one.name, keep) as (folder, keep_it):
                run = Run(one.name, one.trouble, folder, starters, part)
                try:
                    await run.play(one.kills)
                except (ChildGone, OSError) as error:
                    # The machine ran out of something; what was found so far stays.
                    run.report.broken_off.append(f"run {one.name}: {error!r}")
                    await _close(starters)
                    starters = await Starter.open(), await Starter.open()
                if run.report.findings or run.report.broken_off:
                    channels = (*run.guild.channels.values(), *run.guild.threads.values(), *run.guild.direct.values())
                    history = json.dumps([channel.messages for channel in channels], indent=1)
                    (folder / "messages.json").write_text(history, encoding="utf-8")
                    keep_it()
            whole.add(run.report)
            if tell:
                tell(run.report)
        await _close(starters)

    async with asyncio.TaskGroup() as group:
        for _ in range(jobs):
            group.create_task(work())
    return whole


async def _close(starters: tuple[Starter, Starter]) -> None:
    for starter in starters:
        await starter.close()


@contextmanager
def _folder(name: str, keep: Path | None) -> Iterator[tuple[Path, Callable[[], None]]]:
    with tempfile.TemporaryDirectory(prefix=f"crash-{name}-", ignore_cleanup_errors=True) as folder:

        def keep_it() -> None:
            if keep:
                shutil.copytree(folder, keep / name, dirs_exist_ok=True)

        try:
            yield Path(folder), keep_it
        except BaseException:
            keep_it()
            raise
