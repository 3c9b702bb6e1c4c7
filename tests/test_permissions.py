"""Who may do what: by roles, and by managing the server unless the roles alone are to count."""

from typing import Any

import discord
import pytest
from simcord.actors import MemberActor

from tests.support.messages import embed_of, shown
from tests.support.moderating import GROWN, Start, moderator, press, refused, reload, start, titles
from tests.support.server import Server

__all__ = ["start"]

MANAGER = discord.Permissions(manage_guild=True)
NOT_THERE = {"organizers": ["Chairs"], "moderators": ["Programme chairs", "Helpers"], "welcome": False}
"""Roles that no server of these tests has."""


def manager(server: Server, name: str = "ada") -> MemberActor:
    """Add somebody who may manage the server, and has none of the roles that the configuration names."""
    role = server.guild.roles.get("Managers") or server.guild.create_role("Managers", permissions=MANAGER)
    return server.guild.add_member(server.env.create_user(name), roles=[role])


def everybody_sees_the_commands(server: Server) -> None:
    """Let Discord show all commands to all, so that the bot must refuse by itself."""
    for command in ("programme", "announce", "status"):
        everyone = server.guild.roles["@everyone"]
        server.guild.set_command_permissions(server.services.commands.ids[command], {everyone: True})


async def told(who: MemberActor, server: Server, command: str, **options: Any) -> str:
    """Use a command that is answered in words alone, and return them."""
    answer = shown(await who.slash(server.channel, command, **options))
    assert answer.ephemeral
    assert answer.embeds == []
    return answer.content


async def helped(who: MemberActor, server: Server) -> list[str]:
    """Return for whom the commands are that the help shows somebody."""
    parts = embed_of(await who.slash(server.channel, "help")).fields
    return list(dict.fromkeys((part.name or "").removesuffix(" (continued)") for part in parts))


async def test_a_role_that_is_not_there_locks_nobody_out_who_manages_the_server(start: Start) -> None:
    server = await start(discord=NOT_THERE)
    ada = manager(server)

    await press(ada, await reload(ada, server, GROWN), "Apply")
    announcements = await ada.slash(server.channel, "announce list")
    status = await ada.slash(server.channel, "status")
    suggested = await ada.autocomplete(server.channel, "programme fix paper", "paper", "gra")

    assert titles(server)[-1] == "Grape"
    assert embed_of(announcements).title == "Announcements"
    assert embed_of(status).title == "Status"
    assert [choice["value"] for choice in suggested] == ["grape"]
    assert await helped(ada, server) == ["For everyone", "For organizers", "For moderators"]


async def test_who_manages_is_admitted_also_where_the_roles_are_there(start: Start) -> None:
    server = await start()
    moderator(server)
    ada = manager(server)
    await press(ada, await reload(ada, server, GROWN), "Apply")
    assert titles(server)[-1] == "Grape"


async def test_who_no_longer_manages_is_refused_the_button_of_their_own_preview(start: Start) -> None:
    server = await start()
    ada = manager(server)
    preview = await reload(ada, server, GROWN)
    server.env.backend.remove_member_role(server.guild.id, ada.id, server.guild.roles["Managers"].id)
    assert "This is for moderators only." in await refused(ada, preview, "Apply")
    assert "Grape" not in titles(server)


async def test_the_refusal_names_the_roles_it_takes_and_those_the_server_does_not_have(start: Start) -> None:
    server = await start(discord={**NOT_THERE, "organizers": ["Organizers"]})
    everybody_sees_the_commands(server)
    server.guild.create_role("Helpers")
    ann = server.member("ann")

    assert await told(ann, server, "programme history") == (
        "This is for moderators only. It takes one of these roles: “Programme chairs”, “Helpers”. Ask whoever manages "
        "this server to give you one. This server has no role called “Programme chairs”."
    )
    assert await told(ann, server, "status") == (
        "This is for organizers and moderators only. It takes one of these roles: “Organizers”, “Programme chairs”, "
        "“Helpers”. Ask whoever manages this server to give you one. This server has no role called “Organizers”, "
        "“Programme chairs”."
    )


async def test_where_all_roles_are_there_none_is_called_missing(start: Start) -> None:
    server = await start()
    moderator(server)
    everybody_sees_the_commands(server)
    assert await told(server.member("ann"), server, "programme history") == (
        "This is for moderators only. It takes one of these roles: “Moderators”. Ask whoever manages this server to "
        "give you one."
    )


async def test_where_no_roles_are_named_the_refusal_says_who_counts(start: Start) -> None:
    server = await start(discord={})
    everybody_sees_the_commands(server)
    assert await told(server.member("ann"), server, "programme history") == (
        "This is for moderators only. Whoever may manage this server is one."
    )


async def test_a_role_named_by_its_id_is_called_by_its_name(start: Start) -> None:
    server = await start()
    role = server.guild.create_role("Chairs *of* posters")
    table = server.config.discord.model_copy(update={"moderators": (role.id,)})
    await server.restart(server.config.model_copy(update={"discord": table}))
    everybody_sees_the_commands(server)
    namesake = server.member("ann", "Moderators")
    assert "one of these roles: “Chairs \\*of\\* posters”." in await told(namesake, server, "programme history")
    chair = server.guild.add_member(server.env.create_user("chair"), roles=[role])
    assert embed_of(await chair.slash(server.channel, "programme history")).title == "History of the programme"


@pytest.fixture
async def strict(start: Start) -> Server:
    """A server in which managing it is not enough."""
    roles = {"organizers": ["Organizers"], "moderators": ["Moderators"], "strict_roles": True}
    return await start(discord=roles)


async def test_under_strict_roles_managing_is_not_enough(strict: Server) -> None:
    ada = manager(strict)
    for command in ("programme history", "announce list", "status"):
        assert "only. It takes one of these roles: “" in await told(ada, strict, command)
    assert await ada.autocomplete(strict.channel, "programme fix paper", "paper", "app") == []
    assert await helped(ada, strict) == ["For everyone"]


async def test_under_strict_roles_the_roles_count(strict: Server) -> None:
    mo = moderator(strict)
    await press(mo, await reload(mo, strict, GROWN), "Apply")
    assert titles(strict)[-1] == "Grape"
    assert "This is for organizers only." in await told(mo, strict, "announce list")
    assert await helped(mo, strict) == ["For everyone", "For moderators"]


async def test_under_strict_roles_whose_role_was_taken_is_refused_also_as_a_manager(strict: Server) -> None:
    mo = moderator(strict)
    preview = await reload(mo, strict, GROWN)
    form = await mo.slash(strict.channel, "programme fix paper", paper="apple")
    manages = strict.guild.create_role("Managers", permissions=MANAGER)
    strict.env.backend.add_member_role(strict.guild.id, mo.id, manages.id)
    strict.env.backend.remove_member_role(strict.guild.id, mo.id, strict.guild.roles["Moderators"].id)

    assert "This is for moderators only." in await refused(mo, preview, "Apply")
    handed_back = shown(await mo.submit_modal(form, {"title": "Apples"}))
    assert "This is for moderators only." in handed_back.content
    assert "Grape" not in titles(strict)


async def test_under_strict_roles_managing_counts_where_no_roles_are_named(start: Start) -> None:
    server = await start(discord={"moderators": ["Moderators"], "strict_roles": True})
    ada = manager(server)
    assert embed_of(await ada.slash(server.channel, "announce list")).title == "Announcements"
    assert "This is for moderators only." in await told(ada, server, "programme history")


async def test_in_a_server_that_is_not_the_conferences_nobody_is_more_than_an_attendee(start: Start) -> None:
    server = await start(discord={"moderators": ["Moderators"], "servers": [1]})
    everybody_sees_the_commands(server)
    for who in (manager(server), moderator(server)):
        assert await told(who, server, "programme history") == (
            "This works in the conference's own server only. I work for the conference in its own server, and in this "
            "one I only answer questions. Whoever runs the bot can name this one in its configuration: servers = "
            f"[{server.guild.id}] under [discord]."
        )
        assert await helped(who, server) == ["For everyone"]


async def problems(who: MemberActor, server: Server) -> str:
    embed = embed_of(await who.slash(server.channel, "status"))
    (found,) = (part.value or "" for part in embed.fields if part.name == "Permission problems")
    return found


async def test_the_status_names_each_role_that_is_missing(start: Start) -> None:
    server = await start(discord={**NOT_THERE, "events": False})
    ada = manager(server)

    said = await problems(ada, server)
    assert "⚠ `discord.organizers`: this server has no role called Chairs, so it makes nobody one." in said
    assert "⚠ `discord.moderators`: this server has no role called Programme chairs, so it makes nobody one." in said

    for role in ("Chairs", "Programme chairs", "Helpers"):
        server.guild.create_role(role)
    assert await problems(ada, server) == "None: the bot may do everything it has to do."
