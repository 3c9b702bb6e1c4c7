"""A bot that watches a page of a real web server, and the channels where it asks and tells."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import discord
import pytest
from simcord.builders import ChannelHandle
from simcord.env import Env

from bot.client import ConferenceBot
from bot.config import Config
from tests.support.messages import assert_within_limits
from tests.support.moderating import BASE, text_of
from tests.support.server import CheckedEnv, EnvClock, MakeConfig, Server
from tests.support.site import Site

INTERVAL = 600.0
"""How often the bot looks, in seconds."""

ROLES = {"moderators": ["Moderators"], "moderators_channel": "moderators", "organizers_channel": "organizers"}

StartWatching = Callable[..., Awaitable["WatchingServer"]]


class WatchingServer(Server):
    """A server whose programme is a page of a web server."""

    def __init__(self, env: Env, config: Config, site: Site) -> None:
        super().__init__(env, config)
        self.site = site
        self.moderators: ChannelHandle = self.guild.create_text_channel("moderators")
        self.organizers: ChannelHandle = self.guild.create_text_channel("organizers")

    async def next_look(self) -> None:
        """Let time pass until the bot has looked again."""
        await self.advance(INTERVAL)

    async def publish(self, data: bytes) -> None:
        """Put another version on the page, and let the bot find it."""
        self.site.serve(data)
        await self.next_look()

    def asked(self) -> discord.Message:
        """Return the last message in the moderators' channel."""
        message = self.moderators.history()[-1]
        assert_within_limits(message)
        return message

    def told(self) -> list[str]:
        """Return what the organizers were told."""
        return [text_of(message) for message in self.organizers.history()]

    def _successor(self) -> ConferenceBot:
        return ConferenceBot(self.config, EnvClock(self.env), self.site.fetcher())


@pytest.fixture
async def start_watching(make_config: MakeConfig, site: Site) -> AsyncIterator[StartWatching]:
    """Start the bot on `BASE`, or on other data, at an address; keywords of `programme` are added to its table."""
    started: list[Env] = []

    async def begin(
        data: bytes = BASE, programme: dict[str, Any] | None = None, discord: dict[str, Any] = ROLES, **tables: Any
    ) -> WatchingServer:
        site.serve(data)
        source = {"source": site.url(), "refresh": "10 minutes", **(programme or {})}
        config = make_config(programme=source, discord=discord, **tables)
        clock = EnvClock()
        env = CheckedEnv(ConferenceBot(config, clock, site.fetcher()))
        clock.env = env
        started.append(env)
        await env.start()
        return WatchingServer(env, config, site)

    yield begin
    for env in started:
        await env.shutdown()
        await env.bot.close()
        env._raise_errors_since(env._errors_acknowledged)
