"""Kill the bot and look what it sent."""

import argparse
import asyncio
import sys
from pathlib import Path

from tests.delivery.crash.report import Report
from tests.delivery.crash.run import campaign


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.delivery.crash", description=__doc__)
    parser.add_argument("--runs", type=int, default=20, help="how many programmes are played (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="decides about programmes and kills (default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=2, help="how many at a time (default: %(default)s)")
    parser.add_argument("--keep", type=Path, help="a folder for the databases, logs and messages of failed runs")
    options = parser.parse_args()

    def tell(report: Report) -> None:
        for finding in report.findings:
            print(finding, flush=True)

    report = asyncio.run(campaign(options.runs, options.seed, jobs=options.jobs, keep=options.keep, tell=tell))
    print(report)
    return 1 if report.findings else 0


if __name__ == "__main__":
    sys.exit(main())
