"""The command line: run the bot, try it, ask it, check a source."""

import argparse
import asyncio
import json
import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.admin.condition_answers import fact_lines, in_terminal, trouble_lines
from bot.admin.heartbeat import INTERVAL, heartbeat_file, read_heartbeat
from bot.admin.invitation import application_of, invitation
from bot.authors.code_list import code_list
from bot.authors.codes import SECRET_VARIABLE, codes_from_environment
from bot.config import TOKEN_VARIABLE, Config, load, token
from bot.editions.in_use import programme_in_use
from bot.editions.keeping import kept_beside
from bot.errors import UserError
from bot.lookup.sample import sample
from bot.monitoring.crash_reports import reporting
from bot.monitoring.logs import log_to_stderr
from bot.one_line import one_line
from bot.permissions import Audience
from bot.preview import example
from bot.run import run
from bot.sources.check import Report, check
from bot.sources.fetch import Fetcher
from bot.sources.load import fitting, found
from bot.sources.obtain import obtain
from bot.sources.read import format_names
from bot.sources.report import json_of, text_of
from bot.store.backup import back_up, restore
from bot.store.files import write_privately
from bot.ui.terminal import boxed, embed_lines
from bot.ui.wording import plural

_DEFAULT = Path("config.toml")
_EXAMPLE = Path("config.example.toml")

log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; return the exit status: 2 for what its user can put right."""
    options = _parser().parse_args(arguments)
    # What the bot writes is nobody else's.
    before = os.umask(0o077)
    try:
        command: Callable[[argparse.Namespace], int] = options.command
        return command(options)
    except UserError as error:
        print(one_line(str(error)), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever reads the output wants no more of it, as in `| head`; the interpreter must not write to it again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    finally:
        os.umask(before)


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

    sub = add("run", _run, "Run the bot on Discord. The token comes from the environment, as DISCORD_TOKEN.")
    sub.add_argument(
        "--register", action="store_true", help="register the commands with Discord also when they have not changed"
    )

    sub = add("preview", _preview, "Try the bot on a local page that looks like Discord. Needs no token.")
    sub.add_argument("--open", action="store_true", help="open the page in the browser")
    _add_programme(sub)
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
    _add_programme(sub)
    sub.add_argument("questions", nargs="+", metavar="QUESTION", help="such as '/paper paper:AgenticCache'")
    sub.add_argument("--json", action="store_true", help="print the messages as they would go to Discord")
    sub.add_argument(
        "--as",
        dest="audience",
        choices=[audience.value for audience in Audience],
        default=Audience.ATTENDEE.value,
        help="who asks (default: %(default)s)",
    )

    sub = add("check", _check, "Read sources and report what is in them and what is wrong with them. Status 1: act.")
    sub.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="files that make one programme (default: the configured)"
    )
    sub.add_argument("--format", choices=format_names(), metavar="NAME", help="their format (default: found out)")
    sub.add_argument(
        "--timezone", type=_zone, metavar="ZONE", help="the zone of times without an offset, such as Europe/Berlin"
    )
    shown = sub.add_mutually_exclusive_group()
    shown.add_argument("--json", action="store_true", help="print the numbers and the problems as JSON")
    shown.add_argument("--sample", type=_few, default=0, metavar="N", help="show how the bot answers about N of them")

    sub = add("backup", _backup, "Copy the database into a file, also while the bot runs.")
    sub.add_argument("file", type=Path, metavar="FILE", help="the copy; an earlier one is replaced")

    sub = add("restore", _restore, "Put a copy in the database's place, and the database aside. Stop the bot before.")
    sub.add_argument("file", type=Path, metavar="FILE", help="a copy of the database")

    sub = add(
        "author-codes",
        _author_codes,
        "Write a table with a code for each author of each paper, to be mailed to them. The secret that signs them "
        f"comes from the environment, as {SECRET_VARIABLE}; the bot needs the same one.",
    )
    sub.add_argument("file", type=Path, nargs="?", metavar="FILE", help="the table, as CSV (default: standard output)")

    add("health", _health, "Tell how the running bot is, and by the exit status whether it gets everything done.")
    return parser


def _add_programme(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--programme", type=Path, metavar="FILE", help="show this programme instead of the configured")
    parser.add_argument("--timezone", type=_zone, metavar="ZONE", help="its zone, such as Europe/Berlin (default: UTC)")


def _shown(options: argparse.Namespace) -> tuple[Config, datetime | None]:
    """Return what is simulated, and the moment at which that begins; None leaves it to the programme."""
    if options.programme:
        return _configured(options).showing(options.programme, options.timezone), None
    own = options.config or (_DEFAULT if _DEFAULT.exists() else None)
    if own in (None, example.CONFIGURATION) and example.CONFIGURATION.exists():
        return load(example.CONFIGURATION), example.BEGINS
    return _configured(options), None


def _run(options: argparse.Namespace) -> int:
    config = _configured(options)
    secret = token()
    log_to_stderr(config.logging.level, config.logging.format)
    with reporting():
        try:
            asyncio.run(run(config, secret, register_anew=options.register))
        except UserError:
            raise
        except Exception:
            # Into the log like all else, which programs may read, and so into the reports.
            log.exception("the bot has come to an end")
            return 1
    return 0


def _preview(options: argparse.Namespace) -> int:
    with _needing_simcord():
        from bot.preview.page import serve  # noqa: PLC0415 - a bot that only runs does not have SimCord
    config, begins = _shown(options)
    log_to_stderr("error")
    return asyncio.run(
        serve(
            config,
            begins=begins,
            port=options.port,
            speed=options.speed,
            opens_in=options.opens_in,
            show=options.open,
        )
    )


def _ask(options: argparse.Namespace) -> int:
    with _needing_simcord():
        from bot.preview.ask import ask  # noqa: PLC0415 - a bot that only runs does not have SimCord
    config, begins = _shown(options)
    log_to_stderr("error")
    return asyncio.run(ask(config, options.questions, Audience(options.audience), as_json=options.json, begins=begins))


def _check(options: argparse.Namespace) -> int:
    files: list[Path] = options.files
    # An example of another conference says nothing about somebody's file.
    alone = bool(files) and options.config is None and not _DEFAULT.exists()
    config = None if alone else _configured(options)
    report = asyncio.run(_checked(files, config, options.format, options.timezone))
    if options.json:
        print(json.dumps(json_of(report), ensure_ascii=False, indent=2))
    else:
        print(text_of(report))
        for answer in sample(report.programme, options.sample):
            print("\n".join(boxed(embed_lines(answer), "the bot answers")))
        if config and not files:
            secret = os.environ.get(TOKEN_VARIABLE, "").strip()
            print(f"Invite the bot to a server: {invitation(config, application_of(secret))}")
    return 0 if report.finished else 1


async def _checked(files: Sequence[Path], config: Config | None, format_name: str | None, zone: str | None) -> Report:
    """Check files, or the configured sources; a format and a zone win over what the configuration says."""
    given = {name: value for name, value in (("format", format_name), ("timezone", zone)) if value}
    sources = config.programme.listed if config else ()
    wanted = [fitting(sources, file.name).model_copy(update={"path": file}) for file in files] or sources
    conference_zone = config.conference.timezone if config else "UTC"
    found_files = [
        found(await obtain(source.origin, Fetcher()), source.model_copy(update=given), conference_zone)
        for source in wanted
    ]
    return await check(found_files, config.times if config else {})


def _backup(options: argparse.Namespace) -> int:
    path, file = _configured(options).database.path, options.file
    back_up(path, file)
    print(f"{file} is a copy of {path} ({file.stat().st_size:,} bytes).")
    return 0


def _restore(options: argparse.Namespace) -> int:
    path, file = _configured(options).database.path, options.file
    restored = restore(path, file, datetime.now(UTC))
    # It belongs to what was there before.
    shutil.rmtree(kept_beside(path), ignore_errors=True)
    print(f"{path} is as {file} was.")
    if restored.aside:
        print(f"What was there before is in {restored.aside}.")
    if restored.due:
        due = plural(restored.due, "message")
        print(f"Not sent, for they fell due meanwhile and may have been sent: {due}. Look in the channels.")
    print("Now start the bot.")
    return 0


def _author_codes(options: argparse.Namespace) -> int:
    codes, config = codes_from_environment(), _configured(options)
    programme = asyncio.run(programme_in_use(config.database.path, config.times, config.conference.timezone))
    table = code_list(programme.papers.values(), codes)
    file: Path | None = options.file
    if file is None:
        print(table, end="")
    else:
        write_privately(file, table)
    count = sum(len(paper.authors) for paper in programme.papers.values())
    unnamed = sum(paper.unnamed for paper in programme.papers.values())
    where = "" if file is None else f" are in {file}, which only you can read"
    print(f"{plural(count, 'code')} of {plural(len(programme.papers), 'paper')}{where}.", file=sys.stderr)
    if unnamed:
        print(f"{plural(unnamed, 'author')} not named in the source: no code for them.", file=sys.stderr)
    return 0


def _health(options: argparse.Namespace) -> int:
    try:
        condition = read_heartbeat(heartbeat_file(_configured(options).database.path))
    except ValueError as error:
        raise UserError(f"{error}. It was written by another version of the bot.") from None
    if condition is None:
        raise UserError("The bot is not running.")
    now = datetime.now(UTC)
    age = (now - condition.at).total_seconds()
    if age > 3 * INTERVAL:
        raise UserError(f"The bot last showed that it is alive {age:.0f} seconds ago.")
    style = in_terminal(now)
    print("\n".join(fact_lines(condition, style)))
    if troubles := trouble_lines(condition, style):
        raise UserError("\n".join(troubles))
    if not condition.connected:
        raise UserError("The bot is not connected to Discord at this moment.")
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


def _zone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise argparse.ArgumentTypeError(f"{text!r} is no time zone such as Europe/Berlin") from None


def _few(text: str) -> int:
    return int(_number(text, 1, 100))


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
