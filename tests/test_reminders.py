"""Reminders reach their channel on time, once, whatever happens in between."""

import sqlite3
from datetime import timedelta
from typing import Any

import discord
import pytest
from simcord.builders import ChannelHandle

from tests.conftest import Server, StartServer, shown

SESSION = "poster-session-1-opening"
HOUR = timedelta(hours=1)


def at(hour: int, minute: int = 0) -> dict[str, Any]:
    """The session's time on the day on which the simulation begins at midnight UTC."""
    return {
        SESSION: {"start": f"2026-01-01T{hour:02}:{minute:02}:00Z", "end": f"2026-01-01T{hour + 2:02}:{minute:02}:00Z"}
    }


async def started(start_server: StartServer, **tables: Any) -> tuple[Server, ChannelHandle]:
    """A server whose session opens at three, and its channel for reminders."""
    tables = {"sessions": at(3), "reminders": {"channel": "announcements"}, **tables}
    server = await start_server(**tables)
    channel = server.guild.create_text_channel("announcements")
    await server.env.settle()
    return server, channel


def titles(channel: ChannelHandle) -> list[str]:
    return [message.embeds[0].title or "" for message in channel.history()]


def states(server: Server) -> dict[str, str]:
    with sqlite3.connect(server.config.database.path) as database:
        rows = database.execute("SELECT key, state FROM delivery").fetchall()
    return {key.rpartition(":")[2]: state for key, state in rows}


def sent(server: Server) -> dict[str, Any]:
    """The one message the bot posted, as it went to Discord."""
    (entry,) = [
        entry for entry in server.env.http_requests if entry.method == "POST" and entry.path.endswith("/messages")
    ]
    assert entry.json is not None
    payload: dict[str, Any] = entry.json
    return payload


async def test_the_channel_hears_an_hour_and_ten_minutes_before_and_at_the_opening(start_server: StartServer) -> None:
    server, channel = await started(start_server)

    await server.advance(2 * 3600 - 60)
    assert titles(channel) == []
    await server.advance(120)
    assert titles(channel) == ["Poster Session 1 & Opening Reception opens soon"]
    await server.advance(3600)
    assert titles(channel) == [
        "Poster Session 1 & Opening Reception opens soon",
        "Poster Session 1 & Opening Reception opens soon",
        "Poster Session 1 & Opening Reception opens now",
    ]
    first = channel.history()[0]
    assert "Evergreen Ballroom" in (first.embeds[0].description or "")
    assert "34 posters" in (first.embeds[0].description or "")
    assert states(server) == {"60": "sent", "10": "sent", "0": "sent"}


async def test_the_button_shows_the_posters_privately_also_after_a_restart(start_server: StartServer) -> None:
    server, channel = await started(start_server)
    ann = server.member("ann")
    await server.advance(2 * 3600 + 1)
    await server.restart()

    result = await ann.click(channel.history()[0], label="See the posters")

    assert result.ephemeral
    assert result.response
    assert "34 posters" in (result.response.embeds[0].description or "")


async def test_posters_can_be_bookmarked_from_the_reminder(start_server: StartServer) -> None:
    server, channel = await started(start_server)
    ann = server.member("ann")
    await server.advance(2 * 3600 + 1)

    offered = await ann.click(channel.history()[0], label="Bookmark posters")
    assert offered.ephemeral
    await ann.select(shown(offered), ["paper:0:agenticcache", "paper:0:disagg"], custom_id="markall:1")

    assert server.bot.agendas.of(ann.id) == ("agenticcache", "disagg")
    description = shown(offered).embeds[0].description or ""
    assert [line for line in description.splitlines() if line.startswith("★")] == [
        line for line in description.splitlines() if "AgenticCache" in line or "DisAgg" in line
    ]
    rest = shown(offered).components[1]["components"][0]["options"]
    assert len(rest) == 8


async def test_a_restart_neither_doubles_nor_loses(start_server: StartServer) -> None:
    server, channel = await started(start_server)

    await server.advance(2 * 3600 + 1)
    await server.restart()
    await server.advance(600)
    assert len(channel.history()) == 1

    await server.advance(3600)
    assert len(channel.history()) == 3


async def test_nobody_is_pinged_but_the_configured_role(start_server: StartServer) -> None:
    server, channel = await started(start_server, reminders={"channel": "announcements", "ping": "Poster session"})
    role = server.guild.create_role("Poster session", mentionable=True)

    await server.advance(2 * 3600 + 1)

    message = channel.history()[0]
    assert message.content == role.mention
    payload = sent(server)
    assert payload["allowed_mentions"] == {"parse": [], "roles": [role.id]}
    assert payload["enforce_nonce"] is True


async def test_without_a_role_nobody_is_pinged(start_server: StartServer) -> None:
    server, channel = await started(start_server)

    await server.advance(2 * 3600 + 1)

    assert channel.history()[0].content == ""
    assert sent(server)["allowed_mentions"] == {"parse": []}


async def test_what_was_due_while_the_bot_was_away_becomes_one_message_that_tells_the_remaining_time(
    start_server: StartServer,
) -> None:
    server = await start_server(sessions=at(0, 5), reminders={"channel": "announcements"})
    channel = server.guild.create_text_channel("announcements")
    await server.env.settle()

    assert titles(channel) == ["Poster Session 1 & Opening Reception opens soon"]
    assert states(server) == {"60": "sent", "10": "sent", "0": "planned"}


async def test_what_no_longer_helps_is_not_sent(start_server: StartServer, caplog: pytest.LogCaptureFixture) -> None:
    server, channel = await started(start_server)
    server.env.inject_error("POST", f"/channels/{channel.id}/messages", status=503, times=None)

    await server.advance(6 * 3600)

    assert channel.history() == []
    assert set(states(server).values()) == {"missed"}
    assert "missed: reminder:" in caplog.text


async def test_a_failure_of_discords_is_tried_again_and_the_message_is_there_once(start_server: StartServer) -> None:
    server, channel = await started(start_server)
    server.env.inject_error("POST", f"/channels/{channel.id}/messages", status=503, times=4)

    await server.advance(2 * 3600 + 600)

    assert len(channel.history()) == 1
    assert states(server)["60"] == "sent"


async def test_a_channel_that_refuses_is_given_up_and_the_organizers_hear_of_it_once(
    start_server: StartServer,
) -> None:
    server, channel = await started(
        start_server,
        discord={"organizers": ["Organizers"], "moderators": ["Moderators"], "organizers_channel": "organizers"},
    )
    organizers = server.guild.create_text_channel("organizers")
    server.env.inject_error(
        "POST", f"/channels/{channel.id}/messages", status=403, code=50013, message="Missing Permissions", times=None
    )

    await server.advance(4 * 3600)

    assert set(states(server).values()) == {"failed"}
    assert [message.content for message in organizers.history()] == [
        f"I can't send reminders to <#{channel.id}>: Discord refuses: Missing Permissions."
    ]


async def test_a_moved_session_moves_its_reminders_and_a_cancelled_one_cancels_them(start_server: StartServer) -> None:
    server, channel = await started(start_server)
    await server.advance(3600)

    tables = server.config.model_dump()
    later = type(server.config).model_validate({**tables, "sessions": at(5)})
    await server.restart(later)
    await server.advance(2 * 3600)
    assert titles(channel) == []
    await server.advance(3600 + 1)
    assert len(titles(channel)) == 1

    await server.restart(type(server.config).model_validate({**tables, "sessions": {}}))
    await server.advance(2 * 3600)
    assert len(titles(channel)) == 1
    assert states(server) == {"60": "sent", "10": "cancelled", "0": "cancelled"}


async def test_a_message_that_was_sent_before_the_bot_died_is_recognised(start_server: StartServer) -> None:
    server, channel = await started(start_server)
    await server.advance(2 * 3600 + 1)
    assert len(channel.history()) == 1
    # As it is when the bot dies between sending and writing that down.
    with sqlite3.connect(server.config.database.path) as database:
        database.execute("UPDATE delivery SET state = 'claimed', message_id = NULL WHERE state = 'sent'")
    database.close()

    await server.restart()
    await server.advance(1200)

    assert len(channel.history()) == 1
    assert states(server)["60"] == "sent"
    assert isinstance(channel.history()[0], discord.Message)
