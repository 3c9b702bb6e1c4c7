"""A server in which attendees meet, and what most tests do there."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import discord
import pytest
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle
from simcord.results import InteractionResult

from bot.store.audit import AuditEntry
from tests.support.database import rows
from tests.support.messages import assert_within_limits, embed_of, shown
from tests.support.planning import tables
from tests.support.record import AuditStore
from tests.support.server import MakeConfig, Server, StartServer

BLOCKS = (("Posters", "Hall", "Apple Banana"), ("Demos", "Foyer", "Kiwi"), ("Closing", "Hall", "Fig"))
TIMES: dict[str, tuple[str, str | None]] = {
    "posters": ("2026-01-01T10:00", "2026-01-01T12:00"),
    "demos": ("2026-01-01T11:00", "2026-01-01T11:30"),
    "closing": ("2026-01-02T10:00", "2026-01-02T11:00"),
}
"""The simulation begins at midnight, UTC, of the first of these days."""

SOON = 8
"""After how many seconds all that was asked for is in Discord: threads are made once their message is known."""

Opened = Callable[..., Awaitable["Square"]]


class Square:
    """A server with a channel for meetups."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.channel: ChannelHandle = server.guild.channels["meetups"]
        self.general = server.channel
        self.ann, self.bob, self.cyd = (server.member(name) for name in ("ann", "bob", "cyd"))

    async def open(
        self,
        who: MemberActor | None = None,
        topic: str = "Graphs over coffee",
        when: str = "18:00",
        where: str = "Foyer",
        **options: Any,
    ) -> InteractionResult:
        result = await (who or self.ann).slash(
            self.general, "meetup open", topic=topic, when=when, where=where, **options
        )
        await self.rest()
        return result

    async def rest(self) -> None:
        """Let what was asked for come to Discord."""
        await self.server.advance(SOON)

    async def pass_minutes(self, minutes: float) -> None:
        await self.server.advance(60 * minutes)

    @property
    def posts(self) -> list[discord.Message]:
        """What the bot has posted; SimCord tells of threads there, too."""
        return [one for one in self.channel.history() if one.type is discord.MessageType.default]

    @property
    def post(self) -> discord.Message:
        """The one message about a meetup."""
        (message,) = self.posts
        assert_within_limits(message)
        return message

    @property
    def fields(self) -> dict[str, str]:
        """The parts of the one message, by their headings."""
        return {field.name or "": field.value or "" for field in self.post.embeds[0].fields}

    @property
    def threads(self) -> list[discord.Thread]:
        state = self.server.bot.get_guild(self.server.guild.id)
        assert state
        made = [state.get_thread(one.id) for one in self.channel.threads]
        return [one for one in made if one]

    def thread_members(self, thread: ChannelHandle | None = None) -> set[int]:
        """Who is in the one thread, besides the bot."""
        (one,) = self.channel.threads if thread is None else [thread]
        found = set(self.server.env.backend.channels[one.id].thread_members)
        return found - {self.server.env.backend.bot_user.id}

    def is_archived(self, thread: ChannelHandle | None = None) -> tuple[bool, bool]:
        """Tell whether the one thread is archived, and whether it is locked."""
        (one,) = self.channel.threads if thread is None else [thread]
        metadata = self.server.env.backend.channels[one.id].thread_metadata
        assert metadata
        return metadata.archived, metadata.locked

    async def press(self, who: MemberActor, label: str) -> InteractionResult:
        """Press a button below the one message."""
        return await who.click(self.post, label=label)

    async def press_on(self, number: int, who: MemberActor, label: str) -> InteractionResult:
        """Press a button below one of the messages."""
        return await who.click(self.posts[number], label=label)

    def told(self, result: InteractionResult) -> str:
        """Return all the words of an answer that came late."""
        messages = [*([result.response] if result.response else []), *result.followups]
        return "\n".join(one.content for one in messages)

    async def join(self, *people: MemberActor) -> None:
        for one in people:
            await self.press(one, "Join")
        await self.rest()

    def received(self, person: MemberActor) -> list[discord.Embed]:
        """What the bot wrote to somebody."""
        messages = person.user.dm_channel.history()
        for message in messages:
            assert_within_limits(message)
        return [message.embeds[0] for message in messages]

    def titles(self, person: MemberActor) -> list[str]:
        return [embed.title or "" for embed in self.received(person)]

    async def record(self) -> list[AuditEntry]:
        return await AuditStore(self.server.services.database).latest()

    def in_file(self, statement: str) -> list[tuple[Any, ...]]:
        return rows(self.server.config.database.path, statement)


@pytest.fixture
def opened(start_server: StartServer, make_config: MakeConfig, tmp_path: Path) -> Opened:
    """Start a server with a channel for meetups; keywords go into `[meetups]`."""

    async def start(*, check_errors: bool = True, **meetups: Any) -> Square:
        programme = tables(tmp_path, BLOCKS, TIMES) | {
            "conference": {"name": "MLSys 2026", "timezone": "UTC"},
            "discord": {"organizers": ["Organizers"], "log_channel": "bot-log", "public_channels": ["lobby"]},
            "meetups": {"channel": "meetups", **meetups},
        }
        server = await start_server(make_config(**programme), check_errors=check_errors)
        for name in ("meetups", "bot-log", "lobby"):
            server.guild.create_text_channel(name)
        await server.env.settle()
        return Square(server)

    return start


@pytest.fixture
async def square(opened: Opened) -> Square:
    """A server with a channel for meetups."""
    return await opened()


def said(result: InteractionResult) -> str:
    """Return what an answer says first."""
    return (embed_of(result).description or "").partition("\n")[0]


def text(result: InteractionResult) -> str:
    """Return what an answer says that is words alone."""
    return shown(result).content
