"""What RUNNING.md tells whoever runs the bot works as it stands there."""

import asyncio
import configparser
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml

from bot.authors.codes import SECRET_VARIABLE
from bot.config import TOKEN_VARIABLE, load
from bot.monitoring.crash_reports import VARIABLE
from tests.support.process import PATIENCE, ROOT, TOKEN
from tests.support.server import SESSION_PAGE
from tests.support.stand_in import Guild, StandIn, discord_stand_in

GUIDE = (ROOT / ".github" / "RUNNING.md").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
PYTHON = "/opt/conference-bot/.venv/bin/python"
COMMANDS = ("PUT", "/applications/900000000000000001/commands")

# Python imports it by itself: discord.py is pointed at the stand-in, and the command line is as it is in the guide.
CUSTOM = """
import os, yarl, discord.http, discord.gateway
discord.http.Route.BASE = os.environ["STAND_IN_API"]
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["STAND_IN_GATEWAY"])
"""


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def unit() -> dict[str, str]:
    """Return what the unit says of the service."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(blocks("ini")[0])
    return dict(parser["Service"])


def service() -> dict[str, Any]:
    (compose,) = blocks("yaml")
    described: dict[str, Any] = yaml.safe_load(compose)["services"]["bot"]
    return described


def of_dockerfile(instruction: str) -> str:
    """Return what the Dockerfile says last: the stages before the last one only build."""
    return str(re.findall(rf"^{instruction} (.*)$", DOCKERFILE, re.MULTILINE)[-1])


@dataclass(frozen=True)
class Machine:
    """A machine laid out as the guide says, below a folder; nothing can be written but what may be.

    Attributes:
        places: where the guide's folders are here.
        port: what [metrics] listens at.
    """

    places: Mapping[str, Path]
    port: int

    def here(self, text: str) -> str:
        """Put this machine's folders in place of the guide's."""
        known = "|".join(self.places)
        return re.sub(rf"(?<![\w/.-])({known})(?![\w-])", lambda found: str(self.places[found[1]]), text)

    def configure(self, at: str, *more: str) -> Path:
        """Write the configuration, with blocks of the guide's."""
        path = Path(self.here(at))
        path.parent.chmod(0o755)
        metrics = next(block for block in blocks("toml") if "[metrics]" in block).replace("9100", str(self.port))
        base = '[conference]\nname = "MLSys 2026"\n[programme]\nsource = "page.txt"\n'
        path.write_text(self.here("".join((base, metrics, *more))), encoding="utf-8")
        shutil.copy(SESSION_PAGE, path.parent / "page.txt")
        return path

    def files(self, place: str) -> set[str]:
        folder = self.places[place]
        return {str(path.relative_to(folder)) for path in folder.rglob("*")}

    @asynccontextmanager
    async def started(
        self, discord: StandIn, command: Sequence[str], folder: str, environment: Mapping[str, str]
    ) -> AsyncIterator[asyncio.subprocess.Process]:
        """Start the bot with no more than it is given: no power of root's, and no more environment."""
        process = await asyncio.create_subprocess_exec(
            *_without_power(),
            *(sys.executable if word in (PYTHON, "python") else self.here(word) for word in command),
            cwd=self.here(folder),
            umask=int(unit()["UMask"], 8),
            env={
                "PATH": os.defpath,
                "PYTHONPATH": str(self.places["/custom"]),
                "STAND_IN_API": discord.api,
                "STAND_IN_GATEWAY": discord.gateway_address,
                **environment,
            },
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()

    async def is_well(self, process: asyncio.subprocess.Process) -> None:
        """Wait until /healthz says so."""
        async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as session:
            while process.returncode is None:
                try:
                    async with session.get(f"http://127.0.0.1:{self.port}/healthz") as response:
                        if response.status == 200:
                            return
                except aiohttp.ClientConnectionError:
                    pass
                await asyncio.sleep(0.05)
        output = await process.stdout.read() if process.stdout else b""
        pytest.fail(f"the bot ended: {output.decode()}")


def _without_power() -> list[str]:
    """Take root's power to write where nobody may, as the unit and the compose file do."""
    if os.geteuid() != 0:
        return []
    return [shutil.which("setpriv") or "setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"]


def read_only(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    places = {
        "/opt/conference-bot": tmp_path / "opt",
        "/etc/conference-bot": tmp_path / "etc",
        "/var/lib/conference-bot": tmp_path / "state",
        "/app": tmp_path / "opt",
        "/conference": tmp_path / "conference",
        "/custom": tmp_path / "custom",
    }
    for name in ("bot", "cogs"):
        shutil.copytree(ROOT / name, tmp_path / "opt" / name, ignore=shutil.ignore_patterns("__pycache__"))
    for folder in places.values():
        folder.mkdir(exist_ok=True)
    (tmp_path / "custom" / "sitecustomize.py").write_text(CUSTOM, encoding="utf-8")
    read_only(tmp_path / "opt")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    yield Machine(places, port)
    for folder in set(places.values()):
        for path in (folder, *folder.rglob("*")):
            if path.is_dir():
                path.chmod(0o755)


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd is not here")
    file = tmp_path / "conference-bot.service"
    text = blocks("ini")[0].replace(PYTHON, sys.executable).replace("WorkingDirectory=/opt/conference-bot", "")
    file.write_text(text, encoding="utf-8")
    verified = subprocess.run(  # noqa: S603 - systemd's own
        [analyze, "verify", "--man=no", str(file)], capture_output=True, check=False, encoding="utf-8"
    )
    said = [line for line in verified.stderr.splitlines() if file.name in line]
    assert said == []
    assert verified.returncode == 0, verified.stderr


@pytest.mark.slow(seconds=15)
async def test_the_bot_runs_as_the_unit_starts_it_and_comes_back(machine: Machine) -> None:
    wanted = unit()
    command = shlex.split(wanted["ExecStart"])
    assert command[0] == PYTHON
    state = machine.places["/var/lib/conference-bot"]
    database = next(block for block in blocks("toml") if "[database]" in block)
    at = command[command.index("--config") + 1]
    config = machine.configure(at, database)
    assert load(config).database.path == state / "conference.sqlite3"
    assert wanted["StateDirectory"] == Path("/var/lib/conference-bot").name
    assert f"`{TOKEN_VARIABLE}=…` into `{wanted['EnvironmentFile']}`" in GUIDE
    read_only(config.parent)
    before = machine.files("/opt/conference-bot") | machine.files("/etc/conference-bot")

    given = {TOKEN_VARIABLE: TOKEN}
    async with discord_stand_in(TOKEN, Guild("general")) as discord:

        @asynccontextmanager
        async def started() -> AsyncIterator[asyncio.subprocess.Process]:
            async with machine.started(discord, command, wanted["WorkingDirectory"], given) as process:
                yield process

        async with started() as process:
            await machine.is_well(process)
            process.send_signal(signal.SIGTERM)
            stopped = await asyncio.wait_for(process.wait(), int(wanted["TimeoutStopSec"]))
        assert stopped == 0
        async with started() as process:
            await machine.is_well(process)
            process.kill()
            assert await process.wait() == -signal.SIGKILL  # which systemd takes for a failure, and starts it again
        assert wanted["Restart"] == "on-failure"
        async with started() as process:
            await machine.is_well(process)
        assert discord.requests.count(COMMANDS) == 1

        config.chmod(0o644)
        config.write_text("[nonsense]\n", encoding="utf-8")
        async with started() as process:
            assert await process.wait() == int(wanted["RestartPreventExitStatus"])

    assert machine.files("/opt/conference-bot") | machine.files("/etc/conference-bot") == before
    assert (state / "conference.sqlite3").exists()
    assert [path.name for path in state.rglob("*") if path.stat().st_mode & 0o077] == [], "nobody else may read it"


async def test_the_bot_runs_as_the_container_starts_it(machine: Machine) -> None:
    bot = service()
    (volume,) = bot["volumes"]
    kept = volume.split(":")[1]
    assert kept == of_dockerfile("VOLUME")
    assert of_dockerfile("USER") == re.sub(r"\$\{\w+:-(\d+)\}", r"\1", bot["user"])
    assert bot["read_only"]
    assert bot["cap_drop"] == ["ALL"]
    (published,) = bot["ports"]
    assert published.startswith("127.0.0.1:"), "the numbers are not for everybody"
    assert list(bot["environment"]) == [TOKEN_VARIABLE, SECRET_VARIABLE]

    command = [*json.loads(of_dockerfile("ENTRYPOINT")), *json.loads(of_dockerfile("CMD"))]
    (check,) = re.findall(r"^HEALTHCHECK .*\\\n +CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    machine.configure(command[command.index("--config") + 1])
    before = machine.files("/app")
    async with discord_stand_in(TOKEN, Guild("general")) as discord:
        given = {TOKEN_VARIABLE: TOKEN}
        async with machine.started(discord, command, of_dockerfile("WORKDIR"), given) as process:
            await machine.is_well(process)
            async with machine.started(discord, json.loads(check), "/app", {}) as health:
                assert await asyncio.wait_for(health.wait(), PATIENCE) == 0
            process.send_signal(getattr(signal, of_dockerfile("STOPSIGNAL")))
            assert await asyncio.wait_for(process.wait(), int(bot["stop_grace_period"].removesuffix("s"))) == 0
    assert machine.files("/app") == before
    assert (machine.places[kept] / "data" / "conference.sqlite3").exists()


def test_the_guide_names_what_there_is() -> None:
    assert f"`{VARIABLE}`" in GUIDE
    for path in re.findall(r"requirements[\w-]*\.lock", GUIDE):
        assert (ROOT / path).exists()
        assert f"!{path}" in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "ARG LOCK=requirements.lock" in DOCKERFILE
    assert "[Keep the bot running](.github/RUNNING.md)" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_guide_names_every_metric_and_no_other() -> None:
    source = (ROOT / "bot" / "monitoring" / "metrics.py").read_text(encoding="utf-8")
    gauges = set(re.findall(r'gauge\("(\w+)"', source))
    counted = {f"{name}_total" for name in re.findall(r'CounterMetricFamily\(\s*"conference_bot_(\w+)"', source)}
    named = set(re.findall(r"`conference_bot_(\w+)`", GUIDE))
    assert named == gauges | counted | {"interaction_seconds"}
