"""Many runs, several at a time."""

import asyncio
import json
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.delivery.crash.points import Points
from tests.delivery.crash.report import Report
from tests.delivery.crash.run import Run
from tests.delivery.crash.starter import ChildGone, Starter
from tests.delivery.crash.troubles import Trouble, in_turn


async def campaign(
    runs: int,
    seed: int,
    *,
    jobs: int = 2,
    kills: tuple[int, int] = (6, 12),
    only: Trouble | None = None,
    keep: Path | None = None,
    tell: Callable[[Report], None] | None = None,
) -> Report:
    """Play some runs, several at a time.

    Args:
        runs: how many.
        seed: what decides about programmes and kills; what the machine does when is not in its hands.
        jobs: how many at a time.
        kills: how often the bot is killed in a run, at least and at most.
        only: what else goes wrong in all runs; everything in turn if it is None.
        keep: where what was found in a run that failed is kept.
        tell: called after each run with its report.
    """
    chance = random.Random(seed)  # noqa: S311 - it is to be the same each time
    points = Points(chance)
    whole = Report()
    names = zip(range(1, runs + 1), in_turn(only), strict=False)
    left = [(f"{seed}-{number}, {trouble}", chance.randint(*kills)) for number, trouble in names][::-1]

    async def work() -> None:
        starters = await Starter.open(), await Starter.open()
        while left:
            name, number = left.pop()
            with _folder(name.partition(", ")[0], keep) as (folder, keep_it):
                run = Run(name, folder, points, starters)
                try:
                    await run.play(number)
                except (ChildGone, OSError) as error:
                    # The machine ran out of something; what was found so far stays.
                    run.report.broken_off.append(f"run {name}: {error!r}")
                    await _close(starters)
                    starters = await Starter.open(), await Starter.open()
                if run.report.findings or run.report.broken_off:
                    history = json.dumps(
                        [one.messages for one in (*run.guild.channels.values(), *run.guild.direct.values())], indent=1
                    )
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
