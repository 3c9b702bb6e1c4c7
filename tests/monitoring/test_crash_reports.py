"""Reports of errors to Sentry say where in the code something went wrong, and nothing about anybody."""

import asyncio
import gzip
import json
import logging
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import sentry_sdk
from aiohttp import web

from bot.config import TOKEN_VARIABLE
from bot.errors import UserError
from bot.monitoring.crash_reports import VARIABLE, reporting
from tests.support.messages import shown
from tests.support.process import ROOT, TOKEN, configuration
from tests.support.server import SESSION_PAGE, Server, StartServer

QUERY = "confidential early exit"
PERSON = "ada.lovelace"


class Defect(Exception):
    """An error that quotes what was asked, as errors of libraries do."""


class Sink:
    """What came in at a place that takes reports as Sentry does: envelopes, a JSON object on each line."""

    def __init__(self) -> None:
        self.address = ""
        self.bodies: list[str] = []

    @property
    def events(self) -> list[dict[str, Any]]:
        lines = [json.loads(line) for body in self.bodies for line in body.splitlines()]
        return [line for line in lines if "exception" in line or "logentry" in line]

    async def take(self, request: web.Request) -> web.Response:
        # aiohttp has unpacked what says that it is packed.
        body = await request.read()
        self.bodies.append((gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).decode())
        return web.json_response({"id": "0"})


@asynccontextmanager
async def taking_reports() -> AsyncIterator[Sink]:
    sink = Sink()
    app = web.Application()
    app.router.add_post("/api/1/envelope/", sink.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sink.address = f"http://public@127.0.0.1:{runner.addresses[0][1]}/1"
    try:
        yield sink
    finally:
        await runner.cleanup()


async def reports_of(server: Server, monkeypatch: pytest.MonkeyPatch) -> tuple[Sink, str]:
    """Let a search of somebody's fail, and return what was reported and what they were told."""

    def fail(*arguments: Any, **options: Any) -> None:
        raise Defect(f"nothing like {arguments} {options}") from KeyError(QUERY)

    monkeypatch.setattr(server.services.lookup.service, "search", fail)
    async with taking_reports() as sink:
        with reporting({VARIABLE: sink.address}):
            result = await server.member(PERSON).slash(server.channel, "search", query=QUERY)
            logging.getLogger("discord.somewhere").error(f"{PERSON} asked for {QUERY}")  # noqa: G004 - as others do
            # Leaving the block waits for what is on its way, in this thread: the sink needs the loop for that.
            await flushed()
    return sink, shown(result).content


async def flushed() -> None:
    await asyncio.to_thread(sentry_sdk.flush, 10)


async def test_a_report_says_where_it_went_wrong_under_the_reference_that_the_person_was_told(
    start_server: StartServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink, told = await reports_of(await start_server(check_errors=False), monkeypatch)
    event, foreign = sink.events
    assert event["level"] == "error"
    assert event["logger"] == "bot.ui.responder"
    assert event["logentry"]["message"] == "%s failed (ref %s)"
    assert f"(ref {event['tags']['reference']})" in told
    errors = {error["type"]: error for error in event["exception"]["values"]}
    assert {"Defect", "KeyError"} <= errors.keys()
    frames = errors["Defect"]["stacktrace"]["frames"]
    assert [frame["function"] for frame in frames][-1] == "fail"
    assert any(frame["module"] == "cogs.lookup" and frame["lineno"] > 0 for frame in frames)
    assert foreign["logger"] == "discord.somewhere"


async def test_nothing_that_anybody_wrote_or_is_called_is_in_a_report(
    start_server: StartServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = await start_server(check_errors=False)
    sink, _ = await reports_of(server, monkeypatch)
    assert len(sink.events) == 2
    everything = "\n".join(sink.bodies)
    ids = {str(user.id) for user in server.bot.users} | {str(server.guild.id), str(server.channel.id)}
    for text in (*QUERY.split(), "ada", "lovelace", "nothing like", *ids):
        assert text not in everything, text
    known = {"event_id", "timestamp", "platform", "level", "logger", "release", "environment"}
    assert all(event.keys() <= known | {"logentry", "tags", "exception"} for event in sink.events)


BROKEN = """
import sys
import bot.cli

async def run(*arguments, **options):
    raise {error}

bot.cli.run = run
sys.exit(bot.cli.main(["run", "--config", sys.argv[1]]))
"""


async def ended_by(error: str, folder: Path, sink: Sink) -> tuple[int, list[str]]:
    """Run the command line with a bot that ends like that, and return the exit status and the lines it wrote."""
    config = configuration(folder, "info", SESSION_PAGE, "conference.sqlite3", 'format = "json"\n')
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", BROKEN.format(error=error), str(config)),
        cwd=ROOT,
        env={**os.environ, TOKEN_VARIABLE: TOKEN, VARIABLE: sink.address},
        stderr=asyncio.subprocess.PIPE,
    )
    _, written = await process.communicate()
    assert process.returncode is not None
    return process.returncode, written.decode().splitlines()


async def test_what_ends_the_bot_is_logged_and_reported(tmp_path: Path) -> None:
    async with taking_reports() as sink:
        status, lines = await ended_by(f"ZeroDivisionError({QUERY!r})", tmp_path, sink)
    assert status == 1
    started, ended = (json.loads(line) for line in lines)
    assert VARIABLE in started["message"]
    assert ended["level"] == "ERROR"
    assert ended["traceback"].endswith(f"ZeroDivisionError: {QUERY}")
    (event,) = sink.events
    (error,) = event["exception"]["values"]
    assert error["type"] == "ZeroDivisionError"
    assert QUERY not in "".join(sink.bodies)


async def test_what_its_user_can_mend_is_a_plain_line_and_is_not_reported(tmp_path: Path) -> None:
    async with taking_reports() as sink:
        status, lines = await ended_by(f"bot.cli.UserError({QUERY!r})", tmp_path, sink)
    assert status == 2
    assert lines[1:] == [QUERY]
    assert sink.bodies == []


def test_without_the_variable_nothing_is_imported_and_nothing_is_sent() -> None:
    code = (
        "import sys; from bot.monitoring.crash_reports import reporting\n"
        "with reporting({'SENTRY_DSN': ' '}): print('sentry_sdk' in sys.modules)"
    )
    printed = subprocess.run(  # noqa: S603 - this very Python
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, encoding="utf-8"
    ).stdout
    assert printed == "False\n"


@pytest.mark.parametrize(("address", "said"), [("nonsense", "Copy it anew"), ("https://host/1", "Copy it anew")])
def test_an_address_that_is_none_gets_one_line(address: str, said: str) -> None:
    with pytest.raises(UserError, match=said) as caught, reporting({VARIABLE: address}):
        pytest.fail("it went on")
    assert str(caught.value).startswith(f"{VARIABLE}: ")
    assert "\n" not in str(caught.value)


def test_a_bot_without_the_extra_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    with pytest.raises(UserError, match=r"pip install '\.\[sentry\]'"), reporting({VARIABLE: "https://key@host/1"}):
        pytest.fail("it went on")
