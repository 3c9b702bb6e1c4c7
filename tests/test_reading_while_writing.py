"""Nobody who only reads waits for somebody who writes: everything is answered while another program has the lock."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing

import discord
import pytest
import pytest_asyncio
from simcord.actors import MemberActor

from tests.support.database import rows
from tests.support.messages import embed_of, shown
from tests.support.server import Server, config_in, running

pytestmark = pytest.mark.asyncio(loop_scope="module")

LONG = "kv cache compression for long context inference of large language models on small machines"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    async with running(config_in(tmp_path_factory.mktemp("reading"))) as server:
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ann(server: Server) -> MemberActor:
    for role in ("Organizers", "Moderators"):
        server.guild.create_role(role, permissions=discord.Permissions(manage_guild=True))
    return server.member("ann", "Organizers", "Moderators")


@pytest_asyncio.fixture(loop_scope="module")
async def locked(server: Server, ann: MemberActor) -> AsyncIterator[None]:
    """Let another program write for as long as the test lasts."""
    await server.env.settle()
    with closing(sqlite3.connect(server.config.database.path, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        yield
        holder.execute("ROLLBACK")


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("paper", {"paper": "flash3dgs"}),
        ("paper", {"paper": "language models"}),
        ("paper", {"paper": "qqqqqqqq"}),
        ("author", {"name": "Keutzer"}),
        ("search", {"query": "kv cache"}),
        ("search", {"query": "cache", "session": "poster session"}),
        ("search", {"author": "Keutzer"}),
        ("session", {}),
        ("schedule", {}),
        ("now", {}),
        ("next", {}),
        ("agenda", {}),
        ("mydata", {}),
        ("help", {}),
        ("status", {}),
        ("announce list", {}),
        ("programme history", {}),
        ("programme fixes", {}),
    ],
)
async def test_a_command_that_reads_is_answered(
    server: Server, ann: MemberActor, locked: None, command: str, options: dict[str, str]
) -> None:
    result = await ann.slash(server.channel, command, **options)
    assert shown(result).embeds
    assert "went wrong" not in shown(result).content


async def test_a_button_that_reads_is_answered(server: Server, ann: MemberActor, locked: None) -> None:
    found = await ann.slash(server.channel, "search", query="language models")
    following = await ann.click(shown(found), label="Next")
    assert (embed_of(following).footer.text or "").endswith("Page 2 of 3")
    paper = await ann.slash(server.channel, "paper", paper="flash3dgs")
    assert embed_of(await ann.click(shown(paper), label="Similar papers")).title == "Similar papers"


async def test_suggestions_come(server: Server, ann: MemberActor, locked: None) -> None:
    assert await ann.autocomplete(server.channel, "paper", "paper", "flash3")
    assert await ann.autocomplete(server.channel, "search", "author", "keu")
    assert await ann.autocomplete(server.channel, "session", "session", "")


async def test_a_search_that_fits_on_its_buttons_is_kept_nowhere_else(server: Server, ann: MemberActor) -> None:
    await ann.slash(server.channel, "search", query="language models", session="poster session")
    assert rows(server.config.database.path, "SELECT query FROM asked") == []


async def test_a_search_too_long_for_its_buttons_is_kept(server: Server, ann: MemberActor) -> None:
    found = await ann.slash(server.channel, "search", query=LONG)
    assert rows(server.config.database.path, "SELECT query FROM asked") == [(LONG,)]
    following = await ann.click(shown(found), label="Next")
    assert embed_of(following).title == embed_of(found).title
    assert (embed_of(following).footer.text or "").partition("Page 2 of")[1]


async def test_the_buttons_of_a_search_from_before_a_restart_go_on(server: Server, ann: MemberActor) -> None:
    found = [await ann.slash(server.channel, "search", query=query) for query in ("language models", LONG)]
    await server.restart()
    for result in found:
        assert "Page 2 of" in (embed_of(await ann.click(shown(result), label="Next")).footer.text or "")
