"""/help and the welcome: what the bot tells about itself, and to whom."""

from urllib.parse import parse_qs, urlsplit

import discord
import pytest
from discord import app_commands
from simcord.actors import MemberActor
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType
from simcord.results import InteractionResult

from bot.permissions import Audience, GuardedCog
from bot.ui.interaction import Interaction
from tests.support.messages import assert_within_limits, buttons_of, displayed, embed_of, shown
from tests.support.server import Server, StartServer

FOR_STAFF = {f"questions {name}" for name in ("appoint", "export", "off", "on")}
"""Commands of organizers and moderators beside those that everybody has."""


class OrganizerCommands(GuardedCog):
    """A command that is not for everyone."""

    audiences = (Audience.ORGANIZER,)

    @app_commands.command()
    async def broadcast(self, interaction: Interaction) -> None:
        """Tell everybody something."""


class ModeratorCommands(GuardedCog):
    """Commands that are not for everyone."""

    audiences = (Audience.MODERATOR,)

    @app_commands.command()
    async def reload(self, interaction: Interaction) -> None:
        """Load the programme again."""

    source = app_commands.Group(name="source", description="The programme's source")

    @source.command()
    async def status(self, interaction: Interaction) -> None:
        """Tell what was loaded."""


@pytest.fixture
def server(small_server: Server) -> Server:
    return small_server


async def with_commands_for_some(server: Server) -> None:
    for cog in (OrganizerCommands, ModeratorCommands):
        await server.bot.add_cog(cog(server.services.permissions))
    await server.bot.tree.sync()


def sections(result: InteractionResult) -> dict[str, str]:
    """Return what stands under each heading; what is too long for one field goes on in the next."""
    found: dict[str, list[str]] = {}
    for entry in embed_of(result).fields:
        found.setdefault((entry.name or "").removesuffix(" (continued)"), []).append(entry.value or "")
    return {heading: "\n".join(parts) for heading, parts in found.items()}


async def help_for(server: Server, who: MemberActor) -> dict[str, str]:
    return sections(await who.slash(server.channel, "help"))


async def test_help_lists_every_command_with_what_it_does_ready_to_be_pressed(server: Server) -> None:
    ann = server.member("ann")

    result = await ann.slash(server.channel, "help")

    assert result.ephemeral
    assert embed_of(result).title == "MLSys 2026: what I can do"
    assert embed_of(result).footer.text == "1 session · 13 papers · 68 authors"
    lines = sections(result)["For everyone"].splitlines()
    fetched = await server.bot.tree.fetch_commands()
    synced = {command.name: command for command in fetched if command.type is discord.AppCommandType.chat_input}
    for name in ("announce", "programme", "status"):  # those of organizers and moderators
        synced.pop(name, None)
    leaves = [one for one in server.bot.tree.walk_commands() if isinstance(one, app_commands.Command)]
    told = {
        f"</{leaf.qualified_name}:{synced[top].id}> {leaf.description}"
        for leaf in leaves
        if (top := leaf.qualified_name.split()[0]) in synced and leaf.qualified_name not in FOR_STAFF
    }
    assert set(lines) == told
    assert len(lines) == len(told)
    assert [line.split(":")[0] for line in lines[:4]] == ["</paper", "</author", "</search", "</session"]
    assert set(synced) >= {"paper", "author", "search", "session", "help"}
    assert_within_limits(shown(result))


async def test_help_tells_of_the_menus_and_how_to_use_the_bot_in_any_channel(server: Server) -> None:
    result = await server.member("ann").slash(server.channel, "help")

    fetched = await server.bot.tree.fetch_commands()
    menus = [command.name for command in fetched if command.type is not discord.AppCommandType.chat_input]
    assert {"Bookmark", "Their papers", "Report this message"} <= set(menus)
    assert all(f"**{name}**" in (embed_of(result).description or "") for name in menus)
    link = urlsplit(buttons_of(shown(result))["Use me in any channel"]["url"])
    asked = parse_qs(link.query)
    assert asked["client_id"] == [str(server.bot.application_id)]
    assert (asked["scope"], asked["integration_type"]) == (["applications.commands"], ["1"])


async def test_where_people_may_not_install_the_bot_it_does_not_say_how(start_server: StartServer) -> None:
    server = await start_server(discord={"user_install": False})

    assert buttons_of(shown(await server.member("ann").slash(server.channel, "help"))) == {}


async def test_the_organizers_own_line_is_shown_as_it_is_written(start_server: StartServer) -> None:
    notice = "Help desk: hall *B*, ask for @everyone_else"
    server = await start_server(conference={"name": "C_o_n *2026*", "notice": notice})

    result = await server.member("ann").slash(server.channel, "help")

    assert notice in displayed(embed_of(result).description or "")[0]
    assert displayed(embed_of(result).title or "")[0] == "C_o_n *2026*: what I can do"


async def test_an_attendee_is_not_shown_what_only_others_may_do(server: Server) -> None:
    await with_commands_for_some(server)

    shown_to_ann = await help_for(server, server.member("ann"))

    assert list(shown_to_ann) == ["For everyone"]
    assert "announce" not in str(shown_to_ann)
    assert "broadcast" not in str(shown_to_ann)
    assert "reload" not in str(shown_to_ann)
    assert "status" not in str(shown_to_ann)


async def test_an_organizer_is_shown_what_organizers_may_do(server: Server) -> None:
    await with_commands_for_some(server)

    shown_to_olga = await help_for(server, server.member("olga", "Organizers"))

    assert list(shown_to_olga) == ["For everyone", "For organizers"]
    assert "/broadcast` Tell everybody something." in shown_to_olga["For organizers"]
    assert "reload" not in str(shown_to_olga)


async def test_a_moderator_is_shown_what_moderators_may_do(server: Server) -> None:
    await with_commands_for_some(server)

    shown_to_mo = await help_for(server, server.member("mo", "Moderators"))

    assert list(shown_to_mo) == ["For everyone", "For moderators"]
    assert "/reload` Load the programme again." in shown_to_mo["For moderators"]
    assert "/source status` Tell what was loaded." in shown_to_mo["For moderators"]


async def test_who_is_both_is_shown_both(server: Server) -> None:
    await with_commands_for_some(server)

    both = await help_for(server, server.member("kim", "Organizers", "Moderators"))

    assert list(both) == ["For everyone", "For organizers", "For moderators"]


async def test_roles_may_be_named_by_their_ids(server: Server) -> None:
    role = server.guild.create_role("Programme chairs")
    namesake = server.guild.create_role("Moderators")
    table = server.config.discord.model_copy(update={"moderators": (role.id,)})
    await server.restart(server.config.model_copy(update={"discord": table}))
    chair = server.guild.add_member(server.env.create_user("chair"), roles=[role])
    other = server.guild.add_member(server.env.create_user("other"), roles=[namesake])

    assert "For moderators" in await help_for(server, chair)
    assert "For moderators" not in await help_for(server, other)


async def test_without_configured_roles_whoever_may_manage_the_server_counts(start_server: StartServer) -> None:
    server = await start_server(discord={})
    await with_commands_for_some(server)
    role = server.guild.create_role("Staff", permissions=discord.Permissions(manage_guild=True))
    sam = server.guild.add_member(server.env.create_user("sam"), roles=[role])

    assert list(await help_for(server, sam)) == ["For everyone", "For organizers", "For moderators"]
    assert list(await help_for(server, server.member("ann"))) == ["For everyone"]


async def test_managing_the_server_is_enough_unless_the_roles_are_strict(server: Server) -> None:
    await with_commands_for_some(server)
    role = server.guild.create_role("Staff", permissions=discord.Permissions(manage_guild=True))
    sam = server.guild.add_member(server.env.create_user("sam"), roles=[role])
    assert list(await help_for(server, sam)) == ["For everyone", "For organizers", "For moderators"]

    table = server.config.discord.model_copy(update={"strict_roles": True})
    await server.restart(server.config.model_copy(update={"discord": table}))

    assert list(await help_for(server, sam)) == ["For everyone"]


async def test_in_a_direct_message_everybody_is_an_attendee(server: Server) -> None:
    await with_commands_for_some(server)
    mo = server.member("mo", "Moderators")

    result = await mo.user.slash("help")

    assert list(sections(result)) == ["For everyone"]
    assert not shown(result).ephemeral


async def join(server: Server) -> None:
    """Let the bot join the server, as far as it notices."""
    await server.env.settle()
    guild = server.bot.get_guild(server.guild.id)
    assert guild is not None
    await server.services.take_up(guild)
    await server.env.settle()


def welcomes(server: Server) -> dict[str, list[discord.Message]]:
    """Return what was posted, by channel."""
    return {name: channel.history() for name, channel in server.guild.channels.items() if channel.history()}


async def test_the_bot_introduces_itself_in_the_first_channel_it_may_write_in(server: Server) -> None:
    server.guild.create_text_channel("lobby")

    await join(server)

    ((name, (message,)),) = welcomes(server).items()
    assert name == "general"
    assert message.embeds[0].title == "Welcome to MLSys 2026"
    description = message.embeds[0].description or ""
    assert all(server.bot.services.commands.of(command) in description for command in ("paper", "search", "help"))
    assert "time not announced" in str(message.embeds[0].fields[0].value)
    assert_within_limits(message)


async def test_a_channel_the_bot_may_not_write_in_is_passed_over(server: Server) -> None:
    deny_in(server, "general")
    server.guild.create_text_channel("lobby")

    await join(server)

    assert list(welcomes(server)) == ["lobby"]


def deny_in(server: Server, name: str) -> None:
    """Take the right to send messages in a channel from everybody."""
    rule = Overwrite(server.guild.default_role.id, OverwriteType.ROLE, 0, discord.Permissions(send_messages=True).value)
    server.env.backend.set_overwrite(server.guild.channels[name].id, rule)


async def test_the_servers_own_channel_for_such_messages_comes_first(server: Server) -> None:
    server.guild._guild.system_channel_id = server.guild.create_text_channel("lobby").id
    await server.restart()

    await join(server)

    assert list(welcomes(server)) == ["lobby"]


async def test_a_bot_that_may_write_nowhere_is_silent(server: Server) -> None:
    deny_in(server, "general")

    await join(server)

    assert welcomes(server) == {}


async def test_the_welcome_can_be_switched_off(start_server: StartServer) -> None:
    server = await start_server(discord={"welcome": False})

    await join(server)

    assert welcomes(server) == {}


async def test_the_welcomes_button_shows_the_posters_to_whoever_presses_it(server: Server) -> None:
    await join(server)
    (message,) = welcomes(server)["general"]
    ann = server.member("ann")
    await server.restart()

    result = await ann.click(message, label="See the posters")

    assert result.ephemeral
    assert embed_of(result).title == "Poster Session 1 & Opening Reception"
    assert list(buttons_of(message)) == ["See the posters"]


async def test_the_welcome_tells_the_configured_time_and_the_organizers_line(start_server: StartServer) -> None:
    server = await start_server(
        conference={"name": "MLSys 2026", "timezone": "America/Los_Angeles", "notice": "Mind the *step*."},
        sessions={"poster-session-1-opening": {"start": "2026-05-18T18:00:00"}},
    )

    await join(server)

    (message,) = welcomes(server)["general"]
    assert "Mind the *step*." in displayed(message.embeds[0].description or "")[0]
    assert "<t:1779152400:f>" in str(message.embeds[0].fields[0].value)
