"""The process that finds: `python -m bot.run_finding`, begun by the bot and by nobody else."""

import argparse
import asyncio
import os
import signal
import sys

from bot.finding.other_process import serve
from bot.monitoring.logs import log_to_stderr
from bot.tuning import tune


def main() -> None:
    """Find, for as long as the bot asks."""
    parser = argparse.ArgumentParser(prog="python -m bot.run_finding", description=__doc__)
    parser.add_argument("level")
    parser.add_argument("form", choices=["text", "json"])
    options = parser.parse_args()
    # This process ends with the bot; what a terminal or a service manager tells all processes is for the bot to obey.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    # Whoever prints something, nothing but answers gets among the answers.
    answers_to = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    log_to_stderr(options.level, options.form)
    tune()
    asyncio.run(serve(answers_to))


if __name__ == "__main__":
    main()
