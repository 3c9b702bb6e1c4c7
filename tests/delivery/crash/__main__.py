"""Kill the bot and look what it sent."""

import argparse
import asyncio
import sys
from pathlib import Path

from tests.delivery.crash.campaign import campaign
from tests.delivery.crash.report import Report
from tests.delivery.crash.troubles import Trouble


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.delivery.crash", description=__doc__)
    parser.add_argument("--runs", type=int, default=20, help="how many programmes are played (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="decides about programmes and kills (default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=2, help="how many at a time (default: %(default)s)")
    parser.add_argument("--only", choices=[trouble.name.lower() for trouble in Trouble], help="what else goes wrong")
    parser.add_argument("--keep", type=Path, help="a folder for the databases, logs and messages of failed runs")
    options = parser.parse_args()
    kills = runs = 0

    def tell(report: Report) -> None:
        nonlocal kills, runs
        kills, runs = kills + report.kills.total(), runs + 1
        for line in (*report.findings, *report.explained):
            print(line, flush=True)
        print(f"{runs} runs, {kills} kills", file=sys.stderr, flush=True)

    only = Trouble[options.only.upper()] if options.only else None
    played = campaign(options.runs, options.seed, jobs=options.jobs, only=only, keep=options.keep, tell=tell)
    report = asyncio.run(played)
    print(report)
    return 1 if report.findings else 0


if __name__ == "__main__":
    sys.exit(main())
