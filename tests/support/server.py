"""The real bot in a simulated Discord, on a real SQLite file."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, GuildHandle
from simcord.env import Env

from bot.client import ConferenceBot
from bot.config import Config
from bot.preview.environment import QuickEnv
from bot.services import Services
from tests.support.payloads import check

DATA = Path(__file__).parent.parent.parent / "data"
SESSION_PAGE = DATA / "mlsys-2026-poster-session-1.txt"

MakeConfig = Callable[..., Config]


StartServer = Callable[..., Awaitable["Server"]]


def config_in(folder: Path, **tables: Any) -> Config:
    """Make a configuration whose database is in a folder; keywords replace whole tables."""
    return Config.model_validate(
        {
            "conference": {"name": "MLSys 2026", "timezone": "America/Los_Angeles"},
            "programme": {"source": SESSION_PAGE},
            "database": {"path": folder / "conference.sqlite3"},
            "discord": {"organizers": ["Organizers"], "moderators": ["Moderators"]},
            **tables,
        }
    )


class CheckedEnv(QuickEnv):
    """A simulation in which every request of the bot's must be one that Discord would take."""

    async def shutdown(self) -> None:
        """End the simulation, and check what the bot sent."""
        await super().shutdown()
        for request in self.http_requests:
            check(request.method, request.path, request.json)


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

    @property
    def services(self) -> Services:
        return self.bot.services

    def member(self, name: str, *roles: str) -> MemberActor:
        """Add a member with roles of these names."""
        held = [self.guild.roles.get(role) or self.guild.create_role(role) for role in roles]
        return self.guild.add_member(self.env.create_user(name), roles=held)

    async def advance(self, seconds: float) -> None:
        """Let time pass, a minute at a time: SimCord allows each step a few real seconds."""
        while seconds > 0:
            await self.env.advance_time(min(seconds, 60))
            seconds -= 60

    async def restart(self, config: Config | None = None) -> None:
        """Stop the bot and start another one on the same database."""
        old, self.config = self.bot, config or self.config
        await self.env.restart_bot(self._successor())
        await old.close()

    async def own_server(self, name: str, *channels: str) -> GuildHandle:
        """Add a server that the configuration names as the conference's own, too; the bot starts anew."""
        await self.env.settle()
        guild = self.env.create_guild(name)
        own = self.config.discord.servers or (self.guild.id,)
        discord = self.config.discord.model_copy(update={"servers": (*own, guild.id)})
        await self.restart(self.config.model_copy(update={"discord": discord}))
        for channel in channels:
            guild.create_text_channel(channel)
        await self.env.settle()
        return guild

    async def rest(self) -> None:
        """Let a quarter of an hour pass once many private answers are open, which all slow the simulation down."""
        if len(self.env._work.tasks) > 12:
            self.env.backend.advance_clock(901)
            await self.env.settle()

    def _successor(self) -> ConferenceBot:
        return ConferenceBot(self.config, EnvClock(self.env))


class EnvClock:
    """The simulation's time."""

    def __init__(self, env: Env | None = None) -> None:
        self.env = env

    def now(self) -> datetime:
        assert self.env is not None
        return self.env.now()

    def steady(self) -> float:
        return self.now().timestamp()


@asynccontextmanager
async def running(config: Config) -> AsyncIterator[Server]:
    """Run the bot in a simulated server for as long as the block lasts, for a module whose tests change nothing."""
    clock = EnvClock()
    env = CheckedEnv(ConferenceBot(config, clock))
    clock.env = env
    await env.start()
    try:
        yield Server(env, config)
    finally:
        await env.shutdown()
        await env.bot.close()
    env.raise_errors()
