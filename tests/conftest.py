"""The fixtures that tests of every part use."""

import gc
import os
import warnings
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, timedelta, tzinfo
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from simcord.env import Env
from sqlalchemy import Connection

from bot.client import ConferenceBot
from bot.config import Config
from bot.delivery import discord_time
from bot.editions import service as editions
from bot.programme.build import Built, rebuild
from bot.programme.model import Programme
from bot.programme.source import Source
from bot.search import Index, IndexBuilder
from bot.store import engine
from bot.store.engine import Database
from bot.store.migrations import migrate
from bot.ui import waiting_line
from tests.support.database import contents_as_statements
from tests.support.running import PATIENCE
from tests.support.server import SESSION_PAGE, CheckedEnv, EnvClock, MakeConfig, Server, StartServer, config_in

settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, print_blob=True, derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests first that take longest, as their mark says: where several run at once, none is left for last."""
    items.sort(key=_seconds, reverse=True)


def _seconds(item: pytest.Item) -> float:
    mark = item.get_closest_marker("slow")
    return mark.kwargs.get("seconds", 0) if mark else 0


@pytest.fixture(scope="session", autouse=True)
def remembered_programmes() -> Iterator[None]:
    """Clean and index the same source once: most tests load the same one, and half of a bot's start goes into that.

    What comes of it never changes, so that sharing it is as good as making it again.
    """
    made: dict[tuple[Source, tzinfo], tuple[Built, Index]] = {}

    def built(source: Source, before: Built | None = None, zone: tzinfo = UTC) -> Built:
        if before and before.programme.papers:
            return rebuild(source, before, zone)
        if (source, zone) not in made:
            if len(made) > 20:
                made.clear()
            new = rebuild(source, zone=zone)
            made[source, zone] = new, Index(new.programme)
        return made[source, zone][0]

    class Builder(IndexBuilder):
        def build(self, programme: Programme) -> Index:
            known = (index for new, index in made.values() if new.programme is programme)
            return next(known, None) or super().build(programme)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(editions, "rebuild", built)
        patch.setattr(editions, "IndexBuilder", Builder)
        yield


@pytest.fixture(scope="session", autouse=True)
def remembered_tables() -> Iterator[None]:
    """Work out once what the migrations make of an empty database: nearly every test opens one."""
    made: list[tuple[str, tuple[Any, ...]]] = []

    def brought_up_to_date(connection: Connection) -> None:
        if connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar():
            migrate(connection)
        elif made:
            for statement, values in made:
                connection.exec_driver_sql(statement, values)
        else:
            migrate(connection)
            made.extend(contents_as_statements(connection))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "migrate", brought_up_to_date)
        yield


@pytest.fixture
def make_config(tmp_path: Path) -> MakeConfig:
    """Make a configuration on a database of the test's own; keywords replace whole tables."""

    def make(**tables: Any) -> Config:
        return config_in(tmp_path, **tables)

    return make


@pytest.fixture
def abandoning() -> Iterator[None]:
    """For tests that kill what is at work: a killed process leaves its connections behind, and so do they."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
        gc.collect()


@pytest.fixture
async def start_server(make_config: MakeConfig) -> AsyncIterator[StartServer]:
    """Start the bot in a simulated server; keywords go to `make_config`, `config` replaces it."""
    started: list[Env] = []

    async def start(config: Config | None = None, *, check_errors: bool = True, **tables: Any) -> Server:
        config = config or make_config(**tables)
        clock = EnvClock()
        env = CheckedEnv(ConferenceBot(config, clock), check_errors=check_errors)
        clock.env = env
        started.append(env)
        await env.start()
        return Server(env, config)

    yield start
    for env in started:
        await env.shutdown()
        await env.bot.close()
        if env.check_errors:
            env._raise_errors_since(env._errors_acknowledged)


@pytest.fixture
async def server(start_server: StartServer) -> Server:
    """A server of MLSys 2026, with the configuration's defaults."""
    return await start_server()


@pytest.fixture
async def small_server(start_server: StartServer, tmp_path: Path) -> Server:
    """A server that starts sooner, with the first 13 papers of the session."""
    page = tmp_path / "first-papers.txt"
    page.write_text("\n".join(SESSION_PAGE.read_text(encoding="utf-8").splitlines()[:40]), encoding="utf-8")
    return await start_server(programme={"source": page})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a test's own database is."""
    return tmp_path / "conference.sqlite3"


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    """A database on a file of the test's own."""
    database = await Database.open(path)
    yield database
    await database.close()


@pytest.fixture
def patient_discord(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the bot take it that Discord waits for as long as a test does: a machine that runs tests may be busy."""
    for module in (waiting_line, discord_time):
        monkeypatch.setattr(module, "FIRST_ANSWER", timedelta(seconds=PATIENCE))
