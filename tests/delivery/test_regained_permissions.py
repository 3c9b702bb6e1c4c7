"""What a channel refused for a permission goes out once the bot has it, while it still helps."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from simcord.builders import ChannelHandle

from tests.admin.test_status import status
from tests.support.announcing import CONFIGURED, DISCORD, Hall, allow, deny, note, texts
from tests.support.messages import shown
from tests.support.moderating import moderator
from tests.support.process import TOKEN
from tests.support.running import running_bot, until
from tests.support.server import Server, StartServer, config_in
from tests.support.stand_in import Guild, discord_stand_in, faults
from tests.support.stand_in.people import BOT, describe_member

OPENS = datetime(2026, 1, 1, 5, tzinfo=UTC)
"""When the session begins: five hours after the simulation."""

ENDS = OPENS + timedelta(hours=2)


@pytest.fixture
async def server(start_server: StartServer) -> Server:
    """A server whose session opens in five hours, of which the channel `news` hears three times."""
    server = await start_server(
        sessions={
            "poster-session-1-opening": {"start": OPENS.isoformat(), "end": (OPENS + timedelta(hours=2)).isoformat()}
        },
        reminders={"channel": "news", "minutes_before": [60, 30, 10]},
        discord={"moderators": ["Moderators"], "organizers_channel": "organizers", "welcome": False},
    )
    for name in ("news", "organizers"):
        server.guild.create_text_channel(name)
    await server.env.settle()
    return server


def news(server: Server) -> ChannelHandle:
    return server.guild.channels["news"]


def told(server: Server) -> list[str]:
    return [message.content for message in server.guild.channels["organizers"].history()]


async def test_a_refused_reminder_goes_out_once_the_bot_may_write(server: Server) -> None:
    deny(server, news(server), send_messages=True)
    await server.advance(4 * 3600 + 60)
    assert len(told(server)) == 1
    assert "I can't send reminders to" in told(server)[0]
    failed = (await status(moderator(server), server))["Failed deliveries"]
    assert "sent once the bot may, while it helps" in failed

    await server.advance(600)
    allow(server, news(server))
    await server.env.settle()

    assert len(news(server).history()) == 1
    assert (await status(moderator(server, "mia"), server))["Failed deliveries"] == "None."
    await server.restart()
    await server.advance(600)
    assert len(news(server).history()) == 1, "once"


async def test_a_permission_that_was_given_while_the_bot_was_away_is_noticed(server: Server) -> None:
    deny(server, news(server), send_messages=True)
    await server.advance(4 * 3600 + 60)
    server.env.backend.get_channel(news(server).id).overwrites.clear()
    await server.restart()
    await server.env.settle()
    assert len(news(server).history()) == 1


async def test_what_helps_nobody_any_more_is_not_sent(server: Server) -> None:
    deny(server, news(server), send_messages=True)
    await server.advance(8 * 3600)
    allow(server, news(server))
    await server.advance(600)
    assert news(server).history() == []


async def test_a_channel_that_fails_again_after_it_worked_again_is_told_again(server: Server) -> None:
    deny(server, news(server), send_messages=True)
    await server.advance(4 * 3600 + 60)
    allow(server, news(server))
    await server.env.settle()
    assert (len(told(server)), len(news(server).history())) == (1, 1)

    deny(server, news(server), send_messages=True)
    await server.advance(30 * 60)
    assert len(told(server)) == 2
    await server.advance(25 * 60)
    assert len(told(server)) == 2, "the third reminder fails like the second"


EVENTS: dict[str, Callable[[Guild], dict[str, Any]]] = {
    "GUILD_MEMBER_UPDATE": lambda guild: {**describe_member(BOT), "guild_id": guild.id, "nick": "the bot"},
    "GUILD_ROLE_UPDATE": lambda guild: {"guild_id": guild.id, "role": guild.everyone.describe()},
    "CHANNEL_UPDATE": lambda guild: {**guild.first.describe(), "topic": "News"},
}


@pytest.mark.parametrize("event", EVENTS)
async def test_whatever_gave_the_permission_is_heard(tmp_path: Path, event: str) -> None:
    """The bot's own role, what a role may do, what may be done in the channel; real Discord tells the bot of each."""
    guild = Guild("announcements")
    olga = guild.person("olga", "Organizers")
    config = config_in(tmp_path, announcements=CONFIGURED, discord={**DISCORD, "log_channel": None})
    async with discord_stand_in(TOKEN, guild) as discord, running_bot(discord, config):
        discord.fail(faults.MESSAGES, faults.error(50013, 403, "Missing Permissions"))
        opened = await discord.command(olga, "announce post")
        await until(lambda: opened.form)
        preview = await discord.submit(olga, opened, title="Lunch", text="In hall B.", when="now")
        await until(lambda: preview.shown)
        sent = await discord.press(olga, preview, "Send")
        await until(lambda: "sent once I may" in str(sent.shown))
        discord.heal()
        assert guild.messages == []

        await discord.gateway.tell(event, EVENTS[event](guild))
        await until(lambda: guild.messages)


async def test_a_refused_announcement_says_that_it_waits_and_can_be_cancelled(start_server: StartServer) -> None:
    hall = Hall(await start_server(announcements=CONFIGURED, discord=DISCORD, check_errors=False))
    deny(hall.server, hall.news, send_messages=True)
    first = await hall.announce()
    assert "sent once I may, until 18:00 PST (for you <t:" in note(first)
    await hall.announce({"title": "Dinner", "text": "Dinner is in hall C."})
    edited = shown(await hall.olga.slash(hall.channel, "announce edit", announcement="1"))
    assert "once I may, it goes out by itself" in edited.content
    choices = await hall.olga.autocomplete(hall.channel, "announce cancel", "announcement", "")
    assert {choice["value"] for choice in choices} == {"1", "2"}

    asked = await hall.olga.slash(hall.channel, "announce cancel", announcement="2")
    await hall.olga.click(shown(asked), label="Cancel it")
    allow(hall.server, hall.news)
    await hall.server.env.settle()

    assert [text.split(",")[0] for text in texts(hall.news)] == ["Lunch is in **hall B**"]


async def test_a_deleted_channel_or_role_that_is_named_by_its_id_is_named_in_the_status(
    start_server: StartServer,
) -> None:
    server = await start_server(
        reminders={"channel": 111, "ping": 222},
        announcements={"channels": [333], "roles": [444]},
        discord={"moderators": ["Moderators", 555], "log_channel": 666, "welcome": False},
    )
    problems = (await status(moderator(server), server))["Permission problems"]
    for key, number in (
        ("reminders.channel", 111),
        ("reminders.ping", 222),
        ("announcements.channels", 333),
        ("announcements.roles", 444),
        ("discord.moderators", 555),
        ("discord.log_channel", 666),
    ):
        assert f"`{key}`: there is no " in problems, key
        assert f"of the id {number} any more" in problems
