"""A conference whose sessions take questions."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.moderating import programme, session
from tests.support.questioning import Lecture, questions
from tests.support.server import MakeConfig, StartServer
from tests.support.talking import FORUM, Talking, discussion

StartLecture = Callable[..., Awaitable[Lecture]]


@pytest.fixture
def start_lecture(start_server: StartServer, make_config: MakeConfig, tmp_path: Path) -> StartLecture:
    """Start a server with a forum and two sessions, of which the first has a place; keywords go to `[questions]`."""

    async def start(**settings: Any) -> Lecture:
        source = tmp_path / "programme.json"
        source.write_bytes(programme(session("Apple", name="Keynote"), session("Kiwi", name="Panel")))
        config = make_config(
            programme={"source": source}, discussion=discussion(tags=False), questions=questions(**settings)
        )
        server = await start_server(config, check_errors=False)
        talking = Talking(server, server.guild.create_forum_channel(FORUM))
        await server.env.settle()
        await talking.discuss(await talking.session("Keynote"))
        return Lecture(talking, "Keynote")

    return start


@pytest.fixture
async def lecture(start_lecture: StartLecture) -> Lecture:
    """A server whose keynote takes questions."""
    return await start_lecture()
