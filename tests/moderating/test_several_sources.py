"""A programme in several files: loaded at the start, loaded anew, and known again unless something changed."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.editions.rows import EditionStore
from tests.support.messages import embed_of
from tests.support.moderating import moderator, press, reload, text_of, titles
from tests.support.server import MakeConfig, Server, StartServer

PAPERS = "ID,Title,Authors,Status\n1,Caching,Ada Lovelace,Accepted\n2,Batching,Bo Li,Shepherded\n"
SESSIONS = "1A:\n  start_time: 2031-07-04 06:00:00\n  end_time: 2031-07-04 07:00:00\n  papers:\n  - 1\n  - 2\n"

Begin = Callable[..., Awaitable[Server]]


@pytest.fixture
def begin(start_server: StartServer, make_config: MakeConfig, tmp_path: Path) -> Begin:
    """Start the bot on `PAPERS` and `SESSIONS`, or, given a server, start it again; keywords say more of the papers."""

    async def start(server: Server | None = None, **said: Any) -> Server:
        for name, text in (("papers.csv", PAPERS), ("sessions.yml", SESSIONS)):
            if not (tmp_path / name).exists():
                (tmp_path / name).write_text(text, encoding="utf-8")
        papers = {"path": tmp_path / "papers.csv", "public": ["shepherded"], **said}
        config = make_config(programme={"sources": [papers, {"path": tmp_path / "sessions.yml"}]})
        if server is None:
            return await start_server(config)
        await server.restart(config)
        return server

    return start


async def loads(server: Server) -> int:
    return len(await EditionStore(server.services.database).history())


async def test_the_bot_answers_from_all_files_together(begin: Begin) -> None:
    server = await begin()
    answer = await server.member("ada").slash(server.channel, "paper", paper="Batching")
    embed = embed_of(answer)
    assert embed.title == "Batching"
    assert "1A" in str([field.value for field in embed.fields])


async def test_all_files_are_loaded_anew(begin: Begin, tmp_path: Path) -> None:
    server = await begin()
    mo = moderator(server)
    assert "is the programme that is in use already" in text_of(await reload(mo, server))
    (tmp_path / "sessions.yml").write_text(SESSIONS.replace("06:00", "05:00"), encoding="utf-8")
    preview = await reload(mo, server)
    assert "1 session changed." in text_of(preview)
    await press(mo, preview, "Apply")
    assert titles(server) == ["Caching", "Batching"]
    (session,) = server.services.library.edition.programme.sessions
    assert session.starts_at is not None
    # Five in the morning in the conference's zone, Los Angeles.
    assert session.starts_at.hour == 12


async def test_a_start_loads_again_what_a_file_or_the_configuration_changed_and_nothing_else(
    begin: Begin, tmp_path: Path
) -> None:
    server = await begin()
    await begin(server)
    assert await loads(server) == 1
    (tmp_path / "papers.csv").write_text(f"{PAPERS}3,Pruning,Cy Roe,Accepted\n", encoding="utf-8")
    await begin(server)
    assert await loads(server) == 2
    assert titles(server) == ["Caching", "Batching", "Pruning"]
    await begin(server, public=["camera-ready"])
    assert await loads(server) == 3
    assert titles(server) == ["Caching", "Pruning"]


async def test_a_file_that_is_gone_leaves_the_bot_on_its_last_programme(
    begin: Begin, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = await begin()
    (tmp_path / "papers.csv").unlink()
    (tmp_path / "papers.csv").mkdir()
    await begin(server)
    assert titles(server) == ["Caching", "Batching"]
    assert "papers.csv: is a directory" in caplog.text


async def test_an_uploaded_file_is_read_as_the_configuration_says_of_its_name(begin: Begin) -> None:
    server = await begin()
    mo = moderator(server)
    data = f"{PAPERS}3,Pruning,Cy Roe,Shepherded\n".encode()
    await press(mo, await reload(mo, server, data, "papers.csv"), "Apply")
    assert titles(server) == ["Caching", "Batching", "Pruning"]
    preview = await reload(mo, server, data, "other.csv")
    assert "2 papers removed" in text_of(preview)
