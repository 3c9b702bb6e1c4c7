"""How the bot fares when a whole conference uses it at once: `python -m tests.bench_load CORPUS --people 2000`.

The real bot on a real SQLite file talks to Discord's stand-in, which is a process of its own, over real HTTP and
WebSocket; other processes keep the machine busy meanwhile. What every answer says is compared with what the bot
answers when it has nothing else to do.
"""

import argparse
import asyncio
import os
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.session_questions.planner import PACE
from tests.search.bench_corpora import joined, read_corpus, tiled
from tests.support.crowd.before import as_before
from tests.support.crowd.load import Figures, Load, busy_machine, crowded, median, percentile
from tests.support.crowd.plan import MARK, Stage, asking, at_once, busy_minute, one_by_one, voting

QUESTIONS = 10
"""How many questions the voters vote for."""

BASELINE = "every search written before it is answered, on one pool of connections"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench_load", description=__doc__)
    parser.add_argument("corpora", nargs="+", type=Path, metavar="CORPUS")
    parser.add_argument("--scale", type=int, default=6, help="times the corpus (default: 6)")
    parser.add_argument("--people", type=int, default=2_000, help="how many in a minute, 0 for none (default: 2000)")
    parser.add_argument("--seconds", type=float, default=60, help="how long that minute is (default: 60)")
    parser.add_argument("--at-once", type=int, default=400, help="how many search at the same moment (default: 400)")
    parser.add_argument("--burners", type=int, default=os.cpu_count(), help="processes that keep the machine busy")
    parser.add_argument(
        "--voters", type=int, default=2_000, help="how many vote in a minute, 0 for none (default: 2000)"
    )
    parser.add_argument("--alone", type=int, default=200, help="questions of each kind one by one (default: 200)")
    parser.add_argument("--no-baseline", action="store_true", help="do not measure the baseline as well")
    parser.add_argument("--own-process", action="store_true", help="let the bot find in a process of its own")
    asyncio.run(_run(parser.parse_args(arguments)))
    return 0


async def _run(options: argparse.Namespace) -> None:
    source = tiled(joined([read_corpus(path) for path in options.corpora]), options.scale)
    names = ", ".join(path.name for path in options.corpora)
    print(f"{datetime.now(UTC):%Y-%m-%d}, {names}, {len(source.papers)} papers, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as folder:
        if options.alone:
            async with crowded(source, Path(folder), 1, timedelta(days=7), own_process=options.own_process) as load:
                await _print_alone(load, options.alone)
    if options.voters:
        with tempfile.TemporaryDirectory() as folder:
            async with crowded(
                source, Path(folder), options.voters, timedelta(days=7), own_process=options.own_process
            ) as load:
                await _print_votes(load, options)
    if not options.people:
        return
    with tempfile.TemporaryDirectory() as folder:
        people = max(2 * options.people, options.at_once)
        async with crowded(
            source, Path(folder), people, timedelta(minutes=15, seconds=10), own_process=options.own_process
        ) as load:
            await _print_crowded(load, options, 0)
            if not options.no_baseline:
                async with as_before(load.bot, load.database):
                    print(f"\n# Baseline: {BASELINE}")
                    await _print_crowded(load, options, options.people)


async def _print_alone(load: Load, count: int) -> None:
    """Print what an answer takes of the bot's processor: everything from Discord's event to the request, and itself."""
    print("\n| one by one | CPU ms each | of which making the answer | failed | wrong |")
    print("| --- | --- | --- | --- | --- |")
    programme = load.bot.services.library.edition.programme
    for stage in one_by_one(programme, count):
        await load.play(replace(stage, acts=stage.acts[: count // 4]))
        figures = await load.play(stage)
        begun = time.thread_time()
        wrong = await load.wrong(figures.outcomes)
        making = (time.thread_time() - begun) * 1000 / count
        processor = figures.processor * 1000 / count
        print(f"| {stage.name} | {processor:.2f} | {making:.2f} | {len(figures.failed)} | {len(wrong)} |")


async def _print_crowded(load: Load, options: argparse.Namespace, first: int) -> None:
    programme = load.bot.services.library.edition.programme
    marked = load.bookmarks()
    async with busy_machine(options.burners):
        minute = await load.play(busy_minute(programme, options.people, options.seconds, first))
        rush = await load.play(at_once(programme, options.at_once))
    await _print(load, minute)
    pressed = sum(outcome.kind == MARK and not outcome.failure for outcome in minute.outcomes)
    print(f"{len(load.bookmarks() - marked)} bookmarks kept of {pressed} that were confirmed")
    await _print(load, rush)


async def _print_votes(load: Load, options: argparse.Namespace) -> None:
    """Print how many votes were confirmed, kept and listed, and how often the list was edited."""
    session = load.bot.services.library.edition.programme.sessions[0]
    await load.play(asking(session.name, QUESTIONS))
    await asyncio.sleep(2 * PACE.total_seconds())
    before = await load.play(Stage("looking", ()))
    async with busy_machine(options.burners):
        minute = await load.play(voting(options.voters, QUESTIONS, options.seconds))
    await asyncio.sleep(2 * PACE.total_seconds())
    after, kept = await load.play(Stage("looking", ())), load.votes()
    await _print(load, minute)
    titles = Counter(outcome.title for outcome in minute.outcomes)
    wanted = titles["Your vote counts"] - titles["Your vote is taken back"]
    listed = sum(int(count) for text in after.lists for count in re.findall(r"· (\d+) votes? ·", text))
    print(
        f"{wanted} votes confirmed and not taken back, {len(kept)} kept, {wanted - len(kept)} lost, {listed} listed;\n"
        f"{len(after.edits) - len(before.edits)} edits of it, {after.most_edits(5.0)} in five seconds at the most"
    )


async def _print(load: Load, figures: Figures) -> None:
    wrong = await load.wrong(figures.outcomes)
    print(f"\n## {figures.name}\n")
    print("| | asked | failed | wrong | median ms | 99 % | slowest |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for kind in (*dict.fromkeys(outcome.kind for outcome in figures.outcomes), None):
        asked = sum(kind in (None, outcome.kind) for outcome in figures.outcomes)
        failed = sum(kind in (None, outcome.kind) for outcome in figures.failed)
        mistaken = sum(kind in (None, outcome.kind) for outcome in wrong)
        times = figures.times(kind)
        print(
            f"| {kind or 'all'} | {asked} | {failed} | {mistaken} | {median(times):.0f} "
            f"| {percentile(times, 0.99):.0f} | {max(times, default=0):.0f} |"
        )
    print(
        f"\n{figures.seconds:.0f} s; the bot's processor {figures.processor:.1f} s, beside it {figures.beside:.1f} s, "
        f"Discord's {figures.others:.1f} s; "
        f"machine's load {figures.load:.1f};\nevent loop held {figures.held:.0f} ms at the longest; "
        f"{figures.delivered[0]} messages in the channel and {figures.delivered[1]} to people so far; "
        f"memory {figures.memory:.0f} MiB"
    )
    for outcome in [*figures.failed, *wrong][:5]:
        print(f"  {outcome}")


if __name__ == "__main__":
    sys.exit(main())
