"""Nobody but those whom they are for can use a command, a suggestion, a button or a form: all of them are tried."""

from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands, ui
from simcord.actors import MemberActor

from bot.permissions import Audience, GuardedCog
from tests.support.messages import shown
from tests.support.server import Server, StartServer

ROLES = {"organizers": ["Organizers"], "moderators": ["Moderators"], "strict_roles": True}
REFUSED = "only. It takes one of these roles: "

AnyCommand = app_commands.Command[Any, ..., Any]


@pytest.fixture
async def server(start_server: StartServer) -> Server:
    return await start_server(check_errors=False, discord=ROLES, announcements={"channels": ["general"]})


@pytest.fixture
def attendee(server: Server) -> MemberActor:
    """Somebody to whom Discord shows every command, and whom the bot knows as an attendee."""
    role = server.guild.create_role("Staff", permissions=discord.Permissions(manage_guild=True))
    return server.guild.add_member(server.env.create_user("ada"), roles=[role])


def commands_of(server: Server, *, guarded: bool) -> list[AnyCommand]:
    found = [command for command in server.bot.tree.walk_commands() if isinstance(command, app_commands.Command)]
    return [command for command in found if isinstance(command.binding, GuardedCog) is guarded]


async def test_every_guarded_command_refuses_an_attendee_and_suggests_nothing(
    server: Server, attendee: MemberActor
) -> None:
    guarded = commands_of(server, guarded=True)
    assert {command.qualified_name.split()[0] for command in guarded} == {"announce", "programme", "status"}
    for command in guarded:
        options = {option.display_name: "1" for option in command.parameters if option.required}
        result = await attendee.slash(server.channel, command.qualified_name, **options)
        assert REFUSED in shown(result).content, command.qualified_name
        assert shown(result).ephemeral
        for option in command.parameters:
            if option.autocomplete:
                suggested = await attendee.autocomplete(
                    server.channel, command.qualified_name, option.display_name, "", **options
                )
                assert suggested == [], command.qualified_name


async def test_what_discord_hides_is_guarded_and_what_it_shows_is_for_everybody(server: Server) -> None:
    def hidden(command: AnyCommand) -> bool:
        top = command.root_parent or command
        return top.default_permissions is not None

    assert all(hidden(command) for command in commands_of(server, guarded=True))
    assert not any(hidden(command) for command in commands_of(server, guarded=False))
    cogs = [command.binding for command in commands_of(server, guarded=True)]
    assert all(isinstance(cog, GuardedCog) and cog.audiences for cog in cogs)


async def test_every_guarded_button_refuses_an_attendee(server: Server, attendee: MemberActor) -> None:
    guarded = server.services.presses.guarded
    assert set(guarded) == {"announce", "claims", "close-meetup", "fix", "programme", "source"}
    channel = server.bot.get_channel(server.channel.id)
    assert isinstance(channel, discord.TextChannel)
    for verb in guarded:
        view = ui.View(timeout=None)
        view.add_item(ui.Button(label=verb, custom_id=f"{verb}:apply:0123abcd"))
        message = await channel.send("A preview", view=view)
        result = await attendee.click(message, label=verb)
        assert REFUSED in shown(result).content, verb


@pytest.mark.parametrize(
    ("command", "options", "audience"),
    [
        ("announce post", {}, Audience.ORGANIZER),
        ("programme fix paper", {"paper": "1"}, Audience.MODERATOR),
        ("programme fix session", {"session": "poster"}, Audience.MODERATOR),
    ],
)
async def test_every_form_is_refused_from_somebody_who_has_lost_the_role(
    server: Server, command: str, options: dict[str, str], audience: Audience
) -> None:
    staff = server.guild.create_role("Staff", permissions=discord.Permissions(manage_guild=True))
    role = server.guild.create_role(f"{audience.value.title()}s")
    member = server.guild.add_member(server.env.create_user("olga"), roles=[staff, role])
    opened = await member.slash(server.channel, command, **options)
    assert opened.modal

    server.env.backend.remove_member_role(server.guild.id, member.id, role.id)
    filled = {"title": "A title", "text": "A text", "name": "A name"}
    fields = {part["component"]["custom_id"] for part in opened.modal["components"]}
    result = await member.submit_modal(opened, {name: text for name, text in filled.items() if name in fields})

    assert REFUSED in shown(result).content


def test_there_is_one_kind_of_form() -> None:
    """A form of its own would not ask again whether somebody may."""
    files = [file for folder in ("bot", "cogs") for file in Path(folder).rglob("*.py")]
    assert [str(file) for file in files if "Modal(" in file.read_text(encoding="utf-8")] == ["bot/ui/form.py"]
