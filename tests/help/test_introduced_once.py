"""The bot introduces itself once in each server: also in one it was in already, and again when it is invited anew."""

import asyncio
import logging

import discord
import pytest
from simcord.backend.models import Overwrite
from simcord.builders import ChannelHandle
from simcord.enums import OverwriteType

from tests.support.database import rows
from tests.support.server import Server, StartServer


def welcomes(server: Server, channel: ChannelHandle | None = None) -> int:
    """Count the introductions in a channel."""
    messages = (channel or server.channel).history()
    return sum("Welcome to MLSys 2026" in (embed.title or "") for message in messages for embed in message.embeds)


def allow(server: Server, *, to_send: bool) -> None:
    """Let the bot write in the server's channel, or not."""
    denied = discord.Permissions.none() if to_send else discord.Permissions(send_messages=True)
    rule = Overwrite(server.guild.default_role.id, OverwriteType.ROLE, 0, denied.value)
    server.env.backend.set_overwrite(server.channel.id, rule)


async def at_rest(server: Server) -> None:
    """Wait until the bot has done what follows from what Discord told it."""
    await server.env.settle()
    while tasks := server.services._background._tasks:
        await asyncio.wait(tasks)


async def restart(server: Server) -> None:
    await server.restart()
    await at_rest(server)


async def invite(server: Server) -> None:
    """Let the bot come to the server as somebody invites it."""
    server.bot.dispatch("guild_join", server.bot.get_guild(server.guild.id))
    await at_rest(server)


async def test_in_a_server_that_it_was_in_already_it_introduces_itself_when_it_starts(small_server: Server) -> None:
    assert welcomes(small_server) == 0
    await restart(small_server)
    assert welcomes(small_server) == 1


async def test_neither_a_restart_nor_a_reconnection_makes_it_do_so_again(small_server: Server) -> None:
    await restart(small_server)
    await restart(small_server)
    small_server.bot.dispatch("ready")
    await at_rest(small_server)
    assert welcomes(small_server) == 1


async def test_a_database_from_before_it_kept_that_makes_it_do_so_once(small_server: Server) -> None:
    await restart(small_server)
    rows(small_server.config.database.path, "DELETE FROM introduction")
    for _ in range(2):
        await restart(small_server)
    assert welcomes(small_server) == 2


async def test_who_invites_it_is_introduced_to_it_once_and_again_when_they_invite_it_again(
    small_server: Server,
) -> None:
    await invite(small_server)
    assert welcomes(small_server) == 1
    await restart(small_server)
    assert welcomes(small_server) == 1
    await invite(small_server)
    assert welcomes(small_server) == 2


async def test_where_it_may_write_nowhere_it_introduces_itself_as_soon_as_it_may(small_server: Server) -> None:
    allow(small_server, to_send=False)
    await restart(small_server)
    assert welcomes(small_server) == 0
    allow(small_server, to_send=True)
    await restart(small_server)
    assert welcomes(small_server) == 1


async def test_each_server_is_one_of_its_own(small_server: Server) -> None:
    await restart(small_server)
    lobby = (await small_server.own_server("MLSys workshops", "lobby")).channels["lobby"]
    await restart(small_server)
    assert (welcomes(small_server), welcomes(small_server, lobby)) == (1, 1)


async def test_in_servers_that_are_not_the_conferences_it_keeps_quiet_when_it_starts(
    start_server: StartServer,
) -> None:
    server = await start_server(discord={"servers": [1]})
    await restart(server)
    assert welcomes(server) == 0


async def test_a_server_that_takes_no_message_keeps_no_other_from_being_welcomed(
    small_server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    allow(small_server, to_send=False)
    lobby = (await small_server.own_server("MLSys workshops", "lobby")).channels["lobby"]
    allow(small_server, to_send=True)
    small_server.env.inject_error("POST", f"/channels/{small_server.channel.id}/messages", status=403)
    with caplog.at_level(logging.WARNING, "bot"):
        await restart(small_server)
    assert (welcomes(small_server), welcomes(small_server, lobby)) == (0, 1)
    assert f"could not introduce the bot in channel {small_server.channel.id}" in caplog.text
