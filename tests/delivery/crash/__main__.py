"""Kill the bot and look what it sent."""

import argparse
import asyncio
import sys
import time
from pathlib import Path

from tests.delivery.crash.campaign import campaign, planned
from tests.delivery.crash.parts import parts
from tests.delivery.crash.report import Report
from tests.delivery.crash.troubles import Trouble


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.delivery.crash", description=__doc__)
    parser.add_argument("--runs", type=int, default=20, help="how many programmes are played (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="decides about programmes and kills (default: %(default)s)")
    parser.add_argument("--run", type=int, action="append", default=[], help="play the run of this number alone")
    parser.add_argument("--jobs", type=int, default=2, help="how many at a time (default: %(default)s)")
    parser.add_argument("--only", choices=[trouble.name.lower() for trouble in Trouble], help="what else goes wrong")
    parser.add_argument("--part", choices=sorted(parts()), help="the only part that is played beside reminders")
    parser.add_argument("--keep", type=Path, help="a folder for the databases, logs and messages of failed runs")
    options = parser.parse_args()
    whole, began = Report(), time.monotonic()

    def tell(report: Report) -> None:
        whole.add(report)
        for line in (*report.findings, *report.explained):
            print(line, flush=True)
        kills = whole.kills.total()
        pace = 60 * kills / (time.monotonic() - began)
        print(f"{whole.runs} runs, {kills} kills, {pace:.0f} a minute", file=sys.stderr, flush=True)

    plan = planned(
        options.runs,
        options.seed,
        only=Trouble[options.only.upper()] if options.only else None,
        numbers=options.run,
    )
    try:
        asyncio.run(campaign(plan, jobs=options.jobs, part=options.part, keep=options.keep, tell=tell))
    except KeyboardInterrupt:
        print("stopped; what had been played until then:", file=sys.stderr)
    print(whole)
    return 1 if whole.findings else 0


if __name__ == "__main__":
    sys.exit(main())
