"""What the tests share: the real session data, and the real bot in a simulated Discord on a real SQLite file."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import discord
import pytest
from hypothesis import settings
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, GuildHandle
from simcord.env import Env
from simcord.results import InteractionResult, ResponseMessage

from bot.client import ConferenceBot
from bot.config import Config

DATA = Path(__file__).parent.parent / "data"
SESSION_PAGE = DATA / "mlsys-2026-poster-session-1.txt"

settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, print_blob=True, derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

MakeConfig = Callable[..., Config]


@pytest.fixture
def make_config(tmp_path: Path) -> MakeConfig:
    """Make a configuration on a database of the test's own; keywords replace whole tables."""

    def make(**tables: Any) -> Config:
        return Config.model_validate(
            {
                "conference": {"name": "MLSys 2026", "timezone": "America/Los_Angeles"},
                "programme": {"source": SESSION_PAGE},
                "database": {"path": tmp_path / "conference.sqlite3"},
                "discord": {"organizers": ["Organizers"], "moderators": ["Moderators"]},
                **tables,
            }
        )

    return make


class Server:
    """A simulated server with the bot in it, and what most tests do there."""

    def __init__(self, env: Env, config: Config) -> None:
        self.env = env
        self.config = config
        self.guild: GuildHandle = env.create_guild("MLSys 2026")
        self.channel: ChannelHandle = self.guild.create_text_channel("general")

    @property
    def bot(self) -> ConferenceBot:
        assert isinstance(self.env.bot, ConferenceBot)
        return self.env.bot

    def member(self, name: str, *roles: str) -> MemberActor:
        """Add a member with roles of these names."""
        held = [self.guild.roles.get(role) or self.guild.create_role(role) for role in roles]
        return self.guild.add_member(self.env.create_user(name), roles=held)

    async def restart(self, config: Config | None = None) -> None:
        """Stop the bot and start another one on the same database."""
        old, self.config = self.bot, config or self.config
        await self.env.restart_bot(self._successor())
        await old.close()

    def _successor(self) -> ConferenceBot:
        return ConferenceBot(self.config, EnvClock(self.env))


class EnvClock:
    """The simulation's time."""

    def __init__(self, env: Env | None = None) -> None:
        self.env = env

    def now(self) -> datetime:
        assert self.env is not None
        return self.env.now()


def shown(result: InteractionResult) -> ResponseMessage:
    """Return the message an interaction was answered with."""
    assert result.response is not None, f"no answer: {result}"
    return result.response


def embed_of(result: InteractionResult) -> discord.Embed:
    """Return the embed of the message an interaction was answered with."""
    (embed,) = shown(result).embeds
    return embed


StartServer = Callable[..., Awaitable[Server]]


@pytest.fixture
async def start_server(make_config: MakeConfig) -> AsyncIterator[StartServer]:
    """Start the bot in a simulated server; keywords go to `make_config`, `config` replaces it."""
    started: list[Env] = []

    async def start(config: Config | None = None, *, check_errors: bool = True, **tables: Any) -> Server:
        config = config or make_config(**tables)
        clock = EnvClock()
        env = Env(ConferenceBot(config, clock), check_errors=check_errors)
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
