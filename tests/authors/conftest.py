"""The server in which authors show who they are."""

from pathlib import Path
from typing import Any

import pytest

from bot.authors.codes import SECRET_VARIABLE
from tests.support.authors import MODERATORS, PROGRAMME, SECRET, StartAuthors
from tests.support.moderating import Start, start
from tests.support.server import Server

__all__ = ["start"]


@pytest.fixture
def begin(start: Start, monkeypatch: pytest.MonkeyPatch) -> StartAuthors:
    """Start a server with a channel for the moderators; keywords go into `[authors]`."""

    async def begin(
        *, secret: str = SECRET, channel: bool = True, forum: str = "", data: bytes = PROGRAMME, **authors: Any
    ) -> Server:
        if secret:
            monkeypatch.setenv(SECRET_VARIABLE, secret)
        else:
            monkeypatch.delenv(SECRET_VARIABLE, raising=False)
        table = {"claim_by": ["code", "moderator"], **authors}
        roles = {"organizers": ["Organizers"], "moderators": ["Moderators"]}
        where = {"moderators_channel": MODERATORS} if channel else {}
        talks = {"forum": forum} if forum else {}
        server = await start(data, authors=table, discord={**roles, **where}, discussion=talks)
        if channel:
            server.guild.create_text_channel(MODERATORS)
            await server.env.settle()
        return server

    return begin


@pytest.fixture
def tickets(tmp_path: Path) -> Path:
    """Where the ticket holders are."""
    return tmp_path / "tickets.csv"
