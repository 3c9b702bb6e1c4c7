"""What the tests share: the real session data, and the real bot in a simulated Discord on a real SQLite file."""

import gc
import os
import re
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
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
from bot.ui import limits

DATA = Path(__file__).parent.parent / "data"
SESSION_PAGE = DATA / "mlsys-2026-poster-session-1.txt"

settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, print_blob=True, derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

MakeConfig = Callable[..., Config]


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


@pytest.fixture
def make_config(tmp_path: Path) -> MakeConfig:
    """Make a configuration on a database of the test's own; keywords replace whole tables."""

    def make(**tables: Any) -> Config:
        return config_in(tmp_path, **tables)

    return make


class QuickEnv(Env):
    """SimCord looks whether the bot has finished every 50 ms; most of a test's time would go into that."""

    async def _settle_internal(self, **options: Any) -> None:
        await super()._settle_internal(**{"idle": 0.002, **options})


@pytest.fixture
def abandoning() -> Iterator[None]:
    """For tests that kill what is at work: a killed process leaves its connections behind, and so do they."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
        gc.collect()


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

    async def advance(self, seconds: float) -> None:
        """Let time pass, half an hour at a time: SimCord allows each step a few real seconds."""
        while seconds > 0:
            await self.env.advance_time(min(seconds, 1800))
            seconds -= 1800

    async def restart(self, config: Config | None = None) -> None:
        """Stop the bot and start another one on the same database."""
        old, self.config = self.bot, config or self.config
        await self.env.restart_bot(self._successor())
        await old.close()

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
        env = QuickEnv(ConferenceBot(config, clock), check_errors=check_errors)
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


@asynccontextmanager
async def running(config: Config) -> AsyncIterator[Server]:
    """Run the bot in a simulated server for as long as the block lasts, for a module whose tests change nothing."""
    clock = EnvClock()
    env = QuickEnv(ConferenceBot(config, clock))
    clock.env = env
    await env.start()
    try:
        yield Server(env, config)
    finally:
        await env.shutdown()
        await env.bot.close()
    env.raise_errors()


Component = dict[str, Any]


def components_of(message: ResponseMessage | discord.Message) -> list[Component]:
    """Return all buttons and menus of a message in order."""
    rows: list[Any] = (
        message.components if isinstance(message, ResponseMessage) else [row.to_dict() for row in message.components]
    )
    return [component for row in rows for component in row["components"]]


def buttons_of(message: ResponseMessage | discord.Message) -> dict[str, Component]:
    """Return the buttons of a message by their labels."""
    return {
        component["label"]: component
        for component in components_of(message)
        if component["type"] == discord.ComponentType.button.value
    }


def menus_of(message: ResponseMessage | discord.Message) -> dict[str, list[Component]]:
    """Return the options of a message's menus by the menus' placeholders."""
    return {
        component["placeholder"]: component["options"]
        for component in components_of(message)
        if component["type"] == discord.ComponentType.string_select.value
    }


def menu_id(message: ResponseMessage | discord.Message, placeholder: str) -> str:
    """Return the custom id of the menu with a placeholder."""
    (found,) = (c["custom_id"] for c in components_of(message) if c.get("placeholder") == placeholder)
    return str(found)


def markdown_of(message: ResponseMessage | discord.Message) -> Iterator[str]:
    """Return every text of a message that Discord reads as Markdown."""
    yield message.content
    for embed in message.embeds:
        yield from (text for text in (embed.title, embed.description) if text)
        for entry in embed.fields:
            yield from (text for text in (entry.name, entry.value) if text)


def assert_within_limits(message: ResponseMessage | discord.Message) -> None:
    """Check everything Discord limits about a message, counting as strictly as anybody says it counts."""
    size = limits.size
    assert size(message.content) <= 2000
    assert sum(len(embed) for embed in message.embeds) <= 6000
    for embed in message.embeds:
        texts = [embed.title or "", embed.description or "", embed.footer.text or ""]
        texts += [text or "" for entry in embed.fields for text in (entry.name, entry.value)]
        assert sum(map(size, texts)) <= 6000
        assert 1 <= size(embed.title or "") <= 256
        assert size(embed.description or "") <= 4096
        assert size(embed.footer.text or "") <= 2048
        assert len(embed.fields) <= 25
        assert all(1 <= size(entry.name or "") <= 256 for entry in embed.fields)
        assert all(1 <= size(entry.value or "") <= 1024 for entry in embed.fields)
    assert len(message.components) <= 5
    components = components_of(message)
    ids = [component["custom_id"] for component in components if component.get("custom_id")]
    assert len(set(ids)) == len(ids)
    assert all(1 <= size(identifier) <= 100 for identifier in ids)
    for label, button in buttons_of(message).items():
        assert 1 <= size(label) <= 80
        assert len(button.get("url") or "") <= 512
    for placeholder, options in menus_of(message).items():
        assert size(placeholder) <= 150
        assert 1 <= len(options) <= 25
        assert len({option["value"] for option in options}) == len(options)
        for option in options:
            assert 1 <= size(option["label"]) <= 100
            assert 1 <= size(option["value"]) <= 100
            assert size(option.get("description") or "") <= 100


_OURS = re.compile(
    r"<t:\d+(?::[FRt])?>|</[a-z ]+:\d+>|<@\d+>(?=$)|`/[a-z]+`"
    r"|<(?P<address>https?://[^\s<>]+)>|https?://[^\s<]+[^<.,:;\"')\]\s]"
    r"|(?<=[*\n])#(?=\S)|(?<!.)#(?=\S)"
)
_ESCAPED = re.compile(r"\\([^\w\s]|_)")
_EMOJI = re.compile(r":[\w+-]+:")
_LINE_MARK = re.compile(r" *(?:[-+]|\d+\.|#{1,3}|-#)\s")


def displayed(markdown: str) -> tuple[str, set[str]]:
    """Read a text as Discord does: return what is shown, and which runs of it are bold.

    Fails when the text has markup that the bot does not write itself: whatever the programme says must be shown as
    the characters it is. Addresses, timestamps and command mentions are left as they are.
    """
    shown, bold, runs, position = "", False, set(), 0
    italic, begun = False, 0
    while position < len(markdown):
        if match := _ESCAPED.match(markdown, position):
            shown, position = shown + match[1], match.end()
        elif match := _OURS.match(markdown, position):
            shown, position = shown + (match["address"] or match[0]), match.end()
        elif match := re.compile(r"\*{1,3}").match(markdown, position):
            after = markdown[match.end() : match.end() + 1]
            strong, slanted = len(match[0]) > 1, len(match[0]) != 2
            opens = not (bold if strong else italic)
            hugs = after.strip("\n ") if opens else shown[-1:].strip("\n ")
            assert hugs, f"emphasis does not hug its words: {markdown[:position]!r} >> {markdown[position:]!r}"
            if strong:
                bold = opens
                begun = len(shown) if opens else begun
                runs |= set() if opens else {shown[begun:]}
            italic = italic != slanted
            position = match.end()
        else:
            character = markdown[position]
            rest = markdown[position:]
            assert character not in "_~`|<>@[]\\", f"unescaped {character!r}: …{markdown[max(position - 30, 0) :]!r}"
            assert not _EMOJI.match(rest), f"an emoji: {rest!r}"
            if not shown or shown.endswith("\n"):
                assert not _LINE_MARK.match(rest), f"a list or a heading: {rest!r}"
            shown, position = shown + character, position + 1
    assert not bold, f"bold without an end: {markdown!r}"
    assert not italic, f"italics without an end: {markdown!r}"
    return shown.replace("\u200b", ""), runs
