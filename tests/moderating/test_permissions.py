"""Nobody but moderators changes the programme, and nobody what another one is about to change."""

import logging
from typing import Any

import pytest
from simcord.actors import MemberActor

from bot.errors import UserError
from tests.support.messages import buttons_of, menus_of, shown
from tests.support.moderating import (
    FRUIT,
    GROWN,
    MANAGER,
    Start,
    audit,
    change,
    fix,
    moderator,
    paper,
    posters,
    press,
    refused,
    reload,
    text_of,
    titles,
)
from tests.support.server import Server

COMMANDS: dict[str, dict[str, Any]] = {
    "programme reload": {"file": ("next.json", GROWN)},
    "programme undo": {},
    "programme history": {},
    "programme fixes": {},
    "programme fix paper": {"paper": "apple"},
    "programme fix session": {"session": "posters"},
    "programme export": {},
    "programme open-discussions": {"session": "posters"},
    "programme authors": {},
}


def everybody_sees_the_commands(server: Server) -> None:
    """Let Discord show the commands to all, as whoever manages a server can: the bot must refuse by itself."""
    everyone = server.guild.roles["@everyone"]
    server.guild.set_command_permissions(server.services.commands.ids["programme"], {everyone: True})


def take_role(server: Server, who: MemberActor) -> None:
    server.env.backend.remove_member_role(server.guild.id, who.id, server.guild.roles["Moderators"].id)


@pytest.mark.parametrize("roles", [(), ("Organizers",)], ids=["attendee", "organizer"])
async def test_everybody_else_is_refused_politely_privately_and_on_record(
    roles: tuple[str, ...], start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    server = await start()
    everybody_sees_the_commands(server)
    ann = server.member("ann", *roles)

    for command, options in COMMANDS.items():
        caplog.clear()
        with caplog.at_level(logging.WARNING, "bot.permissions"):
            result = await ann.slash(server.channel, command, **options)
        answer = shown(result)
        assert "This is for moderators only. It takes one of these roles: “Moderators”. Ask whoever" in answer.content
        assert answer.ephemeral
        assert result.modal is None
        assert answer.attachments == []
        assert f"user {ann.id} may not use {command}" in caplog.text
    for option, about in (("paper", "programme fix paper"), ("session", "programme fix session")):
        assert await ann.autocomplete(server.channel, about, option, "") == []
    assert titles(server) == list(FRUIT)
    assert audit(server) == []


async def test_discord_offers_the_commands_to_managers_only_and_not_in_direct_messages(start: Start) -> None:
    server = await start()
    mo, ann = moderator(server), server.member("ann")
    offered = {name for name in mo.available_commands(server.channel) if name.startswith("programme ")}
    assert offered == set(COMMANDS)
    assert [name for name in ann.available_commands(server.channel) if name.startswith("programme")] == []
    assert [name for name in mo.user.available_commands() if name.startswith("programme")] == []


async def test_where_no_roles_are_configured_managing_the_server_counts(start: Start) -> None:
    server = await start(discord={})
    role = server.guild.create_role("Chairs", permissions=MANAGER)
    chair = server.guild.add_member(server.env.create_user("chair"), roles=[role])
    everybody_sees_the_commands(server)
    answer = shown(await server.member("mo", "Moderators").slash(server.channel, "programme history"))
    assert "moderators only" in answer.content
    await change(chair, server, GROWN)
    assert titles(server) == [*FRUIT, "Grape"]


@pytest.mark.parametrize("label", ["Apply", "Cancel", "Next"])
async def test_who_lost_the_role_since_the_preview_is_refused_at_the_press(label: str, start: Start) -> None:
    server = await start()
    mo = moderator(server)
    edition = server.services.library.edition
    preview = await reload(mo, server, posters(*FRUIT, *(f"Paper number {n} of many" for n in range(120))))
    before = text_of(preview)
    take_role(server, mo)

    assert "This is for moderators only" in await refused(mo, preview, label)

    assert server.services.library.edition is edition
    assert text_of(preview) == before
    assert audit(server) == []


async def test_who_lost_the_role_is_refused_the_second_confirmation_too(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    asked = await press(mo, await reload(mo, server, posters("Quark")), "Apply")
    take_role(server, mo)
    assert "This is for moderators only" in await refused(mo, asked, "Yes, use this programme")
    assert titles(server) == list(FRUIT)


async def test_who_lost_the_role_is_refused_menus_and_forms(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    await change(mo, server, GROWN)
    await press(mo, await fix(mo, server, "paper", "apple", title="Apples"), "Apply")
    history = shown(await mo.slash(server.channel, "programme history"))
    fixes = shown(await mo.slash(server.channel, "programme fixes"))
    conflict = await reload(mo, server, posters(paper("Apple", title="Apple Pie"), *FRUIT[1:]))
    form = await mo.slash(server.channel, "programme fix paper", paper="banana")
    before = server.services.library.edition, len(audit(server))
    take_role(server, mo)

    for message in (history, fixes, conflict):
        ((holder, options),) = menus_of(message).items()
        menu = next(c for row in message.components for c in row["components"] if c.get("placeholder") == holder)
        result = await mo.select(message, [options[-1]["value"]], custom_id=menu["custom_id"])
        answers = [*result.followups, *([result.response] if result.response else [])]
        assert any("This is for moderators only" in answer.content and answer.ephemeral for answer in answers)
    answer = shown(await mo.submit_modal(form, {"title": "Bananas"}))
    assert "This is for moderators only" in answer.content
    assert answer.ephemeral
    assert (server.services.library.edition, len(audit(server))) == before


async def test_nobody_applies_the_change_that_another_prepared(start: Start) -> None:
    server = await start()
    mo, max_ = moderator(server), moderator(server, "max")
    preview = await reload(mo, server, GROWN)
    token = buttons_of(preview)["Apply"]["custom_id"].rpartition(":")[2]
    moderation = server.services.moderating.service
    for attempt in (
        moderation.apply(max_.id, token, sure=True),
        moderation.cancel(max_.id, token),
        moderation.turn(max_.id, token, 0),
        moderation.take(max_.id, token, [0]),
    ):
        with pytest.raises(UserError, match="Nothing was changed"):
            await attempt
    assert titles(server) == list(FRUIT)
    await press(mo, preview, "Apply")


async def test_a_preview_from_before_a_restart_changes_nothing_and_says_so(start: Start) -> None:
    server = await start()
    mo = moderator(server)
    preview = await reload(mo, server, GROWN)
    await server.restart()
    assert "Nothing was changed; use the command again." in await refused(mo, preview, "Apply")
    assert titles(server) == list(FRUIT)
