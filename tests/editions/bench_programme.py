"""How long a programme takes to load, at the first start, at a restart and at a change, and what it needs meanwhile.

    python -m tests.editions.bench_programme CORPUS… --sizes 1000 6495 20000 --before ../earlier --before-sizes 1000

Each step runs in a process of its own, which loads as the bot does: `Services.open` on a real SQLite file, sources from
files, and `Library.propose_…` and `apply` for a change. Only Discord is missing. `--before` names a checkout of another
commit, in which the same steps run for comparison. Seconds are of CPU, of all threads; writing down what the next start
takes up comes after a step and is told apart. The event loop is held while a task that wants to go on every millisecond
can't: that is measured in the process's CPU time as well as on the wall clock, and the smaller one counts, for on a
busy machine a process also waits for others.
"""

import argparse
import asyncio
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import discord

from bot.client import ConferenceBot
from bot.config import Config
from bot.editions.model import KeptCorrection
from bot.programme.corrections import Correction
from bot.programme.source import Loaded
from bot.services import Services
from bot.sources.load import load_configured

STEPS: Final = ("first load", "restart", "title fixed", "abstract changed", "five reloads")

_IN_A_FILE: Final = 25_000
"""How many papers a source has; more of them would make a larger file than the bot takes."""
_IN_A_SESSION: Final = 30
_TICK: Final = 0.001
"""How often the event loop is asked for a turn, in seconds."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a step took.

    Attributes:
        cpu: in seconds.
        wall: in seconds.
        kept: CPU seconds from its end until everything was written down and closed.
        held: the longest time for which the event loop did nothing else, in seconds.
        memory: the most that the process ever had, in MiB.
    """

    cpu: float
    wall: float
    kept: float
    held: float
    memory: int


class Watch:
    """Measures what happens until it is stopped."""

    def __init__(self) -> None:
        self.held = 0.0
        self._started = (time.process_time(), time.perf_counter())
        self._task = asyncio.create_task(self._tick())

    async def _tick(self) -> None:
        cpu, wall = time.process_time(), time.perf_counter()
        while True:
            await asyncio.sleep(_TICK)
            new_cpu, new_wall = time.process_time(), time.perf_counter()
            self.held = max(self.held, min(new_cpu - cpu, new_wall - wall - _TICK))
            cpu, wall = new_cpu, new_wall

    async def stop(self) -> tuple[float, float, float]:
        cpu, wall = time.process_time() - self._started[0], time.perf_counter() - self._started[1]
        await asyncio.sleep(2 * _TICK)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        return cpu, wall, self.held


async def measured(step: str, folder: Path) -> Figures:
    """Do a step in this process."""
    config = config_of(folder)
    bot = ConferenceBot(config)
    watch = Watch()
    with patch.object(discord.Client, "login"):
        await bot.login("")  # which opens the services before it would connect
    services = bot.services
    if step in ("title fixed", "abstract changed", "five reloads"):
        await watch.stop()
        # What was worked out at the start is none of the step's business.
        await asyncio.sleep(0.5)
    if step == "title fixed":
        key = list(services.library.edition.programme.papers)[7]
        fix = KeptCorrection(Correction("paper", key, "title", "A title that was put right"), 1, datetime.now(UTC))
        watch = Watch()
        await services.library.apply(await services.library.propose_corrections([fix]))
    elif step == "abstract changed":
        use_version(folder, 1)
        loaded = await loaded_now(services)
        watch = Watch()
        proposal = await services.library.propose_update(loaded)
        if proposal is None:
            raise ValueError("the change was not found")
        await services.library.apply(proposal)
    elif step == "five reloads":
        watch = Watch()
        for number in range(5):
            # In a thread: it takes the system a while to delete a large file, which is none of the bot's doing.
            await asyncio.to_thread(use_version, folder, number + 2)
            proposal = await services.library.propose_update(await loaded_now(services))
            if proposal is None:
                raise ValueError("the change was not found")
            await services.library.apply(proposal)
            del proposal
    cpu, wall, held = await watch.stop()
    rest = time.process_time()
    await services.close()
    kept = time.process_time() - rest
    return Figures(cpu, wall, kept, held, peak_memory())


async def loaded_now(services: Services) -> Loaded:
    """Return the configured source as it is now, loaded as `/programme reload` does."""
    if not hasattr(services.library, "source"):  # an earlier checkout
        return await load_configured(services.config, services.fetcher)
    return await load_configured(services.config, services.fetcher, await services.library.source())


def peak_memory() -> int:
    """Return the most memory this process ever had, in MiB; the system's `ru_maxrss` begins with its parent's."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) // 1024


def config_of(folder: Path) -> Config:
    sources = sorted(folder.glob("source-*.json"))
    return Config.model_validate(
        {
            "conference": {"name": "Bench", "timezone": "UTC"},
            "programme": {"sources": [{"path": path} for path in sources]},
            "database": {"path": folder / "bench.sqlite3"},
        }
    )


def use_version(folder: Path, number: int) -> None:
    """Put another version of the first source in its place: with one abstract changed, from the second on a tenth."""
    (folder / f"version-{number}.json").replace(folder / "source-00.json")


def write_versions(folder: Path) -> None:
    path = folder / "source-00.json"
    document = json.loads(path.read_bytes())
    told = [paper["abstract"] or "" for paper in document["papers"]]
    for number in range(1, 7):
        for paper, abstract in list(zip(document["papers"], told, strict=True))[:: 10 if number > 1 else len(told)]:
            paper["abstract"] = f"This is version {number}, NeuroFrob-{number} of it. {abstract}"
        (folder / f"version-{number}.json").write_text(json.dumps(document), encoding="utf-8")


def write_sources(corpora: Sequence[Path], size: int, folder: Path) -> None:
    """Write sources with so many papers, a session for every thirty."""
    # Only here, for an earlier checkout need not have it.
    from bot.sources.export import as_json  # noqa: PLC0415
    from tests.search.bench_corpora import joined, read_corpus, tiled  # noqa: PLC0415

    corpus = joined([read_corpus(path) for path in corpora])
    papers = json.loads(as_json(tiled(corpus, -(-size // len(corpus.papers)))))["papers"][:size]
    start = datetime(2031, 7, 4, 8, tzinfo=UTC)
    for number, first in enumerate(range(0, size, _IN_A_FILE)):
        part = papers[first : first + _IN_A_FILE]
        for place, paper in enumerate(part):
            paper["key"] = f"p{first + place}"
        sessions = [
            {
                "name": f"Session {(first + at) // _IN_A_SESSION}",
                "kind": "Poster session",
                "room": f"Room {at // _IN_A_SESSION % 12}",
                "starts_at": (start + timedelta(hours=at // _IN_A_SESSION // 12)).isoformat(),
                "appearances": [{"paper": paper["key"], "board": str(place)} for place, paper in enumerate(shown)],
            }
            for at in range(0, len(part), _IN_A_SESSION)
            if (shown := part[at : at + _IN_A_SESSION])
        ]
        document = {"form": "conference-programme/2", "sessions": sessions, "papers": part}
        (folder / f"source-{number:02}.json").write_text(json.dumps(document), encoding="utf-8")
    write_versions(folder)


def figures_in(checkout: Path, step: str, folder: Path) -> Figures:
    """Do a step in a process of its own, with the code of a checkout."""
    done = subprocess.run(  # noqa: S603 - this very file
        [sys.executable, str(Path(__file__)), "--step", step, "--folder", str(folder)],
        cwd=checkout,
        env=os.environ | {"PYTHONPATH": str(checkout)},
        check=True,
        stdout=subprocess.PIPE,
    )
    return Figures(**json.loads(done.stdout.splitlines()[-1]))


def run(sources: Path, checkout: Path, steps: Sequence[str]) -> Iterator[tuple[str, Figures]]:
    """Do the steps one after another on one database; a step that changes something begins from a copy of it."""
    with tempfile.TemporaryDirectory() as name:
        base = Path(name) / "base"
        shutil.copytree(sources, base)
        yield "first load", figures_in(checkout, "first load", base)
        for step in steps:
            if step != "first load":
                copy = Path(name) / "copy"
                shutil.copytree(base, copy)
                with contextlib.suppress(subprocess.CalledProcessError):
                    yield step, figures_in(checkout, step, copy)
                shutil.rmtree(copy)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="*", type=Path)
    parser.add_argument("--sizes", nargs="+", type=int, default=[1000, 6495, 20_000])
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=STEPS)
    parser.add_argument("--before", type=Path, help="a checkout of another commit to compare with")
    parser.add_argument("--before-sizes", nargs="*", type=int, default=[])
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        print(json.dumps(asdict(asyncio.run(measured(given.step, given.folder)))))
        return
    here = Path(__file__).parents[2]
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"{os.cpu_count()} cores, load {load} at the beginning\n")
    print("| papers | step | CPU s | wall s | keeping, CPU s | loop held ms | memory MiB | before, CPU s | ratio |")
    print("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |", flush=True)
    for size in given.sizes:
        with tempfile.TemporaryDirectory() as name:
            write_sources(given.corpus, size, Path(name))
            earlier: dict[str, Figures] = {}
            if given.before and size in given.before_sizes:
                earlier = dict(run(Path(name), given.before.resolve(), given.steps))
            for step, one in run(Path(name), here, given.steps):
                print(row(size, step, one, earlier.get(step)), flush=True)
    print(f"\nload {', '.join(f'{one:.1f}' for one in os.getloadavg())} at the end")


def row(size: int, step: str, one: Figures, before: Figures | None) -> str:
    cells: list[Any] = [f"{size:,}", step, f"{one.cpu:.2f}", f"{one.wall:.2f}", f"{one.kept:.2f}"]
    cells += [f"{one.held * 1000:.0f}", one.memory]
    cells += [f"{before.cpu:.2f} ({before.memory} MiB)", f"{before.cpu / one.cpu:.1f}"] if before else ["", ""]
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    main()
