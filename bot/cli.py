"""The command line: run the bot, try it, ask it, check a source."""

import argparse
import asyncio
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.admin.invitation import application_of, invitation
from bot.client import HEARTBEAT, heartbeat_file
from bot.config import TOKEN_VARIABLE, Config, load, token
from bot.errors import UserError
from bot.permissions import Audience
from bot.run import run
from bot.sources.check import check

_DEFAULT = Path("config.toml")
_EXAMPLE = Path("config.example.toml")


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; return the exit status: 2 for what its user can put right."""
    options = _parser().parse_args(arguments)
    try:
        command: Callable[[argparse.Namespace], int] = options.command
        return command(options)
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever reads the output wants no more of it, as in `| head`; the interpreter must not write to it again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot", description="A Discord bot that knows a conference's programme."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(command=command)
        sub.add_argument(
            "--config",
            type=Path,
            metavar="FILE",
            help=f"the configuration (default: {_DEFAULT}, or {_EXAMPLE} where there is none)",
        )
        return sub

    add("run", _run, "Run the bot on Discord. The token comes from the environment, as DISCORD_TOKEN.")

    sub = add("preview", _preview, "Try the bot on a local page that looks like Discord. Needs no token.")
    sub.add_argument("--open", action="store_true", help="open the page in the browser")
    sub.add_argument("--port", type=_port, default=0, help="the port of the page (default: any free one)")
    sub.add_argument("--speed", type=_speed, default=1.0, metavar="N", help="let time run N times faster")
    sub.add_argument(
        "--opens-in",
        type=_minutes,
        default=15.0,
        metavar="MINUTES",
        help="when a session without an announced time opens in this demonstration (default: 15)",
    )

    sub = add("ask", _ask, "Ask the bot in a simulated server and print its answers. Status 1: not answered.")
    sub.add_argument("questions", nargs="+", metavar="QUESTION", help="such as '/paper paper:AgenticCache'")
    sub.add_argument("--json", action="store_true", help="print the messages as they would go to Discord")
    sub.add_argument(
        "--as",
        dest="audience",
        choices=[audience.value for audience in Audience],
        default=Audience.ATTENDEE.value,
        help="who asks (default: %(default)s)",
    )

    sub = add("check", _check, "Read a source and report what is in it and what is wrong with it. Status 1: act.")
    sub.add_argument("file", nargs="?", type=Path, metavar="FILE", help="the source (default: the configured one)")

    add("health", _health, "Tell by the exit status whether the running bot is alive and connected.")
    return parser


def _run(options: argparse.Namespace) -> int:
    config = _configured(options)
    secret = token()
    _log_to_stderr(config.logging.level)
    asyncio.run(run(config, secret))
    return 0


def _preview(options: argparse.Namespace) -> int:
    with _needing_simcord():
        from bot.preview.page import serve  # noqa: PLC0415 - a bot that only runs does not have SimCord
    config = _configured(options)
    _log_to_stderr("error")
    return asyncio.run(
        serve(config, port=options.port, speed=options.speed, opens_in=options.opens_in, show=options.open)
    )


def _ask(options: argparse.Namespace) -> int:
    with _needing_simcord():
        from bot.preview.ask import ask  # noqa: PLC0415 - a bot that only runs does not have SimCord
    config = _configured(options)
    _log_to_stderr("error")
    return asyncio.run(ask(config, options.questions, Audience(options.audience), as_json=options.json))


def _check(options: argparse.Namespace) -> int:
    file: Path | None = options.file
    if file and options.config is None and not (_DEFAULT.exists() or _EXAMPLE.exists()):
        report, finished = asyncio.run(check(file, {}))
    else:
        config = _configured(options)
        report, finished = asyncio.run(check(file or config.programme.source, config.times))
        if file is None:
            secret = os.environ.get(TOKEN_VARIABLE, "").strip()
            report += f"\nInvite the bot to a server: {invitation(config, application_of(secret))}"
    print(report)
    return 0 if finished else 1


def _health(options: argparse.Namespace) -> int:
    try:
        age = time.time() - heartbeat_file(_configured(options)).stat().st_mtime
    except FileNotFoundError:
        raise UserError("The bot is not running, or has not connected yet.") from None
    if age > 4 * HEARTBEAT:
        raise UserError(f"The bot was last connected {age:.0f} seconds ago.")
    return 0


def _configured(options: argparse.Namespace) -> Config:
    path: Path | None = options.config
    if path is None:
        path = _DEFAULT if _DEFAULT.exists() or not _EXAMPLE.exists() else _EXAMPLE
    return load(path)


@contextmanager
def _needing_simcord() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        raise UserError(f"{error.name} is not installed: pip install -r requirements-dev.lock.") from None


def _log_to_stderr(level: str) -> None:
    logging.basicConfig(level=level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)


def _port(text: str) -> int:
    return int(_number(text, 0, 65_535))


def _speed(text: str) -> float:
    return _number(text, 0.1, 10_000)


def _minutes(text: str) -> float:
    return _number(text, 0, 60 * 24 * 30)


def _number(text: str, least: float, most: float) -> float:
    try:
        number = float(text)
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from {least} to {most}")
    return number
