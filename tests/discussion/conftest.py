"""A small conference whose attendees talk in a forum."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.moderating import posters
from tests.support.server import MakeConfig, StartServer
from tests.support.talking import FORUM, Talking, discussion

PAPERS = ("Apple", "Banana", "Cherry")

StartTalking = Callable[..., Awaitable[Talking]]


@pytest.fixture
def start_talking(start_server: StartServer, make_config: MakeConfig, tmp_path: Path) -> StartTalking:
    """Start a server with a forum, or with a text channel where `text` says so; keywords go to `[discussion]`."""

    async def start(data: bytes = posters(*PAPERS), *, text: bool = False, **settings: Any) -> Talking:
        source = tmp_path / "programme.json"
        source.write_bytes(data)
        server = await start_server(make_config(programme={"source": source}, discussion=discussion(**settings)))
        forum = server.guild.create_text_channel(FORUM) if text else server.guild.create_forum_channel(FORUM)
        await server.env.settle()
        return Talking(server, forum)

    return start


@pytest.fixture
async def talking(start_talking: StartTalking) -> Talking:
    """A server with three posters and a forum."""
    return await start_talking()
