"""What the bot prints when it is connected: its commands, its servers, what it lacks there, and how to invite it."""

import discord
import pytest
from simcord.backend.models import Overwrite
from simcord.builders import ChannelHandle, GuildHandle
from simcord.enums import OverwriteType

from tests.support.server import Server, StartServer

BOT = 900000000000000001


def printed(server: Server) -> list[str]:
    status = server.services.status.service
    return list(status.report(BOT, server.services.commands.ids))


def lines_of(guild: GuildHandle, lines: list[str]) -> list[str]:
    """Return what is said of a server, and is indented below its name."""
    start = next(place for place, line in enumerate(lines) if f"({guild.id})" in line)
    below = next(place for place in range(start + 1, len(lines)) if not lines[place].startswith("    "))
    return [lines[start], *(line.removeprefix("    ") for line in lines[start + 1 : below])]


def deny(server: Server, channel: ChannelHandle, **permissions: bool) -> None:
    """Take permissions in a channel from everybody."""
    rule = Overwrite(server.guild.default_role.id, OverwriteType.ROLE, 0, discord.Permissions(**permissions).value)
    server.env.backend.set_overwrite(channel.id, rule)


async def test_the_commands_and_the_way_in_are_named(small_server: Server) -> None:
    lines = printed(small_server)
    assert lines[0] == (
        "Registered with Discord: /agenda, /announce, /author, /browse, /digest, /foryou, /help, /help-desk, /mydata, "
        "/next, /notes, /now, /paper, /programme, /remindme, /schedule, /search, /session, /status, /where."
    )
    assert lines[-1].startswith(f"Invite the bot to a server: https://discord.com/oauth2/authorize?client_id={BOT}&")


async def test_where_it_is_in_no_server_it_says_what_to_do(start_server: StartServer) -> None:
    server = await start_server()
    server.env.backend.remove_guild(server.guild.id)
    assert printed(server)[1] == "In 0 servers; invite the bot to yours with the link below."
    assert len(printed(server)) == 3


async def test_a_server_that_has_everything_lacks_nothing(start_server: StartServer) -> None:
    server = await start_server(reminders={"channel": "general"})
    for role in ("Organizers", "Moderators"):
        server.guild.create_role(role)
    await server.env.settle()
    lines = printed(server)
    assert lines[1:3] == ["In 1 server:", f"  MLSys 2026 ({server.guild.id}): nothing is missing."]
    assert len(lines) == 4


@pytest.fixture
async def lacking(start_server: StartServer) -> Server:
    """A server that lacks most of what the configuration speaks of, and whose names are hard on Markdown."""
    server = await start_server(
        announcements={"channels": ["general", "news"], "roles": ["all_of_you"]},
        reminders={"channel": "general", "ping": "poster*fans"},
        discord={"moderators": ["programme_chairs"], "log_channel": "bot_log", "organizers_channel": "chairs"},
    )
    server.guild.create_role("all_of_you", mentionable=False)
    server.guild.create_text_channel("chairs")
    deny(server, server.channel, send_messages=True, embed_links=True)
    bot_role = next(role for role in server.env.backend.guilds[server.guild.id].roles.values() if role.managed)
    taken = discord.Permissions(manage_events=True, mention_everyone=True)
    server.env.backend.edit_role(server.guild.id, bot_role.id, {"permissions": bot_role.permissions & ~taken.value})
    await server.env.settle()
    return server


async def test_what_a_server_lacks_is_said_a_line_each_in_plain_words(lacking: Server) -> None:
    assert lines_of(lacking.guild, printed(lacking)) == [
        f"  MLSys 2026 ({lacking.guild.id}):",
        "#general (announcements.channels): the bot lacks Send Messages, Embed Links.",
        "announcements.channels: this server has no text channel called news.",
        "#general (reminders.channel): the bot lacks Send Messages, Embed Links.",
        "discord.log_channel: this server has no text channel called bot_log.",
        "The bot keeps no events here: it lacks Create Events and Manage Events.",
        "@all_of_you can't be pinged: make it mentionable, or give the bot Mention Everyone.",
        "A role that is to be pinged is not in this server: poster*fans.",
        "discord.moderators: this server has no role called programme_chairs, so it makes nobody one.",
    ]


async def test_each_server_has_its_own_lines(start_server: StartServer) -> None:
    server = await start_server(discord={}, reminders={"channel": "general"})
    other = await server.own_server("MLSys workshops")
    lines = printed(server)
    assert lines[1] == "In 2 servers:"
    assert lines_of(server.guild, lines) == [f"  MLSys 2026 ({server.guild.id}): nothing is missing."]
    assert lines_of(other, lines) == [
        f"  MLSys workshops ({other.id}):",
        "reminders.channel: this server has no text channel called general.",
    ]


async def test_a_server_that_is_not_the_conferences_is_said_to_be_left_out(start_server: StartServer) -> None:
    server = await start_server(discord={"servers": [1]}, reminders={"channel": "nowhere"})
    where = server.guild.id
    assert lines_of(server.guild, printed(server))[1:] == [
        f"This server is not the conference's own: it gets answers alone. Is it? Add its id {where} to discord.servers."
    ]
