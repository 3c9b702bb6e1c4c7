"""Asking those on duty: one private thread, taken and closed by them, whatever happens in between."""

from datetime import timedelta

import discord
import pytest
from simcord.backend.access import can_access_channel
from simcord.results import InteractionResult

from tests.helpdesk.conftest import CONDUCT, HELP, HIDE, Desk, OpenDesk, answer_of, text_of, typed
from tests.support.database import rows
from tests.support.messages import assert_within_limits, buttons_of, shown
from tests.support.server import StartServer

WILD = "**My badge**\n# does not print @everyone <@&1> [here](https://evil.example)\n> quoted"


async def test_a_request_opens_a_private_thread_with_the_asker_and_those_on_duty(desk: Desk) -> None:
    asked = await desk.ask(desk.ann, WILD)

    thread = desk.thread
    assert f"<#{thread.id}>" in answer_of(asked)
    assert can_access_channel(desk.server.env, thread.id, desk.ann)
    assert not can_access_channel(desk.server.env, thread.id, desk.server.member("bob"))
    (starter,) = thread.history()
    assert starter.content == f"{desk.helpers.mention} {desk.ann.mention}"
    assert {role.id for role in starter.role_mentions} == {desk.helpers.id}
    assert "> \\*\\*My badge\\*\\*\n> \\# does not print \\@everyone" in (starter.embeds[0].description or "")
    assert "[here]" not in text_of(starter)
    assert "(https://" not in text_of(starter)
    assert_within_limits(starter)
    assert rows(desk.server.config.database.path, "SELECT text, step FROM help_request") == [(None, "open")]


async def test_the_same_form_sent_again_opens_no_second_thread(desk: Desk) -> None:
    opened = await desk.ann.slash(desk.channel, "help-desk")
    first = await desk.ann.submit_modal(opened, typed("My badge does not print", HELP))
    await desk.server.restart()
    again = await send_again(desk, opened)

    assert answer_of(first) == answer_of(again)
    assert len(desk.thread.history()) == 1


async def send_again(desk: Desk, opened: InteractionResult) -> InteractionResult:
    """Discord keeps a form open whose answer did not arrive, and people send it again."""
    opened._interaction.modal_consumed = False
    return await desk.ann.submit_modal(opened, typed("My badge does not print", HELP))


async def test_one_on_duty_takes_it_another_takes_over_and_nobody_else_can(desk: Desk) -> None:
    await desk.ask(desk.ann, "My badge does not print")
    (starter,) = desk.thread.history()
    hanna = desk.server.member("hanna", "Helpers")

    await desk.hugo.click(starter, label="Take")
    (taken,) = desk.thread.history()
    assert f"State: Taken by {desk.hugo.mention}" in text_of(taken)
    # Two who press at the same moment see the same button, which says that nobody has it.
    token = (starter.embeds[0].title or "").split()[-1]
    late = await desk.server.services.help_desk.service.take(token, None, hanna.id)
    assert late.taken_by == desk.hugo.id
    assert "Those on duty take this" in answer_of(await desk.ann.click(taken, label="Take over"))
    await desk.server.restart()
    await hanna.click(taken, label="Take over")
    (over,) = desk.thread.history()
    assert f"State: Taken by {hanna.mention}" in text_of(over)
    assert over.content == starter.content


@pytest.mark.parametrize("closer", ["hugo", "ann"])
async def test_closing_tells_the_asker_and_locks_the_thread(desk: Desk, closer: str) -> None:
    await desk.ask(desk.ann, "My badge does not print")
    (starter,) = desk.thread.history()
    who = {"hugo": desk.hugo, "ann": desk.ann}[closer]

    await who.click(starter, label="Close")

    starter, notice = desk.thread.history()
    assert f"State: Closed by {who.mention}" in text_of(starter)
    assert buttons_of(starter) == {}
    assert notice.content.startswith(f"{desk.ann.mention} Closed")
    assert desk.ann.id in [user.id for user in notice.mentions]
    thread = desk.thread._channel.thread_metadata
    assert thread
    assert (thread.archived, thread.locked) == (True, True)


async def test_somebody_else_does_not_close_it(desk: Desk) -> None:
    await desk.ask(desk.ann, "My badge does not print")
    (starter,) = desk.thread.history()
    manager = desk.server.guild.create_role("Staff", permissions=discord.Permissions(manage_threads=True))
    mia = desk.server.guild.add_member(desk.server.env.create_user("mia"), roles=[manager])

    assert "Those on duty close this" in answer_of(await mia.click(starter, label="Close"))
    assert "State: Open" in text_of(desk.thread.history()[0])


@pytest.mark.parametrize("failing", ["threads", "thread-members", "messages"])
async def test_what_discord_refuses_for_now_is_made_later_and_once(desk: Desk, failing: str) -> None:
    patterns = {
        "threads": ("POST", f"/channels/{desk.help.id}/threads"),
        "thread-members": ("PUT", "/channels/*/thread-members/*"),
        "messages": ("POST", "/channels/*/messages"),
    }
    desk.server.env.inject_error(*patterns[failing], status=502, times=3)
    asked = await desk.ask(desk.ann, "My badge does not print")
    assert "It is being opened" in answer_of(asked)
    await desk.server.restart()
    await desk.server.advance(300)

    (starter,) = desk.thread.history()
    assert "My badge does not print" in text_of(starter)
    assert desk.ann.id in desk.thread._channel.thread_members


async def test_a_thread_that_a_bot_made_before_it_died_is_found_and_used(desk: Desk) -> None:
    path = desk.server.config.database.path
    await desk.ask(desk.ann, "My badge does not print")
    (starter,) = desk.thread.history()
    # As it is when a bot dies after Discord has made the thread and the message, and before it has written that down.
    undone = "step = 'opening', thread_id = NULL, starter_id = NULL, text = 'My badge does not print', attempts = 1"
    rows(path, f"UPDATE help_request SET {undone}")  # noqa: S608 - it stands above
    await desk.server.restart()
    await desk.server.advance(120)

    assert [message.id for message in desk.thread.history()] == [starter.id]
    assert rows(path, "SELECT thread_id, starter_id, text FROM help_request") == [(desk.thread.id, starter.id, None)]


async def test_a_reported_message_is_quoted_with_its_author_and_link(desk: Desk) -> None:
    bob = desk.server.member("bob")
    message = await bob.send(desk.channel, f"Buy coins! {WILD}")
    await desk.report(desk.ann, message, about=HELP)

    (starter,) = desk.thread.history()
    quote = starter.embeds[1]
    assert "> Buy coins! \\*\\*My badge\\*\\*" in (quote.description or "")
    said = text_of(starter)
    assert bob.mention in said
    assert str(bob.id) in said
    assert f"[Go to the message]({message.jump_url})" in said
    assert_within_limits(starter)


async def test_somebody_with_three_open_requests_is_led_to_them_and_loses_nothing(desk: Desk) -> None:
    for number in range(3):
        await desk.ask(desk.ann, f"Question {number}")
    refused = answer_of(await desk.ask(desk.ann, "A fourth question"))

    assert all(f"<#{thread.id}>" in refused for thread in desk.help.threads)
    assert len(desk.help.threads) == 3
    assert "> A fourth question" in refused
    await desk.ask(desk.ann, "Somebody follows me", CONDUCT)
    await desk.server.env.settle()
    assert len(desk.conduct.history()) == 1
    await desk.hugo.click(desk.help.threads[0].history()[0], label="Close")
    assert "<#" in answer_of(await desk.ask(desk.ann, "A fourth question"))


async def test_who_has_asked_six_times_within_an_hour_waits_and_loses_nothing(desk: Desk) -> None:
    for number in range(6):
        await desk.ask(desk.ann, f"Question {number}")
        await desk.hugo.click(desk.help.threads[-1].history()[0], label="Close")
    refused = answer_of(await desk.ask(desk.ann, "A seventh question"))
    assert "You have asked for help often within an hour" in refused
    assert "> A seventh question" in refused
    assert len(desk.help.threads) == 6

    desk.server.env.backend.advance_clock(3601)
    assert "<#" in answer_of(await desk.ask(desk.ann, "A seventh question"))
    assert len(desk.help.threads) == 7


async def test_in_direct_messages_it_is_for_members_alone(desk: Desk) -> None:
    opened = await desk.ann.user.slash("help-desk")
    told = await desk.ann.user.submit_modal(opened, typed("My badge does not print", HELP))
    thread = desk.thread
    assert f"<#{thread.id}>" in text_of(told.followups[-1] if told.followups else shown(told))

    stranger = desk.server.env.create_user("stranger")
    opened = await stranger.slash("help-desk")
    told = await stranger.submit_modal(opened, typed("Let me in", HELP))
    assert "for those who are in the conference's own server" in text_of(
        told.followups[-1] if told.followups else shown(told)
    )
    assert len(desk.help.threads) == 1


async def test_who_does_not_see_the_channel_is_told_and_so_are_the_organizers(desk: Desk) -> None:
    guild, env = desk.server.guild, desk.server.env
    await desk.ask(desk.ann, "My badge does not print")
    from simcord.backend.models import Overwrite  # noqa: PLC0415
    from simcord.enums import OverwriteType  # noqa: PLC0415

    deny = HIDE.pair()[1].value
    env.backend.set_overwrite(desk.help.id, Overwrite(guild.default_role.id, OverwriteType.ROLE, 0, deny))
    env.backend.set_overwrite(
        desk.help.id,
        Overwrite(desk.bot_role.id, OverwriteType.ROLE, discord.Permissions(view_channel=True).value, 0),
    )
    await env.settle()

    assert "you don't see" in answer_of(await desk.ask(desk.ann, "Again"))
    found = await desk.status()
    assert "not everybody sees it" in found
    assert f"{desk.helpers.mention}, who are on duty, don't see it" in found


async def test_missing_permissions_are_told_beforehand_and_to_the_asker(desk: Desk) -> None:
    backend = desk.server.env.backend
    lacking = discord.Permissions.all()
    lacking.update(administrator=False, create_private_threads=False, mention_everyone=False)
    backend.edit_role(desk.server.guild.id, desk.bot_role.id, {"permissions": lacking.value})
    backend.edit_role(desk.server.guild.id, desk.helpers.id, {"mentionable": False})
    await desk.server.env.settle()

    answer = answer_of(await desk.ask(desk.ann, "My badge does not print"))
    assert "I lack Create Private Threads" in answer
    assert "conduct\\@example.org" in answer
    assert "> My badge does not print" in answer
    found = await desk.status()
    assert "the bot lacks Create Private Threads" in found
    assert f"{desk.helpers.mention} can't be called" in found


async def test_where_nothing_is_set_up_the_answer_is_whom_to_ask(start_server: StartServer) -> None:
    server = await start_server(check_errors=False)
    ann = server.member("ann")
    told = answer_of(await ann.slash(server.channel, "help-desk"))
    assert told.strip() == "The help desk is not set up here. Turn to the organizers (“Organizers”)."
    message = await server.member("bob").send(server.channel, "Hello")
    assert "not set up here" in answer_of(await ann.context_menu(server.channel, "Report this message", message))


async def test_where_only_help_is_set_up_nothing_is_asked_about_conduct(open_desk: OpenDesk) -> None:
    desk = await open_desk(conduct_channel=None, conduct=None)
    opened = await desk.ann.slash(desk.channel, "help-desk")
    assert opened.modal
    assert [label["component"]["custom_id"] for label in opened.modal["components"]] == ["what"]
    await desk.ann.submit_modal(opened, {"what": "My badge does not print"})
    assert len(desk.thread.history()) == 1


async def test_what_is_kept_about_the_asker_is_shown_and_deleted_and_the_thread_stays(desk: Desk) -> None:
    path = desk.server.config.database.path
    await desk.ask(desk.ann, "My badge does not print")
    (starter,) = desk.thread.history()
    await desk.hugo.click(starter, label="Take")
    data = await desk.ann.slash(desk.channel, "mydata")
    assert "1 request for help, 1 of them open" in text_of(shown(data))
    for label in ("Delete everything", "Yes, delete everything"):
        data = await desk.ann.click(shown(data), label=label)

    assert rows(path, "SELECT * FROM help_request") == []
    assert len(desk.thread.history()) == 1
    gone = await desk.hugo.click(desk.thread.history()[0], label="Close")
    assert "I no longer know this request" in answer_of(gone)


async def test_closed_requests_are_forgotten_in_the_end(desk: Desk) -> None:
    path = desk.server.config.database.path
    await desk.ask(desk.ann, "My badge does not print")
    await desk.hugo.click(desk.thread.history()[0], label="Close")
    desk.server.env.backend.advance_clock(timedelta(days=29).total_seconds())
    await desk.server.restart()
    await desk.server.env.settle()
    assert len(rows(path, "SELECT token FROM help_request")) == 1
    desk.server.env.backend.advance_clock(timedelta(days=2).total_seconds())
    await desk.server.restart()
    await desk.server.env.settle()
    assert rows(path, "SELECT token FROM help_request") == []
